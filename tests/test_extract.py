"""The three stages together, with a network that tags by rule."""

from __future__ import annotations

import importlib
import threading
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import quintuple
from quintuple.events import Event, Evidence
from quintuple.extract import Extractor


def evidence(record: Any) -> list[Evidence]:
    """All the evidence in an event, nested spans included."""
    if isinstance(record, tuple):
        return [found for item in record for found in evidence(item)]
    if not is_dataclass(record):
        return []
    own = [record] if isinstance(record, Evidence) else []
    return own + [found for field in fields(record) for found in evidence(getattr(record, field.name))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年1月5日，甲购乙。", [("甲", "acquire", "乙", None, None)]),
        ("Tencent buys Sea.", [("Tencent", "acquire", "Sea", None, None)]),
        ("甲减乙5%股份。", [("甲", "reduce_stake", "乙", (5.0,), None)]),
        ("The weather is fine.", []),
        ("", []),
    ],
)
def test_events(extractor: Extractor, text: str, expected: list[tuple[Any, ...]]) -> None:
    found = [(e.company and e.company.text, e.action.type, e.target and e.target.text) for e in extractor.extract(text)]
    assert found == [event[:3] for event in expected]
    values = [e.percentage.values if e.percentage else None for e in extractor.extract(text)]
    assert values == [event[3] for event in expected]


def test_pipe_keeps_the_order_across_batches(extractor: Extractor) -> None:
    texts = ["甲购乙。", "无事。", "Tencent cuts Sea.", "甲减乙。"] * 5
    alone = [extractor.extract(text) for text in texts]
    assert list(extractor.pipe(texts, batch_size=3)) == alone
    assert [len(events) for events in alone[:4]] == [1, 0, 1, 1]


_WORDS = st.sampled_from(
    ["甲", "乙", "购", "减持", "騰訊", "公司", "５", "%", "5%", "tencent", "Sea", "buys", "cuts", "。"]
)
_MIXED = st.lists(
    _WORDS | st.sampled_from([" ", "\r\n", "😀", "２１．３％", "去年", "last week", ". ", "\u3000"]), max_size=40
)


@hypothesis_settings(deadline=None, max_examples=200)
@given(parts=_MIXED)
def test_offsets_never_lie(extractor: Extractor, parts: list[str]) -> None:
    text = "".join(parts)
    for event in extractor.extract(text, published="2022-01-10"):
        for slot in evidence(event):
            assert text[slot.start : slot.end] == slot.text
        begin, end = event.sentence
        assert begin <= event.action.start < event.action.end <= end


def test_an_extractor_may_be_shared_by_threads(extractor: Extractor) -> None:
    texts = [f"甲购乙{'。' * n}" for n in range(8)]
    expected = [extractor.extract(text) for text in texts]
    results: dict[int, list[Event]] = {}

    def work(number: int) -> None:
        results[number] = extractor.extract(texts[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [results[number] for number in range(len(texts))] == expected


def test_the_function_is_not_hidden_by_the_module_of_its_name() -> None:
    module = importlib.import_module("quintuple.extract")
    assert quintuple.extract is module.extract
    assert callable(quintuple.load)


def test_public_names() -> None:
    assert quintuple.__all__ == sorted(quintuple.__all__)
    assert all(hasattr(quintuple, name) for name in quintuple.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = quintuple.nothing
