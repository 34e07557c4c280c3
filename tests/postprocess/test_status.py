"""Status by cue words: a table of cases over both languages, and what must never fail."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from quintuple.events import Article, TaggedSpan, Trigger
from quintuple.postprocess import assemble
from quintuple.postprocess.clauses import sentence_at
from quintuple.postprocess.status import is_hypothetical, read_cue, read_status
from quintuple.settings import load_settings

CASES = tomllib.loads((Path(__file__).parent / "cases" / "status.toml").read_text(encoding="utf-8"))
MARK = re.compile(r"\[([^\[\]|]+)\|(\w+)\]")


def read_case(marked: str, language: str) -> tuple[Article, Trigger]:
    match = MARK.search(marked)
    assert match is not None, marked
    text = marked[: match.start()] + match[1] + marked[match.end() :]
    span = TaggedSpan(match.start(), match.start() + len(match[1]), match[2], 0.9)
    return Article("case", text, language), Trigger(span)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("language", "status", "marked"),
    [(lang, status, case) for lang, table in CASES.items() for status, cases in table.items() for case in cases],
)
def test_status(language: str, status: str, marked: str) -> None:
    article, trigger = read_case(marked, language)
    cue = read_cue(article, sentence_at(article, trigger.span.start), trigger)
    assert cue.status == status, cue


@pytest.mark.parametrize(
    ("status", "marked"), [(status, case) for status, cases in CASES["zh"].items() for case in cases]
)
def test_traditional_characters_are_read_alike(status: str, marked: str) -> None:
    converter = OpenCC("s2t")
    article, trigger = read_case("".join(map(converter.convert, marked)), "zh")
    cue = read_cue(article, sentence_at(article, trigger.span.start), trigger)
    assert cue.status == status, cue


def test_there_are_enough_cases() -> None:
    assert sum(len(cases) for table in CASES.values() for cases in table.values()) >= 200


@pytest.mark.parametrize(
    ("language", "marked", "expected"),
    [
        ("zh", "如果公司[收购|acquire]对手，份额将翻倍。", True),
        ("zh", "一旦瑞川科技[退市|delist]，债权人将受损。", True),
        ("zh", "瑞川科技会[裁员|lay_off]吗？", True),
        ("zh", "公司是否[出售|dispose]该业务尚不清楚。", True),
        ("zh", "若公司未能在年内[上市|list]，投资人可要求回购。", True),
        ("zh", "瑞川科技[裁员|lay_off]三百人。", False),
        ("zh", "股东会否决了[分红|pay_dividend]方案。", False),
        ("zh", "董事长林若清因年龄原因[离任|depart]。", False),
        ("zh", "公司若干子公司[签署|partner]协议。", False),
        ("en", "The bank asks whether Pell [sold|dispose] the unit.", True),
        ("en", "If Tarn [buys|acquire] Norvane, prices would rise.", True),
        ("en", "Will Harlow [merge|merge] with Pell?", True),
        ("en", "Pell will not bid unless Ibex [cuts|change_price] its price.", True),
        ("en", "Should it [sell|dispose] the unit, the debt falls due.", True),
        ("en", "Harlow [merged|merge] with Pell.", False),
    ],
)
def test_questions_and_conditions_state_no_event(language: str, marked: str, expected: bool) -> None:
    article, trigger = read_case(marked, language)
    assert is_hypothetical(article, sentence_at(article, trigger.span.start), trigger) is expected


@pytest.mark.parametrize(
    ("language", "marked", "status"),
    [
        ("zh", "公司计划扩产。公司已[收购|acquire]对手。", "occurred"),
        ("en", "Pell plans a new plant. It [bought|acquire] Tarn.", "occurred"),
    ],
)
def test_a_cue_of_another_sentence_does_not_reach(language: str, marked: str, status: str) -> None:
    article, trigger = read_case(marked, language)
    assert read_status(article, sentence_at(article, trigger.span.start), trigger) == status


def events_of(text: str, published: str | None, *marks: tuple[str, str, str]) -> list[str]:
    """Return the statuses of events with the first word as company; a mark is trigger, type and date text."""
    article = Article("case", text, "zh" if text[0] > "z" else "en", published=published)  # type: ignore[arg-type]
    company = TaggedSpan(0, len(re.split(r"[ ：]", text)[0]), "COMPANY", 0.9)
    triggers, at = [], 0
    for word, action, when in marks:
        at = text.index(word, at)
        dates = (TaggedSpan(text.index(when), text.index(when) + len(when), "DATE", 0.9),) if when else ()
        triggers.append(Trigger(TaggedSpan(at, at + len(word), action, 0.9), (company, *dates)))
        at += len(word)
    return [event.status for event in assemble(article, triggers, settings=load_settings().postprocess)]


@pytest.mark.parametrize(
    ("text", "marks", "statuses"),
    [
        # A headline shares the plan that the cues for its own type speak of, whatever else the article tells.
        (
            "瑞川科技：增资衡达电子，公司昨日发布了新品。公司拟增资一亿元。",
            ["增资 invest", "发布 launch"],
            ["planned", "occurred"],
        ),
        ("瑞川科技：增资衡达电子，公司昨日发布了新品。", ["增资 invest", "发布 launch"], ["occurred", "occurred"]),
        ("Pell divests mill. Pell agreed to sell the mill.", ["divests dispose", "sell dispose"], ["planned"]),
        ("Pell divested mill. Pell agreed to sell a ship.", ["divested dispose"], ["occurred"]),
    ],
)
def test_a_headline_shares_the_plan_of_its_article(text: str, marks: list[str], statuses: list[str]) -> None:
    found = [(*mark.split(), "") for mark in marks]
    if "拟增资" in text:
        found.append(("增资", "invest", ""))
    assert events_of(text, None, *found)[: len(statuses)] == statuses  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "published", "word", "action", "when", "status"),
    [
        ("瑞川科技：现金分红总额两千万元，6月10日发放。", "2022-05-30", "分红", "pay_dividend", "6月10日", "planned"),
        ("瑞川科技：现金分红总额两千万元，6月10日发放。", "2022-06-11", "分红", "pay_dividend", "6月10日", "occurred"),
        ("瑞川科技：现金分红总额两千万元，6月10日发放。", None, "分红", "pay_dividend", "6月10日", "occurred"),
        ("Pell retires as chairman on 25 May.", "2023-05-04", "retires", "depart", "25 May", "planned"),
        ("Pell retired as chairman on 25 May.", "2023-05-04", "retired", "depart", "25 May", "occurred"),
    ],
)
def test_what_is_still_to_come_is_planned(
    text: str, published: str | None, word: str, action: str, when: str, status: str
) -> None:
    assert events_of(text, published, (word, action, when)) == [status]


@given(
    st.text(alphabet="公司拟将已 未不ato wil.，。【】？\n😀收购", max_size=60), st.integers(0, 60), st.integers(0, 8)
)
def test_never_raises(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    trigger = Trigger(TaggedSpan(start, min(len(text), start + length), "acquire", 0.5))
    for language in ("zh", "en"):
        article = Article("case", text, language)  # type: ignore[arg-type]
        assert is_hypothetical(article, sentence_at(article, start), trigger) in (True, False)
        assert read_status(article, sentence_at(article, start), trigger) in (
            "occurred", "planned", "rumoured", "cancelled", "denied",
        )  # fmt: skip
