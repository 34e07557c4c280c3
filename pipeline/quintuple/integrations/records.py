"""Reads events back from the dicts that ``Event.to_dict`` writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quintuple.events import Action, Date, Event, Evidence, Party, Percentage

_SLOTS = {"company": Party, "action": Action, "target": Party, "date": Date, "counterparty": Party}


def read_event(record: Mapping[str, Any]) -> Event:
    """Return the event that ``Event.to_dict`` wrote as ``record``."""
    slots = {name: make(**record[name]) if record[name] else None for name, make in _SLOTS.items()}
    share = record["percentage"] and _percentage(record["percentage"])
    return Event(**{**record, **slots, "percentage": share, "sentence": tuple(record["sentence"])})


def _percentage(record: Mapping[str, Any]) -> Percentage:
    known = {("from_" if key == "from" else key): value for key, value in record.items()}
    spans = tuple(Evidence(**span) for span in record["spans"])
    return Percentage(**{**known, "spans": spans, "values": tuple(record["values"])})
