"""Turns the span tagged as a date into EDTF and day bounds, and finds date expressions in running text."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import date
from functools import cache

from quintuple.events import Date, Evidence, Language
from quintuple.postprocess import calendar_rules, duration_rules, fiscal_rules, relative_rules, span_rules
from quintuple.postprocess.clock import Clock
from quintuple.postprocess.edtf import edtf_bounds, read_edtf, write_edtf
from quintuple.postprocess.folding import fold, has_cjk
from quintuple.postprocess.grammar import Reader, finder, pattern, resolve
from quintuple.postprocess.periods import Period

__all__ = ["edtf_bounds", "find_dates", "read_date"]

#: How far beside a tagged span its expression may reach, and the longest expression read, in characters.
_REACH = 40
_LONGEST = 90
_EDGES = " \t\n,，。；;:：、"

Span = tuple[int, int]


def read_date(
    text: str,
    start: int,
    end: int,
    *,
    published: str | None,
    anchor: Date | None = None,
    future: bool = False,
    fiscal_year_start: int = 1,
) -> Date | None:
    """Return the date that a tagged span says, or None if it says none or only names a comparison.

    The span is cut down to the date words when the tagger took a neighbour, and widened when it cut a date.
    Relative dates lean on ``published`` (an ISO day) or on ``anchor``; what cannot be resolved keeps its text,
    with ``edtf`` None. ``future`` says that the event is planned, so that "in March" is the next one.
    ``fiscal_year_start`` is the first month of the company's fiscal year.
    """
    clock = Clock(_iso_day(published), _anchor_period(anchor), future, fiscal_year_start)
    low = max(0, min(start, len(text)) - _REACH)
    folded = fold(text[low : min(max(end, start, 0), len(text)) + _REACH])
    tagged = _strip(folded, start - low, end - low)
    if tagged is None or _is_comparison(folded, tagged):
        return None
    for span in _candidates(folded, tagged):
        period = _resolve(folded[span[0] : span[1]], clock)
        if period is not None:
            return _date(text, span[0] + low, span[1] + low, period)
    return None


def find_dates(text: str, start: int, end: int) -> tuple[Evidence, ...]:
    """Return the date expressions in a range of the text, without overlap, in order."""
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    spans = _find(fold(text[start:end]))
    return tuple(Evidence(text[start + low : start + high], start + low, start + high) for low, high in spans)


def _find(folded: str) -> list[Span]:
    languages: tuple[Language, ...] = ("zh", "en") if has_cjk(folded) else ("en",)
    spans: list[Span] = []
    end = 0
    for span in heapq.merge(*(_matches(folded, language) for language in languages), key=lambda one: (one[0], -one[1])):
        if span[0] >= end:
            spans.append(span)
            end = span[1]
    return spans


def _matches(folded: str, language: Language) -> Iterator[Span]:
    for match in finder(language).finditer(folded):
        span = _strip(folded, *match.span())
        if span is not None and not _is_modal(folded, span):
            yield span


def _is_modal(folded: str, span: Span) -> bool:
    """Tell "may" and "march" the verbs from the months, which are written large and stand beside a preposition."""
    words = folded[span[0] : span[1]]
    if words.lower() not in ("may", "march"):
        return False
    before = folded[max(0, span[0] - 12) : span[0]]
    return words.islower() or pattern("en", "before_month").search(before) is None


def _candidates(folded: str, tagged: Span) -> Iterator[Span]:
    """Yield the spans that may be meant, best first: the tagged one grown to whole expressions, then parts of it."""
    found = [span for span in _find(folded) if span[0] < tagged[1] and tagged[0] < span[1]]
    if not found:
        yield tagged
        return
    inside = _trim(folded, tagged, (found[0][0], found[-1][1]))
    hull = min(tagged[0], inside[0]), max(tagged[1], inside[1])
    yield from (hull, tagged, _soften(folded, tagged, inside), inside)
    yield from sorted(found, key=lambda span: span[0] - span[1])


def _trim(folded: str, tagged: Span, found: Span) -> Span:
    """Cut off an article, a preposition or the time of day that the finder took and the tagger did not."""
    language = _language(folded, found)
    low, high = found
    if low < tagged[0] and pattern(language, "weak_before").fullmatch(folded, low, tagged[0]):
        low = tagged[0]
    if high > tagged[1] and pattern(language, "weak_after").fullmatch(folded, tagged[1], high):
        high = tagged[1]
    return low, high


def _soften(folded: str, tagged: Span, found: Span) -> Span:
    """Widen found words to the prepositions and suffixes that the tagger took with them."""
    language = _language(folded, found)
    low, high = found
    if tagged[0] < low and pattern(language, "soft_before").fullmatch(folded, tagged[0], low):
        low = tagged[0]
    if tagged[1] > high and pattern(language, "soft_after").fullmatch(folded, high, tagged[1]):
        high = tagged[1]
    return low, high


def _language(folded: str, span: Span) -> Language:
    return "zh" if has_cjk(folded[span[0] : span[1]]) else "en"


def _is_comparison(folded: str, tagged: Span) -> bool:
    """Tell "同比" and "from a year earlier", which name what is compared, from dates of events."""
    words = folded[tagged[0] : tagged[1]]
    language = _language(folded, tagged)
    plain = " ".join(words.split()).lower()
    if pattern(language, "compare_only").fullmatch(plain):
        return True
    before = folded[max(0, tagged[0] - 24) : tagged[0]].rstrip().lower()
    if language == "zh":
        after = pattern("zh", "compare_after").match(folded, tagged[1])
        return after is not None or pattern("zh", "compare_before").search(before) is not None
    if plain.endswith("year ago") and pattern("en", "compared_with").search(before):
        return True
    match = pattern("en", "compare_before").search(before)
    if match is None or (match.start() and before[match.start() - 1].isalpha()):
        return False
    return not match[0].startswith(("from", "over")) or pattern("en", "from_only").fullmatch(plain) is not None


def _resolve(words: str, clock: Clock) -> Period | None:
    if len(words) > _LONGEST:
        return None
    return resolve(words, clock, _readers())


@cache
def _readers() -> dict[str, Reader]:
    modules = (calendar_rules, duration_rules, fiscal_rules, relative_rules, span_rules)
    return {name: reader for module in modules for name, reader in module.READERS.items()}


def _date(text: str, start: int, end: int, period: Period) -> Date:
    edtf = write_edtf(period)
    first, last = (None, None) if edtf is None else (period.first, period.last)
    earliest = None if first is None else first.isoformat()
    return Date(text[start:end], start, end, edtf, earliest, None if last is None else last.isoformat())


def _strip(folded: str, start: int, end: int) -> Span | None:
    start, end = max(start, 0), min(end, len(folded))
    while start < end and folded[start] in _EDGES:
        start += 1
    while end > start and folded[end - 1] in _EDGES:
        end -= 1
    return (start, end) if start < end else None


def _iso_day(day: str | None) -> date | None:
    try:
        return None if day is None else date.fromisoformat(day[:10])
    except ValueError:
        return None


def _anchor_period(anchor: Date | None) -> Period | None:
    if anchor is None or anchor.edtf is None:
        return None
    period = read_edtf(anchor.edtf)
    return period if period.known else None
