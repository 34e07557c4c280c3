"""An event as the scorer sees it, read from the output format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quintuple.postprocess.percent import percent_values

#: The slots that have evidence spans and count in the scores.
SPAN_SLOTS = ("company", "action", "target", "percentage", "date")


@dataclass(frozen=True, slots=True)
class SlotSpan:
    """Where the evidence of a slot stands in the text."""

    slot: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class When:
    """A date as its wording and, where it is resolved, the ISO days that bound it."""

    text: str
    earliest: str | None = None
    latest: str | None = None


@dataclass(frozen=True, slots=True)
class FlatEvent:
    """An event with the names that its slots go by; empty where a slot is empty.

    A gold event lists all acceptable names, a predicted one its mention and the resolved name; ``scores`` are the
    confidences of its slots.
    """

    action: str
    triggers: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    percentage: tuple[float, ...] = ()
    date: When | None = None
    status: str = "occurred"
    optional: bool = False
    confidence: float | None = None
    spans: tuple[SlotSpan, ...] = ()
    scores: tuple[tuple[str, float], ...] = ()


def flat_event(record: Mapping[str, Any]) -> FlatEvent:
    """Read an event of the output format, whose slots are objects with ``text``, ``start`` and ``end``.

    ``percentage`` may be a list of spans, as annotators leave it.

    Raises:
        KeyError, TypeError, ValueError: a field is missing or of another kind.
    """
    action = record["action"]
    return FlatEvent(
        action=str(action["type"]),
        triggers=distinct([action.get("text")]),
        company=_names(record.get("company")),
        target=_names(record.get("target")),
        percentage=_percentages(record.get("percentage")),
        date=when(record.get("date")),
        status=str(record.get("status") or "occurred"),
        optional=bool(record.get("optional", False)),
        confidence=None if record.get("confidence") is None else float(record["confidence"]),
        spans=tuple(_spans(record)),
        scores=tuple(_scores(record)),
    )


def when(record: Mapping[str, Any] | None) -> When | None:
    """Read a date of either format; days are cut to YYYY-MM-DD."""
    if not record:
        return None
    earliest, latest = ((record.get(key) or "")[:10] or None for key in ("earliest", "latest"))
    return When(str(record["text"]), earliest, latest)


def distinct(names: Iterable[str | None]) -> tuple[str, ...]:
    """Return the names that are there, each once, in order."""
    return tuple(dict.fromkeys(name for name in names if name))


def _names(party: Mapping[str, Any] | None) -> tuple[str, ...]:
    return distinct([party.get("text"), party.get("name")]) if party else ()


def _percentages(value: Mapping[str, Any] | list[Mapping[str, Any]] | None) -> tuple[float, ...]:
    if not value:
        return ()
    if isinstance(value, Mapping) and value.get("values") is not None:
        return tuple(float(number) for number in value["values"])
    return tuple(number for span in _evidence(value) for number in percent_values(span["text"]))


def _spans(record: Mapping[str, Any]) -> Iterator[SlotSpan]:
    for slot in SPAN_SLOTS:
        for span in _evidence(record.get(slot) or []):
            if "start" in span:
                yield SlotSpan(slot, int(span["start"]), int(span["end"]))


def _scores(record: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for slot in SPAN_SLOTS:
        value = record.get(slot)
        if isinstance(value, Mapping) and value.get("confidence") is not None:
            yield slot, float(value["confidence"])


def _evidence(value: Mapping[str, Any] | list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return value if isinstance(value, list) else value.get("spans") or [value]
