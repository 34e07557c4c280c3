"""Rules that turn the spans of a draft into slots: status, percentage, date, and the parties."""

from __future__ import annotations

import dataclasses
from typing import Any

from quintuple.events import Article, Party, TaggedSpan
from quintuple.postprocess.antecedents import resolve
from quintuple.postprocess.clauses import language_at, sentence_at
from quintuple.postprocess.dates import lean_date, read_date
from quintuple.postprocess.drafts import Draft, wording
from quintuple.postprocess.kinds import is_person
from quintuple.postprocess.lexicon import Entity
from quintuple.postprocess.names import tables
from quintuple.postprocess.percent import read_percentage
from quintuple.postprocess.references import is_generic, reference_of
from quintuple.postprocess.status import is_hypothetical, shares_plan
from quintuple.postprocess.subjects import raisers


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
    """Take an action without a cue of its own as planned where the article speaks of a plan for such actions."""
    if draft.context.cues[draft.trigger].text or draft.status != "occurred":
        return draft
    language = language_at(draft.article, draft.trigger.span.start)
    shared = shares_plan(draft.action, language, draft.context.stated)
    return draft.evolve(status="planned") if shared else draft


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


def read_growth(draft: Draft) -> Draft:
    """Take the percentage from the trigger where that says one and nothing else does: "doubled", 翻倍."""
    if draft.percentage is not None:
        return draft
    span = draft.trigger.span
    sentence, trigger = draft.sentence, (span.start, span.end)
    percentage = read_percentage(draft.article.text, (), action=draft.action, trigger=trigger, sentence=sentence)
    if percentage is None:
        return draft
    return draft.evolve(percentage=dataclasses.replace(percentage, confidence=span.score))


def set_date(draft: Draft) -> Draft:
    """Read the most certain date span, against the publication date, the dates before it, or the last event's date.

    An action without a cue whose date is still to come is planned.
    """
    if not draft.dates:
        return draft
    trigger, article = draft.trigger.span.start, draft.article
    span = min(draft.dates, key=lambda span: (-span.score, abs(span.start - trigger), span.start))
    context: dict[str, Any] = {
        "published": article.published,
        "future": draft.status in ("planned", "rumoured", "denied"),
        "fiscal_year_start": draft.fiscal_start,
    }
    date = lean_date(article.text, span.start, span.end, **context)
    if date is None:
        return draft
    if date.edtf is None and draft.anchor is not None and draft.anchor.end <= span.start:
        date = read_date(article.text, span.start, span.end, anchor=draft.anchor, **context) or date
    ahead = draft.status == "occurred" and not draft.certain and (date.earliest or "") > (article.published or "9")
    changes: dict[str, Any] = {"status": "planned"} if ahead else {}
    return draft.evolve(date=dataclasses.replace(date, confidence=span.score), **changes)


def set_company(draft: Draft) -> Draft:
    """Resolve the company: aliases, pronouns, canonical name, and whether it is a person."""
    if not draft.companies:
        return draft
    span, lexicon = draft.companies[0], draft.context.lexicon
    if draft.acting is None:
        entity = resolve(lexicon, span.start, span.end, exclude=_other_keys(draft))
    else:
        entity = lexicon.entity(draft.acting.text, draft.acting.start, draft.acting.end)
    return _noted(draft.evolve(company=_party(draft, span, entity)), entity)


def set_target(draft: Draft) -> Draft:
    """Resolve the target where it can be a party; a metric, product or post keeps its text."""
    if not draft.targets:
        return draft
    span, words = draft.targets[0], tables()["words"]
    text = draft.text(span)
    if draft.action in words["person_targets"] and not is_generic(text):
        entity = _post_holder(draft, span)
    elif draft.action in words["party_targets"] or is_generic(text):
        entity = _raiser(draft, span) or _other_party(draft, span)
    else:
        entity = Entity(text)
    return _noted(draft.evolve(target=_party(draft, span, entity)), entity)


def _raiser(draft: Draft, span: TaggedSpan) -> Entity | None:
    """Return the company that raises the money, where the target of an investment is "the company"."""
    if draft.action != "invest" or reference_of(draft.text(span)) not in ("declarer", "definite", "near"):
        return None
    found = raisers(draft)
    entity = resolve(draft.context.lexicon, found[0].start, found[0].end) if found else None
    return dataclasses.replace(entity, rule="antecedent") if entity and entity.key not in _own_keys(draft) else None


def _other_party(draft: Draft, span: TaggedSpan) -> Entity:
    own = frozenset() if _may_be_own(draft, draft.text(span)) else _own_keys(draft)
    return resolve(draft.context.lexicon, span.start, span.end, exclude=own)


def drop_itself(draft: Draft) -> Draft:
    """Drop an event in which company and target bear one name, where its type needs another party."""
    if draft.company is None or draft.target is None or draft.action not in wording()["targets"]["other_party"]:
        return draft
    same = draft.company.text.casefold() == draft.target.text.casefold() and not is_generic(draft.company.text)
    return draft.evolve(kept=False) if same else draft


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
    own = draft.action in ("restructure", "repurchase", "pledge", "release_pledge")
    return (own and (reference_of(text) != "pronoun" or text == "itself")) or not is_generic(text)


def _own_keys(draft: Draft) -> frozenset[str]:
    """Return the keys of all the companies tagged for the trigger: none of them is its target."""
    spans = [span for span in draft.trigger.arguments if span.label == "COMPANY"]
    tagged = {resolve(draft.context.lexicon, span.start, span.end).key for span in spans if span.start < span.end}
    return frozenset(tagged | ({Entity(draft.company.name, draft.company.id).key} if draft.company else set()))


def _other_keys(draft: Draft) -> frozenset[str]:
    """Return the keys of the named targets, none of which a general word for the company means."""
    if draft.action not in wording()["targets"]["other_party"]:
        return frozenset()
    lexicon = draft.context.lexicon
    named = [span for span in draft.targets if not is_generic(draft.text(span))]
    return frozenset(lexicon.entity(draft.text(span), span.start, span.end).key for span in named)


def _around(article: Article, spans: tuple[TaggedSpan, ...], sentence: tuple[int, int]) -> tuple[int, int]:
    """Widen a sentence so that it holds all the spans."""
    bounds = [sentence, *(sentence_at(article, span.start) for span in spans)]
    return min(start for start, _ in bounds), max(end for _, end in bounds)


def _lowest(spans: tuple[TaggedSpan, ...]) -> float:
    return min(span.score for span in spans)
