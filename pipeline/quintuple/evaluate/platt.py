"""Fits the calibration of a model on gold: how likely a score of the tagger means a right slot or event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from quintuple.evaluate.align import Outcome
from quintuple.evaluate.scores import EVENT_MEASURES
from quintuple.postprocess.calibration import Calibration, features, log_odds

Floats = npt.NDArray[np.float64]

_SLOTS = ("company", "action", "target", "percentage", "date")
_STEPS = 50
_RIDGE = 1e-3  # keeps the weights finite where a slot was never wrong


def fit_calibration(outcomes: Iterable[Sequence[Outcome]], *, measure: str = "tuple") -> Calibration:
    """Return the calibration under which the predicted events' confidence is the chance that ``measure`` holds.

    A slot is right as the scorer says; those of a spurious event are wrong.
    """
    found = [(outcome, dict(outcome.predicted.scores)) for each in outcomes for outcome in each if outcome.predicted]
    slots = {}
    for slot in _SLOTS:
        rows = [(outcome, scores[slot]) for outcome, scores in found if slot in scores]
        inputs = np.array([[log_odds(score), 1.0] for _, score in rows]).reshape(-1, 2)
        scale, shift = logistic(inputs, np.array([slot in outcome.right for outcome, _ in rows]))
        slots[slot] = (scale, shift)
    right = np.array([EVENT_MEASURES[measure] <= outcome.right for outcome, _ in found])
    weights = logistic(np.array([features(scores) for _, scores in found]).reshape(-1, 4), right)
    return Calibration(slots=slots, event=tuple(weights))


def logistic(inputs: Floats, right: npt.NDArray[np.bool_]) -> tuple[float, ...]:
    """Return the weights of a logistic regression of ``right`` (rows,) on ``inputs`` (rows, features), by Newton."""
    weights = np.zeros(inputs.shape[1])
    for _ in range(_STEPS if len(inputs) else 0):
        chance = 1 / (1 + np.exp(-np.clip(inputs @ weights, -30, 30)))
        gradient = inputs.T @ (chance - right) + _RIDGE * weights
        curvature = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + _RIDGE * np.eye(len(weights))
        weights = weights - np.linalg.solve(curvature, gradient)
    return tuple(round(float(weight), 5) for weight in weights)
