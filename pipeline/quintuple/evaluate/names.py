"""When two written names, or two pieces of wording, count as the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from quintuple.evaluate.settings import evaluate_settings


@lru_cache(maxsize=65536)
def fold_name(name: str) -> str:
    """Return a name without case, width, legal form, article, possessive, spaces and dots."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip(evaluate_settings().names.edges)
    folded = _possessives().sub("", _articles().sub("", folded))
    while (shorter := _without_legal_form(folded)) and shorter != folded:
        folded = shorter
    return _fillers().sub("", folded)


def same_name(found: Iterable[str], accepted: Iterable[str]) -> bool:
    """Tell whether one of the names found agrees with one of the accepted ones; none agrees with none alone."""
    left, right = list(found), list(accepted)
    if not left or not right:
        return not left and not right
    pairs = ((fold_name(one), fold_name(other)) for one in left for other in right)
    return any(one and other and (one == other or _contains(one, other)) for one, other in pairs)


def same_wording(one: str, other: str) -> bool:
    """Tell whether one piece of wording is part of the other, names folded."""
    left, right = fold_name(one), fold_name(other)
    return bool(left) and (left in right or right in left)


def _contains(one: str, other: str) -> bool:
    settings = evaluate_settings().names
    short, long = sorted((one, other), key=len)
    share = settings.contained_share_ascii if short.isascii() else settings.contained_share
    return len(short) >= settings.contained_length and short in long and len(short) / len(long) >= share


def _without_legal_form(name: str) -> str:
    return _legal_en().sub("", _legal_zh().sub("", name)).strip()


def _either(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, words))


@cache
def _articles() -> re.Pattern[str]:
    return re.compile(rf"^(?:{_either(evaluate_settings().names.articles)})\s+")


@cache
def _possessives() -> re.Pattern[str]:
    return re.compile(_either(evaluate_settings().names.possessives))


@cache
def _fillers() -> re.Pattern[str]:
    return re.compile(rf"[\s{re.escape(evaluate_settings().names.fillers)}]+")


@cache
def _legal_zh() -> re.Pattern[str]:
    return re.compile(rf"(?:{_either(evaluate_settings().names.legal_zh)})$")


@cache
def _legal_en() -> re.Pattern[str]:
    return re.compile(rf"[\s,]+(?:{_either(evaluate_settings().names.legal_en)})\.?$")
