"""Each group of rules can be switched off, alone and with the others."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quintuple.events import Article, Event, Trigger
from quintuple.postprocess import assemble, explain
from quintuple.postprocess.explanation import describe_rule
from quintuple.postprocess.steps import EVENT_STEPS, SLOT_STEPS, SPAN_STEPS
from quintuple.settings import RuleGroup, load_settings

from .test_assembly import article, read_trigger, tagged_articles, write

SETTINGS = load_settings().postprocess
GROUPS: tuple[RuleGroup, ...] = get_args(RuleGroup)


def events(text: str, *triggers: list[Any], off: tuple[RuleGroup, ...] = ()) -> list[str]:
    found = [read_trigger(text, *trigger) for trigger in triggers]
    return [write(event) for event in assemble(article(text), found, settings=SETTINGS.model_copy(update={"off": off}))]


@pytest.mark.parametrize(
    ("group", "text", "triggers", "on", "off"),
    [
        (
            "plausibility",
            "Pell went bankrupt.",
            [["go_bankrupt", "bankrupt", {"C": ["Pell"], "T": ["went"]}]],
            ["Pell | go_bankrupt | - | - | - | occurred"],
            ["Pell | go_bankrupt | went | - | - | occurred"],
        ),
        (
            "trimming",
            "Pell's “revenue” rose.",
            [["metric_up", "rose", {"C": ["Pell"], "T": ["“revenue”"]}]],
            ["Pell | metric_up | revenue | - | - | occurred"],
            ["Pell | metric_up | “revenue” | - | - | occurred"],
        ),
        (
            "voice",
            "Sea was bought by Tencent.",
            [["acquire", "bought", {"C": ["Sea"], "T": ["Tencent"]}]],
            ["Tencent | acquire | Sea Limited | - | - | occurred"],
            ["Sea Limited | acquire | Tencent | - | - | occurred"],
        ),
        (
            "subjects",
            "Pell bought Tarn and sold Vane.",
            [["acquire", "bought", {"C": ["Pell"], "T": ["Tarn"]}], ["dispose", "sold", {"T": ["Vane"]}]],
            ["Pell | acquire | Tarn | - | - | occurred", "Pell | dispose | Vane | - | - | occurred"],
            ["Pell | acquire | Tarn | - | - | occurred"],
        ),
        (
            "status",
            "Pell plans to buy Tarn.",
            [["acquire", "buy", {"C": ["Pell"], "T": ["Tarn"]}]],
            ["Pell | acquire | Tarn | - | - | planned"],
            ["Pell | acquire | Tarn | - | - | occurred"],
        ),
        (
            "pairing",
            "Pell bought 10% of Tarn and 5% of Vane.",
            [["acquire", "bought", {"C": ["Pell"], "T": ["Tarn", "Vane"], "P": ["10%", "5%"]}]],
            ["Pell | acquire | Tarn | 10 | - | occurred", "Pell | acquire | Vane | 5 | - | occurred"],
            ["Pell | acquire | Tarn | 10, 5 | - | occurred", "Pell | acquire | Vane | 10, 5 | - | occurred"],
        ),
        (
            "percentages",
            "瑞川科技收购衡达电子三成股权和5%股权。",
            [["acquire", "收购", {"C": ["瑞川科技"], "T": ["衡达电子"], "P": ["三成", "5%"]}]],
            ["瑞川科技 | acquire | 衡达电子 | 30, 5 | - | occurred"],
            ["瑞川科技 | acquire | 衡达电子 | 5 | - | occurred"],
        ),
        (
            "names",
            "Tencent Holdings bought Tarn.",
            [["acquire", "bought", {"C": ["Tencent Holdings"], "T": ["Tarn"]}]],
            ["Tencent | acquire | Tarn | - | - | occurred"],
            ["Tencent Holdings | acquire | Tarn | - | - | occurred"],
        ),
        (
            "pronouns",
            "Pell said the company bought Tarn.",
            [["acquire", "bought", {"C": ["the company"], "T": ["Tarn"]}]],
            ["Pell | acquire | Tarn | - | - | occurred"],
            ["the company | acquire | Tarn | - | - | occurred"],
        ),
        (
            "merging",
            "Pell bought Tarn. Pell bought Tarn.",
            [
                ["acquire", "bought", {"C": ["Pell"], "T": ["Tarn"]}],
                ["acquire", "bought#2", {"C": ["Pell#2"], "T": ["Tarn#2"]}],
            ],
            ["Pell | acquire | Tarn | - | - | occurred"],
            ["Pell | acquire | Tarn | - | - | occurred"] * 2,
        ),
    ],
)
def test_a_group_can_be_switched_off(
    group: RuleGroup, text: str, triggers: list[list[Any]], on: list[str], off: list[str]
) -> None:
    assert events(text, *triggers) == on
    assert events(text, *triggers, off=(group,)) == off


def test_dates_switched_off_keep_their_wording() -> None:
    text = "Pell bought Tarn in March 2021."
    trigger = read_trigger(text, "acquire", "bought", {"C": ["Pell"], "T": ["Tarn"], "D": ["March 2021"]})
    (event,) = assemble(article(text), [trigger], settings=SETTINGS.model_copy(update={"off": ("dates",)}))
    assert event.date is not None
    assert (event.date.text, event.date.edtf, event.date.earliest) == ("March 2021", None, None)


@settings(max_examples=100, deadline=None)
@given(tagged_articles(), st.sets(st.sampled_from(GROUPS)))
def test_offsets_hold_with_any_groups_off(tagged: tuple[Article, list[Trigger]], off: set[RuleGroup]) -> None:
    source, triggers = tagged
    found: list[Event] = list(
        assemble(source, triggers, settings=SETTINGS.model_copy(update={"off": tuple(sorted(off))}))
    )
    for event in found:
        slots = (event.company, event.action, event.target, event.percentage, event.date, event.counterparty)
        assert all(source.text[slot.start : slot.end] == slot.text for slot in slots if slot is not None)


@settings(max_examples=100, deadline=None)
@given(tagged_articles())
def test_every_rule_that_fires_is_described(tagged: tuple[Article, list[Trigger]]) -> None:
    source, triggers = tagged
    for _, fired in explain(source, triggers, settings=SETTINGS):
        assert all(describe_rule(rule) for rule in fired)


def test_every_rule_is_described() -> None:
    rules = (step.rule for step in (*SPAN_STEPS, *SLOT_STEPS, *EVENT_STEPS))
    assert all(describe_rule(rule.__name__).endswith(".") for rule in rules)
    assert describe_rule("no_such_rule") == ""
