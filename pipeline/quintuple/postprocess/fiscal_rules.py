"""Readers of fiscal years, which are named by the calendar year they end in, and of years written as a pair."""

from __future__ import annotations

from datetime import date

from quintuple.events import Language
from quintuple.postprocess import periods
from quintuple.postprocess.calendar_rules import month_number, number, year_number
from quintuple.postprocess.clock import Clock, from_today, in_year
from quintuple.postprocess.grammar import Phrase, Reader, pattern, words
from quintuple.postprocess.periods import UNKNOWN, Period


def read_year_pair(phrase: Phrase) -> Period | None:
    """Read "2021/22" and "FY2021-22"; the fiscal one is one year unless fiscal years are calendar ones."""
    first, second = year_number(phrase.group("year")), phrase.group("second")
    if first is None or second is None:
        return None
    last = int(second) if len(second) == 4 else first // 100 * 100 + int(second)
    if last < first:
        last += 100
    start = phrase.clock.fiscal_start
    if phrase.group("fiscal") and start > 1 and last == first + 1:
        return periods.year(first, start=start)
    return Period(date(first, 1, 1), date(last, 12, 31)) if last - first < 100 else None


def read_fiscal(phrase: Phrase) -> Period | None:
    """Read fiscal years, named by the calendar year they end in, and their quarters and halves."""
    clock = phrase.clock
    quarter = number(phrase.group("q", "q2", "q3", "q4"))
    half = number(phrase.group("h", "ho", "half"))
    year = year_number(phrase.group("year", "year2", "year3"))
    shift = phrase.group("shift")
    if phrase.group("shiftq") is not None:
        return _fiscal_quarter_near(clock, int(words("shift")[phrase.text("shiftq")]))

    def make(named: int) -> Period:
        return _fiscal_part(named, quarter, half, clock.fiscal_start)

    if shift is not None:
        move = int(words("shift")[shift])
        return from_today(clock, lambda today: make(_fiscal_year_of(today, clock.fiscal_start) + move))
    if year is not None:
        return make(year)
    if clock.within is not None:
        return UNKNOWN if clock.within.first is None else make(clock.within.first.year)
    return in_year(clock, make, "quarter")


def _fiscal_part(named: int, quarter: int | None, half: int | None, start: int) -> Period:
    first = named if start == 1 else named - 1
    if quarter is not None:
        return periods.quarter(first, quarter, start=start)
    if half is not None:
        return periods.half(first, half, start=start)
    return periods.year(first, start=start)


def _fiscal_year_of(when: date, start: int) -> int:
    return when.year + (start > 1 and when.month >= start)


def _fiscal_quarter_near(clock: Clock, move: int) -> Period:
    def make(today: date) -> Period:
        into = (today.month - clock.fiscal_start) % 12 // 3
        first = periods.shift_months(today.replace(day=1), -((today.month - clock.fiscal_start) % 3) + 3 * move)
        return periods.months(first.year, first.month, 3, grain="quarter") if into >= 0 else UNKNOWN

    return from_today(clock, make)


def stated_fiscal_start(folded: str, language: Language) -> int | None:
    """Return the first month of the fiscal year by what a text says of its end or of the end of one of its quarters."""
    match = pattern(language, "fiscal_end").search(folded)
    if match is None:
        return None
    groups = match.groupdict()
    month = month_number((groups["month"] or groups.get("month2") or "").lower())
    quarter = number((groups["q"] or "fourth").lower())
    return None if month is None or quarter is None else (month - 3 * quarter) % 12 + 1


READERS: dict[str, Reader] = {
    "fiscal": read_fiscal,
    "year_pair": read_year_pair,
}
