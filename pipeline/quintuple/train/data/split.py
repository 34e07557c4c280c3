"""Splits labelled documents into train, dev and test: by language, twins together, the same every time."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quintuple.evaluate.jsonl import parse_object
from quintuple.events import DataError
from quintuple.train.data.lines import numbered_lines, whole_file
from quintuple.train.data.record import tell_language
from quintuple.train.data.settings import data_settings
from quintuple.train.data.twins import find_twins

PARTS = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class _Document:
    line: str
    id: str
    text: str
    language: str
    group: str | None


def split(
    paths: Sequence[Path],
    output: Path,
    *,
    ratios: Sequence[float] | None = None,
    seed: int | None = None,
    group: str | None = None,
) -> dict[str, int]:
    """Split labelled files into ``output/{train,dev,test}.jsonl``; return the number of documents of each.

    Each language is split on its own; near-duplicates, and documents with the same value of the field ``group``,
    stay together. Lines are copied as they are, in their order. The default ratios and seed are those of
    ``configs/data.toml``; the result depends on the texts and the seed, not on the order of the files.

    Raises:
        DataError: a line is no record with id and text, or the ratios are not three shares that sum to 1.
    """
    settings = data_settings()
    shares = tuple(settings.split.ratios if ratios is None else ratios)
    if len(shares) != len(PARTS) or min(shares) < 0 or abs(sum(shares) - 1) > 1e-6:
        raise DataError(f"ratios: expected three shares that sum to 1, got {', '.join(f'{s:g}' for s in shares)}")
    documents = [document for path in paths for document in _read(path, group)]
    parts = _assign(documents, shares, settings.split.seed if seed is None else seed)
    for number, part in enumerate(PARTS):
        with whole_file(output / f"{part}.jsonl") as stream:
            stream.writelines(
                document.line + "\n" for document, at in zip(documents, parts, strict=True) if at == number
            )
    return {part: parts.count(number) for number, part in enumerate(PARTS)}


def _read(path: Path, group: str | None) -> list[_Document]:
    documents = []
    for number, line in numbered_lines(path):
        record = parse_object(line, f"{path}:{number}")
        text = record.get("text")
        if not isinstance(text, str) or "id" not in record:
            raise DataError(f"{path}:{number}: expected a labelled article with id and text, got {sorted(record)}")
        key = record.get(group) if group else None
        language = str(record.get("language") or tell_language(text))
        documents.append(_Document(line.rstrip("\r"), str(record["id"]), text, language, key and str(key)))
    return documents


def _assign(documents: Sequence[_Document], shares: Sequence[float], seed: int) -> list[int]:
    """Return the part of each document: every group goes where most is missing, large groups first."""
    clusters: defaultdict[int, list[int]] = defaultdict(list)
    for number, root in enumerate(_roots(documents)):
        clusters[root].append(number)
    parts = [0] * len(documents)
    by_language: defaultdict[str, list[list[int]]] = defaultdict(list)
    for members in clusters.values():
        by_language[documents[members[0]].language].append(members)
    for groups in by_language.values():
        total, filled = sum(map(len, groups)), [0] * len(shares)
        for members in sorted(groups, key=lambda group: (-len(group), _shuffled(documents, group, seed))):
            part = max(range(len(shares)), key=lambda at: shares[at] * total - filled[at])
            filled[part] += len(members)
            for member in members:
                parts[member] = part
    return parts


def _roots(documents: Sequence[_Document]) -> list[int]:
    """Return for each document the number that stands for its cluster."""
    roots = list(range(len(documents)))

    def root(number: int) -> int:
        while roots[number] != number:
            roots[number] = roots[roots[number]]
            number = roots[number]
        return number

    texts = [document.text for document in documents]
    for twins in find_twins(texts, settings=data_settings().twins):
        roots[root(twins.second)] = root(twins.first)
    first: dict[str, int] = {}
    for number, document in enumerate(documents):
        if document.group is not None:
            roots[root(number)] = root(first.setdefault(document.group, number))
    return [root(number) for number in range(len(documents))]


def _shuffled(documents: Sequence[_Document], members: Sequence[int], seed: int) -> str:
    names = sorted(f"{documents[member].id}\n{documents[member].text}" for member in members)
    return hashlib.sha256(f"{seed}\n{names[0]}".encode()).hexdigest()
