"""TI, TC, AI and AC."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quintuple.evaluate import evaluate_triggers, predict_triggers, read_predicted_triggers, read_trigger_arguments
from quintuple.events import DataError, TaggedSpan, Trigger

from .conftest import FakeExtractor

Write = Callable[..., Path]

TEXT = "甲方质押股份给乙行，并投资丙厂。"


def part(word: str) -> dict[str, Any]:
    start = TEXT.index(word)
    return {"span": [start, start + len(word)], "word": word}


def record(**changes: Any) -> dict[str, Any]:
    events = [
        {"type": "质押", "trigger": part("质押"), "args": {"sub": [part("甲方")], "obj": [part("乙行")]}},
        {"type": "投资", "trigger": part("投资"), "args": {"sub": [part("甲方")], "obj": [part("丙厂")]}},
    ]
    return {"id": "s1", "content": TEXT, "events": events} | changes


def span(word: str, label: str) -> TaggedSpan:
    start = TEXT.index(word)
    return TaggedSpan(start, start + len(word), label, 0.9)


def test_gold_is_perfect_against_itself(write: Write) -> None:
    path = write("dev.jsonl", record(), record(id="s2", events=[]))
    documents = read_trigger_arguments([path])
    scores = evaluate_triggers(documents, read_predicted_triggers(path, documents)).scores
    assert {name: (figure.f1, figure.gold) for name, figure in scores["all"].items()} == {
        "TI": (1.0, 2),
        "TC": (1.0, 2),
        "AI": (1.0, 4),
        "AC": (1.0, 4),
    }
    assert set(scores) == {"all", "type.质押", "type.投资"}
    assert scores["type.投资"]["AC"].gold == 2


def test_figures_of_a_hand_made_case(write: Write, extractor: FakeExtractor) -> None:
    documents = read_trigger_arguments([write("dev.jsonl", record())])
    extractor.classifier.answers[TEXT] = (
        # Right trigger and type; the object's role is wrong, and one argument is too many.
        Trigger(span("质押", "质押"), (span("甲方", "sub"), span("乙行", "sub"), span("股份", "obj"))),
        # Right trigger, wrong type: its arguments are of the wrong type too.
        Trigger(span("投资", "质押"), (span("甲方", "sub"),)),
    )
    found = predict_triggers(extractor, documents)  # type: ignore[arg-type]
    figures = evaluate_triggers(documents, found).scores["all"]
    counts = {name: (figure.correct, figure.predicted, figure.gold) for name, figure in figures.items()}
    # 甲方 as an argument of 质押 is predicted twice and counts once.
    assert counts == {"TI": (2, 2, 2), "TC": (1, 2, 2), "AI": (2, 3, 4), "AC": (1, 3, 4)}


def test_a_trigger_of_two_types_counts_once_as_a_span(write: Write) -> None:
    twice = [{"type": kind, "trigger": part("投资"), "args": {}} for kind in ("投资", "质押")]
    path = write("dev.jsonl", record(events=twice))
    documents = read_trigger_arguments([path])
    figures = evaluate_triggers(documents, [document.triggers for document in documents]).scores["all"]
    assert (figures["TI"].gold, figures["TC"].gold, figures["AI"].gold) == (1, 2, 0)


def test_a_sentence_without_prediction_scores_as_empty(write: Write) -> None:
    documents = read_trigger_arguments([write("dev.jsonl", record(), record(id="s2"))])
    result = evaluate_triggers(documents, read_predicted_triggers(write("out.jsonl", record()), documents))
    assert result.missing == 1
    assert (result.scores["all"]["AC"].precision, result.scores["all"]["AC"].recall) == (1.0, 0.5)


def test_the_baseline_is_compared(write: Write) -> None:
    path = write("dev.jsonl", *(record(id=str(number)) for number in range(30)))
    documents = read_trigger_arguments([path])
    gold = [document.triggers for document in documents]
    row = evaluate_triggers(documents, gold, baseline=[()] * 30).comparison["all"]["AC"]
    assert (row.f1, row.baseline, row.difference) == (1.0, 0.0, 1.0)


def test_a_model_of_other_types_is_refused(write: Write, extractor: FakeExtractor) -> None:
    other = [{"type": "中标", "trigger": part("投资"), "args": {}}]
    documents = read_trigger_arguments([write("dev.jsonl", record(events=other))])
    with pytest.raises(DataError, match="expected a model of the types 中标, got one of 质押, 投资"):
        predict_triggers(extractor, documents)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"content": None}, r"dev\.jsonl:1: expected a record in FewFC's shape"),
        ({"content": "!" + TEXT}, r"dev\.jsonl:1: .*sub \[0:2\] is '!甲' in the text, labelled '甲方'"),
        ({"events": [{"type": "质押"}]}, r"dev\.jsonl:1: .*KeyError\('trigger'\)"),
    ],
)
def test_broken_records_name_file_and_line(change: dict[str, Any], message: str, write: Write) -> None:
    with pytest.raises(DataError, match=message):
        read_trigger_arguments([write("dev.jsonl", record(**change))])


def test_repeated_empty_and_foreign_files_are_refused(write: Write) -> None:
    path = write("dev.jsonl", record())
    with pytest.raises(DataError, match=r"dev\.jsonl:1: expected an id of its own, got 's1' again"):
        read_trigger_arguments([path, path])
    with pytest.raises(DataError, match=r"none\.jsonl: expected at least one sentence, got none"):
        read_trigger_arguments([write("none.jsonl")])
    with pytest.raises(DataError, match="expected predictions for 's1' and the other sentences, got none"):
        read_predicted_triggers(write("out.jsonl", record(id="s9")), read_trigger_arguments([path]))


def test_the_result_is_plain_json(write: Write) -> None:
    documents = read_trigger_arguments([write("dev.jsonl", record())])
    plain = evaluate_triggers(documents, [()], digest="sha256:0").to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["scores"]["all"]["TI"]["gold"] == 2
    assert "outcomes" not in plain
