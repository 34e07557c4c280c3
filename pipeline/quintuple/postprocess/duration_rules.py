"""Readers of stretches of time: two years ago, 一个月后, the three months to June, since March, within six months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from quintuple.postprocess import periods
from quintuple.postprocess.clock import from_today
from quintuple.postprocess.grammar import Phrase, Reader
from quintuple.postprocess.numbers import read_number
from quintuple.postprocess.periods import UNKNOWN, Grain, Period
from quintuple.postprocess.relative_rules import unit_of


def _amount(phrase: Phrase) -> tuple[float, Grain] | None:
    text, unit = phrase.group("n", "n2"), phrase.group("unit", "unit2")
    value = 0.5 if (text or "").startswith(("half", "半")) else read_number(text or "")
    if value is None or unit is None:
        return None
    grain = unit_of(unit)
    if unit.startswith("fortnight"):
        value *= 2
    if grain == "half" or value == 0.5:
        return (value * 6, "month") if grain == "half" else (6.0, "month")
    return value, grain


def _step(when: date, amount: tuple[float, Grain], sign: int) -> date:
    return periods.step(when, sign * int(amount[0]), amount[1])


def read_ago(phrase: Phrase) -> Period | None:
    """Read "two years ago": the whole unit so far back; decades back are rough ("1998~")."""
    amount = _amount(phrase)
    if amount is None:
        return None
    count, unit = amount

    def make(today: date) -> Period:
        when = _step(today, amount, -1)
        rough = unit == "decade" and count > 1
        held = periods.around(when, "year" if unit == "decade" else unit)
        return Period(held.first, held.last, held.grain, approximate=rough)

    return from_today(phrase.clock, make)


def read_later(phrase: Phrase) -> Period | None:
    """Read "one month after X", "两年后": the date leaned on, or named, moved on; for a plan, today moved on."""
    return _shifted(phrase, 1)


def read_later_on(phrase: Phrase) -> Period | None:
    """Read "two years later", which says nothing without a date to lean on."""
    return UNKNOWN if phrase.clock.anchor is None else _shifted(phrase, 1)


def read_sooner(phrase: Phrase) -> Period | None:
    """Read "a week earlier", "two days before X"."""
    return _shifted(phrase, -1)


def _shifted(phrase: Phrase, sign: int) -> Period | None:
    amount = _amount(phrase)
    if amount is None:
        return None
    named = phrase.group("rest", "rest2") is not None
    base = phrase.inner() if named else phrase.clock.anchor
    if named and base is None:
        return None
    if base is not None and base.known:
        return periods.shift(base, sign * int(amount[0]), amount[1])
    if named or sign < 0 or not phrase.clock.future:
        return UNKNOWN
    return from_today(phrase.clock, lambda today: periods.around(_step(today, amount, 1), amount[1]))


def read_past(phrase: Phrase) -> Period | None:
    """Read "the past two years"."""
    amount = _amount(phrase)
    if amount is None:
        return None
    return from_today(phrase.clock, lambda today: Period(_step(today, amount, -1), today))


def read_coming(phrase: Phrase) -> Period | None:
    """Read "the next two years", "within six months"."""
    amount = _amount(phrase)
    if amount is None:
        return None
    return from_today(phrase.clock, lambda today: Period(today, _step(today, amount, 1)))


def read_within(phrase: Phrase) -> Period | None:
    """Read "within six months of X", "自X起6个月内": from X on."""
    amount, inner = _amount(phrase), phrase.inner()
    if amount is None or inner is None:
        return None
    return UNKNOWN if inner.first is None else Period(inner.first, _step(inner.first, amount, 1))


def read_ended(phrase: Phrase) -> Period | None:
    """Read "the three months to June", "the year ended 31 March 2022": so many whole units up to that end."""
    ended = "ended" in phrase.match[0]
    clock = replace(phrase.clock, future=False) if ended else phrase.clock
    inner = phrase.resolve(phrase.group("rest") or "", clock)
    if inner is None or inner.last is None:
        return inner
    span = phrase.group("span")
    amount = _amount(phrase) if span is None else (1.0, _span_unit(span))
    if amount is None:
        return None
    count, unit = int(amount[0]), amount[1]
    last = inner.last
    if unit in ("day", "week"):
        return Period(last - timedelta(days=count * periods.LENGTHS[unit] - 1), last)
    whole = last == periods.end_of_month(last)
    start = periods.step(last.replace(day=1) if whole else last + timedelta(days=1), -count, unit)
    return Period(periods.shift_months(start, 1) if whole else start, last)


def _span_unit(span: str) -> Grain:
    if "季" in span or span.startswith("q"):
        return "quarter"
    return "half" if "半" in span or "half" in span else unit_of(span) if unit_of(span) != "day" else "year"


def read_to_date(phrase: Phrase) -> Period | None:
    """Read "今年以来", "year to date", "since March": from its start to the day of publication."""
    word, today = phrase.group("word"), phrase.clock.published
    if word is not None:
        unit: Grain = "month" if "month" in word else "year"
        return from_today(phrase.clock, lambda day: Period(periods.around(day, unit).first, day))
    inner = phrase.inner()
    if inner is None or inner.first is None:
        return inner
    return Period(inner.first, today if today is not None and today >= inner.first else None)


def read_since(phrase: Phrase) -> Period | None:
    """Read a period from its start on."""
    inner = phrase.inner()
    return inner if inner is None or inner.first is None else Period(inner.first, None)


def read_before(phrase: Phrase) -> Period | None:
    """Read "before 2023": up to the day before; the end of a period ("before year-end") still lies inside it."""
    inner = phrase.inner()
    if inner is None or inner.first is None:
        return inner
    return Period(None, inner.first - timedelta(days=1))


def read_year_left(phrase: Phrase) -> Period | None:
    """Read "before the year is out", "the rest of the year"."""
    clock = phrase.clock
    named = phrase.group("rest")
    if named is not None and named not in ("year", "the year", "this year"):
        return phrase.inner()
    return from_today(clock, lambda today: Period(today, periods.year(today.year).last))


READERS: dict[str, Reader] = {
    "ago": read_ago,
    "before": read_before,
    "coming": read_coming,
    "ended": read_ended,
    "later": read_later,
    "later_on": read_later_on,
    "past": read_past,
    "since": read_since,
    "sooner": read_sooner,
    "to_date": read_to_date,
    "within": read_within,
    "year_left": read_year_left,
}
