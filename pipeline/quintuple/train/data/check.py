"""Checks labelled JSON Lines: reports every problem with file, line and the offending span."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from quintuple.evaluate.jsonl import parse_object
from quintuple.events import DataError
from quintuple.train.data.lines import Record, numbered_lines
from quintuple.train.data.rules import RULES, Complaint, find_complaints
from quintuple.train.data.settings import action_types, data_settings
from quintuple.train.data.twins import find_twins

#: Everything that `check` looks for, by the name that `ignore` takes.
CHECKS = ("json", *RULES, "duplicate-id", "duplicate-text", "near-duplicate", "leakage")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a labelled file; ``start`` and ``end`` bound the offending span, if it is one."""

    path: Path
    line: int
    check: str
    message: str
    start: int | None = None
    end: int | None = None

    def __str__(self) -> str:
        """Say place, check and message on one line."""
        return f"{self.path}:{self.line}: {self.check}: {self.message}"


@dataclass(frozen=True, slots=True)
class _Entry:
    path: Path
    line: int
    record: Record

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


def check(
    paths: Sequence[Path], *, types: Literal["listed", "any"] = "listed", ignore: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Return every problem of labelled files, file by file; those across files stand with the later file.

    ``types`` is ``listed`` when only the types of ``configs/actions.toml`` are right; ``ignore`` names ``CHECKS``.

    Raises:
        DataError: a file is missing or not UTF-8, or ``ignore`` names no check.
    """
    if unknown := set(ignore) - set(CHECKS):
        raise DataError(f"ignore: expected some of {', '.join(CHECKS)}, got {', '.join(sorted(unknown))}")
    known = None if types == "any" else frozenset(action_types())
    entries: list[_Entry] = []
    problems = [problem for path in paths for problem in _check_file(path, known, entries)]
    problems += [*_repeated_ids(entries), *_repeated_texts(entries)]
    order = {path: number for number, path in enumerate(paths)}
    kept = [problem for problem in problems if problem.check not in ignore]
    return tuple(sorted(kept, key=lambda problem: (order[problem.path], problem.line)))


def _check_file(path: Path, types: frozenset[str] | None, entries: list[_Entry]) -> Iterator[Problem]:
    """Yield the problems of a file's lines, and add those that can be compared with others to ``entries``."""
    for number, line in numbered_lines(path):
        where = f"{path}:{number}"
        try:
            record = parse_object(line, where)
        except DataError as exc:
            yield Problem(path, number, "json", str(exc).removeprefix(f"{where}: "))
            continue
        for complaint in find_complaints(record, types=types):
            yield _problem(path, number, complaint)
        entries.append(_Entry(path, number, record))


def _problem(path: Path, line: int, complaint: Complaint) -> Problem:
    return Problem(path, line, complaint.rule, complaint.message, complaint.start, complaint.end)


def _repeated_ids(entries: Sequence[_Entry]) -> Iterator[Problem]:
    first: dict[str, _Entry] = {}
    for entry in entries:
        id_ = entry.record.get("id")
        if isinstance(id_, str | int) and first.setdefault(str(id_), entry) is not entry:
            message = f"id {str(id_)!r} is also at {first[str(id_)].place}"
            yield Problem(entry.path, entry.line, "duplicate-id", message)


def _repeated_texts(entries: Sequence[_Entry]) -> Iterator[Problem]:
    """Yield equal and nearly equal texts: a duplicate within a file, leakage between files."""
    texts = [entry for entry in entries if isinstance(entry.record.get("text"), str)]
    for twins in find_twins([entry.record["text"] for entry in texts], settings=data_settings().twins):
        entry, other = texts[twins.second], texts[twins.first]
        same = "duplicate-text" if twins.similarity == 1 else "near-duplicate"
        how = "the same text as" if twins.similarity == 1 else f"{twins.similarity:.0%} of the shingles shared with"
        name = same if entry.path == other.path else "leakage"
        yield Problem(entry.path, entry.line, name, f"{how} {other.place}: {entry.record['text'][:40]!r}")
