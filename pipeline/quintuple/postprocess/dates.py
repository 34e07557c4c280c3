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
from quintuple.postprocess.fiscal_rules import stated_fiscal_start
from quintuple.postprocess.folding import fold, has_cjk
from quintuple.postprocess.grammar import Reader, finder, pattern, resolve
from quintuple.postprocess.periods import Period

__all__ = ["edtf_bounds", "find_dates", "lean_date", "read_date"]

#: How far beside a tagged span its expression may reach, and the longest expression read, in characters.
_REACH = 40
_LONGEST = 90
#: How far back another date may stand for one to lean on, how far the period under report or the words on the fiscal
#: year, and how many are tried.
_LEAN = 300
_REPORT = 1500
_TRIED = 8
_QUARTER = 80  # days
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
    low = max(0, min(start, len(text)) - _REACH)
    folded = fold(text[low : min(max(end, start, 0), len(text)) + _REACH])
    tagged = _strip(folded, start - low, end - low)
    if tagged is None or _is_comparison(folded, tagged):
        return None
    clock = Clock(_iso_day(published), _anchor_period(anchor), _is_ahead(folded, tagged, future), fiscal_year_start)
    for span in _candidates(folded, tagged):
        period = _resolve_led(folded, span, clock)
        if period is not None:
            return _date(text, span[0] + low, span[1] + low, period)
    return None


def lean_date(
    text: str, start: int, end: int, *, published: str | None, future: bool = False, fiscal_year_start: int = 1
) -> Date | None:
    """Return the same, where a date such as "次日" or "the quarter" leans on the dates that stand before it.

    Tried are the nearest ones first; the period under report may be named far back.
    """

    fiscal_start = _fiscal_start(text, start, end, fiscal_year_start)

    def read(low: int, high: int, anchor: Date | None = None) -> Date | None:
        return read_date(
            text, low, high, published=published, anchor=anchor, future=future, fiscal_year_start=fiscal_start
        )

    found = read(start, end)
    if found is None or found.edtf is not None:
        return found
    reported = pattern(_language(text, (start, end)), "reported").search(fold(text[start:end])) is not None
    low = max(0, start - (_REPORT if reported else _LEAN))
    for before in find_dates(text, low, start)[: -_TRIED - 1 : -1]:
        anchor = read(before.start, before.end)
        if anchor is None or anchor.edtf is None or (reported and not _is_long(anchor)):
            continue
        leaning = read(start, end, anchor)
        if leaning is not None and leaning.edtf is not None:
            return leaning
    return found


def _fiscal_start(text: str, start: int, end: int, given: int) -> int:
    """Return the first month of the fiscal year: the one given, else, where a date asks for it, the one in the text."""
    language = _language(text, (start, end))
    if given > 1 or pattern(language, "fiscal_words").search(text[start:end].lower()) is None:
        return given
    return stated_fiscal_start(fold(text[max(0, start - _REPORT) : end + _REPORT]), language) or given


def _is_long(found: Date) -> bool:
    """Tell whether a date can be the period of a report: a quarter or longer."""
    first, last = _iso_day(found.earliest), _iso_day(found.latest)
    return first is not None and last is not None and (last - first).days >= _QUARTER


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
    if pattern("en", "compare_figure").search(before) and pattern("en", "compare_year").fullmatch(plain):
        return True
    match = pattern("en", "compare_before").search(before)
    if match is None or (match.start() and before[match.start() - 1].isalpha()):
        return False
    return not match[0].startswith(("from", "over")) or pattern("en", "from_only").fullmatch(plain) is not None


def _is_ahead(folded: str, tagged: Span, future: bool) -> bool:
    """Tell whether a date lies ahead: the words beside it say so, or its event is planned and they do not deny it."""
    language = _language(folded, tagged)
    inside = pattern(language, "lead_in").match(folded, tagged[0])
    before = folded[: inside.end() if inside else tagged[0]]
    if pattern(language, "ahead_before").search(before):
        return True
    # The plan of which somebody told on Monday is ahead, that Monday is not.
    told = pattern(language, "told_before").search(before) or pattern(language, "told_after").match(folded, tagged[1])
    return future and told is None


def _resolve_led(folded: str, span: Span, clock: Clock) -> Period | None:
    """Resolve an expression with the words beside it that change its meaning: since, before, 自, 以来."""
    words, language = folded[span[0] : span[1]], _language(folded, span)
    before = pattern(language, "led_by").search(folded[: span[0]])
    after = pattern(language, "led_to").match(folded, span[1])
    if before is None and after is None:
        return _resolve(words, clock)
    led = (before["word"] if before else "") + (" " if language == "en" else "") + words + (after[0] if after else "")
    period = _resolve(led, clock)
    return _resolve(words, clock) if period is None else period


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
