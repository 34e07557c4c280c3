"""Readers of dates made of other dates: ranges, lists, a part inside a period, beginnings and ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from quintuple.postprocess import periods
from quintuple.postprocess.calendar_rules import number
from quintuple.postprocess.clock import Clock, from_today
from quintuple.postprocess.edtf import span_of
from quintuple.postprocess.grammar import Phrase, Reader, words
from quintuple.postprocess.periods import UNKNOWN, Period


def read_range(phrase: Phrase) -> Period | None:
    """Read "from A to B"; what one end leaves out, the other says."""
    first, second = phrase.group("first") or "", phrase.group("second") or ""
    if second in ("今", "now", "date", "the present", "present"):
        return _to_today(phrase, first)
    ends = _ends(phrase, first, second)
    if ends is None:
        return None
    left, right = ends
    if not left.known or not right.known:
        return UNKNOWN
    return _span(left, right)


def _to_today(phrase: Phrase, first: str) -> Period | None:
    left = phrase.resolve(first, phrase.clock)
    if left is None or left.first is None:
        return left
    return Period(left.first, phrase.clock.published)


def _ends(phrase: Phrase, first: str, second: str) -> tuple[Period, Period] | None:
    alone, clock = Clock(fiscal_start=phrase.clock.fiscal_start), phrase.clock
    if first.isdigit() and len(first) != 4:
        return None
    left = phrase.resolve(first, clock)
    fixed = phrase.resolve(second, alone)
    if left is None:
        return None
    if fixed is not None and fixed.known:
        if not _is_fixed(phrase, first, alone) and fixed.first is not None:
            left = phrase.resolve(first, replace(clock, within=periods.year(fixed.first.year))) or left
            if left.first is not None and left.first > fixed.first:
                left = periods.shift(left, -1, "year")
        return left, fixed
    right = _second(phrase, left, second)
    return None if right is None else (left, right)


def _is_fixed(phrase: Phrase, text: str, alone: Clock) -> bool:
    period = phrase.resolve(text, alone)
    return period is not None and period.known


def _second(phrase: Phrase, left: Period, text: str) -> Period | None:
    """Read the second end as the first one at or after the start of the range."""
    if left.first is None:
        return phrase.resolve(text, phrase.clock)
    clock = replace(phrase.clock, anchor=left)
    holder = periods.around(left.first, "month" if text.rstrip("日号").isdigit() else "year")
    right = phrase.resolve(text, replace(clock, within=holder))
    if right is None or not right.known:
        right = phrase.resolve(text, clock)
    if right is not None and right.first is not None and right.first < left.first:
        later = periods.shift(right, 1, "year")
        right = later if phrase.resolve(text, Clock()) in (None, UNKNOWN) else right
    return right


def _span(left: Period, right: Period) -> Period | None:
    if left.first is not None and right.last is not None and left.first > right.last:
        return None
    return Period(left.first, right.last)


def read_list(phrase: Phrase) -> Period | None:
    """Read "3月、4月": a set of periods."""
    first, second = phrase.group("first") or "", phrase.group("second") or ""
    left = phrase.resolve(first, phrase.clock)
    if left is None:
        return None
    ends = _ends(phrase, first, second)
    return None if ends is None else span_of(tuple(part for end in ends for part in (end.parts or (end,))))


def read_both(phrase: Phrase) -> Period | None:
    """Read "周六（7月4日）" and "Monday, June 5": the part that says more, which is the shorter period."""
    found = [period for period in (phrase.inner("rest"), phrase.inner("second")) if period is not None]
    if len(found) < 2:
        return None
    known = [period for period in found if period.known]
    if not known:
        return UNKNOWN
    return next((one for one in known if one.grain in ("day", "span")), known[0])


def read_rest(phrase: Phrase) -> Period | None:
    """Read an expression inside words that change nothing."""
    return phrase.inner()


def read_inside(phrase: Phrase) -> Period | None:
    """Read a part of a period that is named beside it: "去年四季度", "March of last year"."""
    outer, rest = phrase.inner("outer"), phrase.group("rest")
    if outer is None or rest is None:
        return None
    return phrase.resolve(rest, replace(phrase.clock, within=outer))


def read_first_weeks(phrase: Phrase) -> Period | None:
    """Read "the first eight weeks of the year"."""
    inner, count = phrase.inner(), number(phrase.group("n") or "1")
    if inner is None or inner.first is None or count is None:
        return inner
    return Period(inner.first, inner.first + timedelta(days=7 * count - 1))


def read_last_months(phrase: Phrase) -> Period | None:
    """Read "the last three months of 2004"."""
    inner, count = phrase.inner(), number(phrase.group("n"))
    if inner is None or inner.last is None or count is None:
        return inner
    size = 3 if (phrase.group("unit") or "").startswith("q") else 1
    return Period(periods.shift_months(inner.last.replace(day=1), 1 - count * size), inner.last)


def read_edge(phrase: Phrase) -> Period | None:
    """Read the beginning, middle or end of the expression beside it."""
    inner = phrase.inner()
    return None if inner is None else edge_of(inner, str(words("edge")[phrase.text("edge")]))


def edge_of(period: Period, edge: str) -> Period:
    """Return the beginning, middle or end of a period, as EVENTS.md settles them.

    The beginning of a year is January and its end December; "early" and "late" of a year are its first and last
    quarter; of a month they are days 1 to 10 and 21 to its end; its end is the 25th on.
    """
    first, last = period.first, period.last
    if first is None or last is None or edge == "whole":
        return period
    if period.grain in ("day", "week"):
        return period
    if period.grain == "month":
        return _edge_of_month(first, last, edge)
    return _edge_of_months(period, first, last, edge)


def _edge_of_month(first: date, last: date, edge: str) -> Period:
    days = {"begin": (1, 10), "early": (1, 10), "middle": (11, 20), "end": (25, 31), "late": (21, 31), "last": (25, 31)}
    low, high = days[edge]
    return Period(first.replace(day=low), first.replace(day=min(high, last.day)))


def _edge_of_months(period: Period, first: date, last: date, edge: str) -> Period:
    if edge == "last":
        return Period(last.replace(day=25), last)
    if period.grain == "decade":
        low, high = {"begin": (0, 3), "early": (0, 3), "middle": (4, 6)}.get(edge, (7, 9))
        return Period(date(first.year + low, 1, 1), date(first.year + high, 12, 31))
    size = 3 if edge in ("early", "late") and period.grain == "year" else 1
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if edge in ("begin", "early"):
        return periods.months(first.year, first.month, size)
    if edge == "middle":
        middle = periods.shift_months(first.replace(day=1), (count - 1) // 2)
        return periods.month(middle.year, middle.month)
    start = periods.shift_months(last.replace(day=1), 1 - size)
    return periods.months(start.year, start.month, size)


def read_year_edge(phrase: Phrase) -> Period | None:
    """Read "年初", "year-end": of the year named around it, else of this year; of last year in news of January."""
    clock = phrase.clock
    word = phrase.group("edge")
    edge = "end" if phrase.group("end") else "begin" if phrase.group("begin") else str(words("edge")[word or "中"])
    if clock.within is not None:
        return edge_of(clock.within, edge)

    def make(today: date) -> Period:
        past = edge == "end" and today.month == 1 and not clock.future
        return edge_of(periods.year(today.year - past), edge)

    return from_today(clock, make)


def read_month_edge(phrase: Phrase) -> Period | None:
    """Read "月底", "月初": of the month named around it, else of the month leaned on or this one."""
    edge = str(words("edge")[phrase.text("edge")])
    clock = phrase.clock
    if clock.within is not None:
        return edge_of(clock.within, edge)
    return from_today(clock, lambda today: edge_of(periods.around(today, "month"), edge))


READERS: dict[str, Reader] = {
    "both": read_both,
    "edge": read_edge,
    "first_weeks": read_first_weeks,
    "inside": read_inside,
    "last_months": read_last_months,
    "list": read_list,
    "month_edge": read_month_edge,
    "range": read_range,
    "rest": read_rest,
    "year_edge": read_year_edge,
}
