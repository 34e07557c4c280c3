"""Flat rows, one per event, for tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quintuple.events import Event, Extraction

#: The columns of every table, in order.
COLUMNS = (
    "id",
    "event",
    "path",
    "language",
    "published",
    "company",
    "company_text",
    "action_type",
    "action_text",
    "target",
    "target_text",
    "percentage",
    "percentage_from",
    "percentage_to",
    "percentage_by",
    "date",
    "date_edtf",
    "date_earliest",
    "date_latest",
    "counterparty",
    "status",
    "confidence",
    "sentence",
)


def rows(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """Yield one row per event with the keys ``COLUMNS``; absent slots are None."""
    article = extraction.article
    for number, event in enumerate(extraction.events, 1):
        start, end = event.sentence
        values = {
            "id": article.id,
            "event": number,
            "path": article.path,
            "language": article.language,
            "published": article.published,
            "status": event.status,
            "confidence": round(event.confidence, 4),
            "sentence": article.text[start:end],
        } | _slots(event)
        yield {column: values.get(column) for column in COLUMNS}


def _slots(event: Event) -> dict[str, Any]:
    values: dict[str, Any] = {"action_type": event.action.type, "action_text": event.action.text}
    for slot in ("company", "target"):
        if party := getattr(event, slot):
            values |= {slot: party.name, f"{slot}_text": party.text}
    if event.counterparty:
        values["counterparty"] = event.counterparty.name
    if share := event.percentage:
        values["percentage"] = " ".join(f"{value:g}" for value in share.values)
        values |= {"percentage_from": share.from_, "percentage_to": share.to, "percentage_by": share.by}
    if date := event.date:
        values |= {"date": date.text, "date_edtf": date.edtf}
        values |= {"date_earliest": date.earliest, "date_latest": date.latest}
    return values
