"""Fills a missing company, target or date from the other events of the sentence, the paragraph or the article."""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from quintuple.events import TYPES_WITHOUT_COMPANY, TaggedSpan, Trigger
from quintuple.postprocess.antecedents import resolve
from quintuple.postprocess.clauses import HEADLINE_GAP, SENTENCE_END, sentence_at
from quintuple.postprocess.confidence import INHERITED
from quintuple.postprocess.dates import find_dates
from quintuple.postprocess.drafts import Draft, spans_of, wording
from quintuple.postprocess.pieces import joined
from quintuple.postprocess.references import is_fragment, is_generic
from quintuple.postprocess.trimming import trim

_PARAGRAPH = 250  # characters back within which a subject is carried over
_ARTICLE = 600  # characters around within which the same type tells of the same agency


def inherit_company(draft: Draft) -> Draft:
    """Give a draft without company that of its neighbours, if all of them agree on it."""
    if draft.companies:
        return draft
    if draft.action in TYPES_WITHOUT_COMPANY:
        inherited = _agency(draft)
    else:
        inherited = _from_sentence(draft) or _from_paragraph(draft) or _from_article(draft)
    spans = tuple(span for span in inherited if not _is_taken(draft, span))
    if not spans:
        return draft
    return draft.evolve(companies=_inherited(spans, "COMPANY"))


def aim_at_raiser(draft: Draft) -> Draft:
    """Make the company that raises the money the target of an investment in "the round"."""
    if draft.action != "invest" or not all(_round().fullmatch(draft.text(span)) for span in draft.targets):
        return draft
    return _aimed(draft, raisers(draft))


def raisers(draft: Draft) -> tuple[TaggedSpan, ...]:
    """Return who raises money near a draft, if all that raise some are one party."""
    near = draft.context.with_company(draft.trigger.span.start - _PARAGRAPH, draft.sentence[1])
    return _agreed(draft, [trigger for trigger in near if trigger.span.label == "raise_funds"])


def inherit_target(draft: Draft) -> Draft:
    """Give a stake or deal without target that of the others of its kind in the paragraph, if all agree on it."""
    kind = next((kind for kind in wording()["targets"]["shared"] if draft.action in kind), ())
    if draft.targets or not kind:
        return draft
    text, start = draft.article.text, draft.trigger.span.start
    first = max(start - _PARAGRAPH, text.rfind("\n", 0, start) + 1)
    near = draft.context.with_company(first, draft.sentence[1])
    alike = [trigger for trigger in near if trigger.span.label in kind and spans_of(trigger, "TARGET")]
    found = _agreed(draft, alike, label="TARGET")
    return _aimed(draft, tuple(span for span in found if not is_fragment(draft.text(span))))


def _aimed(draft: Draft, found: tuple[TaggedSpan, ...]) -> Draft:
    """Return the draft with targets of another trigger, as far as they are no other part of it."""
    spans = tuple(span for span in found if not _is_taken(draft, span) and not _overlaps(span, draft.companies))
    if not spans:
        return draft
    return draft.evolve(targets=_inherited(spans, "TARGET"))


def _inherited(spans: tuple[TaggedSpan, ...], label: str) -> tuple[TaggedSpan, ...]:
    return tuple(TaggedSpan(span.start, span.end, label, span.score * INHERITED) for span in spans)


def inherit_date(draft: Draft) -> Draft:
    """Give an event without date that of the one before in its sentence, of the same company, status and kind."""
    earlier = draft.earlier
    if draft.date is not None or earlier is None or earlier.date is None or not _is_alike(earlier, draft):
        return draft
    text, start, end = draft.article.text, earlier.trigger.span.end, draft.trigger.span.end
    if SENTENCE_END.search(text, start, end) or _is_apart(draft, start, end):
        return draft
    if find_dates(text, max(start, earlier.date.end), end):
        return draft
    score = (earlier.date.confidence or 1.0) * INHERITED
    return draft.evolve(date=dataclasses.replace(earlier.date, confidence=score))


def _is_apart(draft: Draft, start: int, end: int) -> bool:
    """Tell whether a headline sets two statements apart, by a space in a sentence without comma."""
    text = draft.article.text
    return "，" not in text[slice(*draft.sentence)] and HEADLINE_GAP.search(text, start, end) is not None


def _is_alike(one: Draft, other: Draft) -> bool:
    if one.company is None or other.company is None or one.status != other.status:
        return False
    kinds = wording()["dates"]["shared"]
    same_kind = any(one.action in kind and other.action in kind for kind in kinds)
    return same_kind and (one.company.id or one.company.name) == (other.company.id or other.company.name)


def drop_without_company(draft: Draft) -> Draft:
    """Drop a draft without company, unless its type may lack one."""
    return draft if draft.companies or draft.action in TYPES_WITHOUT_COMPANY else draft.evolve(kept=False)


def _from_sentence(draft: Draft) -> tuple[TaggedSpan, ...]:
    return _agreed(draft, draft.context.with_company(*draft.sentence))


def _from_paragraph(draft: Draft) -> tuple[TaggedSpan, ...]:
    text, start = draft.article.text, draft.trigger.span.start
    before = draft.context.with_company(start - _PARAGRAPH, start)
    if not before or "\n" in text[before[-1].span.start : start]:
        return ()
    first, last = sentence_at(draft.article, before[-1].span.start)
    return _agreed(draft, draft.context.with_company(first, min(start, last)))


def _from_article(draft: Draft) -> tuple[TaggedSpan, ...]:
    lexicon, start = draft.context.lexicon, draft.trigger.span.start
    nearest = bisect_left(lexicon.subjects, start, key=lambda known: known.start) - 1
    if nearest < 0 or not lexicon.sole_subject:
        return ()
    known = lexicon.subjects[nearest]
    return (TaggedSpan(known.start, known.end, "COMPANY", draft.trigger.span.score),)


def _agency(draft: Draft) -> tuple[TaggedSpan, ...]:
    """Return who acts in the article's other events of the type: a headline often leaves out the court or regulator."""
    start = draft.trigger.span.start
    near = draft.context.with_company(start - _ARTICLE, start + _ARTICLE)
    found = _agreed(draft, [trigger for trigger in near if trigger.span.label == draft.action])
    return tuple(span for span in found if not is_generic(draft.text(span)))


def _agreed(draft: Draft, triggers: Sequence[Trigger], *, label: str = "COMPANY") -> tuple[TaggedSpan, ...]:
    """Return the companies, or targets, of the nearest trigger, rather one before, if all triggers have the same."""
    found = [(trigger, spans) for trigger in triggers if not _is_agent(draft, spans := spans_of(trigger, label))]
    keys = {frozenset(resolve(draft.context.lexicon, s.start, s.end).key for s in spans) for _, spans in found}
    if len(keys) != 1:
        return ()
    start = draft.trigger.span.start
    nearest = min(found, key=lambda pair: (pair[0].span.start > start, abs(pair[0].span.start - start)))
    return joined(draft, tuple(trim(draft.article.text, span) for span in nearest[1]))


def _is_agent(draft: Draft, companies: Sequence[TaggedSpan]) -> bool:
    """Tell whether companies are the agent of a participle behind the trigger: "raised funds in a round led by X"."""
    first = min((span.start for span in companies), default=0)
    return first > draft.trigger.span.end and draft.article.text[first - 4 : first].casefold() == " by "


def _is_taken(draft: Draft, span: TaggedSpan) -> bool:
    """Tell whether a span is already the target of the draft or its trigger."""
    return _overlaps(span, (*draft.targets, draft.trigger.span))


def _overlaps(span: TaggedSpan, others: Sequence[TaggedSpan]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


@cache
def _round() -> re.Pattern[str]:
    return re.compile(wording()["targets"]["rounds"])
