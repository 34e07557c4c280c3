"""Takes off the ends of a span what is no part of a name."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from quintuple.events import TaggedSpan
from quintuple.resources import config_path
from quintuple.settings import read_toml


def trim(text: str, span: TaggedSpan) -> TaggedSpan:
    """Return a span without white space, quotes, articles and a possessive 's at its ends, never an empty one."""
    left, right = _ends()
    start, end = span.start, span.end
    while (match := left.match(text[start:end])) is not None and not _is_pair(text[start:end]):
        start += match.end()
    while (match := right.search(text[start:end])) is not None and not _closes(text[start:end]):
        end = start + match.start()
    return (
        span
        if (start, end) == (span.start, span.end) or start >= end
        else TaggedSpan(start, end, span.label, span.score)
    )


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
def _ends() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(_table()["strip_left"]), re.compile(_table()["strip_right"])
