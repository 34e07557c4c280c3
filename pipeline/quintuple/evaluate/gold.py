"""Reads gold: document-level name lists, or labelled articles in the shape of the output."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quintuple.evaluate.flat import FlatEvent, When, distinct, flat_event, when
from quintuple.evaluate.jsonl import read_records
from quintuple.evaluate.names import same_name, same_wording
from quintuple.events import DataError


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A text with the events that should be found in it."""

    id: str
    text: str
    events: tuple[FlatEvent, ...]
    language: str | None = None
    source: str | None = None
    published: str | None = None
    title: str | None = None


def read_gold(paths: Iterable[Path]) -> list[GoldDocument]:
    """Read gold files: name lists per slot, or labelled JSON Lines in EVENTS.md's output shape.

    Labels per mention become document-level events: mentions of one event are merged, and its slots accept
    every mention and resolved name. A record without a ``source`` takes the name of its file.

    Raises:
        DataError: a file is missing or empty, a record is broken, or an id stands twice; names file and line.
    """
    documents: list[GoldDocument] = []
    places: dict[str, str] = {}
    for path in paths:
        for where, record in read_records(path):
            document = _document(record, where, source=path.stem)
            if document.id in places:
                raise DataError(f"{where}: expected an id of its own, got {document.id!r} of {places[document.id]}")
            places[document.id] = where
            documents.append(document)
    if not documents:
        raise DataError(f"{', '.join(map(str, paths)) or 'gold'}: expected at least one document, got none")
    return documents


def digest_files(paths: Iterable[Path]) -> str:
    """Return a digest of the files' contents, whatever their order and line ends."""
    digests = sorted(hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest() for path in paths)
    return "sha256:" + hashlib.sha256("".join(digests).encode()).hexdigest()


def merge_mentions(events: Sequence[FlatEvent]) -> tuple[FlatEvent, ...]:
    """Merge events that tell of the same thing: same action and parties, nothing that contradicts."""
    merged: list[FlatEvent] = []
    for event in events:
        for number, other in enumerate(merged):
            if _same_event(event, other):
                merged[number] = _union(other, event)
                break
        else:
            merged.append(event)
    return tuple(merged)


def _document(record: Mapping[str, Any], where: str, *, source: str) -> GoldDocument:
    try:
        return GoldDocument(
            id=str(record["id"]),
            text=str(record.get("text") or ""),
            events=_events(record["events"]),
            language=record.get("language"),
            source=str(record.get("source") or source),
            published=record.get("published"),
            title=record.get("title"),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise DataError(f"{where}: expected a gold document, got: {exc!r}") from exc


def _events(records: Sequence[Mapping[str, Any]]) -> tuple[FlatEvent, ...]:
    if any(isinstance(record["action"], str) for record in records):
        return tuple(_listed_event(record) for record in records)
    return merge_mentions([flat_event(record) for record in records])


def _listed_event(record: Mapping[str, Any]) -> FlatEvent:
    """Read an event whose slots are lists of acceptable names."""
    return FlatEvent(
        action=str(record["action"]),
        triggers=distinct(record.get("trigger") or ()),
        company=distinct(record.get("company") or ()),
        target=distinct(record.get("target") or ()),
        percentage=tuple(float(value) for value in record.get("percentage") or ()),
        date=when(record.get("date")),
        status=str(record.get("status") or "occurred"),
        optional=bool(record.get("optional", False)),
    )


def _same_event(one: FlatEvent, other: FlatEvent) -> bool:
    return (
        (one.action, one.status, one.optional) == (other.action, other.status, other.optional)
        and _same_party(one.company, other.company)
        and (_same_party(one.target, other.target) or not one.target or not other.target)
        and (not one.percentage or not other.percentage or set(one.percentage) == set(other.percentage))
        and _compatible(one.date, other.date)
    )


def _same_party(one: Sequence[str], other: Sequence[str]) -> bool:
    """Compare resolved names, which stand last: "the company" may be two companies of one article."""
    return same_name(one[-1:], other[-1:])


def _compatible(one: When | None, other: When | None) -> bool:
    if one is None or other is None:
        return True
    if one.earliest and other.earliest:
        return (one.earliest, one.latest) == (other.earliest, other.latest)
    return same_wording(one.text, other.text)


def _union(one: FlatEvent, other: FlatEvent) -> FlatEvent:
    return replace(
        one,
        triggers=distinct((*one.triggers, *other.triggers)),
        company=distinct((*one.company, *other.company)),
        target=distinct((*one.target, *other.target)),
        percentage=one.percentage or other.percentage,
        date=one.date or other.date,
        spans=tuple(dict.fromkeys((*one.spans, *other.spans))),
    )
