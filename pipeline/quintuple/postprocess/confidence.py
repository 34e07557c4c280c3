"""The confidence of an event: the geometric mean of the scores of its trigger and of its filled slots."""

from __future__ import annotations

from math import exp, log

from quintuple.postprocess.drafts import Draft

_FLOOR = 1e-6  # a score of nought would make every other one pointless

#: What a slot keeps of the score of its source when a rule, not the tagger, filled it.
INHERITED = 0.8


def event_confidence(draft: Draft) -> float:
    """Return the geometric mean of the trigger's and the slots' scores, between 0 and 1."""
    slots = (draft.company, draft.target, draft.percentage, draft.date)
    scores = [
        draft.trigger.span.score,
        *(slot.confidence for slot in slots if slot is not None and slot.confidence is not None),
    ]
    bounded = [min(1.0, max(_FLOOR, score)) for score in scores]
    return round(exp(sum(map(log, bounded)) / len(bounded)), 6)
