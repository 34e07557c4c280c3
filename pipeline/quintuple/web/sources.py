"""Finds what can be reviewed under a path: results of `quintuple extract`, and articles still to be extracted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from quintuple.evaluate.jsonl import parse_object
from quintuple.events import Article, ArticleError, DataError
from quintuple.preprocess import find_inputs, read_bytes, read_path
from quintuple.preprocess.formats import suffix_of
from quintuple.settings import PreprocessSettings
from quintuple.web.records import Record, cleaned, unread_record

REVIEWED = ".reviewed.jsonl"

# Files of these formats may hold several articles, so they are read at once; any other is read when it is opened.
_SEVERAL = (".json", ".json.gz", ".jsonl.gz")


@dataclass(frozen=True)
class Item:
    """An article that can be opened: what is known of it, and how to load the whole record."""

    known: Record
    load: Callable[[], Record]


def read_source(path: Path, *, settings: PreprocessSettings) -> Iterator[Item | str]:
    """Yield what is in a file or folder, and for what cannot be read a line that says why.

    Raises:
        DataError: there is no file or folder at ``path``.
    """
    if not path.exists():
        raise DataError(f"{path}: expected a folder or file to review, got none there")
    inputs = find_inputs([path])
    yield from map(str, inputs.errors)
    for file, root in inputs.files:
        if not file.name.endswith(REVIEWED) or file == path:
            yield from _read_file(file, root, settings)


def read_dropped(data: bytes, name: str, *, settings: PreprocessSettings) -> Iterator[Item | str]:
    """Yield what is in the bytes of a file that was dropped on the page."""
    path = Path(name.replace("\\", "/").rpartition("/")[2])
    suffix = suffix_of(path)
    stem = path.name[: len(path.name) - len(suffix)] or path.name
    if suffix == ".jsonl":
        for number, line in enumerate(data.split(b"\n"), 1):
            if line.strip():
                yield _line_item(line, f"{path.name}:{number}", f"{stem}#{number}", settings, base=None)
        return
    for found in read_bytes(data, suffix=suffix, id=stem, path=path.name, settings=settings):
        yield str(found) if isinstance(found, ArticleError) else _held(unread_record(found))


def _read_file(file: Path, root: Path, settings: PreprocessSettings) -> Iterator[Item | str]:
    suffix = suffix_of(file)
    if suffix == ".jsonl":
        yield from _read_lines(file, root, settings)
    elif suffix in _SEVERAL:
        for found in read_path(file, settings=settings, root=root):
            yield str(found) if isinstance(found, ArticleError) else _held(unread_record(found))
    else:
        name = file.relative_to(root).as_posix()
        known = {"id": name[: len(name) - len(suffix)], "title": name, "events": None}
        yield Item(known, partial(_read_whole, file, root, settings))


def _read_lines(file: Path, root: Path, settings: PreprocessSettings) -> Iterator[Item | str]:
    """Yield an item a line; only its place is kept, so that large files cost little memory."""
    stem = file.relative_to(root).as_posix()[: -len(".jsonl")]
    try:
        with file.open("rb") as stream:
            place = 0
            for number, line in enumerate(stream, 1):
                if line.strip():
                    where, name = f"{file}:{number}", f"{stem}#{number}"
                    item = _line_item(line, where, name, settings, base=file.parent)
                    load = partial(_read_line, file, place, len(line), where, name, settings)
                    yield item if isinstance(item, str) else Item(item.known, load)
                place += len(line)
    except OSError as exc:
        yield f"{file}: expected a readable file, got: {exc.strerror or exc}"


def _read_line(file: Path, place: int, size: int, where: str, name: str, settings: PreprocessSettings) -> Record:
    with file.open("rb") as stream:
        stream.seek(place)
        line = stream.read(size)
    item = _line_item(line, where, name, settings, base=file.parent)
    if isinstance(item, str):
        raise DataError(f"{item} (has the file changed?)")
    return item.load()


def _line_item(line: bytes, where: str, name: str, settings: PreprocessSettings, *, base: Path | None) -> Item | str:
    """Return the article of a line of JSON; ``base`` is the folder it lies in, if it lies in one."""
    try:
        record = cleaned(parse_object(line.decode("utf-8-sig"), where))
        if isinstance(record.get("events"), list):
            known = record | {"id": str(record.get("id") or name)}
            return Item(known, partial(_with_text, known, where, base, settings))
        for found in read_bytes(line, suffix=".jsonl", id=name, path=None, settings=settings):
            if isinstance(found, ArticleError):
                return f"{where}: {str(found).partition(': ')[2]}"
            return _held(unread_record(found))
    except (DataError, UnicodeDecodeError) as exc:
        return str(exc) if isinstance(exc, DataError) else f"{where}: expected UTF-8, got: {exc.reason}"
    return f"{where}: expected an article, got none"


def _read_whole(file: Path, root: Path, settings: PreprocessSettings) -> Record:
    for found in read_path(file, settings=settings, root=root):
        if isinstance(found, ArticleError):
            raise found
        return unread_record(found)
    raise ArticleError(f"{file}: expected an article, got none")


def _held(record: Record) -> Item:
    return Item(record, lambda: record)


def _with_text(record: Record, where: str, base: Path | None, settings: PreprocessSettings) -> Record:
    """Return a record with its text, read from the article's file where the output was written without it.

    Raises:
        DataError: there is no text, or it is not the one that the events were found in.
    """
    if not isinstance(record.get("text"), str):
        article = _article_beside(record, base, settings)
        if article is None:
            raise DataError(f"{where}: expected the article's text, got none (written with --no-text?)")
        record = record | {"text": article.text}
    _check_events(record, where)
    return record


def _article_beside(record: Record, base: Path | None, settings: PreprocessSettings) -> Article | None:
    """Read the article that a record's path names, if it lies below the working directory or the results."""
    path = record.get("path")
    if base is None or not isinstance(path, str) or "\0" in path:
        return None
    for folder in (Path.cwd(), base.resolve()):
        file = (folder / path).resolve()
        if file.is_relative_to(folder) and file.is_file():
            found = [one for one in read_path(file, settings=settings) if isinstance(one, Article)]
            same = [one for one in found if str(record.get("id", "")).endswith(one.id)]
            return next(iter(same or found), None)
    return None


def _check_events(record: Record, where: str) -> None:
    text: str = record["text"]
    for number, event in enumerate(record["events"], 1):
        for name, span in _spans(event, f"{where}: event {number}"):
            start, end = span.get("start"), span.get("end")
            if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
                raise DataError(f"{name}: expected start and end within the text, got {start!r} and {end!r}")
            if text[start:end] != span.get("text"):
                raise DataError(f"{name}: [{start}:{end}] is {text[start:end]!r}, expected {span.get('text')!r}")


def _spans(event: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(event, Mapping) or not isinstance(event.get("action"), Mapping):
        raise DataError(f"{where}: expected an event with an action, got {str(event)[:80]}")
    for slot in ("company", "action", "target", "percentage", "date", "counterparty"):
        value = event.get(slot)
        if value is None:
            continue
        spans = value.get("spans") or [] if isinstance(value, Mapping) else [None]
        for span in (value, *spans):
            if not isinstance(span, Mapping):
                raise DataError(f"{where}: {slot}: expected an object, got {str(value)[:80]}")
            yield f"{where}: {slot}", span
