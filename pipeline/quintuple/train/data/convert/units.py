"""Offsets that count a text in other units than code points, such as the UTF-16 units of JavaScript."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from quintuple.train.data.record import Place


def utf16_width(char: str) -> int:
    """Return how many UTF-16 units a character takes."""
    return 1 + (char > "\uffff")


def unit_starts(text: str, width: Callable[[str], int]) -> list[int]:
    """Return where each character starts in units of a given width, and behind the last one the text's length."""
    return list(accumulate(map(width, text), initial=0))


def place_of(starts: Sequence[int], start: int, end: int) -> Place | None:
    """Return the code points of a place given in units; None where it holds no whole characters of the text."""
    first, last = bisect_right(starts, start) - 1, bisect_left(starts, end)
    within = 0 <= first < last < len(starts)
    return (first, last) if within and (starts[first], starts[last]) == (start, end) else None
