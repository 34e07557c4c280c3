"""Turns one draft into events: company by target, with percentages and dates paired where the wording pairs them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from quintuple.events import TaggedSpan
from quintuple.postprocess.antecedents import parties_of, resolve
from quintuple.postprocess.drafts import Draft, wording
from quintuple.postprocess.references import reference_of

Spans = tuple[TaggedSpan, ...]
Pairs = dict[TaggedSpan, Spans]


def expand(draft: Draft, *, pair: bool = True) -> tuple[Draft, ...]:
    """Return one draft per company and target; a percentage or date goes to its own pair where the wording says so.

    Without ``pair``, every value goes to every company and target.
    """
    companies: Sequence[TaggedSpan | None] = draft.companies or (None,)
    targets: Sequence[TaggedSpan | None] = draft.targets or (None,)
    if len(companies) == len(targets) == 1:
        return (draft,)
    shares, dates = (_pairs(draft, spans) if pair else None for spans in (draft.percentages, draft.dates))
    matched = _matched_sides(draft) if pair else None
    pairs = [(company, target) for company in companies for target in targets]
    if matched is not None:
        pairs = [(company, target) for company, target in pairs if company and target and matched[company] == target]
    return tuple(_one(draft, company, target, shares, dates) for company, target in pairs)


def split_plural(draft: Draft) -> tuple[Draft, ...]:
    """Return one draft per party where the company is a word for several: 双方, "both companies"."""
    lexicon = draft.context.lexicon
    if len(draft.companies) != 1 or not lexicon.pronouns:
        return (draft,)
    span = draft.companies[0]
    if reference_of(draft.text(span)) != "plural":
        return (draft,)
    objects = {resolve(lexicon, target.start, target.end).key for target in draft.targets}
    named = parties_of(lexicon, span.start, span.end)
    parties = [known for known in named if lexicon.entity(known.text, known.start, known.end).key not in objects]
    fired = (*draft.fired, "split_plural")
    return tuple(draft.evolve(acting=known, fired=fired) for known in parties) or (draft,)


def _one(
    draft: Draft, company: TaggedSpan | None, target: TaggedSpan | None, shares: Pairs | None, dates: Pairs | None
) -> Draft:
    paired = shares is not None or dates is not None
    return draft.evolve(
        companies=(company,) if company else (),
        targets=(target,) if target else (),
        percentages=_choose(draft.percentages, shares, company, target),
        dates=_choose(draft.dates, dates, company, target),
        fired=(*draft.fired, "expand", *(("pair_values",) if paired else ())),
    )


def _choose(spans: Spans, pairs: Pairs | None, company: TaggedSpan | None, target: TaggedSpan | None) -> Spans:
    if pairs is None:
        return spans
    return next((pairs[party] for party in (target, company) if party in pairs), spans)


def _pairs(draft: Draft, values: Spans) -> Pairs | None:
    """Return which values belong to which party, or nothing where all belong to all."""
    if len(values) == 0:
        return None
    for parties in (draft.targets, draft.companies):
        if len(parties) > 1:
            for rule in (_interleaved, _respective, _joined, _in_turn):
                found = rule(draft, parties, values)
                if found is not None:
                    return found
    return None


def _interleaved(_draft: Draft, parties: Spans, values: Spans) -> Pairs | None:
    """Pair "A 40%, B 12%" and "10% of A and 5% of B": parties and values by turns."""
    if len(parties) != len(values):
        return None
    ordered = sorted((*parties, *values), key=lambda span: span.start)
    firsts, seconds = ordered[0::2], ordered[1::2]
    sides = (set(parties), set(values))
    if (set(firsts), set(seconds)) not in (sides, sides[::-1]):
        return None
    couples = zip(firsts, seconds, strict=True) if set(firsts) == sides[0] else zip(seconds, firsts, strict=True)
    return {party: (value,) for party, value in couples}


def _respective(draft: Draft, parties: Spans, values: Spans) -> Pairs | None:
    """Pair in order where "respectively" or 分别 says so, or where both stand in lists of one length."""
    if len(parties) != len(values):
        return None
    ordered = sorted((*parties, *values), key=lambda span: span.start)
    lists = {span.start for span in ordered[: len(parties)]} in ({s.start for s in parties}, {s.start for s in values})
    said = _pattern("respectively").search(draft.article.text[draft.sentence[0] : draft.sentence[1]]) is not None
    if not (lists and (said or len(parties) > 2)):
        return None
    return {
        party: (value,) for party, value in zip(sorted(parties, key=_start), sorted(values, key=_start), strict=True)
    }


def _joined(draft: Draft, parties: Spans, values: Spans) -> Pairs | None:
    """Give a value inside a list of parties to the one it is joined to: "A, B and a 28% interest in C"."""
    text = draft.article.text
    inside = [value for value in values if parties[0].start < value.start < parties[-1].end]
    if len(inside) != len(values) or len(values) >= len(parties):
        return None
    pairs: Pairs = dict.fromkeys(parties, ())
    for value in values:
        ahead = [
            party
            for party in parties
            if _pattern("share_of").match(text[value.end : party.start]) and party.start >= value.end
        ]
        behind = [
            party
            for party in parties
            if party.end <= value.start and _pattern("share_behind").match(text[party.end : value.start])
        ]
        if not ahead and not behind:
            return None
        party = (ahead or behind)[0]
        pairs[party] = (*pairs[party], value)
    return pairs


def _in_turn(_draft: Draft, parties: Spans, values: Spans) -> Pairs | None:
    """Give each party the date next to it: "A in 2011, B and C in 2014", "in 2011 A, in 2014 B"."""
    if len(values) < 2 or values[0].label != "DATE":
        return None
    if parties[0].start < values[0].start and parties[-1].start < values[-1].start:
        return {party: (next(value for value in values if value.start > party.start),) for party in parties}
    if values[0].start < parties[0].start and values[-1].start < parties[-1].start:
        return {party: ([value for value in values if value.start < party.start][-1],) for party in parties}
    return None


def _matched_sides(draft: Draft) -> dict[TaggedSpan, TaggedSpan] | None:
    """Match companies with targets one to one, where they stand by turns or "respectively" says so."""
    companies, targets = draft.companies, draft.targets
    if len(companies) != len(targets) or len(companies) < 2:
        return None
    if {span.start for span in companies} & {span.start for span in targets}:
        return None  # they do it to each other: "A and B agree to merge"
    turns = _interleaved(draft, companies, targets)
    if turns is not None:
        return {company: target for company, (target,) in turns.items()}
    text = draft.article.text[draft.sentence[0] : draft.sentence[1]]
    if _pattern("respectively").search(text) is None or draft.percentages:
        return None
    return dict(zip(sorted(companies, key=_start), sorted(targets, key=_start), strict=True))


def _start(span: TaggedSpan) -> int:
    return span.start


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(wording()["pairing"][name], re.IGNORECASE)
