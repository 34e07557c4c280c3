"""Readers of dates that lean on the day of publication or on another date: last Friday, 次日, 去年同期."""

from __future__ import annotations

from datetime import date, timedelta

from quintuple.postprocess import periods
from quintuple.postprocess.calendar_rules import month_number, number, strictly
from quintuple.postprocess.clock import from_anchor, from_today
from quintuple.postprocess.grammar import Phrase, Reader, words
from quintuple.postprocess.periods import UNKNOWN, Grain, Period


def read_vague(_: Phrase) -> Period | None:
    """Read words that no day can be told for."""
    return UNKNOWN


def read_today(phrase: Phrase) -> Period | None:
    """Read today, yesterday, 即日 and other days counted from the day of publication."""
    word = (phrase.group("word") or "").removesuffix("起")
    table = words("today")
    offset = next((int(table[key]) for key in (word, word.replace("披露", "").replace("之", "")) if key in table), 0)
    return from_today(phrase.clock, lambda today: periods.day(today + timedelta(days=offset)))


def read_anchor_day(phrase: Phrase) -> Period | None:
    """Read "the same day", "次日" from a day; nothing can be told from a longer period."""
    anchor, offset = phrase.clock.anchor, int(words("anchor_day")[phrase.text("word")])
    if anchor is None:
        return UNKNOWN
    if anchor.first is None or anchor.first != anchor.last:
        return UNKNOWN
    return periods.day(anchor.first + timedelta(days=offset))


def read_anchor_period(phrase: Phrase) -> Period | None:
    """Read "报告期内", "the same period": the period in play, which is no single day."""
    anchor = phrase.clock.anchor
    return UNKNOWN if anchor is None or anchor.first == anchor.last else anchor


def read_year_ago(phrase: Phrase) -> Period | None:
    """Read "去年同期", "the same period last year": the period in play, a year before; "同期" is that period itself."""
    anchor = phrase.clock.anchor
    if anchor is None:
        return UNKNOWN
    return anchor if phrase.match[0].startswith("同") else periods.shift(anchor, -1, "year")


def unit_of(text: str | None) -> Grain:
    """Return the calendar unit that a word names."""
    table = words("unit")
    word = text or "day"
    grain: Grain = table.get(word) or table.get(word.removesuffix("s")) or ("half" if word.startswith("hal") else "day")
    return grain


def read_unit(phrase: Phrase) -> Period | None:
    """Read "last month", "本周", "去年"."""
    unit, move = unit_of(phrase.group("unit")), int(words("shift")[phrase.text("shift")])
    return from_today(phrase.clock, lambda today: _moved(today, move, unit))


def read_lean(phrase: Phrase) -> Period | None:
    """Read "that year", "次年", "the following month" against the date leaned on, which is no longer than the unit."""
    unit = unit_of(phrase.group("unit", "unit2", "unit3", "unit4"))
    move = int(words("lean")[phrase.group("lean", "lean2", "lean3") or "same"])
    anchor = phrase.clock.anchor
    if anchor is not None and periods.LENGTHS[anchor.grain] > periods.LENGTHS[unit]:
        return UNKNOWN
    return from_anchor(phrase.clock, lambda day: _moved(day, move, unit))


def _moved(when: date, move: int, unit: Grain) -> Period:
    held = periods.around(when, unit)
    return periods.around(periods.step(held.first or when, move, unit), unit)


def read_week_part(phrase: Phrase) -> Period | None:
    """Read a day of the week, in the week named beside it or the nearest one."""
    name = phrase.group("day") or ""
    shift, near = phrase.group("shift"), phrase.group("near")
    number_ = 6 if name == "末" else int(words("weekday")[name if len(name) == 1 else name[:3]])
    if phrase.group("lean"):
        return from_anchor(phrase.clock, lambda day: _in_week(day, 0, number_))
    if phrase.group("after"):
        return _following(phrase, number_)
    if shift is not None or near == "this":
        move = int(words("shift")[shift or "this"])
        return from_today(phrase.clock, lambda today: _in_week(today, move, number_))
    return from_today(phrase.clock, lambda today: _near_weekday(today, number_, near, phrase.clock.future))


def _in_week(when: date, move: int, number_: int) -> Period:
    monday = periods.week(when).first or when
    return periods.day(monday + timedelta(days=7 * move + number_))


def _near_weekday(today: date, number_: int, near: str | None, future: bool) -> Period:
    """Return the nearest such day: before today for "last", after it for "next", today included without either."""
    move = 0 if near is None else int(words("shift")[near])
    ahead = (number_ - today.weekday()) % 7
    if move > 0 or (move == 0 and future):
        return periods.day(today + timedelta(days=ahead or (7 if move else 0)))
    back = (today.weekday() - number_) % 7
    return periods.day(today - timedelta(days=back or (7 if move else 0)))


def _following(phrase: Phrase, number_: int) -> Period:
    anchor = phrase.clock.anchor
    if anchor is None or anchor.last is None:
        return from_today(phrase.clock, lambda today: _near_weekday(today, number_, "next", True))
    return _near_weekday(anchor.last, number_, "next", True)


def read_weekend(phrase: Phrase) -> Period | None:
    """Read "上周末", "the weekend": Saturday and Sunday, without more words the nearest past or next ones."""
    shift = phrase.group("shift")

    def make(today: date) -> Period:
        move = int(words("shift")[shift]) if shift else 0
        if shift is None and not phrase.clock.future and today.weekday() < 5:
            move = -1
        monday = (periods.week(today).first or today) + timedelta(days=7 * move)
        return Period(monday + timedelta(days=5), monday + timedelta(days=6))

    return from_today(phrase.clock, make)


def read_month_near(phrase: Phrase) -> Period | None:
    """Read "last November", "next June", "this March"."""
    month, day, today = month_number(phrase.group("month")), number(phrase.group("day")), phrase.clock.published
    if month is None:
        return None
    shift = phrase.group("shift") or "this"
    if shift == "following":
        return from_anchor(phrase.clock, lambda leaned: _next_month(leaned, month))

    def make(year: int) -> Period:
        return periods.month(year, month) if day is None else periods.day(date(year, month, day))

    if today is None:
        return UNKNOWN
    if int(words("shift")[shift]) == 0:
        return make(today.year)
    return strictly(today, [make(today.year + offset) for offset in (-2, -1, 0, 1, 2)], shift)


def _next_month(when: date, month: int) -> Period:
    return periods.month(when.year + (month <= when.month), month)


READERS: dict[str, Reader] = {
    "anchor_day": read_anchor_day,
    "anchor_period": read_anchor_period,
    "lean": read_lean,
    "month_near": read_month_near,
    "today": read_today,
    "unit": read_unit,
    "vague": read_vague,
    "week_part": read_week_part,
    "weekend": read_weekend,
    "year_ago": read_year_ago,
}
