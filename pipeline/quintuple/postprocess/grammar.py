"""Resolves a date expression by the ordered rules of its language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from quintuple.events import Language, SettingsError
from quintuple.postprocess.clock import Clock
from quintuple.postprocess.folding import expand, has_cjk, table
from quintuple.postprocess.periods import UNKNOWN, Period

#: An expression inside an expression inside ... is read to this depth.
_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Phrase:
    """A rule's match, the clock, and how to resolve an expression inside it."""

    match: re.Match[str]
    clock: Clock
    resolve: Callable[[str, Clock], Period | None]

    def group(self, *names: str) -> str | None:
        """Return the first group of these names that took part in the match.

        A rule that knows a group under several names numbers them: ``year`` and ``year2``.
        """
        known = self.match.re.groupindex
        return next((self.match[name] for name in names if name in known and self.match[name] is not None), None)

    def text(self, *names: str) -> str:
        """Return the same, empty when no such group took part."""
        return self.group(*names) or ""

    def inner(self, name: str = "rest") -> Period | None:
        """Resolve the expression in a group with the same clock."""
        text = self.group(name, f"{name}2", f"{name}3")
        return None if text is None else self.resolve(text, self.clock)


Reader = Callable[[Phrase], Period | None]


def resolve(text: str, clock: Clock, readers: Mapping[str, Reader]) -> Period | None:
    """Return the period that a folded expression says; UNKNOWN if only its words are known, None if no rule fits."""
    cjk = has_cjk(text)
    plain = ("" if cjk else " ").join(text.split()).lower()
    plain = plain.replace("(含)", "").replace("(含当日)", "")
    return _resolve(plain, clock, "zh" if cjk else "en", readers, _DEPTH)


def _resolve(text: str, clock: Clock, language: Language, readers: Mapping[str, Reader], depth: int) -> Period | None:
    text = text.strip(" ,，")
    if not depth or not text:
        return None

    def deeper(inner: str, inner_clock: Clock) -> Period | None:
        return _resolve(inner, inner_clock, language, readers, depth - 1)

    for pattern, name in _rules(language):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        try:
            period = readers[name](Phrase(match, clock, deeper))
        except (ValueError, OverflowError):  # a 31 June, or a year beyond the calendar
            return UNKNOWN
        if period is not None:
            return period
    return None


@cache
def finder(language: Language) -> re.Pattern[str]:
    """Return the pattern that finds the extent of date expressions."""
    return pattern(language, "finder")


@cache
def pattern(language: Language, name: str) -> re.Pattern[str]:
    """Return a pattern among a language's fragments."""
    fragments = table("dates.toml")[language]["fragments"]
    return re.compile(expand(fragments[name], fragments), re.IGNORECASE)


@cache
def words(name: str) -> dict[str, Any]:
    """Return a word list of ``[words]``.

    Raises:
        SettingsError: there is no such list.
    """
    try:
        return dict(table("dates.toml")["words"][name])
    except KeyError as exc:
        raise SettingsError(f"configs/dates.toml: words.{name}: expected a table of words, got none") from exc


@cache
def _rules(language: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    rules = table("dates.toml")[language]
    return tuple((re.compile(expand(rule["pattern"], rules["fragments"])), rule["reader"]) for rule in rules["rules"])
