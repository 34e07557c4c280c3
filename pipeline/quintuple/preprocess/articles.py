"""Makes articles of texts, bytes and files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from quintuple.events import Article, ArticleError, FormatError, Language
from quintuple.preprocess.boilerplate import Range, find_boilerplate
from quintuple.preprocess.documents import Document, Source
from quintuple.preprocess.formats import READERS, Reader, expected_suffixes, suffix_of
from quintuple.preprocess.language import detect_language
from quintuple.preprocess.published import find_day, parse_day
from quintuple.preprocess.sentences import split_sentences
from quintuple.settings import PreprocessSettings

# JSON and file names can hold halves of characters, which no encoding can write.
_SURROGATE = re.compile("[\ud800-\udfff]")


def make_article(
    text: str,
    *,
    id: str,  # noqa: A002 - the name of the slot everywhere
    settings: PreprocessSettings,
    path: str | None = None,
    title: str | None = None,
    published: str | None = None,
    language: Language | None = None,
    hidden: tuple[Range, ...] = (),
) -> Article:
    """Return a text as an article with its language, sentences, hidden ranges and day of publication.

    Without ``published``, the day is taken from the text where it says so. ``hidden`` are ranges that are no
    article whatever the settings say; the text starts behind one at its beginning.

    Raises:
        FormatError: ``published`` is given and is no date.
    """
    text = _writable(text)
    if language is None:
        language = detect_language(text) if settings.language == "auto" else settings.language
    return Article(
        id=_writable(id),
        text=text,
        language=language,
        sentences=split_sentences(text, language=language),
        path=path if path is None else _writable(path),
        title=title if title is None else _writable(title),
        published=_given_day(published, path or id) or find_day(text, start=_body_start(hidden)),
        hidden=find_boilerplate(text, patterns=settings.boilerplate, known=hidden),
    )


def read_bytes(
    data: bytes,
    *,
    suffix: str,
    id: str,  # noqa: A002
    path: str | None = None,
    settings: PreprocessSettings,
    published: str | None = None,
    language: Language | None = None,
) -> Iterator[Article | ArticleError]:
    """Yield the articles in some bytes of a format, and an error for each broken record; raises none.

    ``published`` goes before what the input says. Several records without an id of their own get ``id#1``, ….
    """
    where = path or id
    try:
        _given_day(published, where)
        source = Source(data, where, settings)
        for found in _reader_of(suffix, where)(_checked(source)):
            if isinstance(found, ArticleError):
                yield found
            else:
                yield _article_of(found, id, path, settings, published, language)
    except ArticleError as exc:
        yield exc


def read_path(
    path: Path,
    *,
    settings: PreprocessSettings,
    root: Path | None = None,
    published: str | None = None,
    language: Language | None = None,
) -> Iterator[Article | ArticleError]:
    """Yield the articles in a file, and an error for each broken record or for the file itself; raises none.

    An article's id is its path relative to ``root`` (else its name) without suffix, or the record's own id.
    """
    suffix, where = suffix_of(path), path.as_posix()
    try:
        _reader_of(suffix, where)
        data = _file_bytes(path, settings.max_bytes)
    except ArticleError as exc:
        yield exc
        return
    name = _relative(path, root)
    yield from read_bytes(
        data,
        suffix=suffix,
        id=name[: len(name) - len(suffix)],
        path=where,
        settings=settings,
        published=published,
        language=language,
    )


def _article_of(
    document: Document,
    id: str,  # noqa: A002
    path: str | None,
    settings: PreprocessSettings,
    published: str | None,
    language: Language | None,
) -> Article:
    numbered = id if document.number is None else f"{id}#{document.number}"
    article = make_article(
        document.text,
        id=document.id or numbered,
        settings=settings,
        path=path,
        title=document.title or None,
        published=published or parse_day(document.published),
        language=language,
        hidden=document.hidden,
    )
    return article if article.published else replace(article, published=parse_day(document.created))


def _reader_of(suffix: str, where: str) -> Reader:
    reader = READERS.get(suffix.lower() if suffix.startswith(".") else f".{suffix.lower()}")
    if reader is None:
        raise FormatError(f"{where}: expected one of the suffixes {expected_suffixes()}, got {suffix or 'none'!r}")
    return reader


def _checked(source: Source) -> Source:
    limit = source.settings.max_bytes
    if not source.data:
        raise FormatError(f"{source.where}: expected text, got an empty file")
    if len(source.data) > limit:
        raise FormatError(f"{source.where}: expected at most {limit} bytes (max_bytes), got {len(source.data)}")
    return source


def _file_bytes(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limit + 1)
    except OSError as exc:
        raise ArticleError(f"{path.as_posix()}: expected a readable file, got: {exc.strerror or exc}") from exc


def _relative(path: Path, root: Path | None) -> str:
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.name


def _writable(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _given_day(published: str | None, where: str) -> str | None:
    day = parse_day(published)
    if published and day is None:
        raise FormatError(f"{where}: published: expected a date such as 2022-01-10, got {published!r}")
    return day


def _body_start(hidden: tuple[Range, ...]) -> int:
    return hidden[0][1] if hidden and hidden[0][0] == 0 else 0
