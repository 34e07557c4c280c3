"""Reads whether an action is done, planned, rumoured, cancelled or denied, by cue words and their scope."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from quintuple.events import Article, Language, Status, Trigger
from quintuple.postprocess.clauses import Scope, language_at, scope_of
from quintuple.postprocess.folding import expand, table

_ORDER: tuple[Status, ...] = ("denied", "cancelled", "rumoured", "planned")

#: What answers a report or a plan further on in the text, and the status that it makes of it.
_ANSWERS: dict[Status, tuple[tuple[str, Status], ...]] = {
    "rumoured": (("refuted", "denied"), ("ended", "cancelled")),
    "planned": (("answered", "denied"), ("ended", "cancelled")),
}


@dataclass(frozen=True, slots=True)
class Cue:
    """The cue that decided a status, and its zone; ``explicit`` is false where none was found and the default holds."""

    status: Status
    text: str = ""
    explicit: bool = True
    zone: str = ""


def read_status(article: Article, sentence: tuple[int, int], trigger: Trigger) -> Status:
    """Return the status of the action that ``trigger`` names, ``occurred`` where no cue says otherwise."""
    return read_cue(article, sentence, trigger).status


def read_cue(article: Article, sentence: tuple[int, int], trigger: Trigger) -> Cue:
    """Return the status with the cue word that decided it."""
    span = trigger.span
    scope = scope_of(article.text, sentence, (span.start, span.end), language_at(article, span.start))
    groups = _groups(scope.language)
    done = _own("done", scope, span.label) or _find(groups["done"], scope, span.label)
    for status in _ORDER:
        hit = _find(groups[status], scope, span.label) or _own(status, scope, span.label)
        if hit is not None and not _is_void(status, hit, done, scope, span.label):
            return _answered(status, hit, scope, span.label)
    if done is not None:
        return Cue("occurred", done.text, zone=done.zone)
    told = _find(groups["background"], scope, span.label)
    if told is not None:
        return Cue("occurred", told.text, explicit=False)
    planned = groups["default"]["planned"].search(scope.zone("clause"))
    return Cue("planned" if planned else "occurred", explicit=False)


def _answered(status: Status, hit: _Hit, scope: Scope, action: str) -> Cue:
    """Return the cue of a report or plan, or the one that answers it: a denial, or its end."""
    for group, outcome in _ANSWERS.get(status, ()):
        answer = _find(_groups(scope.language)[group], scope, action)
        if answer is not None:
            return Cue(outcome, answer.text, zone=answer.zone)
    return Cue(status, hit.text, zone=hit.zone)


def _is_void(status: Status, hit: _Hit, done: _Hit | None, scope: Scope, action: str) -> bool:
    """Tell whether a cue does not hold: the action is done, or a cue of this kind does not reach its type."""
    if status == "cancelled":
        return action in _types("ending") and (hit.zone != "after" or action != "sue")
    if status == "rumoured":
        recorded = _typed(scope.language, "recorded").get(action)
        reported = recorded is not None and recorded.search(hit.text) is not None
        return reported or (done is not None and done.zone == "clause" and hit.zone in ("far", "later"))
    if status != "planned" or hit.zone == "self":
        return False
    if done is not None and done.rank < hit.rank:
        return True
    return _find(_groups(scope.language)["present"], scope, action) is not None or _is_blocked(scope, action)


def _own(group: str, scope: Scope, action: str) -> _Hit | None:
    """Return the cue that makes actions of this one type planned or done."""
    pattern = _typed(scope.language, f"own_{group}").get(action) if group in ("planned", "done") else None
    match = None if pattern is None else pattern.search(scope.zone("whole"))
    if match is None:
        return None
    return _Hit("clause", match.group(), scope.distance("whole", match.start(), match.end()))


def _is_blocked(scope: Scope, action: str) -> bool:
    pattern = _typed(scope.language, "blocked").get(action)
    return pattern is not None and pattern.search(f"{scope.zone('near')}▮{scope.zone('after')}") is not None


def shares_plan(action: str, language: Language, stated: Mapping[str, frozenset[Status]]) -> bool:
    """Tell whether an action without a cue of its own is part of the plan that the cues of the article speak of.

    ``stated`` holds the statuses that cues state, by action type.
    """
    deals = table("status.toml")[language]["adopted"]
    if action in stated:
        return stated[action] == {"planned"} and action in deals["same_type"]
    return action in deals["any_type"] and frozenset().union(*stated.values()) == {"planned"}


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

    @property
    def rank(self) -> tuple[int, int]:
        """Sort by nearness; of two cues that end at one place the longer one says more."""
        return self.distance, -len(self.text)


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
            if best is None or hit.rank < best.rank:
                best = hit
    return best


@cache
def _types(key: str) -> frozenset[str]:
    return frozenset(table("status.toml")[key])


@cache
def _groups(language: str) -> dict[str, dict[str, re.Pattern[str]]]:
    tables = table("status.toml")[language]
    names = (*_ORDER, "refuted", "answered", "ended", "done", "background", "present", "hypothetical", "default")
    return {
        name: {zone: _compile(words, tables["fragments"]) for zone, words in tables[name].items()} for name in names
    }


@cache
def _typed(language: str, name: str) -> dict[str, re.Pattern[str]]:
    """Return a table of patterns by action type."""
    tables = table("status.toml")[language]
    return {action: _compile([pattern], tables["fragments"]) for action, pattern in tables[name].items()}


def _compile(words: list[str], fragments: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(expand(word, fragments) for word in words), re.IGNORECASE)
