"""Describes labelled data: counts, lengths, labels, statuses, and how often each slot is filled."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.train.data.lines import Record
from quintuple.train.data.record import SLOTS, argument_places, tell_language


@dataclass(frozen=True, slots=True)
class Lengths:
    """The spread of text lengths, in characters."""

    shortest: int
    median: float
    mean: float
    p95: float
    longest: int


@dataclass(frozen=True, slots=True)
class Stats:
    """What labelled files hold; ``types`` counts events by type and language, ``filled`` is a share of the events."""

    articles: int
    without_events: int
    events: int
    languages: dict[str, int]
    sources: dict[str, int]
    lengths: dict[str, Lengths]
    types: dict[str, dict[str, int]]
    statuses: dict[str, int]
    filled: dict[str, float]


def describe(paths: Sequence[Path]) -> Stats:
    """Return the figures of labelled files taken together.

    Raises:
        DataError: a line is no labelled article; names file and line.
    """
    records = [record for path in paths for record in read_labelled(path)]
    languages = [str(record.get("language") or tell_language(record["text"])) for record in records]
    lengths: defaultdict[str, list[int]] = defaultdict(list)
    types: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for record, language in zip(records, languages, strict=True):
        lengths[language].append(len(record["text"]))
        for event in record["events"]:
            types[event["action"]["type"]][language] += 1
    events = [event for record in records for event in record["events"]]
    return Stats(
        articles=len(records),
        without_events=sum(not record["events"] for record in records),
        events=len(events),
        languages=_counts(languages),
        sources=_counts([str(record.get("source") or "-") for record in records]),
        lengths={language: _lengths(values) for language, values in sorted(lengths.items())},
        types={name: dict(types[name]) for name in sorted(types, key=lambda name: (-types[name].total(), name))},
        statuses=_counts([str(event.get("status")) for event in events]),
        filled={slot: sum(bool(event.get(slot)) for event in events) / max(len(events), 1) for slot in SLOTS},
    )


def read_labelled(path: Path) -> list[Record]:
    """Return the records of a labelled file.

    Raises:
        DataError: a line has no text, or an event no typed action; names file and line.
    """
    records = []
    for where, record in read_records(path):
        try:
            types = [_type_of(event) for event in record["events"]]
        except (KeyError, TypeError, AttributeError) as exc:
            raise DataError(f"{where}: expected events with a typed action and spans, got: {exc!r}") from exc
        if not isinstance(record.get("text"), str) or not all(isinstance(name, str) for name in types):
            raise DataError(f"{where}: expected a labelled article with its text, got {sorted(record)}")
        records.append(record)
    return records


def _type_of(event: Record) -> object:
    """Return an event's type once all that is counted of it could be read: a trigger and the spans of its slots."""
    places = [(event["action"]["start"], event["action"]["end"]), *(place for _, place in argument_places(event))]
    if not all(type(edge) is int for place in places for edge in place):
        raise TypeError(f"offsets that are no whole numbers among {places}")
    return event["action"]["type"]


def _counts(values: Sequence[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))


def _lengths(values: Sequence[int]) -> Lengths:
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return Lengths(ordered[0], statistics.median(ordered), statistics.fmean(ordered), p95, ordered[-1])
