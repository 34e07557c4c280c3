"""From tagged triggers to events: a table of cases over both languages, provenance and robustness."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quintuple.events import Article, Event, Sentence, TaggedSpan, Trigger
from quintuple.postprocess import assemble, explain
from quintuple.settings import load_settings

SETTINGS = load_settings().postprocess
CASES = tomllib.loads((Path(__file__).parent / "cases" / "assembly.toml").read_text(encoding="utf-8"))["case"]
ROLES = {"C": "COMPANY", "T": "TARGET", "P": "PERCENTAGE", "D": "DATE", "B": "COUNTERPARTY"}


def find(text: str, word: str) -> tuple[int, int]:
    word, _, number = word.partition("#")
    start = -1
    for _ in range(int(number or 1)):
        start = text.index(word, start + 1)
    return start, start + len(word)


def article(text: str) -> Article:
    return Article("case", text, "zh" if any("\u3400" <= char <= "\u9fff" for char in text) else "en")


def read_trigger(text: str, action: str, word: str, roles: dict[str, list[str]]) -> Trigger:
    spans = [TaggedSpan(*find(text, place), ROLES[role], 0.9) for role, words in roles.items() for place in words]
    return Trigger(TaggedSpan(*find(text, word), action, 0.9), tuple(spans))


def write(event: Event) -> str:
    company, action, target, values, _ = event.as_tuple()
    percent = ", ".join(f"{round(value, 2):g}" for value in values) if values else None
    date = event.date.text if event.date else None
    return " | ".join(part or "-" for part in (company, action, target, percent, date, event.status))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_events(case: dict[str, Any]) -> None:
    text = case["text"]
    triggers = [read_trigger(text, *trigger) for trigger in case["triggers"]]
    assert [write(event) for event in assemble(article(text), triggers, settings=SETTINGS)] == case["events"]


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize(
    ("text", "trigger", "rule"),
    [
        ("京东被腾讯减持。", ["reduce_stake", "减持", {"C": ["京东"], "T": ["腾讯"]}], "swap_passive"),
        ("Sea was bought by Tencent.", ["acquire", "bought", {"T": ["Sea"]}], "take_agent"),
        ("Pell plans to buy Tarn.", ["acquire", "buy", {"C": ["Pell"], "T": ["Tarn"]}], "set_status"),
        ("Norvane sold Pell to Tencent.", ["dispose", "sold", {"C": ["Norvane"], "T": ["Pell"]}], "take_counterparty"),
    ],
)
def test_explain_names_the_rules_that_fired(text: str, trigger: list[Any], rule: str) -> None:
    ((event, fired),) = explain(article(text), [read_trigger(text, *trigger)], settings=SETTINGS)
    assert rule in fired
    assert assemble(article(text), [read_trigger(text, *trigger)], settings=SETTINGS) == (event,)


def test_counterparty_is_resolved() -> None:
    text = "Norvane sold Pell to Tencent."
    trigger = read_trigger(text, "dispose", "sold", {"C": ["Norvane"], "T": ["Pell"]})
    (event,) = assemble(article(text), [trigger], settings=SETTINGS)
    assert event.counterparty is not None
    assert event.counterparty.id == "tencent"


@pytest.mark.parametrize(
    ("text", "trigger", "kind"),
    [
        ("董事陈立减持股份。", ["reduce_stake", "减持", {"C": ["陈立"]}], "person"),
        ("星澜科技减持股份。", ["reduce_stake", "减持", {"C": ["星澜科技"]}], "company"),
        ("Investor Carl Icahn bought Tarn.", ["acquire", "bought", {"C": ["Carl Icahn"], "T": ["Tarn"]}], "person"),
        ("Warren Widget Inc bought Tarn.", ["acquire", "bought", {"C": ["Warren Widget Inc"]}], "company"),
    ],
)
def test_person_or_company(text: str, trigger: list[Any], kind: str) -> None:
    (event,) = assemble(article(text), [read_trigger(text, *trigger)], settings=SETTINGS)
    assert event.company is not None
    assert event.company.kind == kind


def test_confidence_is_the_geometric_mean_and_filters() -> None:
    text = "Pell bought Tarn."
    spans = (TaggedSpan(0, 4, "COMPANY", 0.25), TaggedSpan(12, 16, "TARGET", 1.0))
    trigger = Trigger(TaggedSpan(5, 11, "acquire", 0.5), spans)
    (event,) = assemble(article(text), [trigger], settings=SETTINGS)
    assert event.confidence == pytest.approx(0.5)
    assert event.company is not None
    assert event.company.confidence == 0.25
    assert assemble(article(text), [trigger], settings=SETTINGS.model_copy(update={"min_confidence": 0.6})) == ()


def test_sentence_is_the_one_of_the_trigger() -> None:
    text = "Prices fell. Pell bought Tarn."
    sentences = (Sentence(0, 12, "en"), Sentence(13, 30, "en"))
    trigger = read_trigger(text, "acquire", "bought", {"C": ["Pell"], "T": ["Tarn"]})
    (event,) = assemble(Article("case", text, "en", sentences), [trigger], settings=SETTINGS)
    assert event.sentence == (13, 30)


def test_relative_date_leans_on_the_date_before_it() -> None:
    text = "瑞川科技2020年3月上市，次年收购衡达电子。"
    triggers = [
        read_trigger(text, "list", "上市", {"C": ["瑞川科技"], "D": ["2020年3月"]}),
        read_trigger(text, "acquire", "收购", {"C": ["瑞川科技"], "T": ["衡达电子"], "D": ["次年"]}),
    ]
    first, second = assemble(article(text), triggers, settings=SETTINGS)
    assert first.date is not None and first.date.edtf == "2020-03"
    assert second.date is not None and second.date.text == "次年"


PIECES = [
    "腾讯",
    "公司",
    "被",
    "将",
    "（以下简称“甲”）",
    "10%",
    "2021年",
    "，",
    "。",
    "\n",
    "😀",
    "Sea",
    " by ",
    "the company",
    "(X.N)",
    "respectively",
    "【",
    "】",
    "：",
    "'s",
    "分别",
    " ",
    "a",
]
LABELS = ["COMPANY", "TARGET", "PERCENTAGE", "DATE", "COUNTERPARTY", "UNKNOWN"]
TYPES = ["acquire", "metric_up", "appoint", "penalize", "dispose", "hold_stake", "other"]


@st.composite
def tagged_articles(draw: st.DrawFn) -> tuple[Article, list[Trigger]]:
    text = "".join(draw(st.lists(st.sampled_from(PIECES), max_size=25)))
    places = st.integers(0, len(text))
    scores = st.floats(0, 1)

    def span(labels: list[str]) -> TaggedSpan:
        start, end = sorted((draw(places), draw(places)))
        return TaggedSpan(start, end, draw(st.sampled_from(labels)), draw(scores))

    triggers = [
        Trigger(span(TYPES), tuple(span(LABELS) for _ in range(draw(st.integers(0, 6)))))
        for _ in range(draw(st.integers(0, 4)))
    ]
    return Article("case", text, draw(st.sampled_from(["zh", "en"]))), triggers


@settings(max_examples=200, deadline=None)
@given(tagged_articles())
def test_offsets_hold_whatever_was_tagged(tagged: tuple[Article, list[Trigger]]) -> None:
    source, triggers = tagged
    for event, fired in explain(source, triggers, settings=SETTINGS):
        slots = (event.company, event.action, event.target, event.percentage, event.date, event.counterparty)
        assert all(source.text[slot.start : slot.end] == slot.text for slot in slots if slot is not None)
        assert 0 <= event.confidence <= 1
        assert all(fired)


@given(tagged_articles(), st.randoms())
@settings(max_examples=50, deadline=None)
def test_order_of_triggers_does_not_matter(tagged: tuple[Article, list[Trigger]], random: Any) -> None:
    source, triggers = tagged
    shuffled = random.sample(triggers, len(triggers))
    assert assemble(source, shuffled, settings=SETTINGS) == assemble(source, triggers, settings=SETTINGS)
