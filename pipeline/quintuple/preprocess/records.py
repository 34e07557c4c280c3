"""Reads JSON and JSON Lines: one record, a list of records, or one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from quintuple.events import ArticleError, DecodingError, FormatError
from quintuple.preprocess.decoding import decode
from quintuple.preprocess.documents import Document, Found, Source
from quintuple.preprocess.tables import tables
from quintuple.settings import FieldNames


def read_json(source: Source) -> Iterator[Found]:
    """Yield the document of each record of a JSON file.

    Raises:
        DecodingError: the bytes are no text.
        FormatError: they are no JSON, or hold no records.
    """
    value = _parsed(decode(source.data, where=source.where), source.where)
    records = _records(value, source.settings.fields)
    if not records:
        raise FormatError(f"{source.where}: expected at least one record, got an empty list")
    many = len(records) > 1
    for number, record in enumerate(records, 1):
        where = f"{source.where}: record {number}" if many else source.where
        yield _numbered(_document(record, where, source.settings.fields), number if many else None)


def read_jsonl(source: Source) -> Iterator[Found]:
    """Yield the document of each line of a JSON Lines file; blank lines count for nothing.

    Raises:
        FormatError: no line holds anything.
    """
    lines = [(number, line) for number, line in enumerate(_lines(source), 1) if line.strip()]
    if not lines:
        raise FormatError(f"{source.where}: expected JSON Lines, got white space only")
    for count, (number, line) in enumerate(lines, 1):
        where = f"{source.where}:{number}"
        try:
            text = line if isinstance(line, str) else _utf8(line, where)
            found = _document(_parsed(text, where), where, source.settings.fields)
        except ArticleError as exc:
            found = exc
        yield _numbered(found, count if len(lines) > 1 else None)


def _lines(source: Source) -> Sequence[str | bytes]:
    """Return the lines; as bytes when they cannot be decoded together, so that a damaged one costs only itself."""
    try:
        # Not splitlines(): JSON strings may hold U+2028 as it is.
        return decode(source.data, where=source.where).split("\n")
    except DecodingError:
        return source.data.split(b"\n")


def _utf8(line: bytes, where: str) -> str:
    """Return a line of a file that is not whole; guessing at one line alone would be too bold."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise DecodingError(f"{where}: expected UTF-8, got: {exc.reason} at byte {exc.start}") from exc


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as exc:
        place = f"line {exc.lineno}, column {exc.colno}"
        raise FormatError(f"{where}: expected JSON, got: {exc.msg} ({place})") from exc
    except (ValueError, RecursionError) as exc:
        raise FormatError(f"{where}: expected JSON, got: {exc}") from exc


def _records(value: Any, fields: FieldNames) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and not any(value.get(name) for name in fields.text):
        lists = (value[name] for name in tables().json_.lists if isinstance(value.get(name), list))
        return next(lists, [value])
    return [value]


def _document(record: Any, where: str, fields: FieldNames) -> Found:
    if not isinstance(record, dict):
        return FormatError(f"{where}: expected an object with a field {_names(fields.text)}, got {_shown(record)}")
    text = _first(record, fields.text)
    if not isinstance(text, str) or not text.strip():
        got = f"the fields {', '.join(map(str, record)) or '(none)'}" if text is None else _shown(text)
        return FormatError(f"{where}: expected text in a field {_names(fields.text)}, got {got[:200]}")
    title, key = _first(record, fields.title), _first(record, fields.id)
    return Document(
        text,
        id=str(key) if isinstance(key, str | int) else None,
        title=title.strip() if isinstance(title, str) else None,
        published=_first(record, fields.date),
    )


def _first(record: dict[str, Any], names: Sequence[str]) -> Any:
    """Return the first field that is there and not empty; the number 0 is not empty."""
    values = (record.get(name) for name in names)
    return next((value for value in values if value or (value == 0 and not isinstance(value, bool))), None)


def _numbered(found: Found, number: int | None) -> Found:
    return replace(found, number=number) if isinstance(found, Document) else found


def _names(names: Sequence[str]) -> str:
    return " or ".join(names)


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 80 else f"{shown[:80]}…"
