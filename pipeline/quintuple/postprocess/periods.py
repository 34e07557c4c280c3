"""Periods of whole days: the calendar arithmetic under the date rules."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

Grain = Literal["day", "week", "month", "quarter", "half", "year", "decade", "span"]

#: A rough order of lengths, to tell which period can hold which.
LENGTHS: dict[Grain, int] = {
    "day": 1,
    "week": 7,
    "month": 31,
    "quarter": 92,
    "half": 184,
    "span": 184,
    "year": 366,
    "decade": 3653,
}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``, both included; None leaves that side open.

    ``parts`` are the members of a list of periods; ``approximate`` says "about".
    """

    first: date | None
    last: date | None
    grain: Grain = "span"
    approximate: bool = False
    parts: tuple[Period, ...] = ()

    @property
    def known(self) -> bool:
        """Say whether at least one end is known."""
        return self.first is not None or self.last is not None


#: Recognised as a date, but nothing resolves it ("recently").
UNKNOWN = Period(None, None)


def day(when: date) -> Period:
    """Return the period of one day."""
    return Period(when, when, "day")


def week(when: date) -> Period:
    """Return the ISO week, Monday to Sunday, of a day."""
    monday = when - timedelta(days=when.weekday())
    return Period(monday, monday + timedelta(days=6), "week")


def months(year: int, month: int, count: int = 1, *, grain: Grain = "span") -> Period:
    """Return ``count`` whole months from a month on; month 13 is January of the next year.

    Raises:
        ValueError: the result lies outside the calendar.
    """
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    return Period(first, end_of_month(shift_months(first, count - 1)), grain)


def month(year: int, number: int) -> Period:
    """Return one month."""
    return months(year, number, grain="month")


def quarter(year: int, number: int, *, start: int = 1) -> Period:
    """Return a quarter of the year that begins with month ``start``."""
    return months(year, start + 3 * (number - 1), 3, grain="quarter")


def half(year: int, number: int, *, start: int = 1) -> Period:
    """Return a half of the year that begins with month ``start``."""
    return months(year, start + 6 * (number - 1), 6, grain="half")


def year(number: int, *, start: int = 1) -> Period:
    """Return the year that begins with month ``start`` of the year ``number``."""
    return months(number, start, 12, grain="year")


def decade(first: int) -> Period:
    """Return the ten years from ``first`` on."""
    return Period(date(first, 1, 1), date(first + 9, 12, 31), "decade")


def shift_months(when: date, count: int) -> date:
    """Return the same day ``count`` months on, or the month's last day where it has no such day."""
    index = when.year * 12 + when.month - 1 + count
    last = monthrange(index // 12, index % 12 + 1)[1]
    return date(index // 12, index % 12 + 1, min(when.day, last))


def end_of_month(when: date) -> date:
    """Return the last day of a day's month."""
    return when.replace(day=monthrange(when.year, when.month)[1])


def shift(period: Period, count: int, unit: Grain) -> Period:
    """Move a period by days, weeks, months, quarters, halves, years or decades; whole months stay whole."""
    sizes: dict[Grain, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12, "decade": 120}
    if unit not in sizes:
        days = count * LENGTHS[unit]
        return replace(period, first=_add(period.first, days), last=_add(period.last, days))
    ends = period.last is not None and period.last == end_of_month(period.last)
    first = None if period.first is None else shift_months(period.first, count * sizes[unit])
    last = None if period.last is None else shift_months(period.last, count * sizes[unit])
    if ends and last is not None and period.grain != "day":
        last = end_of_month(last)
    return replace(period, first=first, last=last)


def step(when: date, count: int, unit: Grain) -> date:
    """Return the day ``count`` units on."""
    moved = shift(day(when), count, unit).first
    return when if moved is None else moved


def around(when: date, unit: Grain) -> Period:
    """Return the calendar week, month, quarter, half, year or decade that holds a day."""
    if unit == "week":
        return week(when)
    if unit in ("day", "span"):
        return day(when)
    if unit == "decade":
        return decade(when.year // 10 * 10)
    size = {"month": 1, "quarter": 3, "half": 6, "year": 12}[unit]
    return months(when.year, (when.month - 1) // size * size + 1, size, grain=unit)


def _add(when: date | None, days: int) -> date | None:
    return None if when is None else when + timedelta(days=days)
