"""Reads numbers written in digits, Chinese numerals and English words."""

from __future__ import annotations

import re
from functools import cache

from quintuple.postprocess.folding import fold, table

_DIGITS = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,15})?")
_MIXED = re.compile(r"([-+]?)(?:(\d{1,6})[- ])?(\d{1,3})/(\d{1,3})")
_SPLIT = re.compile(r"[- ]+")


def read_number(text: str) -> float | None:
    """Return the number that the whole text says, or None: ``1,200.5``, ``7-3/4``, ``二十一点五``, ``two-thirds``."""
    folded = fold(text).strip().replace(",", "").lower()
    if _DIGITS.fullmatch(folded):
        return float(folded)
    for reader in (_read_mixed, read_chinese, _read_words):
        value = reader(folded)
        if value is not None:
            return value
    return None


def read_chinese(text: str) -> float | None:
    """Return the value of Chinese numerals such as ``二〇二一``, ``二十一``, ``五点三`` or ``三百``, or None."""
    whole, point, decimals = text.partition("点")
    value = _chinese_integer(whole)
    if value is None or not point:
        return value
    digits = _digits()
    if not decimals or any(char not in digits for char in decimals):
        return None
    return value + float("0." + "".join(str(digits[char]) for char in decimals))


def _read_mixed(text: str) -> float | None:
    match = _MIXED.fullmatch(text)
    if match is None or int(match[4]) == 0:
        return None
    value = int(match[2] or 0) + int(match[3]) / int(match[4])
    return -value if match[1] == "-" else value


def _read_words(text: str) -> float | None:
    left, joined, right = text.partition(" and ")
    if joined and right.split(" ")[-1] in _parts():
        return _sum([_read_words(left), _read_words(right)])
    words = [word for word in _SPLIT.split(text) if word not in ("and", "a", "an", "of")]
    values, parts = _english(), _parts()
    if not words and text.strip() in ("a", "an"):
        return 1.0
    if not words or len(words) > 4:
        return None
    if words[-1] in parts:
        count = _sum([values.get(word) for word in words[:-1]] or [1.0])
        return None if count is None else count / parts[words[-1]]
    return _sum([values.get(word) for word in words])


def _sum(values: list[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total = total * 100 if value == 100 and total else total + value
    return total


def _chinese_integer(text: str) -> float | None:
    digits, units, tens = _digits(), _units(), _tens()
    if not text:
        return None
    if all(char in digits for char in text):
        return float("".join(str(digits[char]) for char in text))
    total, last = 0.0, 0.0
    for char in text:
        if char in digits:
            last = float(digits[char])
        elif char in tens:
            total += tens[char]
        elif char in units:
            total, last = total + (last or 1.0) * units[char], 0.0
        else:
            return None
    return total + last


@cache
def _digits() -> dict[str, int]:
    return dict(table("percent.toml")["numbers"]["zh"]["digits"])


@cache
def _units() -> dict[str, int]:
    return dict(table("percent.toml")["numbers"]["zh"]["units"])


@cache
def _tens() -> dict[str, int]:
    return dict(table("percent.toml")["numbers"]["zh"]["tens"])


@cache
def _english() -> dict[str, float]:
    words = table("percent.toml")["numbers"]["en"]
    small = {word: float(value) for value, word in enumerate(words["small"])}
    return small | {word: 20.0 + 10 * index for index, word in enumerate(words["tens"])} | {"hundred": 100.0}


@cache
def _parts() -> dict[str, float]:
    parts = table("percent.toml")["numbers"]["en"]["parts"]
    return {word: float(value) for word, value in parts.items()} | {f"{word}s": float(parts[word]) for word in parts}
