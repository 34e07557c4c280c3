"""What the groups of rules are worth: one classification, many sets of rules."""

from __future__ import annotations

import dataclasses
from typing import get_args

import pytest

from quintuple.evaluate.ablation import ALL_RULES, NO_RULES, ablate, relative_gain
from quintuple.evaluate.flat import FlatEvent, When
from quintuple.evaluate.gold import GoldDocument
from quintuple.events import TaggedSpan, Trigger
from quintuple.settings import RuleGroup

from .conftest import FakeClassifier, FakeExtractor

TEXT = "At the end of 2021, Tencent cut its stake in Sea by one-third."
SPANS = {"COMPANY": "Tencent", "TARGET": "Sea", "PERCENTAGE": "one-third", "DATE": "the end of 2021"}


def span(word: str, label: str) -> TaggedSpan:
    start = TEXT.index(word)
    return TaggedSpan(start, start + len(word), label, 0.9)


def document(**changes: object) -> GoldDocument:
    event = FlatEvent(
        "reduce_stake",
        ("cut",),
        ("Tencent",),
        ("Sea",),
        (33.3333,),
        When("the end of 2021", "2021-12-01", "2021-12-31"),
    )
    return GoldDocument("a", TEXT, (dataclasses.replace(event, **changes),), language="en", published="2022-01-10")  # type: ignore[arg-type]


@pytest.fixture
def model() -> FakeExtractor:
    trigger = Trigger(span("cut", "reduce_stake"), tuple(span(word, label) for label, word in SPANS.items()))
    return FakeExtractor(FakeClassifier({TEXT: (trigger,)}))


def test_there_is_a_row_for_each_group_and_two_more(model: FakeExtractor) -> None:
    rows = ablate(model, {"mine": [document()]})  # type: ignore[arg-type]
    assert [row.name for row in rows] == [ALL_RULES, *get_args(RuleGroup), NO_RULES]
    assert rows[-1].off == get_args(RuleGroup)
    assert {scope for row in rows for scope in row.scores} == {"mine"}


def test_a_group_is_missed_where_it_is_needed(model: FakeExtractor) -> None:
    rows = {row.name: row.scores["mine"] for row in ablate(model, {"mine": [document()]})}  # type: ignore[arg-type]
    assert rows[ALL_RULES] == {"core": 1.0, "tuple": 1.0, "tuple_days": 1.0}
    assert rows["percentages"] == {"core": 1.0, "tuple": 0.0, "tuple_days": 0.0}
    # The wording of a date without days is right for `tuple`, as in every evaluation, and wrong for `tuple_days`.
    assert rows["dates"] == {"core": 1.0, "tuple": 1.0, "tuple_days": 0.0}


def test_a_date_without_days_in_gold_needs_none(model: FakeExtractor) -> None:
    documents = [document(date=When("the end of 2021"))]
    rows = {row.name: row.scores["mine"] for row in ablate(model, {"mine": documents})}  # type: ignore[arg-type]
    assert rows["dates"]["tuple_days"] == 1.0


def test_files_of_one_language_are_summed_up(model: FakeExtractor) -> None:
    told: list[tuple[int, ...]] = []
    gold = {"one": [document()], "two": [document(company=("Baidu",))]}
    rows = ablate(model, gold, progress=lambda *args: told.append(args))  # type: ignore[arg-type]
    assert [rows[0].scores[scope]["core"] for scope in ("one", "two", "en")] == [1.0, 0.0, 0.5]
    assert told == [(2, 2)]


def test_gain_of_all_rules_over_none(model: FakeExtractor) -> None:
    gold = {"mine": [document(percentage=())]}
    rows = ablate(model, gold)  # type: ignore[arg-type]
    assert relative_gain(rows, "mine", "core") == 0.0
    assert relative_gain(rows, "mine", "tuple_days") == 0.0  # nothing to divide by
