"""The wording around a percentage: compiled patterns and sets of action types from ``percent.toml``."""

from __future__ import annotations

import re
from functools import cache

from quintuple.postprocess.folding import expand, table


@cache
def wording() -> dict[str, re.Pattern[str]]:
    """Return the patterns of ``[context]``, by name."""
    context = table("percent.toml")["context"]
    return {key: re.compile(expand(pattern, context), re.IGNORECASE) for key, pattern in context.items()}


@cache
def action_types(kind: str) -> frozenset[str]:
    """Return the action types that ``[kinds]`` lists under a name."""
    return frozenset(table("percent.toml")["kinds"][kind])


@cache
def stake_words() -> re.Pattern[str]:
    """Return the pattern of words that make a figure a share of a company."""
    return re.compile(table("percent.toml")["kinds"]["stake_words"], re.IGNORECASE)


def strip_approx(text: str) -> str:
    """Take the words for "about", "at least" and the like, and spaces, off the end of a text."""
    text = text.rstrip(" ")
    while (match := wording()["approx"].search(text)) is not None:
        text = text[: match.start()].rstrip(" ")
    return text
