"""Reads JSON and JSON Lines: one record, a list of records, or one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any, AnyStr

from quintuple.events import ArticleError, DecodingError, FormatError
from quintuple.preprocess.decoding import decode
from quintuple.preprocess.documents import Document, Found, Source, blank, count_elements
from quintuple.preprocess.messages import brief, described, reason
from quintuple.preprocess.tables import tables
from quintuple.settings import FieldNames

# So many broken records from the first on mean that the file holds none.
_ALL_BAD = 100


def read_json(source: Source) -> Iterator[Found]:
    """Yield the document of each record of a JSON file.

    Raises:
        DecodingError: the bytes are no text.
        FormatError: they are no JSON, or hold no records.
    """
    text = decode(source.data, where=source.where)
    count_elements(source, text.count("[") + text.count("{"), "lists and objects")
    value = _parsed(text, source.where)
    records = _records(value, source.settings.fields)
    if not records:
        raise FormatError(f"{source.where}: expected at least one record, got an empty list")
    yield from _not_all_bad(_found_in(records, source), source)


def read_jsonl(source: Source) -> Iterator[Found]:
    """Yield the document of each line of a JSON Lines file; blank lines count for nothing.

    Raises:
        FormatError: no line holds anything.
    """
    lines = ((number, line) for number, line in _lines(source) if line.strip())
    first = list(islice(lines, 2))
    if not first:
        raise FormatError(f"{source.where}: expected JSON Lines, got white space only")
    yield from _not_all_bad(_found_on(chain(first, lines), source, many=len(first) > 1), source)


def _found_in(records: Sequence[Any], source: Source) -> Iterator[Found]:
    many = len(records) > 1
    for number, record in enumerate(records, 1):
        where = f"{source.where}: record {number}" if many else source.where
        yield _numbered(_document(record, where, source.settings.fields), number if many else None)


def _found_on(lines: Iterable[tuple[int, str | bytes]], source: Source, *, many: bool) -> Iterator[Found]:
    for count, (number, line) in enumerate(lines, 1):
        where = f"{source.where}:{number}"
        try:
            text = line if isinstance(line, str) else _utf8(line, where)
            found = _document(_parsed(text, where), where, source.settings.fields)
        except ArticleError as exc:
            found = exc
        yield _numbered(found, count if many else None)


def _not_all_bad(found: Iterator[Found], source: Source) -> Iterator[Found]:
    """Yield what was found; where the first records are all broken, the file is something else: one error.

    Raises:
        FormatError: none of the first records can be read.
    """
    head = list(islice(found, _ALL_BAD))
    if len(head) == _ALL_BAD and all(isinstance(each, ArticleError) for each in head):
        raise FormatError(f"{source.where}: expected records, got none in the first {_ALL_BAD}; the first: {head[0]}")
    yield from chain(head, found)


def _lines(source: Source) -> Iterator[tuple[int, str | bytes]]:
    """Yield the lines with their numbers, from 1; as bytes when they cannot be decoded together.

    So a damaged line costs only itself.
    """
    try:
        # Not splitlines(): JSON strings may hold U+2028 as it is.
        return _cut(decode(source.data, where=source.where), "\n")
    except DecodingError:
        return _cut(source.data, b"\n")


def _cut(text: AnyStr, newline: AnyStr) -> Iterator[tuple[int, AnyStr]]:
    # One at a time: a list of millions of empty lines would take ten times the memory of the file.
    number, start = 1, 0
    while (end := text.find(newline, start)) >= 0:
        yield number, text[start:end]
        number, start = number + 1, end + 1
    yield number, text[start:]


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
    except RecursionError as exc:
        raise FormatError(f"{where}: expected JSON, got lists or objects nested too deeply") from exc
    except ValueError as exc:
        raise FormatError(f"{where}: expected JSON, got: {reason(exc)}") from exc


def _records(value: Any, fields: FieldNames) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and not any(value.get(name) for name in fields.text):
        lists = (value[name] for name in tables().json_.lists if isinstance(value.get(name), list))
        return next(lists, [value])
    return [value]


def _document(record: Any, where: str, fields: FieldNames) -> Found:
    if not isinstance(record, dict):
        return FormatError(f"{where}: expected an object with a field {_names(fields.text)}, got {described(record)}")
    text = _first(record, fields.text)
    if not isinstance(text, str) or blank(text):
        got = f"the fields {_names_of(record)}" if text is None else described(text)
        return FormatError(f"{where}: expected text in a field {_names(fields.text)}, got {got}")
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


def _names_of(record: dict[str, Any]) -> str:
    return brief(", ".join(islice(record, 20))) or "(none)"
