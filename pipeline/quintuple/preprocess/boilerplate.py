"""Finds the boilerplate that the model must not see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from quintuple.events import SettingsError

Range = tuple[int, int]


def find_boilerplate(text: str, *, patterns: tuple[str, ...], known: Sequence[Range] = ()) -> tuple[Range, ...]:
    """Return the ranges that match any pattern, with the ``known`` ones: sorted, merged, without white space around.

    Raises:
        SettingsError: a pattern is no regular expression; names it.
    """
    found = (match.span() for pattern in _compiled(patterns) for match in pattern.finditer(text))
    return tuple(_merged(sorted(_trimmed(text, (*known, *found)))))


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(_compile(pattern, index) for index, pattern in enumerate(patterns))


def _compile(pattern: str, index: int) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    except re.error as exc:
        raise SettingsError(
            f"preprocess.boilerplate[{index}]: expected a regular expression, got {pattern!r}: {exc}"
        ) from exc


def _trimmed(text: str, ranges: Iterable[Range]) -> Iterable[Range]:
    for start, end in ranges:
        piece = text[start:end]
        if core := piece.strip():
            start += len(piece) - len(piece.lstrip())
            yield start, start + len(core)


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
