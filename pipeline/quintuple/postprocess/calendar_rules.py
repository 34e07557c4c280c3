"""Readers of dates that name their place in the calendar: days, months, quarters, halves, seasons, years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from quintuple.postprocess import periods
from quintuple.postprocess.clock import from_today, in_month, in_year
from quintuple.postprocess.folding import table
from quintuple.postprocess.grammar import Phrase, Reader, words
from quintuple.postprocess.numbers import read_number
from quintuple.postprocess.periods import Period


def number(text: str | None) -> int | None:
    """Return a whole number in digits, numerals, words, or as ordinal ("3rd"); None when there is none."""
    if text is None:
        return None
    if text in words("ordinal"):
        return int(words("ordinal")[text])
    value = read_number(text[:-2] if text[-2:] in ("st", "nd", "rd", "th") and text[0].isdigit() else text)
    return None if value is None or value != int(value) else int(value)


def year_number(text: str | None) -> int | None:
    """Return a year; two digits mean 1970 to 2069."""
    value = number(text)
    if value is None or text is None:
        return None
    if len(text) <= 2:
        return value + (2000 if value < 70 else 1900)
    return value


def month_number(text: str | None) -> int | None:
    """Return the number of a month from its name, digits or numerals."""
    if text is None:
        return None
    named = words("month").get(text[:3])
    value = int(named) if named else number(text)
    return value if value is not None and 1 <= value <= 12 else None


def read_year(phrase: Phrase) -> Period | None:
    """Read a year with two or four digits."""
    value = year_number(phrase.group("year", "year2"))
    return None if value is None else periods.year(value)


def read_iso(phrase: Phrase) -> Period | None:
    """Read "2021-12-05" and its kin with dots or slashes."""
    match = phrase.match
    return periods.day(date(int(match["year"]), int(match["month"]), int(match["day"])))


def read_month(phrase: Phrase) -> Period | None:
    """Read a month, with its year or in the nearest one."""
    month, year = month_number(phrase.group("month")), year_number(phrase.group("year", "year2"))
    if month is None:
        return None
    if year is not None:
        return periods.month(year, month)
    return in_year(phrase.clock, lambda inside: periods.month(inside, month), "month")


def read_month_day(phrase: Phrase) -> Period | None:
    """Read a day with its month, in the year named or the nearest one."""
    month, day = month_number(phrase.group("month")), number(phrase.group("day"))
    year = year_number(phrase.group("year"))
    if month is None or day is None:
        return None
    if year is not None:
        return periods.day(date(year, month, day))
    return in_year(phrase.clock, lambda inside: periods.day(date(inside, month, day)), "day")


def read_month_days(phrase: Phrase) -> Period | None:
    """Read "June 5-7"."""
    month, year = month_number(phrase.group("month")), year_number(phrase.group("year"))
    low, high = number(phrase.group("low")), number(phrase.group("high"))
    if month is None or low is None or high is None:
        return None

    def make(inside: int) -> Period:
        return Period(date(inside, month, low), date(inside, month, high))

    if low > high:
        return None
    return make(year) if year is not None else in_year(phrase.clock, make, "day")


def read_day_of_month(phrase: Phrase) -> Period | None:
    """Read "26日"."""
    day = number(phrase.group("day"))
    return in_month(phrase.clock, day) if day is not None and 1 <= day <= 31 else None


def read_quarter(phrase: Phrase) -> Period | None:
    """Read a calendar quarter."""
    value = number(phrase.group("q", "q2", "q3"))
    if value is None or not 1 <= value <= 4:
        return None
    return in_year(phrase.clock, lambda year: periods.quarter(year, value), "quarter")


def read_half(phrase: Phrase) -> Period | None:
    """Read a half of a year."""
    value = 1 if phrase.group("first") else number(phrase.group("h", "h2", "h3"))
    if value not in (1, 2):
        return None
    return in_year(phrase.clock, lambda year: periods.half(year, value), "half")


def read_short(phrase: Phrase) -> Period | None:
    """Read "Q3 2021", "3Q21", "1H 2022", "9M23"."""
    kind = phrase.group("kind", "kind2", "kind3", "kind4")
    value = number(phrase.group("n", "n2", "n3", "n4"))
    year = year_number(phrase.group("year", "year2"))
    if value is None or year is None:
        return None
    if kind == "m":
        return periods.months(year, 1, value)
    if kind == "h":
        return periods.half(year, value) if value <= 2 else None
    return periods.quarter(year, value) if value <= 4 else None


def read_first_units(phrase: Phrase) -> Period | None:
    """Read "first nine months", "9M", "前三季度"."""
    value = number(phrase.group("n", "n2"))
    size = 3 if (phrase.group("unit") or "m").startswith(("季", "q")) else 1
    if value is None or not 1 <= value * size <= 12:
        return None
    return in_year(phrase.clock, lambda year: periods.months(year, 1, value * size), "span")


def read_full_year(phrase: Phrase) -> Period | None:
    """Read "full year": the one named around it, else the last one in the months when last year's is reported."""
    clock = phrase.clock
    if clock.within is not None:
        return clock.within
    limit = int(table("dates.toml")["infer"]["full_year_months"])

    def make(today: date) -> Period:
        return periods.year(today.year - (today.month <= limit and not clock.future))

    return from_today(clock, make)


def read_decade(phrase: Phrase) -> Period | None:
    """Read "the 1930s"."""
    value = number(phrase.group("year"))
    return None if value is None else periods.decade(value)


def read_season(phrase: Phrase) -> Period | None:
    """Read a season as its three months; a winter runs into the next year."""
    start = int(words("season")[phrase.text("season", "season2")])
    year, shift = year_number(phrase.group("year")), phrase.group("shift")

    def make(inside: int) -> Period:
        return periods.months(inside, start, 3)

    if year is not None:
        return make(year)
    if shift == "this":
        return from_today(phrase.clock, lambda today: make(today.year))
    if shift is not None and phrase.clock.published is not None:
        return strictly(phrase.clock.published, [make(phrase.clock.published.year + k) for k in (-2, -1, 0, 1)], shift)
    return in_year(phrase.clock, make, "quarter")


def strictly(today: date, candidates: list[Period], shift: str) -> Period:
    """Return the last candidate that is over, or the first that has not begun ("last June", "next June")."""
    if words("shift")[shift] < 0:
        return [one for one in candidates if one.last is not None and one.last < today][-1]
    return next(one for one in candidates if one.first is not None and one.first > today)


def read_season_end(phrase: Phrase) -> Period | None:
    """Read "夏末", "秋初": the season's last or first month."""
    start = int(words("season")[phrase.text("season")]) + (2 if phrase.group("edge") == "末" else 0)
    return in_year(phrase.clock, lambda year: periods.month(year + (start > 12), (start - 1) % 12 + 1), "month")


def read_numbers(phrase: Phrase) -> Period | None:
    """Read "1-9月" and "一至三季度"."""
    low, high = number(phrase.group("low")), number(phrase.group("high"))
    outer = phrase.inner("outer") if phrase.group("outer") else phrase.clock.within
    size = 3 if (phrase.group("unit") or "").startswith("季") else 1
    if low is None or high is None or not 1 <= low <= high <= 12 // size:
        return None
    clock = replace(phrase.clock, within=outer)
    return in_year(clock, lambda year: periods.months(year, (low - 1) * size + 1, (high - low + 1) * size), "span")


def read_ranged_months(phrase: Phrase) -> Period | None:
    """Read "the April-September half"."""
    first, second = month_number(phrase.group("first")), month_number(phrase.group("second"))
    year = year_number(phrase.group("year"))
    if first is None or second is None:
        return None
    count = (second - first) % 12 + 1
    if year is not None:
        return periods.months(year, first, count)
    return in_year(phrase.clock, lambda inside: periods.months(inside, first, count), "quarter")


READERS: dict[str, Reader] = {
    "day_of_month": read_day_of_month,
    "decade": read_decade,
    "first_units": read_first_units,
    "full_year": read_full_year,
    "half": read_half,
    "iso": read_iso,
    "month": read_month,
    "month_day": read_month_day,
    "month_days": read_month_days,
    "numbers": read_numbers,
    "quarter": read_quarter,
    "ranged_months": read_ranged_months,
    "season": read_season,
    "season_end": read_season_end,
    "short": read_short,
    "year": read_year,
}
