"""Takes off the ends of a span what is no part of a name."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from quintuple.events import TaggedSpan
from quintuple.postprocess.references import is_generic
from quintuple.resources import config_path
from quintuple.settings import read_toml

# How far around a span its name is looked for in other forms, in characters: the time must not grow with the text.
_NEAR = 20_000


def trim(text: str, span: TaggedSpan) -> TaggedSpan:
    """Return a span without white space, quotes, articles and a possessive 's at its ends, never an empty one."""
    left, right = _ends()
    start, end = span.start, span.end
    while (match := left.match(text[start:end])) is not None and not _is_pair(text[start:end]):
        start += match.end()
    while (match := right.search(text[start:end])) is not None and not _closes(text[start:end]):
        end = start + match.start()
    if text[end : end + 2] in ("'s", "’s") and _owns_its_s(around(text, start, end), text[start:end]):
        end += 2
    return (
        span
        if (start, end) == (span.start, span.end) or start >= end
        else TaggedSpan(start, end, span.label, span.score)
    )


def _owns_its_s(text: str, name: str) -> bool:
    """Tell whether 's belongs to a name, as in Macy's: it never stands without, and a verb or the end follows once."""
    if not name[:1].isupper() or re.search(rf"(?<!\w){re.escape(name)}(?!\w|['’]s)", text):
        return False
    return re.search(rf"(?<!\w){re.escape(name)}['’]s{_table()['after_own_s']}", text) is not None


def around(text: str, start: int, end: int) -> str:
    """Return the part of a text in which other forms of a name at ``start``–``end`` are looked for."""
    return text[max(0, start - _NEAR) : end + _NEAR]


def unglue(text: str, span: TaggedSpan) -> TaggedSpan:
    """Return a span without a board, an amount of money or a Chinese word of one character behind the name.

    A character is cut off where the name stands elsewhere without it, and with it nowhere else.
    """
    name = text[span.start : span.end]
    board = None if is_generic(name) else _pattern("zh_board").search(name)
    if board is not None and board.start() >= 2:
        return TaggedSpan(span.start, span.start + board.start(), span.label, span.score)
    amount = _pattern("amount").search(name)
    if amount is not None and _pattern("of_amount").match(text, span.end):
        return TaggedSpan(span.start, span.start + amount.start(), span.label, span.score)
    shorter = name[:-1]
    if len(shorter) < 2 or name[-1] not in _table()["zh_glued"] or is_generic(shorter):
        return span
    near = around(text, span.start, span.end)
    known = near.count(shorter) > near.count(name) == 1
    return TaggedSpan(span.start, span.end - 1, span.label, span.score) if known else span


def _is_pair(text: str) -> bool:
    return any(text.startswith(pair[0]) and text.find(pair[1]) not in (-1, len(text) - 1) for pair in _table()["pairs"])


def _closes(text: str) -> bool:
    """Tell whether a text ends in a closing mark whose opening mark is inside, as in 深圳（集团）."""
    return any(text.endswith(pair[1]) and pair[0] in text[1:] for pair in _table()["pairs"])


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = read_toml(config_path("assembly.toml"))["spans"]
    return table


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_table()[name])


@cache
def _ends() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(_table()["strip_left"]), re.compile(_table()["strip_right"])
