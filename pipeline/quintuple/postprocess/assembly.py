"""Runs the rules in their order over the triggers of an article and makes the events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from quintuple.events import Action, Article, Date, Event, TaggedSpan, Trigger
from quintuple.postprocess.aliases import read_lexicon
from quintuple.postprocess.calibration import Calibration
from quintuple.postprocess.clauses import sentence_at
from quintuple.postprocess.confidence import event_confidence
from quintuple.postprocess.drafts import Context, Draft, apply
from quintuple.postprocess.merge import merge_mentions
from quintuple.postprocess.names import Names, names_of
from quintuple.postprocess.pairing import expand, split_plural
from quintuple.postprocess.status import read_cue
from quintuple.postprocess.steps import EVENT_STEPS, SLOT_STEPS, SPAN_STEPS, rules_of
from quintuple.settings import PostprocessSettings

#: The rules of both halves, with no group switched off.
SPAN_RULES, SLOT_RULES = rules_of(SPAN_STEPS), rules_of(SLOT_STEPS)

_SLOTS = {
    "COMPANY": "companies",
    "TARGET": "targets",
    "PERCENTAGE": "percentages",
    "DATE": "dates",
    "COUNTERPARTY": "counterparties",
}
_ANCHOR_REACH = 300  # characters behind a date within which another may lean on it


def assemble(
    article: Article,
    triggers: Sequence[Trigger],
    *,
    settings: PostprocessSettings,
    names: Names | None = None,
    calibration: Calibration | None = None,
) -> tuple[Event, ...]:
    """Return the events of an article in text order; confidences are scores unless ``calibration`` is given."""
    found = explain(article, triggers, settings=settings, names=names, calibration=calibration)
    return tuple(event for event, _ in found)


def explain(
    article: Article,
    triggers: Sequence[Trigger],
    *,
    settings: PostprocessSettings,
    names: Names | None = None,
    calibration: Calibration | None = None,
) -> tuple[tuple[Event, tuple[str, ...]], ...]:
    """Return the events of an article in text order, each with the names of the rules that fired on it."""
    ordered = tuple(sorted(triggers, key=_order))
    cues = {trigger: read_cue(article, sentence_at(article, trigger.span.start), trigger) for trigger in ordered}
    lexicon = read_lexicon(article, ordered, names or names_of(settings.companies), off=settings.off)
    context = Context(article, ordered, lexicon, cues, settings)
    drafts = tuple(_drafts(context))
    merged = drafts if "merging" in settings.off else merge_mentions(drafts)
    whole = (apply(rules_of(EVENT_STEPS, off=settings.off), draft) for draft in merged)
    events = ((_event(draft), draft.fired) for draft in whole)
    pairs = ((calibration.calibrate(event) if calibration else event, fired) for event, fired in events)
    return tuple((event, fired) for event, fired in pairs if event.confidence >= settings.min_confidence)


def _order(trigger: Trigger) -> tuple[tuple[int, int, str, float], ...]:
    """Sort by everything a trigger holds, so that the order in which triggers come can never matter."""
    return tuple((span.start, span.end, span.label, span.score) for span in (trigger.span, *trigger.arguments))


def _drafts(context: Context) -> Iterator[Draft]:
    anchor: Date | None = None
    earlier: Draft | None = None
    off = context.settings.off
    span_rules, slot_rules = (rules_of(steps, off=off) for steps in (SPAN_STEPS, SLOT_STEPS))
    for trigger in context.triggers:
        draft = apply(span_rules, _start(context, trigger, _near(context.article, anchor, trigger)))
        if not draft.kept:
            continue
        singles = expand(draft, pair="pairing" not in off)
        for single in chain.from_iterable(map(split_plural, singles)):
            finished = apply(slot_rules, single.evolve(earlier=earlier)).evolve(earlier=None)
            if not finished.kept:
                continue
            anchor = finished.date if finished.date is not None and finished.date.edtf else anchor
            earlier = finished if finished.date is not None else earlier
            yield finished


def _start(context: Context, trigger: Trigger, anchor: Date | None) -> Draft:
    spans: dict[str, list[TaggedSpan]] = {slot: [] for slot in _SLOTS.values()}
    for span in sorted(trigger.arguments, key=lambda span: (span.start, span.end)):
        if span.label in _SLOTS and 0 <= span.start < span.end <= len(context.article.text):
            spans[_SLOTS[span.label]].append(span)
    sentence = sentence_at(context.article, trigger.span.start)
    draft = Draft(context, trigger, sentence, anchor=anchor)
    return draft.evolve(**{slot: tuple(found) for slot, found in spans.items()})


def _near(article: Article, anchor: Date | None, trigger: Trigger) -> Date | None:
    """Return the date that another may lean on: the last one of the same paragraph."""
    if anchor is None or trigger.span.start - anchor.end > _ANCHOR_REACH:
        return None
    return None if "\n" in article.text[anchor.end : trigger.span.start] else anchor


def _event(draft: Draft) -> Event:
    span = draft.trigger.span
    action = Action(draft.article.text[span.start : span.end], span.start, span.end, span.label, span.score)
    return Event(
        company=draft.company,
        action=action,
        target=draft.target,
        percentage=draft.percentage,
        date=draft.date,
        counterparty=draft.counterparty,
        status=draft.status,
        confidence=event_confidence(draft),
        sentence=draft.sentence,
    )
