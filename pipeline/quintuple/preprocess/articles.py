"""Makes articles of texts, bytes and files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from quintuple.events import Article, ArticleError, FormatError, Language
from quintuple.preprocess.boilerplate import Range, find_boilerplate
from quintuple.preprocess.documents import Document, Source
from quintuple.preprocess.files import read_file
from quintuple.preprocess.formats import READERS, Reader, expected_suffixes, suffix_of
from quintuple.preprocess.language import detect_language
from quintuple.preprocess.messages import described, shown, writable
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
        published=_given_day(published, shown(path or id)) or find_day(text, start=_body_start(hidden)),
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
    records: range | None = None,
) -> Iterator[Article | ArticleError]:
    """Yield the articles in some bytes of a format, and an error for each broken record; raises none.

    ``published`` goes before what the input says. Several records without an id of their own get ``id#1``, ….
    ``records`` are the numbers, from 0, of those to yield; passing over the others is quick.
    """
    where, number = shown(path or id), -1
    try:
        _given_day(published, where)
        source = Source(data, where, settings)
        for number, found in enumerate(_reader_of(suffix, where)(_checked(source))):
            if records is not None and number >= records.stop:
                return
            if records is not None and number not in records:
                continue
            if isinstance(found, ArticleError):
                yield found
            else:
                yield _article_of(found, id, path, settings, published, language)
    except ArticleError as exc:
        if records is None or number + 1 in records:
            yield exc


def read_path(
    path: Path,
    *,
    settings: PreprocessSettings,
    root: Path | None = None,
    published: str | None = None,
    language: Language | None = None,
    records: range | None = None,
) -> Iterator[Article | ArticleError]:
    """Yield the articles in a file, and an error for each broken record or for the file itself; raises none.

    An article's id is its path relative to ``root`` (else its name) without suffix, or the record's own id.
    ``records`` are the numbers, from 0, of those to yield.
    """
    suffix = suffix_of(path)
    try:
        _reader_of(suffix, shown(path))
        data = read_file(path, limit=settings.max_bytes)
    except ArticleError as exc:
        if records is None or 0 in records:
            yield exc
        return
    name = _relative(path, root)
    yield from read_bytes(
        data,
        suffix=suffix,
        id=writable(name[: len(name) - len(suffix)]),
        path=writable(path.as_posix()),
        settings=settings,
        published=published,
        language=language,
        records=records,
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


def _relative(path: Path, root: Path | None) -> str:
    if root is not None and path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return path.name


def _writable(text: str) -> str:
    return _SURROGATE.sub("\ufffd", text)


def _given_day(published: str | None, where: str) -> str | None:
    day = parse_day(published)
    if published and day is None:
        raise FormatError(f"{where}: published: expected a date such as 2022-01-10, got {described(published)}")
    return day


def _body_start(hidden: tuple[Range, ...]) -> int:
    return hidden[0][1] if hidden and hidden[0][0] == 0 else 0
