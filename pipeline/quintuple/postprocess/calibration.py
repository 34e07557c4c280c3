"""Turns the scores of the tagger into probabilities of being right, by what was measured on held-out data."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from math import exp, log
from pathlib import Path

from pydantic import Field

from quintuple.events import Event
from quintuple.settings import Strict, validate

FILE = "calibration.json"

_SLOTS = ("company", "action", "target", "percentage", "date")
_EDGE = 1e-4  # a score of nought or one has no log-odds


class Calibration(Strict):
    """Logistic scaling of scores (Platt 1999; temperature scaling is its case with one weight, Guo et al. 2017).

    ``slots`` holds scale and shift of each slot's log-odds; ``event`` the weights of what ``features`` returns.
    """

    slots: dict[str, tuple[float, float]]
    event: tuple[float, ...] = Field(min_length=4, max_length=4)

    def calibrate(self, event: Event) -> Event:
        """Return the event with its confidences, and its slots', as probabilities of being right."""
        scores = {slot: value.confidence for slot in _SLOTS if (value := getattr(event, slot)) is not None}
        known = {slot: score for slot, score in scores.items() if score is not None}
        changes = {
            slot: dataclasses.replace(getattr(event, slot), confidence=self._slot(slot, score))
            for slot, score in known.items()
        }
        odds = sum(weight * value for weight, value in zip(self.event, features(known), strict=True))
        return dataclasses.replace(event, **changes, confidence=_probability(odds))

    def _slot(self, slot: str, score: float) -> float:
        scale, shift = self.slots.get(slot, (1.0, 0.0))
        return _probability(scale * log_odds(score) + shift)


def features(scores: Mapping[str, float]) -> Sequence[float]:
    """Return what an event's being right is told from.

    1, and the log-odds of the trigger, of the least certain other slot and of the mean of the others.
    """
    others = [log_odds(score) for slot, score in scores.items() if slot != "action"] or [0.0]
    return 1.0, log_odds(scores.get("action", 0.5)), min(others), sum(others) / len(others)


def log_odds(score: float) -> float:
    """Return the log-odds of a score between 0 and 1."""
    bounded = min(1 - _EDGE, max(_EDGE, score))
    return log(bounded / (1 - bounded))


def read_calibration(folder: Path) -> Calibration | None:
    """Read ``calibration.json`` of a model folder; None when it has none.

    Raises:
        SettingsError: the file is broken.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        table = {}
    return validate(Calibration, table, where=str(path))


def _probability(odds: float) -> float:
    return round(1 / (1 + exp(-max(-50.0, min(50.0, odds)))), 4)
