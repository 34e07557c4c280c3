"""Writes names, values and causes for error messages: on one line, short, and harmless to a terminal."""

from __future__ import annotations

import re
import reprlib
from pathlib import PurePath

_SURROGATE = re.compile("[\ud800-\udfff]")
# Line ends, other control characters, and the marks that turn the direction of writing.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_LONGEST = 200

_REPR = reprlib.Repr()
_REPR.maxlevel = 2
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = 80
_REPR.maxlist = _REPR.maxdict = 4


def shown(path: PurePath | str) -> str:
    """Return a path for messages."""
    name = path if isinstance(path, str) else path.as_posix()
    return _UNPRINTABLE.sub(_escape, writable(name))


def writable(name: str) -> str:
    r"""Return a file name as text that any encoding can write; a byte that is no UTF-8 becomes ``\xff``."""
    return _SURROGATE.sub(_escape, name)


def brief(text: str) -> str:
    """Return the beginning of a text."""
    text = shown(" ".join(text[: _LONGEST * 2].split()))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def described(value: object) -> str:
    """Return a value of a file as Python writes it, cut where it is long or deep."""
    return brief(_REPR.repr(value))


def reason(exc: BaseException) -> str:
    """Return what an error says; of one of the operating system without the path."""
    return brief((exc.strerror if isinstance(exc, OSError) else None) or str(exc) or type(exc).__name__)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:
        # How Python keeps a byte of a file name that is no UTF-8.
        return f"\\x{code - 0xDC00:02x}"
    return {0x0A: "\\n", 0x0D: "\\r", 0x09: "\\t"}.get(code, f"\\u{code:04x}")
