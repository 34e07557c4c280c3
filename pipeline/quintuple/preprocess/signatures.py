"""Tells by their first bytes what the bytes of a wrongly named file are."""

from __future__ import annotations

import re
from functools import cache

from quintuple.preprocess.tables import tables

_HEAD = 4096
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html[\s>]|\?xml\s)", re.IGNORECASE)


def known_kind(data: bytes) -> str | None:
    """Return what kind of file the bytes begin like, such as "a PDF", or None for text and for what is unknown."""
    return next((kind for mark, kind in _marks() if data.startswith(mark)), None)


def any_kind(data: bytes) -> str:
    """Return what the bytes are, as well as their beginning can tell."""
    head = data[:_HEAD]
    if kind := known_kind(head):
        return kind
    if is_markup(head):
        return "HTML or XML"
    return "something else" if b"\0" in head else "text"


def is_markup(data: bytes) -> bool:
    """Return whether the bytes begin like an HTML or XML file."""
    return bool(_MARKUP.match(data[:_HEAD]))


@cache
def _marks() -> tuple[tuple[bytes, str], ...]:
    return tuple((bytes.fromhex(mark), kind) for kind, marks in tables().signatures.items() for mark in marks)
