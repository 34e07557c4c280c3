"""The format of EVENTS.md itself, checked on reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.lines import Record, write_objects
from quintuple.train.data.rules import find_complaints


def read(source: Path, _losses: Losses) -> Iterator[Record]:
    """Yield the records of a labelled file.

    Raises:
        DataError: the shape or a status is wrong, or an offset does not match the text; names file and line.
    """
    for where, record in read_records(source):
        _fill(record)
        for complaint in find_complaints(record, types=None):
            if complaint.rule in ("shape", "offset", "status"):
                raise DataError(f"{where}: {complaint.message}")
        yield record


def _fill(record: Record) -> None:
    """Write out the status that an event without one has."""
    events = record.get("events")
    for event in events if isinstance(events, list) else ():
        if isinstance(event, dict):
            event["status"] = event.get("status", "occurred")


def write(records: Iterable[Record], output: Path) -> None:
    """Write records as JSON Lines."""
    write_objects(output, records)
