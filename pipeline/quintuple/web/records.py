"""Articles with their events as JSON objects, the shape of EVENTS.md, and what the list shows of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from quintuple.events import Article, Extraction

Record = dict[str, Any]
State = Literal["open", "reviewed"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What filters ask of an event; ``names`` folded, the bounds of the date as ISO days."""

    names: str
    type: str
    status: str
    confidence: float
    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list of articles; ``facts`` is None until the article's events are known."""

    key: int
    id: str
    label: str
    language: str | None
    published: str | None
    facts: tuple[Facts, ...] | None
    state: State = "open"

    @property
    def confidence(self) -> float | None:
        """The confidence of the least certain event."""
        return min((facts.confidence for facts in self.facts or ()), default=None)


def event_facts(event: Mapping[str, Any]) -> Facts:
    """Return what filters ask of an event, taking what is missing or of the wrong kind as absent."""
    parties = [_table(event.get(slot)) for slot in ("company", "target", "counterparty")]
    words = [str(party.get(key) or "") for party in parties for key in ("name", "text")]
    date, confidence = _table(event.get("date")), event.get("confidence")
    return Facts(
        names="\n".join(filter(None, words)).casefold(),
        type=str(_table(event.get("action")).get("type")),
        status=str(event.get("status")),
        confidence=float(confidence) if isinstance(confidence, int | float) else 1.0,
        earliest=_day(date.get("earliest")),
        latest=_day(date.get("latest")),
    )


def make_entry(key: int, record: Mapping[str, Any], *, snippet: int, state: State = "open") -> Entry:
    """Return the list's line for a record; ``snippet`` characters of the text stand in for a title."""
    events = record.get("events")
    facts = tuple(map(event_facts, filter(_is_table, events))) if isinstance(events, list) else None
    label = record.get("title") or str(record.get("text") or "")[: 4 * snippet] or record.get("id")
    return Entry(
        key=key,
        id=str(record.get("id")),
        label=_SPACE.sub(" ", str(label)).strip()[:snippet],
        language=record.get("language") if record.get("language") in ("zh", "en") else None,
        published=_day(record.get("published")),
        facts=facts,
        state=state,
    )


def record_of(extraction: Extraction) -> Record:
    """Return an extraction as a record."""
    return extraction.to_dict()


def unread_record(article: Article) -> Record:
    """Return an article whose events are not known yet as a record."""
    record = Extraction(article, ()).to_dict()
    return record | {"events": None}


def cleaned(value: Any) -> Any:
    """Return a JSON value without the halves of characters, which no file can hold; no offset moves."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {cleaned(key): cleaned(item) for key, item in value.items()}
    return [cleaned(item) for item in value] if isinstance(value, list) else value


def unique_id(wanted: str, taken: Iterable[str]) -> str:
    """Return an id that is not taken yet: two files may hold articles of one id, and saving goes by id."""
    known = taken if isinstance(taken, set | frozenset | dict) else set(taken)
    number, found = 1, wanted
    while found in known:
        number += 1
        found = f"{wanted}#{number}"
    return found


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _day(value: Any) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) else None
