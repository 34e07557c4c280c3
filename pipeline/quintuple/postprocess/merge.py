"""Merges the mentions of one event: the union of what they say, best evidence first; contradictions stay apart.

What is planned in one place and done in another is two events, as in the labelled data; a plan that ends is one.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from quintuple.events import Date, Party, Percentage, Status
from quintuple.postprocess.drafts import Draft, wording
from quintuple.postprocess.lexicon import Entity
from quintuple.postprocess.names import name_key
from quintuple.postprocess.references import is_generic, reference_of
from quintuple.postprocess.shortforms import is_short_form

#: Of two statuses of one event the first holds.
_ENDS: tuple[Status, ...] = ("denied", "cancelled", "rumoured", "planned", "occurred")


@dataclass(frozen=True, slots=True)
class _Statement:
    """What a draft says beside company and action, in the form in which it is compared."""

    target: Party | None
    target_key: str | None
    values: frozenset[float] | None
    date: Date | None
    status: Status
    strict: bool
    trigger: int

    @property
    def content(self) -> tuple[object, ...]:
        """Return what tells this statement from others, wherever it stands."""
        date = (self.date.text, _bounds(self.date)) if self.date else None
        return self.target_key, self.target and self.target.name, self.values, date, self.status


@dataclass(slots=True)
class _Group:
    """The mentions of one event; of those that say the same, only the last is compared."""

    drafts: list[Draft] = field(default_factory=list)
    said: dict[tuple[object, ...], _Statement] = field(default_factory=dict)

    def add(self, draft: Draft, statement: _Statement) -> None:
        self.drafts.append(draft)
        self.said[statement.content] = statement

    def takes(self, statement: _Statement) -> bool:
        return all(_is_same(statement, other) for other in self.said.values())


def merge_mentions(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """Return one draft per event, in text order; every draft must have its slots resolved.

    A draft is compared with the last events of its company and action, ``near`` of ``assembly.toml`` at most, so that
    the time grows with the length of the article and not with its square.
    """
    groups: list[_Group] = []
    near: dict[tuple[str, str | None], deque[_Group]] = defaultdict(partial(deque, maxlen=wording()["merge"]["near"]))
    for draft in drafts:
        alike, statement = near[draft.action, _party_key(draft.company)], _statement(draft)
        home = next((group for group in alike if group.takes(statement)), None)
        if home is None:
            home = _Group()
            groups.append(home)
            alike.append(home)
        home.add(draft, statement)
    return tuple(sorted((_union(group.drafts) for group in groups), key=_place))


def _statement(draft: Draft) -> _Statement:
    percentage = draft.percentage
    return _Statement(
        target=draft.target,
        target_key=_party_key(draft.target),
        values=frozenset(round(value, 2) for value in percentage.values) if percentage else None,
        date=draft.date,
        status=draft.status,
        strict=draft.action in wording()["merge"]["strict_targets"],
        trigger=draft.trigger.span.start,
    )


def _party_key(party: Party | None) -> str | None:
    """Return what two mentions of one party share; one by its role (控股股东) stays apart: others may have it too."""
    if party is None:
        return None
    key = Entity(party.name, party.id).key
    return f"{key} {party.text}" if reference_of(party.text) in ("role", "plural") else key


def _is_same(one: _Statement, other: _Statement) -> bool:
    """Tell whether two statements about one company and action can be of one event."""
    return (
        _agree_values(one.values, other.values)
        and _agree_status(one, other)
        and _agree_dates(one.date, other.date)
        and _same_target(one, other)
    )


def _same_target(one: _Statement, other: _Statement) -> bool:
    first, second = one.target, other.target
    if first is None or second is None:
        return first is second or (not one.strict and one.trigger != other.trigger)
    if one.target_key == other.target_key or (first.start, first.end) == (second.start, second.end):
        return True
    if one.trigger == other.trigger:
        return False
    short, long = sorted((first.name, second.name), key=len)
    return is_short_form(short, long) or _is_contained(name_key(short), name_key(long))


def _is_contained(short: str, long: str) -> bool:
    """Tell whether a target says the same in fewer words: 股份 in 公司股份, "stores" in "its US stores"."""
    return len(short) >= 2 and (long.endswith(short) or long.startswith(short)) and len(short) / len(long) >= 0.34


def _agree_values(one: frozenset[float] | None, other: frozenset[float] | None) -> bool:
    return one is None or other is None or one <= other or other <= one


def _agree_dates(one: Date | None, other: Date | None) -> bool:
    if one is None or other is None or one.text == other.text:
        return True
    first, second = _bounds(one), _bounds(other)
    if first is None or second is None:
        return first is second and (one.text in other.text or other.text in one.text)
    return (first[0] <= second[0] and second[1] <= first[1]) or (second[0] <= first[0] and first[1] <= second[1])


def _bounds(date: Date) -> tuple[str, str] | None:
    return (date.earliest, date.latest) if date.earliest and date.latest else None


def _agree_status(one: _Statement, other: _Statement) -> bool:
    """Two statuses are of two events, but for a plan or rumour whose end is told of the same target."""
    if one.status == other.status:
        return True
    ended = {one.status, other.status} in [set(pair) for pair in wording()["merge"]["ended"]]
    return ended and one.target_key is not None and one.target_key == other.target_key


def _union(group: list[Draft]) -> Draft:
    if len(group) == 1:
        return group[0]
    best = max(group, key=lambda draft: (*_quality(draft), -draft.trigger.span.start))
    return best.evolve(
        company=best.company,
        target=best.target or _first(group, "target"),
        percentage=max((draft.percentage for draft in group if draft.percentage), key=_fullness, default=None),
        date=best.date if best.date and best.date.edtf else _first_date(group) or best.date,
        counterparty=best.counterparty or _first(group, "counterparty"),
        status=min((draft.status for draft in group), key=_ENDS.index),
        fired=(*dict.fromkeys(rule for draft in (best, *group) for rule in draft.fired), "merge_mentions"),
    )


def _quality(draft: Draft) -> tuple[int, int, float]:
    named = draft.company is not None and not is_generic(draft.company.text)
    filled = sum(slot is not None for slot in (draft.target, draft.percentage, draft.date))
    return filled, int(named), draft.trigger.span.score


def _first(group: list[Draft], slot: str) -> Party | None:
    return next((getattr(draft, slot) for draft in group if getattr(draft, slot) is not None), None)


def _first_date(group: list[Draft]) -> Date | None:
    dates = [draft.date for draft in group if draft.date is not None]
    return min(dates, key=lambda date: (date.edtf is None, _width(date)), default=None)


def _width(date: Date) -> int:
    """Return how vague a date is, by the length of what its bounds share, longest first."""
    bounds = _bounds(date)
    return 0 if bounds is None else -sum(a == b for a, b in zip(*bounds, strict=False))


def _fullness(percentage: Percentage) -> tuple[int, int]:
    return len(percentage.values), sum(value is not None for value in (percentage.from_, percentage.to, percentage.by))


def _place(draft: Draft) -> tuple[int, int, int]:
    company, target = draft.company, draft.target
    return draft.trigger.span.start, company.start if company else -1, target.start if target else -1
