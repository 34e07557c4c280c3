"""Reads PDF with pypdf and puts its lines together into paragraphs."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from quintuple.events import FormatError
from quintuple.preprocess.documents import Document, Found, Source, blank, hush
from quintuple.preprocess.language import HAN
from quintuple.preprocess.messages import reason
from quintuple.preprocess.signatures import any_kind

if TYPE_CHECKING:
    from pypdf import PdfReader

_PAGE_NUMBER = re.compile(
    r"[-–—\s]*(?:page\s*|第\s*)?\d{1,4}(?:\s*页|\s*頁)?(?:\s*(?:of|/)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE
)
_ENDS = re.compile(r"""[.!?。！？；:：…]["'”’」』)）】]*$""")
_BULLET = re.compile(r"\s*(?:[•·●○▪■►*]|\d+[.)、]\s|[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、|【)")
_WIDE_EDGE = re.compile(f"[{HAN}，。、；：？！“”‘’（）《》【】％]")
_HYPHENATED = re.compile(r"([^\W\d_]+)-$")
_LEADING_WORD = re.compile(r"[^\W\d_A-Z]+")
_FULL_LINE = 0.8
_SCRIPT_TITLE = re.compile(r"\.(?:docx?|pptx?|xlsx?|pdf|wps|indd|txt)$|^(?:untitled|microsoft word)", re.IGNORECASE)


def read_pdf(source: Source) -> Iterator[Found]:
    """Yield the document of a PDF, one blank line between its paragraphs.

    Raises:
        FormatError: the file is damaged, encrypted, too large unpacked, or holds no text (as scans do).
    """
    from pypdf import PdfReader

    if b"%PDF" not in source.data and b" obj" not in source.data:
        raise FormatError(f"{source.where}: expected a PDF, got {any_kind(source.data)}")
    hush("pypdf")
    try:
        reader = PdfReader(io.BytesIO(source.data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise FormatError(f"{source.where}: expected an open PDF, got one encrypted with a password")
        text = join_lines(_pages(reader, source))
        title, created = _metadata(reader)
    except (FormatError, MemoryError):
        raise
    except Exception as exc:
        # pypdf raises errors of many kinds on damaged files, its own and Python's.
        raise FormatError(f"{source.where}: expected a PDF, got: {reason(exc)}") from exc
    if blank(text):
        raise FormatError(f"{source.where}: expected a PDF with text, got pages without any (a scan?)")
    yield Document(text, title=title, created=created)


def join_lines(pages: Sequence[str]) -> str:
    """Return the text of some pages with the lines of a paragraph joined, and running heads and page numbers gone.

    Chinese lines are joined without a space. A hyphen at the end of a line goes only when the word is also
    written without it somewhere else in the text.
    """
    lines = [line for page in _without_furniture([_lines(page) for page in pages]) for line in page]
    words = {word.lower() for page in pages for word in re.findall(r"[^\W\d_]+", page)}
    width = max(map(_columns, lines), default=0)
    paragraphs: list[str] = []
    previous = ""
    for line in lines:
        if paragraphs and line and _goes_on(previous, line, width):
            paragraphs[-1] = _joined(paragraphs[-1], line, words)
        elif line:
            paragraphs.append(line)
        previous = line
    return "\n\n".join(paragraphs)


def _pages(reader: PdfReader, source: Source) -> list[str]:
    pages, size = [], 0
    for page in reader.pages:
        # pypdf hands lone surrogates and NULs through from damaged fonts.
        pages.append(page.extract_text().replace("\0", ""))
        size += len(pages[-1])
        if size > source.settings.max_bytes:
            raise FormatError(
                f"{source.where}: expected at most {source.settings.max_bytes} characters (max_bytes), got more"
            )
    return pages


def _metadata(reader: PdfReader) -> tuple[str | None, str | None]:
    try:
        metadata = reader.metadata
        title = (metadata.title or "").strip() if metadata else ""
        created = metadata.creation_date if metadata else None
    except Exception:
        # A malformed date or title says nothing about the text.
        return None, None
    return (title if title and not _SCRIPT_TITLE.search(title) else None), created.isoformat() if created else None


def _lines(page: str) -> list[str]:
    return [line.strip() for line in page.splitlines()]


def _without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """Drop page numbers, and first and last lines that return on most of at least three pages."""
    edges = Counter(edge for page in pages for edge in {_shape(line) for line in _edges(page)})
    running = {edge for edge, count in edges.items() if count >= max(3, len(pages) * 0.6)}
    return [_strip_edges(page, running) for page in pages]


def _strip_edges(page: list[str], running: set[str]) -> list[str]:
    first, last = 0, len(page)
    while first < last and _is_furniture(page[first], running):
        first += 1
    while last > first and _is_furniture(page[last - 1], running):
        last -= 1
    return page[first:last]


def _is_furniture(line: str, running: set[str]) -> bool:
    return not line or bool(_PAGE_NUMBER.fullmatch(line)) or _shape(line) in running


def _edges(page: list[str]) -> list[str]:
    lines = [line for line in page if line]
    return [*lines[:1], *lines[-1:]]


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def _goes_on(line: str, following: str, width: int) -> bool:
    """Return whether a paragraph goes on from a line, as far as its length and its end can tell."""
    if not line or _BULLET.match(following) or _ENDS.search(line):
        return False
    return _columns(line) >= _FULL_LINE * width or following[0].islower()


def _joined(paragraph: str, line: str, words: set[str]) -> str:
    if paragraph.endswith("\u00ad"):
        return paragraph[:-1] + line
    # Only the last word is looked at: a paragraph may be long.
    head, tail = _HYPHENATED.search(paragraph[-60:]), _LEADING_WORD.match(line)
    if head and tail:
        whole = (head[1] + tail[0]).lower() in words
        return (paragraph[:-1] if whole else paragraph) + line
    wide = _WIDE_EDGE.match(paragraph[-1]) and _WIDE_EDGE.match(line)
    return paragraph + line if wide else f"{paragraph} {line}"


def _columns(line: str) -> int:
    return len(line) + len(_WIDE_EDGE.findall(line))
