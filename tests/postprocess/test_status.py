"""Status by cue words: a table of cases over both languages, and what must never fail."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.events import Article, TaggedSpan, Trigger
from quintuple.postprocess.clauses import sentence_at
from quintuple.postprocess.status import is_hypothetical, read_cue, read_status

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


def test_there_are_enough_cases() -> None:
    assert sum(len(cases) for table in CASES.values() for cases in table.values()) >= 200


@pytest.mark.parametrize(
    ("language", "marked", "expected"),
    [
        ("zh", "如果公司[收购|acquire]对手，份额将翻倍。", True),
        ("zh", "一旦瑞川科技[退市|delist]，债权人将受损。", True),
        ("zh", "瑞川科技会[裁员|lay_off]吗？", True),
        ("zh", "瑞川科技[裁员|lay_off]三百人。", False),
        ("zh", "公司若干子公司[签署|partner]协议。", False),
        ("en", "The bank asks whether Pell [sold|dispose] the unit.", True),
        ("en", "If Tarn [buys|acquire] Norvane, prices would rise.", True),
        ("en", "Will Harlow [merge|merge] with Pell?", True),
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


@given(
    st.text(alphabet="公司拟将已 未不ato wil.，。【】？\n😀收购", max_size=60), st.integers(0, 60), st.integers(0, 8)
)
def test_never_raises(text: str, start: int, length: int) -> None:
    start = min(start, len(text))
    trigger = Trigger(TaggedSpan(start, min(len(text), start + length), "acquire", 0.5))
    for language in ("zh", "en"):
        article = Article("case", text, language)  # type: ignore[arg-type]
        assert read_status(article, sentence_at(article, start), trigger) in (
            "occurred", "planned", "rumoured", "cancelled", "denied",
        )  # fmt: skip
