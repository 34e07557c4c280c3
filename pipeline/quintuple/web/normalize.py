"""The normal forms of the spans that a reviewer marks, by the rules of the extraction."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import lru_cache

from quintuple.events import (
    Action,
    Article,
    Date,
    Event,
    Evidence,
    Language,
    Party,
    Percentage,
    Status,
    TaggedSpan,
    Trigger,
)
from quintuple.postprocess.aliases import read_lexicon
from quintuple.postprocess.assembly import SLOT_RULES
from quintuple.postprocess.clauses import sentence_at
from quintuple.postprocess.drafts import Context, Draft, apply
from quintuple.postprocess.edtf import read_edtf
from quintuple.postprocess.names import shipped_names
from quintuple.postprocess.percent import percent_values
from quintuple.postprocess.status import read_cue
from quintuple.preprocess import make_article
from quintuple.settings import PreprocessSettings

Place = tuple[int, int]

_FIELDS = {"company": "companies", "target": "targets", "counterparty": "counterparties"}


@lru_cache(maxsize=8)
def article_of(text: str, published: str | None, language: Language | None, settings: PreprocessSettings) -> Article:
    """Return a text as an article; a reviewer asks about the same one again and again."""
    return make_article(text, id="text", settings=settings, published=published, language=language)


def normalize(
    article: Article,
    action: Place,
    type_: str,
    *,
    parties: Mapping[str, Place],
    percentages: Sequence[Place] = (),
    date: Place | None = None,
    status: Status | None = None,
    anchor: str | None = None,
) -> Event:
    """Return the event of some spans as the extraction would write it; every span stays as it was marked.

    ``parties`` are the places of company, target and counterparty; ``anchor`` is the EDTF date that a relative one
    leans on. ``status`` None is read from the cue words. A percentage without a figure has no values.
    """
    trigger = Trigger(_tagged(action, type_), tuple(_tagged(place, slot.upper()) for slot, place in parties.items()))
    draft = _draft(article, trigger, status=status, anchor=anchor).evolve(
        **{_FIELDS[slot]: (_tagged(place, slot.upper()),) for slot, place in parties.items()},
        percentages=tuple(_tagged(place, "PERCENTAGE") for place in sorted(percentages)),
        dates=() if date is None else (_tagged(date, "DATE"),),
    )
    done = apply(SLOT_RULES, draft)
    return Event(
        company=_bare(done.company),
        action=Action(article.text[slice(*action)], *action, type_),
        target=_bare(done.target),
        percentage=_percentage(article.text, sorted(percentages), done.percentage),
        date=_date(article.text, date, done.date),
        counterparty=_bare(done.counterparty),
        status=done.status,
        sentence=done.sentence,
    )


def date_bounds(edtf: str) -> tuple[str | None, str | None] | None:
    """Return the first and last day of an EDTF date, None for each open end; None if it is no EDTF."""
    period = read_edtf(edtf)
    if not period.known:
        return None
    first, last = period.first, period.last
    return (first.isoformat() if first else None), (last.isoformat() if last else None)


def _draft(article: Article, trigger: Trigger, *, status: Status | None, anchor: str | None) -> Draft:
    sentence = sentence_at(article, trigger.span.start)
    cue = read_cue(article, sentence, trigger)
    lexicon = read_lexicon(article, (trigger,), shipped_names())
    context = Context(article, (trigger,), lexicon, {trigger: cue})
    date = None if anchor is None else Date(anchor, 0, 0, anchor)
    return Draft(context, trigger, sentence, anchor=date, status=status or cue.status)


def _tagged(place: Place, label: str) -> TaggedSpan:
    return TaggedSpan(*place, label, 1.0)


def _bare(party: Party | None) -> Party | None:
    """Return a party without the confidence: the reviewer is sure."""
    return None if party is None else dataclasses.replace(party, confidence=None)


def _date(text: str, place: Place | None, found: Date | None) -> Date | None:
    if place is None:
        return None
    whole = Date(text[slice(*place)], *place)
    return (
        whole
        if found is None
        else dataclasses.replace(whole, edtf=found.edtf, earliest=found.earliest, latest=found.latest)
    )


def _percentage(text: str, places: Sequence[Place], found: Percentage | None) -> Percentage | None:
    """Return the values of the marked spans alone, with the roles that the rules saw in the whole sentence."""
    if not places:
        return None
    start, end = places[0][0], max(end for _, end in places)
    spans = tuple(Evidence(text[low:high], low, high) for low, high in places)
    inside = [span for span in (found.spans if found else ()) if any(_touch(span, place) for place in places)]
    values = tuple(value for span in inside or spans for value in percent_values(span.text))
    roles = {
        role: value
        for role in ("from_", "to", "by")
        if found is not None and (value := getattr(found, role)) is not None and value in values
    }
    kind = found.kind if found else "other"
    return Percentage(text[start:end], start, end, spans=spans, values=values, kind=kind, **roles)


def _touch(span: Evidence, place: Place) -> bool:
    return span.start < place[1] and place[0] < span.end
