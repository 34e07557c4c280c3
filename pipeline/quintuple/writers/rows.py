"""Flat rows, one per event, for tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from quintuple.events import DataError, Extraction

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

#: The column that tables have besides when duplicates are marked: the id of the first article that says the same.
DUPLICATE = "duplicate_of"

#: The columns of the table ``articles`` that databases hold beside the events.
ARTICLE_COLUMNS = ("id", "path", "language", "title", "published", "text")

#: Columns that hold ISO days.
DAYS = ("published", "date_earliest", "date_latest")

# Halves of characters, which JSON can hold and no encoding can write.
_SURROGATE = re.compile("[\ud800-\udfff]")


def columns(*, text: bool, duplicates: bool = False) -> list[str]:
    """Return the columns of a table: without the evidence sentence if ``text`` is false, with marks of duplicates."""
    return [column for column in COLUMNS if text or column != "sentence"] + [DUPLICATE] * duplicates


def rows(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """Yield one row per event with the keys ``COLUMNS``; absent slots are None.

    ``percentage`` is a list of floats in percent.
    """
    return record_rows(extraction.to_dict())


def record_rows(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield one row per event of a record as EVENTS.md writes it; absent slots and fields are None.

    A row of an article that is marked as a duplicate has the key ``DUPLICATE`` too.

    Raises:
        DataError: the record does not have the shape that EVENTS.md fixes; names its id.
    """
    article = {key: record.get(key) for key in ("id", "path", "language", "published")}
    mark = {key: writable(record[key]) for key in (DUPLICATE,) if record.get(key) is not None}
    text = record.get("text")
    for number, event in enumerate(record.get("events") or (), 1):
        try:
            values = article | {"event": number} | _slots(event) | _judgement(event, text)
        except (AttributeError, KeyError, TypeError, ValueError) as exc:
            raise DataError(f"{article['id']}: expected event {number} as EVENTS.md writes it, got: {exc!r}") from exc
        yield {column: writable(values.get(column)) for column in COLUMNS} | mark


def article_row(record: Mapping[str, Any], *, text: bool) -> dict[str, Any]:
    """Return the row of a record with the keys ``ARTICLE_COLUMNS`` and ``DUPLICATE``, without text if it is false."""
    keys = (*ARTICLE_COLUMNS, DUPLICATE)
    return {key: writable(record.get(key)) if text or key != "text" else None for key in keys}


def writable(value: Any) -> Any:
    """Return a value with the halves of characters in it, if it is text, replaced."""
    return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value


def join_values(values: list[float] | None) -> str | None:
    """Return percent values as the text of one cell, such as ``21.3 18.7``."""
    return " ".join(f"{value:.10g}" for value in values) if values else None


def _judgement(event: Mapping[str, Any], text: str | None) -> dict[str, Any]:
    start, end = event.get("sentence") or (0, 0)
    confidence = event.get("confidence")
    return {
        "status": event.get("status"),
        "confidence": None if confidence is None else round(confidence, 4),
        "sentence": None if text is None else text[start:end],
    }


def _slots(event: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"action_type": event["action"]["type"], "action_text": event["action"]["text"]}
    for slot in ("company", "target"):
        if party := event.get(slot):
            values |= {slot: party["name"], f"{slot}_text": party["text"]}
    if counterparty := event.get("counterparty"):
        values["counterparty"] = counterparty["name"]
    if share := event.get("percentage"):
        values["percentage"] = [float(value) for value in share["values"]]
        values |= {f"percentage_{side}": share.get(side) for side in ("from", "to", "by")}
    if date := event.get("date"):
        values |= {"date": date["text"]} | {f"date_{key}": date.get(key) for key in ("edtf", "earliest", "latest")}
    return values
