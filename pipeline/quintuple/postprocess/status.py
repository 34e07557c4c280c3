"""Reads whether an action is done, planned, rumoured, cancelled or denied, by cue words and their scope."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from quintuple.events import Article, Status, Trigger
from quintuple.postprocess.clauses import Scope, language_at, scope_of
from quintuple.resources import config_path
from quintuple.settings import read_toml

_ORDER: tuple[Status, ...] = ("denied", "cancelled", "rumoured", "planned")


@dataclass(frozen=True, slots=True)
class Cue:
    """The cue that decided a status; ``explicit`` is false where none was found and the default holds."""

    status: Status
    text: str = ""
    explicit: bool = True


def read_status(article: Article, sentence: tuple[int, int], trigger: Trigger) -> Status:
    """Return the status of the action that ``trigger`` names, ``occurred`` where no cue says otherwise."""
    return read_cue(article, sentence, trigger).status


def read_cue(article: Article, sentence: tuple[int, int], trigger: Trigger) -> Cue:
    """Return the status with the cue word that decided it."""
    span = trigger.span
    scope = scope_of(article.text, sentence, (span.start, span.end), language_at(article, span.start))
    groups = _groups(scope.language)
    done = _find(groups["done"], scope, span.label)
    for status in _ORDER:
        hit = _find(groups[status], scope, span.label)
        if hit is not None and not _is_void(status, hit, done, scope, span.label):
            return Cue(status, hit.text)
    if done is not None:
        return Cue("occurred", done.text)
    planned = groups["default"]["planned"].search(scope.zone("self"))
    return Cue("planned" if planned else "occurred", explicit=False)


def _is_void(status: Status, hit: _Hit, done: _Hit | None, scope: Scope, action: str) -> bool:
    """Tell whether a cue does not hold: the action is done, or a cue of this kind does not reach its type."""
    if status == "cancelled":
        return action in _types("ending") and (hit.zone != "after" or action != "sue")
    if status != "planned" or hit.zone == "self":
        return False
    return (done is not None and done.distance < hit.distance) or _is_blocked(scope, action)


def _is_blocked(scope: Scope, action: str) -> bool:
    pattern = _blocks(scope.language).get(action)
    return pattern is not None and pattern.search(f"{scope.zone('near')}▮{scope.zone('after')}") is not None


def is_hypothetical(article: Article, sentence: tuple[int, int], trigger: Trigger) -> bool:
    """Tell whether the trigger stands in a question or under a condition, so that it states no event."""
    span = trigger.span
    scope = scope_of(article.text, sentence, (span.start, span.end), language_at(article, span.start))
    return _find(_groups(scope.language)["hypothetical"], scope, span.label) is not None


@dataclass(frozen=True, slots=True)
class _Hit:
    zone: str
    text: str
    distance: int


def _find(patterns: Mapping[str, re.Pattern[str]], scope: Scope, action: str) -> _Hit | None:
    """Return the cue nearest to the trigger."""
    best: _Hit | None = None
    skipped = ("far", "later") if action in _types("stative") else ("figures",)
    for zone, pattern in patterns.items():
        if zone in skipped:
            continue
        text = scope.zone(zone)
        for match in pattern.finditer(text):
            if zone == "close" and len(text) - match.end() > scope.close:
                continue
            hit = _Hit(zone, match.group(), scope.distance(zone, match.start(), match.end()))
            if best is None or hit.distance < best.distance:
                best = hit
    return best


@cache
def _tables() -> dict[str, Any]:
    return read_toml(config_path("status.toml"))


@cache
def _types(key: str) -> frozenset[str]:
    return frozenset(_tables()[key])


@cache
def _groups(language: str) -> dict[str, dict[str, re.Pattern[str]]]:
    table = _tables()[language]
    names = (*_ORDER, "done", "hypothetical", "default")
    return {name: {zone: _compile(words) for zone, words in table[name].items()} for name in names}


@cache
def _blocks(language: str) -> dict[str, re.Pattern[str]]:
    return {action: _compile([pattern]) for action, pattern in _tables()[language]["blocked"].items()}


def _compile(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)
