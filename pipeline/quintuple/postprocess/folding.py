"""Folds text for the rules, one character to one character, so that no offset moves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from quintuple.resources import config_path
from quintuple.settings import Table, read_toml

_FULL_WIDTH = range(0xFF01, 0xFF5F)
_ODD = {0x3000: " ", 0xA0: " ", 0x2009: " ", 0x202F: " ", 0x2212: "-", 0x2019: "'", 0xFE6A: "%", 0x301C: "~"}
_CJK = re.compile(r"[\u3400-\u9fff〇]")


def fold(text: str) -> str:
    """Return the text with full-width forms, odd spaces and traditional characters of numbers and dates folded."""
    return text.translate(_table())


def has_cjk(text: str) -> bool:
    """Say whether a Chinese character occurs in the text."""
    return _CJK.search(text) is not None


def expand(pattern: str, fragments: Mapping[str, str]) -> str:
    """Put fragments into a pattern, wherever it says ``<<name>>``; fragments may use others.

    Raises:
        KeyError: a fragment is not there.
    """
    while "<<" in pattern:
        pattern = re.sub(r"<<(\w+)>>", lambda match: fragments[match[1]], pattern)
    return pattern


@cache
def table(name: str) -> Table:
    """Read a shipped table of rules once."""
    return read_toml(config_path(name))


@cache
def _table() -> dict[int, str]:
    words = table("percent.toml")["fold"]
    folded = {code: chr(code - 0xFEE0) for code in _FULL_WIDTH}
    return folded | _ODD | {ord(old): new for old, new in zip(words["from"], words["to"], strict=True)}
