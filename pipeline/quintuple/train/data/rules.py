"""What must hold for one labelled record: small rules, each yielding complaints."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from quintuple.events import TYPES_WITHOUT_COMPANY
from quintuple.train.data.lines import Record
from quintuple.train.data.record import SLOTS, STATUSES, Place, argument_places, slot_spans
from quintuple.train.hub import type_columns

_Event = Mapping[str, Any]
_LANGUAGES = ("zh", "en")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a rule finds wrong with a record, and where in its text, if it is a span."""

    rule: str
    message: str
    start: int | None = None
    end: int | None = None


def find_complaints(record: Record, *, types: frozenset[str] | None) -> Iterator[Complaint]:
    """Yield all that is wrong with a record; ``types`` are the action types it may use, None for any.

    Rules that read spans are asked about the events whose shape is right.
    """
    shape = list(_shape(record))
    yield from shape
    if any(complaint.message.startswith(("text", "events")) for complaint in shape):
        return
    if not shape:
        yield from _columns(record)
    sound = [(number, event) for number, event in enumerate(record["events"], 1) if not _event_shape(number, event)]
    yield from _types(sound, types)
    for rule in _RULES.values():
        yield from rule(record["text"], sound)


def _shape(record: Record) -> Iterator[Complaint]:
    if type(record.get("id")) not in (str, int) or record["id"] == "":
        yield Complaint("shape", f"id: expected a name, got {record.get('id')!r}")
    if not isinstance(record.get("text"), str):
        yield Complaint("shape", f"text: expected the article's text, got {record.get('text')!r}")
    if record.get("language", "en") not in _LANGUAGES:
        yield Complaint("shape", f"language: expected one of {', '.join(_LANGUAGES)}, got {record['language']!r}")
    if not _is_day(record.get("published")):
        yield Complaint("shape", f"published: expected a day as YYYY-MM-DD, got {record['published']!r}")
    events = record.get("events")
    if not isinstance(events, list):
        yield Complaint("shape", f"events: expected a list, got {events!r}")
        return
    for number, event in enumerate(events, 1):
        yield from (Complaint("shape", message) for message in _event_shape(number, event))


def _columns(record: Record) -> Iterator[Complaint]:
    """Yield what would keep training from reading a record of the right shape: a name that is a number, say."""
    try:
        type_columns(record, where="")
    except (KeyError, TypeError) as exc:
        yield Complaint("shape", str(exc.args[0]))


def _is_day(value: object) -> bool:
    try:
        return value is None or bool(_DAY.fullmatch(str(value)) and date.fromisoformat(str(value)))
    except ValueError:
        return False


def _event_shape(number: int, event: object) -> list[str]:
    """Return what keeps an event from being read at all."""
    name = f"event {number}"
    if not isinstance(event, dict):
        return [f"{name}: expected an object, got {event!r}"]
    action = event.get("action")
    if not isinstance(action, dict) or not _is_span(action) or not isinstance(action.get("type"), str):
        return [f"{name}: action: expected text, start, end and type, got {action!r}"]
    wrong = [slot for slot in SLOTS if not _is_slot(slot, event.get(slot))]
    return [f"{name}: {slot}: expected text, start and end, got {event[slot]!r}" for slot in wrong]


def _is_slot(slot: str, value: object) -> bool:
    """Tell whether a slot is null or holds spans: one, or the several of a percentage, which may be written short."""
    return (slot == "percentage" or not isinstance(value, list)) and all(map(_is_span, _loose_spans(value)))


def _loose_spans(value: object) -> Sequence[object]:
    if isinstance(value, dict):
        spans = value.get("spans")
        return [value, *spans] if isinstance(spans, list) else [value]
    return value if isinstance(value, list) else [] if value is None else [value]


def _is_span(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("text"), str)
        and all(type(value.get(key)) is int for key in ("start", "end"))
    )


def _types(events: Sequence[tuple[int, _Event]], types: frozenset[str] | None) -> Iterator[Complaint]:
    for number, event in events:
        action = event["action"]
        if types is not None and action["type"] not in types:
            message = f"event {number}: unknown type {action['type']!r} at {_show(action)}"
            yield Complaint("type", message, action["start"], action["end"])


def _offsets(text: str, events: Sequence[tuple[int, _Event]]) -> Iterator[Complaint]:
    for number, event in events:
        for slot in ("action", *SLOTS):
            for span in _loose_spans(event.get(slot)):
                yield from _offset(text, f"event {number}: {slot}", span)


def _offset(text: str, name: str, span: Any) -> Iterator[Complaint]:
    start, end = span["start"], span["end"]
    if not 0 <= start < end <= len(text):
        message = f"{name}: {_show(span)} is no range of a text of {len(text)} characters"
        yield Complaint("offset", message, start, end)
    elif text[start:end] != span["text"]:
        yield Complaint(
            "offset", f"{name}: [{start}:{end}] is {text[start:end]!r}, labelled {span['text']!r}", start, end
        )


def _statuses(_text: str, events: Sequence[tuple[int, _Event]]) -> Iterator[Complaint]:
    for number, event in events:
        if event.get("status") not in STATUSES:
            message = f"event {number}: expected one of {', '.join(STATUSES)}, got {event.get('status')!r}"
            yield Complaint("status", message, event["action"]["start"], event["action"]["end"])


def _companies(_text: str, events: Sequence[tuple[int, _Event]]) -> Iterator[Complaint]:
    for number, event in events:
        action = event["action"]
        if event.get("company") is None and action["type"] not in TYPES_WITHOUT_COMPANY:
            message = f"event {number}: {action['type']} at {_show(action)} needs a company"
            yield Complaint("company", message, action["start"], action["end"])


def _overlaps(text: str, events: Sequence[tuple[int, _Event]]) -> Iterator[Complaint]:
    """Yield spans of one BIO label that overlap: of a type in the text, of a slot for one trigger."""
    labels: defaultdict[tuple[str, ...], set[Place]] = defaultdict(set)
    for _, event in events:
        action = event["action"]
        labels[(action["type"],)].add((action["start"], action["end"]))
        trigger = f"{action['type']} at {_show(action)}"
        for slot, place in argument_places(event):
            labels[slot, trigger].add(place)
    for label, places in labels.items():
        for left, right in combinations(sorted(places), 2):
            if right[0] < left[1]:
                spans = f"{_quote(text, left)} and {_quote(text, right)}"
                yield Complaint("overlap", f"{' of '.join(label)}: {spans} overlap, BIO holds one of them", *right)


def _percentages(_text: str, events: Sequence[tuple[int, _Event]]) -> Iterator[Complaint]:
    for number, event in events:
        value = event.get("percentage")
        spans = slot_spans(event, "percentage")
        places = [(span["start"], span["end"]) for span in spans]
        if places != sorted(places):
            yield Complaint(
                "percentage", f"event {number}: the spans stand in another order than in the text", *places[0]
            )
        elif isinstance(value, dict) and (value["start"], value["end"]) != (places[0][0], places[-1][1]):
            message = f"event {number}: {_show(value)} does not run from the first to the last of its spans"
            yield Complaint("percentage", message, value["start"], value["end"])


def _repeats(_text: str, events: Sequence[tuple[int, _Event]]) -> Iterator[Complaint]:
    seen: dict[tuple[object, ...], int] = {}
    for number, event in events:
        action = event["action"]
        # One mention may name several parties: "the two companies".
        names = tuple(str((event.get(slot) or {}).get("name")) for slot in ("company", "target"))
        places = frozenset(argument_places(event))
        key = (action["type"], action["start"], action["end"], places, names, event.get("status"))
        if seen.setdefault(key, number) != number:
            message = f"event {number}: the same as event {seen[key]}, {action['type']} at {_show(action)}"
            yield Complaint("repeated-event", message, action["start"], action["end"])


def _show(span: Mapping[str, Any]) -> str:
    return f"[{span['start']}:{span['end']}] {span['text']!r}"


def _quote(text: str, place: Place) -> str:
    return f"[{place[0]}:{place[1]}] {text[slice(*place)]!r}"


_RULES: dict[str, Callable[[str, Sequence[tuple[int, _Event]]], Iterator[Complaint]]] = {
    "offset": _offsets,
    "status": _statuses,
    "company": _companies,
    "overlap": _overlaps,
    "percentage": _percentages,
    "repeated-event": _repeats,
}

#: The names of all rules.
RULES = ("shape", "type", *_RULES)
