"""Rules that mend the ends of spans: words cut in two, words and amounts glued on, a company before its own figure."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from quintuple.events import TaggedSpan
from quintuple.postprocess.antecedents import resolve
from quintuple.postprocess.drafts import Draft, wording
from quintuple.postprocess.names import HAN
from quintuple.postprocess.references import is_fragment
from quintuple.postprocess.trimming import unglue

_SLOTS = ("companies", "targets", "counterparties")


def mend_words(draft: Draft) -> Draft:
    """Extend a Chinese span that begins or ends inside a word: 企 of 企业, 员 of 会员."""
    return draft.respan(_SLOTS, lambda spans: tuple(_mended(draft, span) for span in spans))


def cut_glued(draft: Draft) -> Draft:
    """Cut off what is glued to a name: 用 in 瑞川用, 董 in 瑞川董, "420" in "Norvane 420 million"."""
    return draft.respan(_SLOTS, lambda spans: tuple(unglue(draft.article.text, span) for span in spans))


def cut_company(draft: Draft) -> Draft:
    """Cut the company off the front of its own figure: 瑞川科技营业收入, "Norvane's revenue"."""
    if draft.action not in _table()["figures"]:
        return draft
    changed = [_without_company(draft, span) for span in draft.targets]
    if all(owner is None for owner, _ in changed):
        return draft
    owners = tuple(owner for owner, _ in changed if owner is not None)
    return draft.evolve(companies=draft.companies or owners[:1], targets=tuple(span for _, span in changed))


def mend_dates(draft: Draft) -> Draft:
    """Extend a date over the word that makes its day an end: 截至 before 5月31日的第四财季."""
    return draft.respan(("dates",), lambda spans: tuple(_until(draft.article.text, span) for span in spans))


def _until(text: str, span: TaggedSpan) -> TaggedSpan:
    lead = _pattern("zh_until").search(text, max(0, span.start - 4), span.start)
    if lead is None or _pattern("zh_period").search(text, span.start, span.end) is None:
        return span
    return TaggedSpan(lead.start(), span.end, span.label, span.score)


def _mended(draft: Draft, span: TaggedSpan) -> TaggedSpan:
    text, trigger = draft.article.text, draft.trigger.span
    if not HAN.search(text, span.start, span.end) or is_fragment(text[span.start : span.end]):
        return span
    start, end = _left(text, span), _name_end(text, span) or _right(text, span)
    free = trigger.end <= start or end <= trigger.start
    return TaggedSpan(start, end, span.label, span.score) if free and (start, end) != (span.start, span.end) else span


def _right(text: str, span: TaggedSpan) -> int:
    """Return where the word ends in which a span ends."""
    inside = _inside(text, span.end, _words("zh_words"))
    return span.end if inside is None or inside[0] < span.start else inside[1]


def _left(text: str, span: TaggedSpan) -> int:
    """Return where the word begins in which a span begins; a word of time is left out instead."""
    time = _inside(text, span.start, _words("zh_times"))
    if time is not None and time[1] + 1 < span.end:
        return time[1]
    inside = _inside(text, span.start, _words("zh_words"))
    return span.start if inside is None or inside[1] > span.end else inside[0]


def _inside(text: str, place: int, words: frozenset[str]) -> tuple[int, int] | None:
    """Return the range of the word that a place lies in the middle of, none where a word ends right there."""
    longest = max(map(len, words))
    if any(text[place - length : place] in words for length in range(2, min(longest, place) + 1)):
        return None
    ranges = (
        (start, start + length)
        for length in range(longest, 1, -1)
        for start in range(max(0, place - length + 1), place)
        if start + length > place
    )
    return next((found for found in ranges if text[found[0] : found[1]] in words), None)


def _name_end(text: str, span: TaggedSpan) -> int | None:
    """Return where a name that is written in the sounds of another language ends: 马茨·林德 of 马茨·林德格伦."""
    if "·" not in text[span.start : span.end]:
        return None
    match = _pattern("zh_sounds").match(text, span.end)
    return match.end() if match else None


def _without_company(draft: Draft, span: TaggedSpan) -> tuple[TaggedSpan | None, TaggedSpan]:
    """Return the company at the front of a figure, if it is the draft's, and the figure."""
    known, lexicon = draft.context.lexicon.starting(span.start), draft.context.lexicon
    if known is None or known.spotted or known.end >= span.end:
        return None, span
    own = {resolve(lexicon, company.start, company.end).key for company in draft.companies}
    start = _pattern("joint").match(draft.article.text, known.end, span.end).end()  # type: ignore[union-attr]
    if (own and lexicon.key(known) not in own) or not _pattern("figure").match(draft.article.text, start, span.end):
        return None, span
    owner = TaggedSpan(known.start, known.end, "COMPANY", span.score)
    return owner, TaggedSpan(start, span.end, span.label, span.score)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_table()[name])


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_table()[name])


def _table() -> dict[str, Any]:
    table: dict[str, Any] = wording()["mending"]
    return table
