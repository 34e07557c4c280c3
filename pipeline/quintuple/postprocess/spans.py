"""Rules that put the bounds of tagged spans right, and drop what cannot be an argument."""

from __future__ import annotations

import re
from functools import cache

from quintuple.events import TaggedSpan
from quintuple.postprocess.drafts import Draft, wording
from quintuple.postprocess.references import is_fragment
from quintuple.postprocess.trimming import trim

_SLOTS = ("companies", "targets", "percentages", "dates", "counterparties")
_COMPOUND = 30  # characters on each side of a trigger in which the word lies that holds it


def drop_compounds(draft: Draft) -> Draft:
    """Drop a trigger that is part of a word which names no action: 融资余额, "investment bank"."""
    pattern = _compounds(draft.action)
    if pattern is None:
        return draft
    trigger, (first, last) = draft.trigger.span, draft.sentence
    near = max(first, trigger.start - _COMPOUND), min(last, trigger.end + _COMPOUND)
    found = pattern.finditer(draft.article.text, *near)
    inside = any(match.start() <= trigger.start and trigger.end <= match.end() for match in found)
    return draft.evolve(kept=False) if inside else draft


def trim_spans(draft: Draft) -> Draft:
    """Take white space, quotes, articles and a possessive 's off the ends of spans."""
    return draft.respan(_SLOTS, lambda spans: tuple(trim(draft.article.text, span) for span in spans))


def cut_shares(draft: Draft) -> Draft:
    """Cut 股份 and the like off the company whose shares are meant: 所持京东股份."""
    words = wording()["shares"]
    if draft.action not in words["types"]:
        return draft
    cut = tuple(_without_shares(draft, span, words["zh"]) for span in draft.targets)
    return draft.evolve(targets=cut) if cut != draft.targets else draft


def complete_names(draft: Draft) -> Draft:
    """Extend a company span that is a mere part of a name which stands there: 阿里 in 阿里巴巴."""
    return draft.respan(("companies", "counterparties"), lambda spans: tuple(_complete(draft, span) for span in spans))


def _without_shares(draft: Draft, span: TaggedSpan, words: list[str]) -> TaggedSpan:
    text, find = draft.text(span), draft.context.lexicon.names.find
    word = next((word for word in words if text.endswith(word)), "")
    # 欧菲股份 is a name of its own: the shorter one must be known, and the longer one not.
    if not word or find(text.removesuffix(word)) is None or find(text) not in (None, find(text.removesuffix(word))):
        return span
    return TaggedSpan(span.start, span.end - len(word), span.label, span.score)


def drop_targets(draft: Draft) -> Draft:
    """Drop the targets of types that have none: nobody is paid a dividend, or goes bankrupt, but the company."""
    return draft.evolve(targets=()) if draft.targets and draft.action in wording()["targets"]["none"] else draft


def drop_overlaps(draft: Draft) -> Draft:
    """Drop spans that overlap the trigger, targets inside a company, and the less certain of two in one slot."""
    trigger, companies = draft.trigger.span, draft.companies
    others = (slot for slot in _SLOTS if slot != "companies")
    apart = draft.respan(others, lambda spans: _apart(spans, None))
    apart = apart.respan(("targets",), lambda spans: tuple(span for span in spans if not _within(span, companies)))
    return apart.respan(("companies",), lambda spans: _apart(spans, (trigger.start, trigger.end)))


def _within(span: TaggedSpan, others: tuple[TaggedSpan, ...]) -> bool:
    """Tell whether a span is a part of a longer one."""
    lengths = (other.end - other.start for other in others if other.start <= span.start and span.end <= other.end)
    return any(length > span.end - span.start for length in lengths)


def _complete(draft: Draft, span: TaggedSpan) -> TaggedSpan:
    for known in draft.context.lexicon.holding(span.start, span.end):
        longer = (known.start, known.end) != (span.start, span.end) and known.text.count(" ") <= 3
        if longer and "《" not in known.text and (is_fragment(draft.text(span)) or _in_table(draft, known.text)):
            return TaggedSpan(known.start, known.end, span.label, span.score)
    return span


def drop_fragments(draft: Draft) -> Draft:
    """Drop parties and targets of a single Chinese character, which no name has, or of marks alone."""
    short = draft.action in wording()["spans"]["zh_short"]
    slots = ("companies", "counterparties") if short else ("companies", "targets", "counterparties")
    return draft.respan(slots, lambda spans: tuple(span for span in spans if not _is_piece(draft.text(span))))


def _is_piece(text: str) -> bool:
    whole = text in wording()["spans"]["zh_single"]
    return (is_fragment(text) and not whole) or not any(char.isalnum() for char in text)


def _in_table(draft: Draft, name: str) -> bool:
    return draft.context.lexicon.names.find(name) is not None


@cache
def _compounds(action: str) -> re.Pattern[str] | None:
    pattern = wording()["compounds"].get(action)
    return re.compile(pattern) if pattern else None


def _apart(spans: tuple[TaggedSpan, ...], trigger: tuple[int, int] | None) -> tuple[TaggedSpan, ...]:
    kept: list[TaggedSpan] = []
    for span in sorted(spans, key=lambda span: (-span.score, span.start, span.end)):
        clear = all(span.end <= other.start or other.end <= span.start for other in kept)
        if clear and (trigger is None or span.end <= trigger[0] or trigger[1] <= span.start):
            kept.append(span)
    ordered = tuple(sorted(kept, key=lambda span: span.start))
    return spans if set(ordered) == set(spans) and len(ordered) == len(spans) else ordered
