"""Which predicted event answers which gold event, and what counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quintuple.evaluate.align import compare, right_slots
from quintuple.evaluate.flat import FlatEvent, When

DEALS = {
    "zh": FlatEvent("acquire", ("收购",), ("蓝湖科技",), ("青禾软件",), (51.0,), When("周一")),
    "en": FlatEvent("acquire", ("bought",), ("Bluelake",), ("Greenfield",), (51.0,), When("on Monday")),
}
ALL_SLOTS = {"action", "company", "target", "percentage", "date", "date_text", "status"}

each_deal = pytest.mark.parametrize("deal", DEALS.values(), ids=list(DEALS))


@each_deal
def test_an_equal_event_is_right_in_every_slot(deal: FlatEvent) -> None:
    (outcome,) = compare([deal], [deal])
    assert outcome.right == ALL_SLOTS


@each_deal
@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"company": ()}, {"company"}),
        ({"target": ("Elsewhere",)}, {"target"}),
        ({"percentage": (51.0, 49.0)}, {"percentage"}),
        ({"percentage": (51.004,)}, set()),
        ({"date": None}, {"date", "date_text"}),
        ({"status": "planned"}, {"status"}),
        ({"action": "invest"}, {"action"}),
    ],
)
def test_one_change_makes_one_slot_wrong(deal: FlatEvent, change: dict[str, object], wrong: set[str]) -> None:
    (outcome,) = compare([replace(deal, **change)], [deal])
    assert outcome.predicted and outcome.gold
    assert outcome.right == ALL_SLOTS - wrong


@pytest.mark.parametrize(
    ("found", "wanted", "right"),
    [
        (When("Monday", "2024-05-06"), When("on Monday", "2024-05-06", "2024-05-06"), {"date", "date_text"}),
        (When("Monday", "2024-05-13"), When("on Monday", "2024-05-06", "2024-05-06"), {"date_text"}),
        (When("last week", "2024-05-06"), When("Monday", "2024-05-06", "2024-05-06"), {"date"}),
        (When("May", "2024-05-01", "2024-05-31"), When("May", "2024-05-01"), {"date_text"}),
        (When("Monday"), When("on Monday", "2024-05-06"), {"date", "date_text"}),
        (None, None, {"date", "date_text"}),
    ],
)
def test_days_decide_where_both_are_resolved(found: When | None, wanted: When | None, right: set[str]) -> None:
    slots = right_slots(FlatEvent("list", date=found), FlatEvent("list", date=wanted))
    assert slots & {"date", "date_text"} == right


def test_neither_type_nor_trigger_in_common_is_no_match() -> None:
    outcomes = compare([FlatEvent("sue", ("sued",), ("A",))], [FlatEvent("list", ("listed",), ("A",))])
    assert [(bool(each.predicted), bool(each.gold)) for each in outcomes] == [(True, False), (False, True)]


@each_deal
def test_the_better_agreement_is_taken_first(deal: FlatEvent) -> None:
    poor = replace(deal, company=("Somebody",), target=())
    outcomes = compare([poor, deal], [deal])
    assert [each.predicted for each in outcomes] == [deal, poor]
    assert outcomes[1].gold is None


@each_deal
def test_a_repeated_core_costs_nothing(deal: FlatEvent) -> None:
    assert len(compare([deal, replace(deal, date=None)], [deal])) == 1


@each_deal
def test_optional_events_count_neither_way(deal: FlatEvent) -> None:
    optional = replace(deal, optional=True)
    assert compare([], [optional]) == ()
    assert compare([deal], [optional]) == ()


@each_deal
def test_of_equal_candidates_the_one_that_counts_is_matched(deal: FlatEvent) -> None:
    (outcome,) = compare([deal], [replace(deal, optional=True), deal])
    assert outcome.gold == deal
