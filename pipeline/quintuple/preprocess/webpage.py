"""Reads HTML: the main text with trafilatura, all the text where that finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from quintuple.events import FormatError
from quintuple.preprocess.decoding import decode
from quintuple.preprocess.documents import Document, Found, Source, hush

_SILENT = frozenset({"script", "style", "title", "template", "noscript", "nav", "svg", "select", "button"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "ins", "label", "mark", "q", "s", "small", "span"}
    | {"strong", "sub", "sup", "time", "u", "wbr"}
)
# Only dates that the page states in its markup; the default also guesses from the text. The fixed far end keeps
# the result the same whatever the clock says.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-12-31"}


def read_html(source: Source) -> Iterator[Found]:
    """Yield the document of a web page, one blank line between its paragraphs.

    Raises:
        DecodingError: the bytes are no text.
        FormatError: the page holds no text.
    """
    markup = decode(source.data, where=source.where, markup=True)
    page = _main_part(markup)
    text = _paragraphs(page.text) if page and page.text else ""
    text = text or _paragraphs(_all_text(markup))
    if not text:
        raise FormatError(f"{source.where}: expected a page with text, got markup only")
    yield Document(text, title=page.title if page else None, published=page.date if page else None)


def _main_part(markup: str) -> Any:
    """Return trafilatura's document, or None where it gives up."""
    from trafilatura import bare_extraction

    hush("trafilatura", "htmldate", "courlan", "justext")
    try:
        return bare_extraction(markup, include_comments=False, with_metadata=True, date_extraction_params=dict(_DATES))
    except Exception:
        # lxml and the extractors fail in many ways on broken markup; the text can still be had without them.
        return None


def _paragraphs(text: str) -> str:
    return "\n\n".join(line for raw in text.splitlines() if (line := raw.strip()))


def _all_text(markup: str) -> str:
    collector = _TextCollector()
    collector.feed(markup)
    collector.close()
    return "".join(collector.parts)


class _TextCollector(HTMLParser):
    """Collects the text a reader would see, with a line break at every block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silence: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in _SILENT:
            self._silence.append(tag)
        elif tag not in _INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silence:
            del self._silence[self._silence.index(tag) :]
        elif tag not in _INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silence:
            self.parts.append(" ".join(data.split("\n")) if "\n" in data else data)
