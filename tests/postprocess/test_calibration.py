"""From scores to probabilities."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.events import Action, Event, Party, SettingsError
from quintuple.postprocess.calibration import Calibration, read_calibration

SAME = Calibration(slots={}, event=(0.0, 1.0, 0.0, 0.0))


def event(trigger: float, company: float) -> Event:
    action = Action("sold", 5, 9, "dispose", trigger)
    return Event(Party("Acme", 0, 4, "Acme", confidence=company), action, confidence=0.5)


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_order_of_events_by_their_trigger_stays(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert SAME.calibrate(event(low, 0.9)).confidence <= SAME.calibrate(event(high, 0.9)).confidence


@given(st.floats(0, 1), st.floats(0, 1), st.lists(st.floats(-50, 50), min_size=4, max_size=4))
def test_whatever_is_fitted_gives_probabilities(trigger: float, company: float, weights: list[float]) -> None:
    found = Calibration(slots={"company": (3.0, -2.0)}, event=tuple(weights)).calibrate(event(trigger, company))
    assert found.company is not None and found.company.confidence is not None
    assert 0 <= found.confidence <= 1 and 0 <= found.company.confidence <= 1


def test_a_slot_is_scaled_by_its_own_figures() -> None:
    found = Calibration(slots={"company": (0.5, 0.0)}, event=(0.0, 1.0, 0.0, 0.0)).calibrate(event(0.8, 0.9))
    assert found.company is not None
    assert found.company.confidence == pytest.approx(0.75, abs=1e-4)  # odds 9, their root 3
    assert found.action.confidence == found.confidence == pytest.approx(0.8, abs=1e-4)


def test_reading(tmp_path: Path) -> None:
    assert read_calibration(tmp_path) is None
    path = tmp_path / "calibration.json"
    path.write_text(SAME.model_dump_json(), encoding="utf-8")
    assert read_calibration(tmp_path) == SAME
    path.write_text('{"slots": {}, "event": [1]}', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"calibration\.json: event: .*at least 4"):
        read_calibration(tmp_path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"calibration\.json: slots: Field required"):
        read_calibration(tmp_path)
