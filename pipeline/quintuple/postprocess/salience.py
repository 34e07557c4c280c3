"""Weighs the parties named before a general word: the one whose mentions weigh most is meant (Lappin & Leass 1994)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from math import prod
from typing import Any

from quintuple.postprocess.lexicon import Known, Lexicon
from quintuple.postprocess.names import tables
from quintuple.postprocess.spotting import is_common, starts_sentence


def most_salient(lexicon: Lexicon, before: Sequence[Known], place: tuple[int, int], scale: str) -> Known | None:
    """Return the last mention of the party that weighs most for a general word; ``scale`` names the weights."""
    start, end = place
    weights, here = _table()[scale], lexicon.place_of(start)
    agreement = _agreement(lexicon.article.text[start:end].split()[-1].casefold())
    totals: dict[str, float] = defaultdict(float)
    last: dict[str, Known] = {}
    for known in before:
        key = lexicon.key(known)
        there = lexicon.place_of(known.start)
        weight = weights["announces" if known.declarer else "acts" if known.subject else "named"]
        weight *= weights["sentence"] ** (here[0] - there[0]) * weights["paragraph"] ** (here[1] - there[1])
        bonus = 0.0 if totals else weights["first"]
        totals[key] += (weight + bonus) * _likelihood(lexicon, known, agreement)
        last[key] = known
    return last[max(totals, key=lambda key: totals[key])] if totals else None


def reach_of(scale: str) -> int:
    """Return how many characters back a party may be named."""
    return int(_table()[scale]["reach"])


def _likelihood(lexicon: Lexicon, known: Known, agreement: re.Pattern[str] | None) -> float:
    """Return how far the form of a mention makes it likely that a general word means it."""
    table, after = _table(), lexicon.article.text[known.end : known.end + 40]
    factors: tuple[tuple[bool, float], ...] = (
        (known.spotted, table["spotted"]),
        (known.text[:1].islower() or _is_common(lexicon.article.text, known, after), table["common"]),
        (_silence().match(after) is not None, table["silent"]),
        (agreement is not None and agreement.search(known.text) is not None, table["agreeing"]),
    )
    return prod(factor for holds, factor in factors if holds)


def _is_common(text: str, known: Known, after: str) -> bool:
    """Tell whether a capital is only that of a sentence's first word: "Promoters of", "Drivers at"."""
    if is_common(known.text.partition(" ")[0]):
        return True
    plural = re.fullmatch(r"[A-Z][a-z]+s", known.text) and re.match(r" (?:of|at|in|from|who|have)\b", after)
    return plural is not None and starts_sentence(text, known.start)


@cache
def _silence() -> re.Pattern[str]:
    return re.compile(_table()["silence"])


@cache
def _agreement(noun: str) -> re.Pattern[str] | None:
    pattern = tables()["generic"]["agreement"].get(noun)
    return re.compile(pattern, re.IGNORECASE) if pattern else None


def _table() -> dict[str, Any]:
    table: dict[str, Any] = tables()["salience"]
    return table
