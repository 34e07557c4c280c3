"""How far an event's confidence can be taken at its word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from quintuple.evaluate.align import Outcome
from quintuple.evaluate.scores import EVENT_MEASURES
from quintuple.evaluate.settings import evaluate_settings


@dataclass(frozen=True, slots=True)
class Bin:
    """The events whose confidence lies between ``low`` and ``high``: how sure, and how often right."""

    low: float
    high: float
    events: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The expected calibration error and the filled bins of the reliability table."""

    ece: float
    events: int
    bins: tuple[Bin, ...]


def calibrate(confidences: Sequence[float], correct: Sequence[bool], *, bins: int) -> Calibration:
    """Return the expected calibration error over equal bins of [0, 1] (Guo et al. 2017).

    It is the mean distance between confidence and share of right events in a bin, weighted by the events in it.
    """
    sure, right = np.asarray(confidences, dtype=np.float64), np.asarray(correct, dtype=np.float64)
    index = np.clip((sure * bins).astype(np.int64), 0, bins - 1)
    table = tuple(
        Bin(number / bins, (number + 1) / bins, int(at.sum()), float(sure[at].mean()), float(right[at].mean()))
        for number in range(bins)
        if (at := index == number).any()
    )
    total = max(1, len(sure))
    return Calibration(sum(row.events * abs(row.accuracy - row.confidence) for row in table) / total, len(sure), table)


def calibrate_outcomes(outcomes: Iterable[Sequence[Outcome]]) -> dict[str, Calibration]:
    """Set the confidence of predicted events against their being right, as core and as tuple.

    Events without a confidence are left out; without any, nothing is returned.
    """
    known = [
        (outcome.predicted.confidence, outcome.right)
        for each in outcomes
        for outcome in each
        if outcome.predicted and outcome.predicted.confidence is not None
    ]
    if not known:
        return {}
    bins = evaluate_settings().calibration.bins
    sure = [confidence for confidence, _ in known]
    return {
        name: calibrate(sure, [EVENT_MEASURES[name] <= right for _, right in known], bins=bins)
        for name in ("core", "tuple")
    }
