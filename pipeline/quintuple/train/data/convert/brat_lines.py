"""The lines of brat's ``.ann`` files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from quintuple.events import DataError
from quintuple.train.data.lines import read_text
from quintuple.train.data.record import STATUSES, Place

Pieces = list[Place]

_SPAN = re.compile(r"(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)", re.DOTALL)
_EVENT = re.compile(r"(\S+):(T\S+)((?: \S+:\S+)*) *")
_RELATION = re.compile(r"(\S+) \w+:(\S+) \w+:(\S+)\s*")
_ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: (\S+))?\s*")
_NAME = re.compile(r"\S+ (\S+) \S+:\S+\t(.*)")
_NOTE = re.compile(r"\S+ (\S+)\t(.*)")
_ANYTHING = re.compile(r".*")
#: What follows the id of a line, by the id's first letter.
_PATTERNS = {
    "T": _SPAN,
    "E": _EVENT,
    "R": _RELATION,
    "A": _ATTRIBUTE,
    "M": _ATTRIBUTE,
    "N": _NAME,
    "#": _NOTE,
    "*": _ANYTHING,
}
_BLANK = re.compile(r"\s")


@dataclass(slots=True)
class Annotations:
    """What an ``.ann`` file says, by id: spans, events (type, trigger, arguments), relations, statuses, names.

    ``lines`` holds the line of each annotation, ``relation_lines`` those of the relations, ``status_lines`` that of
    the status of each id.
    """

    spans: dict[str, tuple[str, Pieces]] = field(default_factory=dict)
    events: dict[str, tuple[str, str, list[tuple[str, str]]]] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    relation_lines: list[int] = field(default_factory=list)
    status_lines: dict[str, int] = field(default_factory=dict)


def parse(path: Path, text: str) -> Annotations:
    """Return the annotations of a file; ``text`` is that of its ``.txt``.

    Raises:
        DataError: a line is malformed, does not match the text, or names what is not there; names file and line.
    """
    found = Annotations()
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            _add(found, line.removesuffix("\r"), text, f"{path}:{number}", number)
    _check_references(found, path)
    return found


def _check_references(found: Annotations, path: Path) -> None:
    known = found.spans.keys() | found.events.keys()
    for id_, (_, trigger, arguments) in found.events.items():
        where = f"{path}:{found.lines[id_]}"
        if trigger not in found.spans:
            raise DataError(f"{where}: expected a span for the trigger {trigger} of {id_}, got none")
        for _, target in arguments:
            if target not in known:
                raise DataError(f"{where}: expected a span or event for the argument {target} of {id_}, got none")
    for target, number in found.status_lines.items():
        if target not in known:
            raise DataError(f"{path}:{number}: expected a span or event {target} for a status, got none")
    for number, (_, *ends) in zip(found.relation_lines, found.relations, strict=True):
        for target in ends:
            if target not in known:
                raise DataError(f"{path}:{number}: expected a span or event {target} for a relation, got none")


def _add(found: Annotations, line: str, text: str, where: str, number: int) -> None:
    id_, tab, rest = line.partition("\t")
    kind = id_[:1]
    if not tab or kind not in _PATTERNS:
        raise DataError(f"{where}: expected an annotation (T, E, R, A, M, N, # or *), got {line!r}")
    match = _PATTERNS[kind].fullmatch(rest)
    if match is None:
        raise DataError(f"{where}: expected a well-formed line of the kind {kind}, got {line!r}")
    if kind in "TERAMN" and found.lines.setdefault(id_, number) != number:
        raise DataError(f"{where}: expected an id of its own, got {id_!r} of line {found.lines[id_]}")
    if kind == "T":
        found.spans[id_] = match[1], _pieces(match, text, where)
    elif kind == "E":
        pairs = [argument.partition(":") for argument in match[3].split()]
        found.events[id_] = match[1], match[2], [(role.rstrip("0123456789"), target) for role, _, target in pairs]
    elif kind == "R":
        found.relations.append((match[1], match[2], match[3]))
        found.relation_lines.append(number)
    elif kind in "AM" and match[1].lower() == "status":
        found.statuses[match[2]] = _status(match[3], where)
        found.status_lines[match[2]] = number
    elif kind == "N":
        found.names[match[1]] = match[2]
    elif kind == "#" and match[2].strip().lower() in STATUSES:
        found.statuses[match[1]] = match[2].strip().lower()


def _pieces(match: re.Match[str], text: str, where: str) -> Pieces:
    pieces = [(int(start), int(end)) for start, _, end in (piece.partition(" ") for piece in match[2].split(";"))]
    said = " ".join(text[start:end] for start, end in pieces)
    # brat writes a blank for a line break and between pieces, so that blanks tell nothing.
    same = _BLANK.sub("", said) == _BLANK.sub("", match[3])
    if not same or any(not 0 <= start < end <= len(text) for start, end in pieces):
        raise DataError(f"{where}: {match[1]} [{match[2]}] is {said!r} in the text, labelled {match[3]!r}")
    return pieces


def _status(name: str | None, where: str) -> str:
    if name not in STATUSES:
        raise DataError(f"{where}: expected one of the statuses {', '.join(STATUSES)}, got {name!r}")
    return name
