"""Counts per document and the figures they add up to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quintuple.evaluate.align import CORE, Outcome
from quintuple.evaluate.bootstrap import f1, intervals
from quintuple.evaluate.flat import FlatEvent

Ints = npt.NDArray[np.int64]

#: What must be right for a predicted event to be right.
EVENT_MEASURES: dict[str, frozenset[str]] = {
    "action": frozenset({"action"}),
    "core": CORE,
    "tuple_dt": CORE | {"percentage", "date_text"},
    "tuple": CORE | {"percentage", "date"},
}

#: Slots that are scored on aligned events.
SLOT_MEASURES = ("company", "target", "percentage", "date", "date_text", "status")

MEASURES = (*EVENT_MEASURES, *SLOT_MEASURES)

#: The scope that holds every document.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Figure:
    """A micro-averaged measure, with the bounds of its F1's confidence interval."""

    precision: float
    recall: float
    f1: float
    low: float
    high: float
    correct: int
    predicted: int
    gold: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a scope: ``counts[document, measure]`` holds correct, predicted and gold."""

    measures: tuple[str, ...]
    counts: Ints

    def figures(self) -> dict[str, Figure]:
        """Return the figure of each measure, over all documents of the scope."""
        return score_scopes({ALL: self})[ALL]


def count_outcomes(outcomes: Sequence[Sequence[Outcome]], *, action: str | None = None) -> Tally:
    """Count the outcomes of each document; with ``action``, those of events of that type alone."""
    counts = np.zeros((len(outcomes), len(MEASURES), 3), dtype=np.int64)
    for number, each in enumerate(outcomes):
        for outcome in each:
            if action in (None, *_actions(outcome)):
                counts[number] += _row(outcome, action)
    return Tally(MEASURES, counts)


def split_tally(tally: Tally, names: Sequence[str | None], *, prefix: str = "") -> dict[str, Tally]:
    """Split a tally by a name per document, such as its language; documents without one are left out."""
    index = np.array([name or "" for name in names])
    present = sorted({name for name in names if name})
    return {prefix + name: Tally(tally.measures, tally.counts[index == name]) for name in present}


def action_types(outcomes: Sequence[Sequence[Outcome]]) -> list[str]:
    """Return the types of all events that count, sorted."""
    return sorted({action for each in outcomes for outcome in each for action in _actions(outcome)})


def score_scopes(scopes: Mapping[str, Tally]) -> dict[str, dict[str, Figure]]:
    """Return the figures of each scope."""
    sizes: dict[int, list[str]] = {}
    for name, tally in scopes.items():
        sizes.setdefault(len(tally.counts), []).append(name)
    figures: dict[str, dict[str, Figure]] = {}
    for names in sizes.values():
        # Drawing documents is what costs, so scopes of as many documents share the draws.
        low, high = intervals(np.concatenate([scopes[name].counts for name in names], axis=1))
        figures |= _figures({name: scopes[name] for name in names}, zip(low, high, strict=True))
    return {name: figures[name] for name in scopes}


def _figures(scopes: Mapping[str, Tally], bounds: Iterator[tuple[float, float]]) -> dict[str, dict[str, Figure]]:
    """Return the figures of scopes whose intervals follow one another in ``bounds``."""
    return {
        name: {
            measure: _figure(totals, *map(float, next(bounds)))
            for measure, totals in zip(tally.measures, tally.counts.sum(axis=0), strict=True)
        }
        for name, tally in scopes.items()
    }


def _actions(outcome: Outcome) -> set[str]:
    return {event.action for event in (outcome.predicted, outcome.gold) if event}


def _row(outcome: Outcome, action: str | None) -> Ints:
    """Return correct, predicted and gold of each measure, in the order of ``MEASURES``."""
    predicted, gold = (
        event if event and action in (None, event.action) else None for event in (outcome.predicted, outcome.gold)
    )
    rows = [
        (bool(predicted and gold and wanted <= outcome.right), bool(predicted), bool(gold))
        for wanted in EVENT_MEASURES.values()
    ]
    rows += [_slot_row(outcome, slot) if gold else (False, False, False) for slot in SLOT_MEASURES]
    return np.array(rows, dtype=np.int64)


def _slot_row(outcome: Outcome, slot: str) -> tuple[bool, bool, bool]:
    if not (outcome.predicted and outcome.gold):
        return False, False, False
    found, wanted = _filled(outcome.predicted, slot), _filled(outcome.gold, slot)
    return found and wanted and slot in outcome.right, found, wanted


def _filled(event: FlatEvent, slot: str) -> bool:
    # A missing company is an answer of its own ("no court is named"), as a status always is.
    if slot in ("company", "status"):
        return True
    return bool(event.date if slot == "date_text" else getattr(event, slot))


def _figure(totals: Ints, low: float, high: float) -> Figure:
    correct, predicted, gold = map(int, totals)
    precision, recall = (correct / total if total else 0.0 for total in (predicted, gold))
    return Figure(precision, recall, float(f1(totals)), low, high, correct, predicted, gold)
