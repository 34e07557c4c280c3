"""Scores how common the characters of a text are: nonsense from a wrong Chinese encoding scores low."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from quintuple.preprocess.tables import tables

_FREQUENT, _COMMON, _KNOWN, _RARE = 1.0, 0.5, 0.0, -1.0
_SAMPLE = 100_000
_LATIN_SQUEEZED = re.compile("[A-Za-z][^\x00-\u02ff](?=[a-z])|[a-z][^\x00-\u02ff](?![^\x00-\u02ff])")


def score(text: str) -> float:
    """Return the mean score, in -1 to 1, of the non-ASCII characters; 0 if there are none."""
    counts = Counter(_sample(text))
    total = sum(count for char, count in counts.items() if char > "\x7f")
    if not total:
        return 0.0
    weights = _weights()
    return sum(weights.get(char, _RARE) * count for char, count in counts.items() if char > "\x7f") / total


def is_chinese(text: str) -> bool:
    """Return whether a text that was decoded as Chinese reads like Chinese."""
    table = tables().decoding
    size = sum(char > "\x7f" for char in _sample(text))
    least = table.min_score if size >= table.short else table.min_score_short
    # An accented letter and its neighbour often look like one Chinese character between Latin letters.
    squeezed = len(_LATIN_SQUEEZED.findall(text[:_SAMPLE]))
    return score(text) >= least and squeezed * 2 <= size


def _sample(text: str) -> str:
    return text[:_SAMPLE]


@cache
def _weights() -> dict[str, float]:
    """Map characters to scores; the sets of common ones come from the codecs, sorted by use as the standards are."""
    table = tables().decoding
    weights = dict.fromkeys(_grid("gb2312", range(0xD8, 0xF8)) + _grid("big5", range(0xC9, 0xFA)), _KNOWN)
    weights |= dict.fromkeys(_grid("gb2312", range(0xA1, 0xAA)) + _grid("big5", range(0xA1, 0xA4)), _KNOWN)
    weights |= dict.fromkeys(_grid("gb2312", range(0xB0, 0xD8)) + _grid("big5", range(0xA4, 0xC7)), _COMMON)
    return weights | dict.fromkeys(table.simplified + table.traditional + table.punctuation, _FREQUENT)


def _grid(codec: str, leads: range) -> str:
    """Return every character of some rows (lead bytes) of a two-byte codec."""
    trails = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    return "".join(bytes((lead, trail)).decode(codec, "ignore") for lead in leads for trail in trails)
