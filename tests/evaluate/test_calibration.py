"""Confidence against being right."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.evaluate.align import Outcome
from quintuple.evaluate.calibration import calibrate, calibrate_outcomes
from quintuple.evaluate.flat import FlatEvent

CORE = frozenset({"action", "company", "target"})


def test_ece_of_a_hand_made_case() -> None:
    # [0, 0.5): 0.2 sure, none right. [0.5, 1]: 0.9 sure, two of three right.
    result = calibrate([0.2, 0.9, 0.8, 1.0], [False, True, True, False], bins=2)
    assert [(row.low, row.high, row.events) for row in result.bins] == [(0.0, 0.5, 1), (0.5, 1.0, 3)]
    assert result.bins[1].confidence == pytest.approx(0.9)
    assert result.bins[1].accuracy == pytest.approx(2 / 3)
    assert result.ece == pytest.approx((0.2 + 3 * (0.9 - 2 / 3)) / 4)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1), st.integers(1, 20))
def test_every_event_is_in_one_bin(events: list[tuple[float, bool]], bins: int) -> None:
    result = calibrate([sure for sure, _ in events], [right for _, right in events], bins=bins)
    assert sum(row.events for row in result.bins) == result.events == len(events)
    assert 0 <= result.ece <= 1
    for row in result.bins:
        assert row.low - 1e-9 <= row.confidence <= row.high + 1e-9


def test_spurious_events_are_wrong_and_missed_ones_do_not_count() -> None:
    sure = FlatEvent("list", confidence=0.95)
    outcomes = [[Outcome(sure, sure, CORE), Outcome(sure, None)], [Outcome(None, sure)]]
    result = calibrate_outcomes(outcomes)
    assert result["core"].events == 2
    assert result["core"].bins[0].accuracy == 0.5
    assert result["tuple"].bins[0].accuracy == 0.0


def test_without_confidence_there_is_no_calibration() -> None:
    event = FlatEvent("list")
    assert calibrate_outcomes([[Outcome(event, event, CORE)]]) == {}
