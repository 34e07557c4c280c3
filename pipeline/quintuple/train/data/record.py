"""Labelled records in the shape of EVENTS.md: reading their spans, building new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quintuple.events import SCHEMA_VERSION
from quintuple.train.data.lines import Record

#: The slots beside the action, in the order of the output format; a slot's role is its name in capitals.
SLOTS = ("company", "target", "percentage", "date", "counterparty")

#: The values of ``status``, in the order of EVENTS.md.
STATUSES = ("occurred", "planned", "rumoured", "cancelled", "denied")

Place = tuple[int, int]


def slot_spans(event: Mapping[str, Any], slot: str) -> list[Mapping[str, Any]]:
    """Return the spans of an event's slot: none, one, or the several of a percentage."""
    value = event.get(slot)
    if value is None:
        return []
    return list(value) if isinstance(value, list) else list(value.get("spans") or [value])


def argument_places(event: Mapping[str, Any]) -> Iterator[tuple[str, Place]]:
    """Yield the slot and the place of every argument span of an event."""
    for slot in SLOTS:
        for span in slot_spans(event, slot):
            yield slot, (span["start"], span["end"])


def make_record(
    text: str,
    events: Sequence[Record],
    *,
    id: str,  # noqa: A002
    language: str | None = None,
    **known: str | Sequence[str] | None,
) -> Record:
    """Return a labelled record; the language is told from the text when none is given.

    ``known`` are further fields, such as ``path``, ``title``, ``published``, ``source``; those that are None stay out.
    """
    head = {"schema_version": SCHEMA_VERSION, "id": id, "language": language or tell_language(text)}
    return head | {key: value for key, value in known.items() if value is not None} | {"text": text, "events": events}


def tell_language(text: str) -> str:
    """Return the language of a text by its script."""
    from quintuple.preprocess.language import detect_language

    return detect_language(text)


def make_event(
    text: str, trigger: Place, action: str, places: Mapping[str, Sequence[Place]], *, status: str = "occurred"
) -> Record:
    """Return an event from the places of its slots; a slot with none is null, only a percentage takes several."""
    event: Record = {"company": None, "action": evidence(text, trigger) | {"type": action}}
    for slot in SLOTS:
        event[slot] = make_slot(text, slot, places[slot]) if places.get(slot) else None
    return event | {"status": status}


def make_slot(text: str, slot: str, places: Sequence[Place]) -> Record:
    """Return a slot with what its text alone says: the mention as name, the percent values, no resolved date."""
    if slot == "percentage":
        return _percentage(text, sorted(places))
    span = evidence(text, places[0])
    if slot == "date":
        return span | {"edtf": None, "earliest": None, "latest": None}
    return span | {"name": span["text"], "id": None, "kind": "company"}


def evidence(text: str, place: Place) -> Record:
    """Return a span of the text with its offsets."""
    start, end = place
    return {"text": text[start:end], "start": start, "end": end}


def _percentage(text: str, places: Sequence[Place]) -> Record:
    from quintuple.postprocess.percent import percent_values

    spans = [evidence(text, place) for place in places]
    values = [value for span in spans for value in percent_values(span["text"])]
    whole = evidence(text, (places[0][0], max(end for _, end in places)))
    return whole | {"spans": spans, "values": values, "from": None, "to": None, "by": None, "kind": "other"}
