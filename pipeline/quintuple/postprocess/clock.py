"""What a date expression is read against, and the inference of the year or month it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from quintuple.postprocess import periods
from quintuple.postprocess.folding import table
from quintuple.postprocess.periods import UNKNOWN, Grain, Period


@dataclass(frozen=True, slots=True)
class Clock:
    """The day of publication, the date leaned on, the tense, the fiscal year's first month.

    ``within`` is the period that the expression itself names around the part being read ("last year" in
    "March of last year").
    """

    published: date | None = None
    anchor: Period | None = None
    future: bool = False
    fiscal_start: int = 1
    within: Period | None = None


def from_today(clock: Clock, make: Callable[[date], Period]) -> Period:
    """Return what ``make`` says of the day of publication, UNKNOWN without one."""
    return UNKNOWN if clock.published is None else make(clock.published)


def from_anchor(clock: Clock, make: Callable[[date], Period]) -> Period:
    """Return what ``make`` says of the first day leaned on, UNKNOWN without one."""
    anchor = clock.anchor
    return UNKNOWN if anchor is None or anchor.first is None else make(anchor.first)


def in_year(clock: Clock, make: Callable[[int], Period], grain: Grain) -> Period:
    """Return the part of a year that ``make`` builds, in the year named around it, else in the nearest one."""
    if clock.within is not None:
        first = clock.within.first
        return UNKNOWN if first is None else _inside(clock.within, _candidates(make, first.year, (0, 1)))
    if clock.published is None:
        return from_anchor(clock, lambda day: make(day.year))
    return nearest(clock, _candidates(make, clock.published.year, (-1, 0, 1)), grain)


def in_month(clock: Clock, number: int) -> Period:
    """Return the day of that number in the month named around it, else in the nearest month that has it."""
    holder = clock.within or (clock.anchor if clock.published is None else None)
    if holder is not None:
        first = holder.first
        return UNKNOWN if first is None else periods.day(first.replace(day=number))
    if clock.published is None:
        return UNKNOWN
    starts = [periods.shift_months(clock.published.replace(day=1), count) for count in (-2, -1, 0, 1, 2)]
    days = [start.replace(day=number) for start in starts if number <= periods.end_of_month(start).day]
    past = [when for when in days if when <= clock.published + timedelta(days=3)]
    coming = [when for when in days if when >= clock.published - timedelta(days=5)]
    return periods.day(coming[0] if clock.future else past[-1])


def nearest(clock: Clock, candidates: list[Period], grain: Grain) -> Period:
    """Return the last candidate that has begun, or for a planned event the first that is not over.

    ``[infer]`` says how far the wrong side of today still counts: news of early November that names 15 November
    without a year means this year's.
    """
    if clock.published is None or not candidates:
        return UNKNOWN
    slack = table("dates.toml")["infer"]["back" if clock.future else "ahead"].get(grain, 0)
    edge = clock.published + timedelta(days=-slack if clock.future else slack)
    if clock.future:
        return next((one for one in candidates if one.last is not None and one.last >= edge), candidates[-1])
    return next((one for one in reversed(candidates) if _has_come(one, grain, edge)), candidates[0])


def _has_come(period: Period, grain: Grain, edge: date) -> bool:
    """Say whether a period has begun; "the first nine months" count only when they are over."""
    day = period.last if grain == "span" else period.first
    return day is not None and day <= edge


def _candidates(make: Callable[[int], Period], year: int, offsets: tuple[int, ...]) -> list[Period]:
    return list(_valid(make, [year + offset for offset in offsets]))


def _valid(make: Callable[[int], Period], years: list[int]) -> Iterator[Period]:
    for year in years:
        try:
            yield make(year)
        except ValueError:  # 29 February, or beyond the calendar
            continue


def _inside(holder: Period, candidates: list[Period]) -> Period:
    """Return the candidate that lies in the holder, which matters for fiscal years; else the first."""
    if not candidates:
        raise ValueError("expected a day of the calendar")
    return next((one for one in candidates if _holds(holder, one)), candidates[0])


def _holds(holder: Period, part: Period) -> bool:
    if holder.first is None or part.first is None or part.first < holder.first:
        return False
    return holder.last is None or part.first <= holder.last
