"""Reads text and Markdown with optional front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quintuple.events import FormatError
from quintuple.preprocess.decoding import decode
from quintuple.preprocess.documents import Document, Found, Source, blank
from quintuple.preprocess.signatures import is_markup

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\r?\n((?:[^\n]*\n){1,60}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_ENTRY = re.compile(r"([\w -]{1,40}):(?:[ \t]+(.*?))?[ \t\r]*$")
_FILLER = re.compile(r"[ \t]*\r?$|[ \t]*#|[ \t]+\S|-[ \t]")


def read_plain(source: Source) -> Iterator[Found]:
    """Yield the document of a text or Markdown file; front matter stays in the text, hidden.

    Raises:
        DecodingError: the bytes are no text.
        FormatError: it is HTML, or has no letter or digit beside front matter.
    """
    if is_markup(source.data):
        raise FormatError(f"{source.where}: expected plain text, got HTML or XML")
    text = decode(source.data, where=source.where)
    entries, end = _front_matter(text)
    if empty := blank(text, end):
        raise FormatError(f"{source.where}: expected text, got {'front matter only' if end else empty}")
    fields = source.settings.fields
    yield Document(
        text,
        title=next((entries[name] for name in fields.title if entries.get(name)), None),
        published=next((entries[name] for name in fields.date if entries.get(name)), None),
        hidden=((0, end),) if end else (),
    )


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the entries of the front matter, names in lower case, and its end; ({}, 0) if there is none."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, 0
    entries = {}
    for line in found[1].split("\n")[:-1]:
        if entry := _ENTRY.match(line):
            entries[entry[1].strip().lower()] = (entry[2] or "").strip("\"'")
        elif not _FILLER.match(line):
            # Two rules around a sentence are no front matter.
            return {}, 0
    return (entries, found.end()) if entries else ({}, 0)
