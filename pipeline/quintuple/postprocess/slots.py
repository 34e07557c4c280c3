"""Rules that turn the spans of a draft into slots: status, percentage, date, and the parties."""

from __future__ import annotations

import dataclasses

from quintuple.events import Article, Date, Party, TaggedSpan
from quintuple.postprocess.aliases import Entity
from quintuple.postprocess.antecedents import resolve
from quintuple.postprocess.clauses import language_at, sentence_at
from quintuple.postprocess.dates import read_date
from quintuple.postprocess.drafts import Draft, wording
from quintuple.postprocess.kinds import is_generic, is_person
from quintuple.postprocess.names import tables
from quintuple.postprocess.percent import read_percentage
from quintuple.postprocess.status import is_hypothetical


def drop_hypothetical(draft: Draft) -> Draft:
    """Drop a trigger in a question or under a condition: it states no event."""
    return draft.evolve(kept=False) if is_hypothetical(draft.article, draft.sentence, draft.trigger) else draft


def set_status(draft: Draft) -> Draft:
    """Read the status of the action from the cue words around the trigger."""
    cue = draft.context.cues[draft.trigger]
    if cue.status == draft.status and cue.explicit == draft.certain:
        return draft
    return draft.evolve(status=cue.status, certain=cue.explicit)


def adopt_plan(draft: Draft) -> Draft:
    """Take a deal without a cue of its own as planned where all other cues of the article are of plans."""
    language = language_at(draft.article, draft.trigger.span.start)
    if draft.certain or draft.status != "occurred" or draft.action not in wording()["status"][f"{language}_deals"]:
        return draft
    statuses = {cue.status for cue in draft.context.cues.values() if cue.explicit}
    return draft.evolve(status="planned") if statuses == {"planned"} else draft


def set_percentage(draft: Draft) -> Draft:
    """Read the values of the percentages, and which of them are from, to and by."""
    if not draft.percentages:
        return draft
    spans = [(span.start, span.end) for span in draft.percentages]
    sentence = _around(draft.article, draft.percentages, draft.sentence)
    trigger = (draft.trigger.span.start, draft.trigger.span.end)
    percentage = read_percentage(draft.article.text, spans, action=draft.action, trigger=trigger, sentence=sentence)
    if percentage is None:
        return draft
    return draft.evolve(percentage=dataclasses.replace(percentage, confidence=_lowest(draft.percentages)))


def set_date(draft: Draft) -> Draft:
    """Read the most certain date span, against the publication date or the date before it."""
    if not draft.dates:
        return draft
    trigger = draft.trigger.span.start
    span = min(draft.dates, key=lambda span: (-span.score, abs(span.start - trigger), span.start))
    text = draft.article.text
    planned = draft.status in ("planned", "rumoured")
    date = read_date(text, span.start, span.end, published=draft.article.published, anchor=draft.anchor, future=planned)
    found = date or Date(text[span.start : span.end], span.start, span.end)
    return draft.evolve(date=dataclasses.replace(found, confidence=span.score))


def set_company(draft: Draft) -> Draft:
    """Resolve the company: aliases, pronouns, canonical name, and whether it is a person."""
    if not draft.companies:
        return draft
    span = draft.companies[0]
    entity = resolve(draft.context.lexicon, span.start, span.end)
    return _noted(draft.evolve(company=_party(draft, span, entity)), entity)


def set_target(draft: Draft) -> Draft:
    """Resolve the target where it can be a party; a metric, product or post keeps its text."""
    if not draft.targets:
        return draft
    span, words = draft.targets[0], tables()["words"]
    text = draft.text(span)
    if draft.action in words["person_targets"]:
        entity = _post_holder(draft, span)
    elif draft.action in words["party_targets"] or is_generic(text):
        own = frozenset() if _may_be_own(draft, text) else _own_keys(draft)
        entity = resolve(draft.context.lexicon, span.start, span.end, exclude=own)
    else:
        entity = Entity(text)
    return _noted(draft.evolve(target=_party(draft, span, entity)), entity)


def set_counterparty(draft: Draft) -> Draft:
    """Resolve the counterparty, the most certain one where several were tagged."""
    if not draft.counterparties:
        return draft
    span = min(draft.counterparties, key=lambda span: (-span.score, span.start))
    entity = resolve(draft.context.lexicon, span.start, span.end)
    return _noted(draft.evolve(counterparty=_party(draft, span, entity)), entity)


def _party(draft: Draft, span: TaggedSpan, entity: Entity) -> Party:
    return Party(draft.text(span), span.start, span.end, entity.name, entity.id, entity.kind, span.score)


def _noted(draft: Draft, entity: Entity) -> Draft:
    return draft if entity.rule is None else draft.evolve(fired=(*draft.fired, entity.rule))


def _post_holder(draft: Draft, span: TaggedSpan) -> Entity:
    """Return the person who takes or leaves a post; a body such as an auditor stays a company."""
    entity = draft.context.lexicon.entity(draft.text(span), span.start, span.end)
    text = draft.article.text
    words = entity.name.split()
    latin = 2 <= len(words) <= 5 and all(word[:1].isupper() for word in words) and entity.id is None
    if entity.kind == "company" and (latin or is_person(entity.name, "董事", text[span.end : span.end + 2])):
        return dataclasses.replace(entity, kind="person")
    return entity


def _may_be_own(draft: Draft, text: str) -> bool:
    """Tell whether a general word as target may mean the company itself: "restructure the company"."""
    return draft.action in ("restructure", "repurchase", "pledge", "release_pledge") or not is_generic(text)


def _own_keys(draft: Draft) -> frozenset[str]:
    """Return the keys of all the companies tagged for the trigger: none of them is its target."""
    spans = [span for span in draft.trigger.arguments if span.label == "COMPANY"]
    tagged = {resolve(draft.context.lexicon, span.start, span.end).key for span in spans if span.start < span.end}
    return frozenset(tagged | ({Entity(draft.company.name, draft.company.id).key} if draft.company else set()))


def _around(article: Article, spans: tuple[TaggedSpan, ...], sentence: tuple[int, int]) -> tuple[int, int]:
    """Widen a sentence so that it holds all the spans."""
    bounds = [sentence, *(sentence_at(article, span.start) for span in spans)]
    return min(start for start, _ in bounds), max(end for _, end in bounds)


def _lowest(spans: tuple[TaggedSpan, ...]) -> float:
    return min(span.score for span in spans)
