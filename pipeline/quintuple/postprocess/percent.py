"""Turns the spans tagged as percentages into values with their roles (from, to, by) and kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quintuple.events import Evidence, Percentage, PercentageKind
from quintuple.postprocess.folding import fold
from quintuple.postprocess.mentions import Mention, iterate_mentions, mention_values
from quintuple.postprocess.roles import Roles, assign_roles, is_pair
from quintuple.postprocess.wording import action_types, stake_words, strip_approx, wording

#: How far a tagged span may lie beside the figure it means, in characters.
_SLACK = 24


@dataclass(frozen=True, slots=True)
class _Sentence:
    """The folded sentence with all its mentions; offsets are the article's minus ``start``."""

    folded: str
    start: int
    mentions: tuple[Mention, ...]


def read_percentage(
    text: str,
    spans: Sequence[tuple[int, int]],
    *,
    action: str,
    trigger: tuple[int, int],
    sentence: tuple[int, int],
) -> Percentage | None:
    """Return the percentage of an event from the spans tagged for its trigger, or None if none is one.

    A half-tagged range or from/to pair is completed, amounts of money and bare numbers are ignored, and so are
    figures that the wording makes a discount, coupon, yield or the like. With no span at all, a trigger that says
    its own growth ("doubled", "翻倍") is read.
    """
    whole = _read_sentence(text, spans, trigger, sentence)
    tagged = [_shift(span, whole.start) for span in spans] or [_shift(trigger, whole.start)]
    chosen = _choose(whole, tagged, only_growth=not spans)
    chosen = [mention for mention in chosen if _belongs(mention, whole, action)]
    if not chosen:
        return None
    roles = assign_roles(whole.folded, chosen, action=action)
    return _build(text, whole, chosen, roles, action)


def find_percentages(text: str, start: int, end: int) -> tuple[Evidence, ...]:
    """Return all mentions of percentages in a range of the text."""
    start, end = _clip(text, start, end)
    found = iterate_mentions(fold(text[start:end]), 0, end - start)
    return tuple(_evidence(text, mention.start + start, mention.end + start) for mention in found)


def percent_values(text: str) -> tuple[float, ...]:
    """Return the values, in percent, that one mention says; empty when it says none."""
    return mention_values(text)


def _read_sentence(
    text: str, spans: Sequence[tuple[int, int]], trigger: tuple[int, int], sentence: tuple[int, int]
) -> _Sentence:
    edges = [sentence, trigger, *spans]
    start, end = _clip(text, min(edge[0] for edge in edges), max(edge[1] for edge in edges))
    folded = fold(text[start:end])
    return _Sentence(folded, start, tuple(iterate_mentions(folded, 0, len(folded))))


def _choose(whole: _Sentence, tagged: Iterable[tuple[int, int]], *, only_growth: bool) -> list[Mention]:
    chosen: set[Mention] = set()
    for span in tagged:
        chosen.update(_mentions_at(whole, span))
    if only_growth:
        return sorted((one for one in chosen if one.unit == "growth"), key=lambda one: one.start)
    return _complete(whole, _without_overlap(chosen))


def _without_overlap(mentions: Iterable[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for one in sorted(mentions, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _mentions_at(whole: _Sentence, span: tuple[int, int]) -> list[Mention]:
    """Return the mentions that a tagged span covers or cuts, reading it loosely where nothing strict begins there."""
    start, end = span
    strict = [one for one in whole.mentions if one.start < end and start < one.end]
    if strict and not re.search(r"[0-9a-z]", whole.folded[start : strict[0].start].rstrip("~-"), re.IGNORECASE):
        return strict
    limit = min(end + _SLACK, len(whole.folded))
    loose = [one for one in iterate_mentions(whole.folded, max(start, 0), limit, loose=True) if one.start < end]
    kept = [one for one in loose if not any(_overlap(one, other) for other in strict)]
    covered = [one for one in loose if one not in kept and one.start >= start and one.start < strict[0].start]
    return [*covered, *strict[1:]] if covered else sorted([*kept, *strict], key=lambda one: one.start)


def _overlap(left: Mention, right: Mention) -> bool:
    return left.start < right.end and right.start < left.end


def _complete(whole: _Sentence, chosen: list[Mention]) -> list[Mention]:
    """Add the other half of a range or of a from/to pair when only one half was tagged."""
    everything = [*chosen, *(one for one in whole.mentions if not any(_overlap(one, other) for other in chosen))]
    everything.sort(key=lambda one: one.start)
    kept = set(chosen)
    for left, right in pairwise(everything):
        if (left in kept) != (right in kept) and is_pair(whole.folded, left, right):
            kept |= {left, right}
    return sorted(kept, key=lambda one: one.start)


def _belongs(mention: Mention, whole: _Sentence, action: str) -> bool:
    """Tell a share or change of this action from discounts, coupons, yields, odds and shareholder thresholds."""
    patterns = wording()
    before = strip_approx(whole.folded[max(0, mention.start - 40) : mention.start])
    after = whole.folded[mention.end : mention.end + 30]
    if action != "hold_stake" and patterns["threshold"].match(after):
        return False
    if patterns["bond"].match(after):
        return False
    if action in action_types("free"):
        return True
    if patterns["before"].search(before) or patterns["after"].match(after):
        return False
    if action not in action_types("stake") or action in action_types("turned") or mention.unit == "growth":
        return True
    return all(0 <= value <= 100 for value in mention.values)


def _build(text: str, whole: _Sentence, chosen: list[Mention], roles: Roles, action: str) -> Percentage:
    spans = tuple(_evidence(text, one.start + whole.start, one.end + whole.start) for one in chosen)
    start, end = spans[0].start, spans[-1].end
    return Percentage(
        text[start:end],
        start,
        end,
        spans=spans,
        values=tuple(value for one in chosen for value in one.values),
        from_=roles.from_,
        to=roles.to,
        by=roles.by,
        kind=_kind(whole, chosen, roles, action),
    )


def _kind(whole: _Sentence, chosen: list[Mention], roles: Roles, action: str) -> PercentageKind:
    if any(one.unit == "points" for one in chosen):
        return "points"
    if action in action_types("stake"):
        return "stake"
    if action in action_types("growth"):
        return "other" if roles.by is None and (roles.to is not None or roles.level) else "growth"
    near = whole.folded[max(0, chosen[0].start - 30) : chosen[-1].end + 16]
    return "stake" if action != "metric_level" and stake_words().search(near) else "other"


def _evidence(text: str, start: int, end: int) -> Evidence:
    return Evidence(text[start:end], start, end)


def _shift(span: tuple[int, int], by: int) -> tuple[int, int]:
    return span[0] - by, span[1] - by


def _clip(text: str, start: int, end: int) -> tuple[int, int]:
    start = min(max(start, 0), len(text))
    return start, min(max(end, start), len(text))
