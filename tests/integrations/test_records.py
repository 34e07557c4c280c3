"""Events go to dicts and come back."""

from __future__ import annotations

import json

import pytest

from quintuple.events import Action, Event
from quintuple.extract import Extractor
from quintuple.integrations.records import read_event


@pytest.mark.parametrize("text", ["甲购乙5%股份。", "Tencent cuts its stake in Sea.", "昨天甲减持乙，由7%到5%。"])
def test_what_to_dict_writes_is_read_back(extractor: Extractor, text: str) -> None:
    events = extractor.extract(text, published="2022-01-10")
    assert events
    assert [read_event(json.loads(json.dumps(event.to_dict()))) for event in events] == events


def test_absent_slots_stay_absent() -> None:
    event = Event(None, Action("处罚", 0, 2, "penalize", 0.5), status="planned", confidence=0.25, sentence=(0, 2))
    assert read_event(json.loads(json.dumps(event.to_dict()))) == event
