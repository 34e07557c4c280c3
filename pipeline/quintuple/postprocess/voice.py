"""Rules for passives and missing parties: they repair what the tagger left out and never turn round what is right."""

from __future__ import annotations

import re
from functools import cache

from quintuple.events import TaggedSpan
from quintuple.postprocess.clauses import language_at
from quintuple.postprocess.drafts import Draft, wording
from quintuple.postprocess.lexicon import Known
from quintuple.postprocess.references import is_generic, reference_of

_PASSIVE = 120  # characters on each side of a trigger in which its passive lies


def take_agent(draft: Draft) -> Draft:
    """Fill a missing company from the agent of a passive: "by X", 被X, 由X."""
    if draft.companies:
        return draft
    agent = _agent(draft)
    if agent is None or _covers(draft.targets, agent):
        return draft
    return draft.evolve(companies=(_span(agent, "COMPANY", draft),))


def swap_passive(draft: Draft) -> Draft:
    """Turn company and target round where the target is evidently the agent of a passive."""
    if len(draft.companies) != 1 or len(draft.targets) != 1 or draft.action in wording()["voice"]["unturned"]:
        return draft
    agent, (company,), (target,) = _agent(draft), draft.companies, draft.targets
    if agent is None or not _covers((target,), agent) or _covers((company,), agent):
        return draft
    if company.start > draft.trigger.span.start or not _is_passive(draft, company):
        return draft
    return draft.evolve(
        companies=(TaggedSpan(target.start, target.end, "COMPANY", target.score),),
        targets=(TaggedSpan(company.start, company.end, "TARGET", company.score),),
    )


def take_counterparty(draft: Draft) -> Draft:
    """Fill the other side: whom the company sells to, or buys from, where a known name stands there."""
    if draft.counterparties:
        return draft
    party = _other_side(draft)
    if party is None or _covers((*draft.companies, *draft.targets), party):
        return draft
    return draft.evolve(counterparties=(_span(party, "COUNTERPARTY", draft),))


def appoint_successor(draft: Draft) -> Draft:
    """Make the agent the one who takes the post in "She will be succeeded by Rohan Bakshi"."""
    if draft.action != "appoint":
        return draft
    trigger, (first, last) = draft.trigger.span, draft.sentence
    near = max(first, trigger.start - _PASSIVE), min(last, trigger.end + _PASSIVE)
    found = _pattern("en_successor").finditer(draft.article.text, *near)
    match = next((match for match in found if match.start() <= trigger.start < match.start("name")), None)
    if match is None:
        return draft
    start, end = match.span("name")
    apart = tuple(span for span in draft.companies if span.end <= match.start())
    named = tuple(span for span in apart if span not in draft.targets and not _is_person_word(draft, span))
    return draft.evolve(companies=named, targets=(TaggedSpan(start, end, "TARGET", trigger.score),))


def aim_at_pledgee(draft: Draft) -> Draft:
    """Make the other side the target where the type says so: shares are pledged to a bank, the bank is the target.

    Of a bank and "the company", whose shares they are, the bank is.
    """
    if draft.action not in wording()["voice"]["to_other_side"]:
        return draft
    if not draft.counterparties:
        named = tuple(span for span in draft.targets if not is_generic(draft.text(span)))
        return draft.evolve(targets=named) if named and len(named) < len(draft.targets) else draft
    pledgee = min(draft.counterparties, key=lambda span: (-span.score, span.start))
    return draft.evolve(targets=(TaggedSpan(pledgee.start, pledgee.end, "TARGET", pledgee.score),), counterparties=())


def aim_at_each_other(draft: Draft) -> Draft:
    """Make each of two companies the other's target, where they do it together: "A and B called off their merger"."""
    if draft.targets or len(draft.companies) != 2 or draft.action not in wording()["targets"]["mutual"]:
        return draft
    return draft.evolve(targets=tuple(TaggedSpan(s.start, s.end, "TARGET", s.score) for s in draft.companies))


def _is_person_word(draft: Draft, span: TaggedSpan) -> bool:
    return reference_of(draft.text(span)) == "person"


def _agent(draft: Draft) -> Known | None:
    text, span = draft.article.text, draft.trigger.span
    if language_at(draft.article, span.start) == "en":
        match = _pattern("en_agent").match(text[span.end : draft.sentence[1]])
        return _known_at(draft, span.end + match.end()) if match else None
    match = _pattern("zh_agent").search(text[draft.sentence[0] : span.start])
    if match is None:
        return None
    return _known_within(draft, *(draft.sentence[0] + place for place in match.span("agent")))


def _is_passive(draft: Draft, company: TaggedSpan) -> bool:
    text, span = draft.article.text, draft.trigger.span
    if language_at(draft.article, span.start) == "en":
        return _pattern("en_passive").search(text[company.end : span.start]) is not None
    return _pattern("zh_passive").search(text[company.end : span.start]) is not None


def _other_side(draft: Draft) -> Known | None:
    text, span, table = draft.article.text, draft.trigger.span, wording()["voice"]
    if draft.action not in (*table["sellers"], *table["buyers"]):
        return None
    sells = draft.action in table["sellers"]
    if language_at(draft.article, span.start) == "en" or sells:
        name = ("en" if language_at(draft.article, span.start) == "en" else "zh") + ("_to" if sells else "_from")
        match = _pattern(name).match(text[span.end : draft.sentence[1]])
        return _known_at(draft, span.end + match.end()) if match else None
    match = _pattern("zh_from").search(text[draft.sentence[0] : span.start])
    return _known_within(draft, *(draft.sentence[0] + place for place in match.span("party"))) if match else None


def _known_at(draft: Draft, place: int) -> Known | None:
    known = draft.context.lexicon.starting(place)
    return None if known is None or known.spotted else known


def _known_within(draft: Draft, start: int, end: int) -> Known | None:
    return next((known for known in draft.context.lexicon.within(start, end) if not known.spotted), None)


def _covers(spans: tuple[TaggedSpan, ...], known: Known) -> bool:
    return any(span.start < known.end and known.start < span.end for span in spans)


def _span(known: Known, label: str, draft: Draft) -> TaggedSpan:
    return TaggedSpan(known.start, known.end, label, draft.trigger.span.score)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(wording()["voice"][name])
