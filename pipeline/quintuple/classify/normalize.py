"""What the model reads instead of the raw text: one character for one character, so offsets stay."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

# The encoder's vocabulary holds these full-width marks under their own names.
_KEPT = frozenset("，：；？！（）")


class _Table(dict[int, str]):
    """A translation table that fills itself, one character at a time."""

    def __missing__(self, code: int) -> str:
        self[code] = _normal(chr(code))
        return self[code]


_TABLE = _Table()


def model_view(text: str, hidden: Sequence[tuple[int, int]] = ()) -> str:
    """Return the text as the model reads it, of the same length.

    Full-width forms become half-width, traditional characters simplified, white space and the hidden
    ranges spaces.
    """
    view = text.translate(_TABLE)
    parts: list[str] = []
    done = 0
    for start, end in sorted(hidden):
        start = max(start, done)
        parts += view[done:start], " " * (end - start)
        done = max(done, end)
    return "".join((*parts, view[done:]))


def _normal(char: str) -> str:
    if char in _KEPT:
        return char
    if char.isspace():
        return " "
    if "\u3400" <= char <= "\u9fff":
        return _simplified(char)
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char


def _simplified(char: str) -> str:
    converted = str(_converter().convert(char))
    return converted if len(converted) == 1 else char


@cache
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")
