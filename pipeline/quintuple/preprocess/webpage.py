"""Reads HTML: the main text with trafilatura, all the text where that finds nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from quintuple.events import FormatError
from quintuple.preprocess.decoding import decode
from quintuple.preprocess.documents import Document, Found, Source, blank, count_elements, hush
from quintuple.preprocess.tables import tables

_SILENT = frozenset({"script", "style", "title", "template", "noscript", "nav", "svg", "select", "button"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "ins", "label", "mark", "q", "s", "small", "span"}
    | {"strong", "sub", "sup", "time", "u", "wbr"}
)
_LINE_BREAK = re.compile(r"[ \t]*[\r\n]\s*")
# What a reference such as &#x1; may bring in, and lxml refuses to write back.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Only dates that the page states in its markup; the default also guesses from the text. The fixed far end keeps
# the result the same whatever the clock says.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-12-31"}


def read_html(source: Source) -> Iterator[Found]:
    """Yield the document of a web page, one blank line between its paragraphs.

    Raises:
        DecodingError: the bytes are no text.
        FormatError: the page holds no text, or too many tags.
    """
    markup = decode(source.data, where=source.where, markup=True)
    hush("trafilatura", "htmldate", "courlan", "justext")
    count_elements(source, markup.count("<"), "tags")
    page = _main_part(markup) if _tags(markup, source) <= tables().html.searched else None
    text = _paragraphs(page.text) if page and page.text else ""
    text = text or _paragraphs(_all_text(markup))
    if blank(text):
        raise FormatError(f"{source.where}: expected a page with text, got markup only")
    yield Document(text, title=page.title if page else None, published=page.date if page else None)


class _Gauge:
    """Counts the tags of a page while it is parsed, without a tree, which libxml2 builds in quadratic time."""

    def __init__(self, source: Source) -> None:
        self.source, self.tags = source, 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the parser's signature
        """Take an opening tag."""
        self.tags += 1
        if (count := len(attributes)) > (limit := tables().html.attributes):
            raise FormatError(f"{self.source.where}: expected at most {limit} attributes in a tag, got {count}")

    def close(self) -> int:
        """Return the number of tags."""
        return self.tags


def _tags(markup: str, source: Source) -> int:
    from lxml import etree

    try:
        return int(etree.HTML(markup.encode(), parser=etree.HTMLParser(target=_Gauge(source), encoding="utf-8")))
    except etree.LxmlError:
        # No markup at all; the search for the text says so.
        return 0


def _main_part(markup: str) -> Any:
    """Return trafilatura's document, or None where it gives up."""
    from trafilatura import bare_extraction

    try:
        return bare_extraction(
            markup,
            include_comments=False,
            with_metadata=True,
            date_extraction_params=dict(_DATES),
            prune_xpath=["//nav", "//footer"],
        )
    except Exception:
        # lxml and the extractors fail in many ways on broken markup; the text can still be had without them.
        return None


def _paragraphs(text: str) -> str:
    return "\n\n".join(line for raw in text.splitlines() if (line := raw.strip()))


def _all_text(markup: str) -> str:
    """Return the text a reader would see, with a line break at every block; "" where no markup can be made out."""
    from trafilatura import load_html

    # Python's own parser takes quadratic time on broken tags. A bare fragment is refused unless wrapped.
    tree = load_html(markup)
    if tree is None:
        tree = load_html(f"<html><body>{markup}</body></html>")
    if tree is None:
        return ""
    for element in list(tree.iter()):
        if element.tag in _SILENT:
            element.clear(keep_tail=True)
        edge = "" if element.tag in _INLINE else "\n"
        element.text = edge + _one_line(element.text)
        element.tail = edge + _one_line(element.tail)
    return str(tree.text_content())


def _one_line(text: str | None) -> str:
    return _LINE_BREAK.sub(" ", _UNWRITABLE.sub("", text or ""))
