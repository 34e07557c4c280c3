"""Events on their way to the page and back: from a file's JSON, and to labelled data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from quintuple.events import SCHEMA_VERSION, Article, DataError
from quintuple.postprocess.clauses import sentence_at
from quintuple.postprocess.percent import percent_values
from quintuple.train.data.rules import find_complaints
from quintuple.web.errors import Detail, RequestError
from quintuple.web.models import DateIn, EventIn, PartyIn, PercentageIn, ReviewEvent, ReviewIn, SpanIn
from quintuple.web.normalize import date_bounds
from quintuple.web.records import Record

PARTIES = ("company", "target", "counterparty")
_SLOTS = (*PARTIES, "action", "percentage", "date")
_ESSENCE = ("start", "end", "type", "name", "id", "kind", "values", "from", "to", "by", "edtf")


def page_events(record: Mapping[str, Any], article: Article) -> list[ReviewEvent]:
    """Return the events of a record with all that labelled data may leave out.

    Raises:
        DataError: an event is none.
    """
    return [_page_event(event, number, article) for number, event in enumerate(record["events"], 1)]


def _page_event(event: Mapping[str, Any], number: int, article: Article) -> ReviewEvent:
    full: Record = dict.fromkeys(_SLOTS) | {"status": "occurred"} | dict(event)
    for slot in PARTIES:
        if full[slot] is not None:
            full[slot] = {"name": full[slot]["text"]} | full[slot]
    if full["percentage"] is not None:
        spans = full["percentage"].get("spans") or [full["percentage"]]
        values = [value for span in spans for value in percent_values(span["text"])]
        full["percentage"] = {"values": values} | full["percentage"] | {"spans": spans}
    start, end = sentence_at(article, full["action"]["start"])
    full["sentence"] = [start, end]
    try:
        return ReviewEvent.model_validate(full)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise DataError(f"{article.id}: event {number}: {where}: {first['msg']}, got {first['input']!r}") from exc


def labelled_record(record: Record, review: ReviewIn, article: Article, *, types: frozenset[str]) -> Record:
    """Return a record with the reviewer's events, as training reads them.

    Raises:
        RequestError: `quintuple data check` would complain.
    """
    events = [_labelled(event, number, article) for number, event in enumerate(review.events)]
    kept = {key: value for key, value in record.items() if key not in ("events", "review", "exhaustive")}
    published = review.published.isoformat() if review.published else None
    labelled = {"schema_version": SCHEMA_VERSION} | kept | {"published": published, "events": events}
    complaints = [
        Detail(where="events", expected=complaint.message, got=complaint.rule)
        for complaint in find_complaints(labelled, types=types)
    ]
    if complaints:
        raise RequestError(422, "the events are no labelled data yet", complaints)
    return labelled


def count_changes(original: Sequence[ReviewEvent], review: ReviewIn) -> int:
    """Return how many events were changed, added or removed."""
    seen = [event.origin for event in review.events if event.origin is not None]
    removed = len(set(range(len(original))) - set(seen))
    changed = sum(
        event.origin is None
        or event.origin >= len(original)
        or event.origin in seen[:number]
        or _essence(event) != _essence(original[event.origin])
        for number, event in enumerate(review.events)
    )
    return removed + changed


def _essence(event: BaseModel) -> Record:
    """Return what a reviewer can change in an event."""
    whole = event.model_dump(by_alias=True)
    slots = {slot: _chosen(whole[slot], _ESSENCE) for slot in _SLOTS}
    if slots["percentage"] is not None:
        spans = [_chosen(span, ("start", "end")) for span in whole["percentage"]["spans"]]
        # Where a percentage starts and ends follows from its spans.
        slots["percentage"] = slots["percentage"] | {"spans": spans, "start": None, "end": None}
    return slots | {"status": whole["status"]}


def _chosen(slot: Mapping[str, Any] | None, keys: Sequence[str]) -> Record | None:
    return None if slot is None else {key: slot.get(key) for key in keys}


def _labelled(event: EventIn, number: int, article: Article) -> Record:
    where, text = f"events.{number}", article.text
    action = _evidence(event.action, f"{where}.action", text) | {"type": event.action.type}
    made: Record = {"company": None, "action": action, "target": None, "percentage": None, "date": None}
    made["counterparty"] = None
    for slot in PARTIES:
        party: PartyIn | None = getattr(event, slot)
        if party is not None:
            known = {"name": party.name, "id": party.id, "kind": party.kind}
            made[slot] = _evidence(party, f"{where}.{slot}", text) | known
    if event.percentage is not None:
        made["percentage"] = _percentage(event.percentage, f"{where}.percentage", text)
    if event.date is not None:
        made["date"] = _date(event.date, f"{where}.date", text)
    return made | {"status": event.status, "sentence": list(sentence_at(article, event.action.start))}


def _percentage(given: PercentageIn, where: str, text: str) -> Record:
    spans = [_evidence(span, where, text) for span in sorted(given.spans, key=lambda span: span.start)]
    start, end = spans[0]["start"], max(span["end"] for span in spans)
    roles = {"from": given.from_, "to": given.to, "by": given.by}
    whole = {"text": text[start:end], "start": start, "end": end, "spans": spans, "values": given.values}
    return whole | roles | {"kind": given.kind}


def _date(given: DateIn, where: str, text: str) -> Record:
    return _evidence(given, where, text) | dated(given.edtf, where)


def dated(edtf: str | None, where: str) -> Record:
    """Return an EDTF date with its first and last day.

    Raises:
        RequestError: it is no EDTF.
    """
    if edtf is None:
        return {"edtf": None, "earliest": None, "latest": None}
    bounds = date_bounds(edtf)
    if bounds is None:
        expected = "EDTF, such as 2022-01-06, 2021-12, 2021-33 (first quarter) or 2021-12-25/2021-12-31"
        raise RequestError(422, "the date is no EDTF", [Detail(where=f"{where}.edtf", expected=expected, got=edtf)])
    return {"edtf": edtf, "earliest": bounds[0], "latest": bounds[1]}


def _evidence(span: SpanIn, where: str, text: str) -> Record:
    check_span(span, where, text)
    return {"text": text[span.start : span.end], "start": span.start, "end": span.end}


def check_span(span: SpanIn, where: str, text: str) -> None:
    """Refuse a span that is none of the text.

    Raises:
        RequestError: it is empty or reaches beyond the text.
    """
    if not 0 <= span.start < span.end <= len(text):
        got = f"{span.start}, {span.end}"
        detail = Detail(where=where, expected=f"0 <= start < end <= {len(text)}", got=got)
        raise RequestError(422, "a span lies outside the text", [detail])
