"""Finds the line breaks that end a paragraph, as opposed to those of hard-wrapped text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from quintuple.preprocess.language import HAN

# Widths are in columns of a terminal: a Chinese character takes two.
_WRAP_WIDTHS = range(40, 121)
_WRAPPED_SHARE = 0.6
_HANGING = 2
_MARKER = re.compile(r"\s*(?:[-*+•·●○▪■►>|#=【\[]|\d+[.)、．]|[（(]?[一二三四五六七八九十]+[)）、.])")
_TABLE = re.compile(r"\t|\s\|\s|\|\s*$")
_HEADING = re.compile(r"#{1,6}\s|【[^】]{1,200}】$")
_TERMINAL = re.compile(r"""[.!?。！？；:：…]["'”’」』)）】]*$""")
_FIRST_WORD = re.compile(rf"[{HAN}]|\S[^\s{HAN}]*")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    width: int


def paragraph_starts(text: str) -> list[int]:
    """Return the offsets, in order, of the lines that begin a paragraph; a blank line always ends one."""
    starts: list[int] = []
    block: list[_Line] = []
    offset = 0
    for raw in text.splitlines(keepends=True):
        line = raw.strip()
        if line:
            block.append(_Line(offset, line, _width(line)))
        else:
            starts.extend(_starts_in(block))
            block = []
        offset += len(raw)
    starts.extend(_starts_in(block))
    return starts


def _starts_in(block: Sequence[_Line]) -> list[int]:
    if len(block) < 2:
        return [line.start for line in block]
    pairs = list(pairwise(block))
    limit = max(line.width for line in block)
    full = [limit in _WRAP_WIDTHS and _is_full(line, following, limit) for line, following in pairs]
    wrapped = sum(full) >= max(2, _WRAPPED_SHARE * len(pairs))
    joined = [
        ((wrapped and filled) or _runs_on(line, following)) and _may_continue(line, following)
        for (line, following), filled in zip(pairs, full, strict=True)
    ]
    return [block[0].start, *(line.start for line, is_joined in zip(block[1:], joined, strict=True) if not is_joined)]


def _is_full(line: _Line, following: _Line, limit: int) -> bool:
    """Return whether the next line's first word would not have fitted on this one."""
    word = _FIRST_WORD.match(following.text)
    return bool(word) and line.width + 1 + _width(word[0] if word else "") > limit - _HANGING


def _may_continue(line: _Line, following: _Line) -> bool:
    return not (
        _MARKER.match(following.text)
        or _HEADING.match(line.text)
        or _TABLE.search(line.text)
        or _TABLE.search(following.text)
    )


def _runs_on(line: _Line, following: _Line) -> bool:
    """Return whether a long line without a final mark goes on in lower case."""
    return line.width in _WRAP_WIDTHS and following.text[0].islower() and not _TERMINAL.search(line.text)


def _width(line: str) -> int:
    # Nobody wraps beyond the last of these widths: how wide such a line is no longer matters.
    if line.isascii() or len(line) >= _WRAP_WIDTHS.stop:
        return len(line)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)
