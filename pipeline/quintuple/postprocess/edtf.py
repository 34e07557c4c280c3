"""Writes periods as EDTF level 1/2 (ISO 8601-2:2019; loc.gov/standards/datetime) and reads the bounds of EDTF."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from quintuple.postprocess import periods
from quintuple.postprocess.periods import Grain, Period

#: Second halves of the year-and-part form: seasons, quarters and halves, as (first month, months).
_PARTS = {21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3)}
_PARTS |= {33 + index: (1 + 3 * index, 3) for index in range(4)}
_PARTS |= {37 + index: (1 + 4 * index, 4) for index in range(3)}
_PARTS |= {40: (1, 6), 41: (7, 6)}
_SHAPE = re.compile(r"(\d{3}[\dX]|\d\dXX)(?:-(\d\d)(?:-(\d\d))?)?[~?%]?")
_CODES = {(1, 12): "", (1, 6): "-40", (7, 6): "-41"} | {(1 + 3 * index, 3): f"-{33 + index}" for index in range(4)}


def write_edtf(period: Period) -> str | None:
    """Return the EDTF form of a period, None when nothing is known of it.

    Days that make up a year, half-year, quarter or month are written as such; open ends are ``..``.
    """
    if period.parts:
        return "{" + ",".join(filter(None, map(write_edtf, period.parts))) + "}"
    first, last = period.first, period.last
    if first is None and last is None:
        return None
    if first is None or last is None:
        return f"{_write_start(first)}/{_write_end(last)}"
    if period.grain == "decade" and first.year % 10 == 0:
        return f"{first.year // 10}X"
    single = _write_single(first, last)
    return (single or _write_interval(first, last)) + ("~" if period.approximate and single else "")


@cache
def edtf_bounds(edtf: str) -> tuple[str | None, str | None]:
    """Return the first and last ISO day of an EDTF date, interval or set; None where it is open or not understood."""
    period = read_edtf(edtf)
    return _iso(period.first), _iso(period.last)


def read_edtf(edtf: str) -> Period:
    """Return the period that an EDTF text says; ``UNKNOWN`` when it is not understood."""
    if edtf.startswith(("{", "[")):
        return span_of(tuple(read_edtf(part.strip()) for part in edtf.strip("{}[]").split(",")))
    left, slash, right = edtf.partition("/")
    if slash:
        return Period(_read_single(left).first, _read_single(right).last)
    return _read_single(edtf)


def span_of(parts: tuple[Period, ...]) -> Period:
    """Return the period from the earliest to the latest day of the known parts, which it keeps."""
    firsts = [part.first for part in parts if part.first is not None]
    lasts = [part.last for part in parts if part.last is not None]
    known = tuple(part for part in parts if part.known)
    if len(known) < 2:
        return known[0] if known else periods.UNKNOWN
    return Period(min(firsts, default=None), max(lasts, default=None), parts=known)


def _write_start(when: date | None) -> str:
    if when is None:
        return ".."
    length = 4 if (when.month, when.day) == (1, 1) else 7 if when.day == 1 else 10
    return when.isoformat()[:length]


def _write_end(when: date | None) -> str:
    if when is None:
        return ".."
    length = 4 if (when.month, when.day) == (12, 31) else 7 if when == periods.end_of_month(when) else 10
    return when.isoformat()[:length]


def _write_single(first: date, last: date) -> str | None:
    if first == last:
        return first.isoformat()
    if first.day != 1 or last != periods.end_of_month(last):
        return None
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if count == 1:
        return f"{first.year:04d}-{first.month:02d}"
    code = _CODES.get((first.month, count))
    return None if code is None else f"{first.year:04d}{code}"


def _write_interval(first: date, last: date) -> str:
    whole_months = first.day == 1 and last == periods.end_of_month(last)
    if whole_months and first.month == 1 and last.month == 12:
        return f"{first.year:04d}/{last.year:04d}"
    if whole_months:
        return f"{first.year:04d}-{first.month:02d}/{last.year:04d}-{last.month:02d}"
    return f"{first.isoformat()}/{last.isoformat()}"


def _read_single(text: str) -> Period:
    match = _SHAPE.fullmatch(text.strip())
    if match is None:
        return periods.UNKNOWN
    try:
        return _read_parts(match[1], match[2], match[3])
    except ValueError:
        return periods.UNKNOWN


def _read_parts(year: str, part: str | None, day: str | None) -> Period:
    if "X" in year:
        first = int(year.replace("X", "0"))
        last = int(year.replace("X", "9"))
        return Period(date(first, 1, 1), date(last, 12, 31), "decade" if last - first == 9 else "span")
    if part is None:
        return periods.year(int(year))
    if day is not None:
        return periods.day(date(int(year), int(part), int(day)))
    if not 1 <= int(part) <= 12 and int(part) not in _PARTS:
        raise ValueError(f"expected a month or a part of a year, got {part}")
    if int(part) in _PARTS:
        start, count = _PARTS[int(part)]
        grain: Grain = "quarter" if count == 3 else "half" if count == 6 else "span"
        return periods.months(int(year), start, count, grain=grain)
    return periods.month(int(year), int(part))


def _iso(when: date | None) -> str | None:
    return None if when is None else when.isoformat()
