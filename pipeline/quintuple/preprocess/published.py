"""Finds the day an article was published."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEARS = range(1900, 2101)
_HEAD = 300

_MONTH = (
    r"(?P<{m}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
# Year first, 10 Jan 2022, Jan 10, 2022. All-number dates that start with day or month are ambiguous: not read.
_DAY = (
    r"(?:(?P<y1>\d{4})(?:\s?年\s?|[-/.])(?P<m1>\d{1,2})(?:\s?月\s?|[-/.])(?P<d1>\d{1,2})(?!\d)(?:\s?日)?"
    rf"|(?<![\d.])(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[\s-]{_MONTH.format(m='m2')},?[\s-](?P<y2>\d{{4}})(?!\d)"
    rf"|\b{_MONTH.format(m='m3')}\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y3>\d{{4}})(?!\d))"
)
_CLOCK = r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_SPACE = r"[ \t\u3000]"
_FLAGS = re.IGNORECASE | re.MULTILINE

_VALUE = re.compile(_DAY, _FLAGS)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4}(?:\d{2})?Z?)?")
#: Labels that say outright what the date is; they count anywhere in the text.
_LABEL = re.compile(
    r"(?:^|[\s|（(])(?:(?:date )?published(?: on| at)?|posted(?: on)?|publication date|date of publication"
    rf"|发布(?:时间|日期|于)|发表(?:时间|日期|于)|發佈(?:時間|日期)|發布(?:時間|日期)){_SPACE}?[:：]?{_SPACE}?"
    rf"(?:(?:mon|tues?|wed|wednes|thu|thurs?|fri|sat|satur|sun)(?:day)?,?\s)?{_DAY}",
    _FLAGS,
)
_DATELINES = (
    # A line that is a date, with a clock time, an author or a source at most: 2022年1月10日 10:30 来源：…
    re.compile(
        rf"^{_SPACE}*(?:(?:日期|时间|時間|date|updated)[:：]{_SPACE}*)?{_DAY}{_SPACE}*"
        rf"(?:$|\r$|{_CLOCK}(?=\s|$)|(?:{_CLOCK})?{_SPACE}*(?:(?:来源|來源|作者|source|by)\b|(?:本[报報])?(?:记者|記者)))",
        _FLAGS,
    ),
    # NEW YORK, Jan 10, 2022 (Reuters) -
    re.compile(
        rf"^{_SPACE}*(?:[A-Z][\w .,'/-]{{1,50}}?[,，]\s)?{_DAY}{_SPACE}*(?:[(/][^()/\n]{{1,40}}[)/]{_SPACE}*)?[-–—]",
        _FLAGS,
    ),
    # 新华社北京2022年1月10日电
    re.compile(rf"{_DAY}{_SPACE}*(?:电|電|讯)", _FLAGS),
    # 2022年1月10日 10:30 来源 behind a headline on the same line
    re.compile(rf"{_DAY}{_SPACE}*{_CLOCK}{_SPACE}*(?:来源|來源)", _FLAGS),
)

#: The last line of an announcement, under its signature.
_SIGNED = re.compile(rf"{_SPACE}*{_DAY}\s*", _FLAGS)


def parse_day(value: object) -> str | None:
    """Return the ISO day that a metadata value names, or None.

    Takes ISO days and datetimes (the day as written, in the zone as written), ``10 Jan 2022``, ``2022/1/10``,
    ``2022年1月10日``, and Unix time in seconds or milliseconds (the day in UTC).
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _from_unix(value)
    if not isinstance(value, str) or not (text := value.strip()[:100]):
        return None
    if found := _COMPACT.fullmatch(text):
        return _iso(*map(int, found.groups()))
    if re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{13}", text, re.ASCII):
        return _from_unix(float(text))
    found = _VALUE.search(text)
    return _day_of(found) if found else None


def find_day(text: str, *, start: int = 0) -> str | None:
    """Return the ISO day that a text says it was published, or None.

    An explicit label counts anywhere; a dateline only within 300 characters from ``start``; a bare day as the
    last line is that of a signature.
    """
    if found := _LABEL.search(text, start):
        return _day_of(found)
    head = text[start : start + _HEAD]
    days = (_day_of(found) for pattern in _DATELINES for found in pattern.finditer(head))
    return next((day for day in days if day), None) or _signed_day(text[start:])


def _signed_day(text: str) -> str | None:
    body, _, last = text.rstrip().rpartition("\n")
    found = _SIGNED.fullmatch(last) if body else None
    return _day_of(found) if found else None


def _day_of(found: re.Match[str]) -> str | None:
    for index in "123":
        if found[f"y{index}"]:
            month = found[f"m{index}"]
            number = int(month) if month.isdecimal() else _MONTHS.index(month[:3].lower()) + 1
            return _iso(int(found[f"y{index}"]), number, int(found[f"d{index}"]))
    return None


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat() if year in _YEARS else None
    except ValueError:
        return None


def _from_unix(value: float) -> str | None:
    try:
        seconds = value / 1000 if abs(value) >= 1e11 else value
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return moment.date().isoformat() if seconds >= 1e8 and moment.year in _YEARS else None
