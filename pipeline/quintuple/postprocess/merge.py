"""Merges the mentions of one event: the union of what they say, best evidence first; contradictions stay apart."""

from __future__ import annotations

from collections.abc import Sequence

from quintuple.events import Date, Party, Percentage, Status
from quintuple.postprocess.aliases import Entity, is_short_form
from quintuple.postprocess.drafts import Draft, wording
from quintuple.postprocess.kinds import is_generic
from quintuple.postprocess.names import name_key


def merge_mentions(drafts: Sequence[Draft]) -> tuple[Draft, ...]:
    """Return one draft per event, in text order; every draft must have its slots resolved."""
    groups: list[list[Draft]] = []
    for draft in drafts:
        home = next((group for group in groups if all(_is_same(draft, other) for other in group)), None)
        if home is None:
            groups.append([draft])
        else:
            home.append(draft)
    merged = (_union(group) for group in groups)
    return tuple(sorted(merged, key=_place))


def _is_same(one: Draft, other: Draft) -> bool:
    """Tell whether two drafts can be mentions of one event."""
    return (
        one.action == other.action
        and _same_party(one.company, other.company)
        and _same_target(one, other)
        and _agree_percentages(one.percentage, other.percentage)
        and _agree_dates(one.date, other.date)
        and _agree_status(one, other)
    )


def _same_party(one: Party | None, other: Party | None) -> bool:
    if one is None or other is None:
        return one is other
    return Entity(one.name, one.id).key == Entity(other.name, other.id).key


def _same_target(one: Draft, other: Draft) -> bool:
    first, second = one.target, other.target
    if first is None or second is None:
        return first is second or (
            one.action not in wording()["merge"]["strict_targets"] and not _same_trigger(one, other)
        )
    if _same_party(first, second) or (first.start, first.end) == (second.start, second.end):
        return True
    if _same_trigger(one, other):
        return False
    short, long = sorted((first.name, second.name), key=len)
    return is_short_form(short, long) or _is_contained(name_key(short), name_key(long))


def _is_contained(short: str, long: str) -> bool:
    """Tell whether a target says the same in fewer words: 股份 in 公司股份, "stores" in "its US stores"."""
    return len(short) >= 2 and (long.endswith(short) or long.startswith(short)) and len(short) / len(long) >= 0.34


def _same_trigger(one: Draft, other: Draft) -> bool:
    return one.trigger.span.start == other.trigger.span.start


def _agree_percentages(one: Percentage | None, other: Percentage | None) -> bool:
    if one is None or other is None:
        return True
    first, second = ({round(value, 2) for value in percentage.values} for percentage in (one, other))
    return first <= second or second <= first


def _agree_dates(one: Date | None, other: Date | None) -> bool:
    if one is None or other is None or one.text == other.text:
        return True
    first, second = _bounds(one), _bounds(other)
    if first is None or second is None:
        return first is second and (one.text in other.text or other.text in one.text)
    return (first[0] <= second[0] and second[1] <= first[1]) or (second[0] <= first[0] and first[1] <= second[1])


def _bounds(date: Date) -> tuple[str, str] | None:
    return (date.earliest, date.latest) if date.earliest and date.latest else None


def _agree_status(one: Draft, other: Draft) -> bool:
    """Two statuses agree unless both have a cue of their own; a plan that came to nothing is one event."""
    if one.status == other.status or not (one.certain and other.certain):
        return True
    return {one.status, other.status} in (
        {"planned", "cancelled"},
        {"planned", "denied"},
        {"planned", "rumoured"},
        {"rumoured", "denied"},
    )


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
        status=_status(group),
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


def _status(group: list[Draft]) -> Status:
    """Return the status that has a cue; an end beats a plan, and a plan the default."""
    order: tuple[Status, ...] = ("denied", "cancelled", "rumoured", "planned", "occurred")
    certain = [draft.status for draft in group if draft.certain] or [draft.status for draft in group]
    return min(certain, key=order.index)


def _place(draft: Draft) -> tuple[int, int, int]:
    company, target = draft.company, draft.target
    return draft.trigger.span.start, company.start if company else -1, target.start if target else -1
