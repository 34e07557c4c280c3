"""Calibration fitted on outcomes."""

from __future__ import annotations

import numpy as np
import pytest

from quintuple.evaluate.align import Outcome
from quintuple.evaluate.flat import FlatEvent
from quintuple.evaluate.platt import fit_calibration, logistic
from quintuple.events import Action, Event, Party

TUPLE = frozenset({"action", "company", "target", "percentage", "date"})


def test_logistic_regression_finds_the_weights_that_made_the_data() -> None:
    rng = np.random.default_rng(0)
    inputs = np.column_stack([rng.normal(size=20_000), np.ones(20_000)])
    right = rng.random(20_000) < 1 / (1 + np.exp(-(1.5 * inputs[:, 0] - 0.5)))
    assert logistic(inputs, right) == pytest.approx((1.5, -0.5), abs=0.06)


def test_a_tagger_that_is_too_sure_is_taken_down() -> None:
    # Scores of 0.95 and 0.6 that are right in 7 and 2 of 10 cases.
    outcomes = [
        Outcome(
            FlatEvent("list", scores=(("action", score), ("company", score))), None, TUPLE if k < good else frozenset()
        )
        for score, good in ((0.95, 70), (0.6, 20))
        for k in range(100)
    ]
    calibration = fit_calibration([outcomes])
    for score, share in ((0.95, 0.7), (0.6, 0.2)):
        event = Event(Party("A", 0, 1, "A", confidence=score), Action("lists", 2, 7, "list", score))
        found = calibration.calibrate(event)
        assert found.confidence == pytest.approx(share, abs=0.02)
        assert found.action.confidence == pytest.approx(share, abs=0.02)
