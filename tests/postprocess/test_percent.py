from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.postprocess.numbers import read_number
from quintuple.postprocess.percent import find_percentages, percent_values, read_percentage

TABLE = tomllib.loads((Path(__file__).parent / "cases" / "percent.toml").read_text(encoding="utf-8"))
ACTIONS = ["metric_up", "metric_down", "metric_level", "reduce_stake", "acquire", "change_price", "launch"]
PIECES = [
    "5%",
    "-",
    "7%",
    "5至7%",
    "三成",
    "从",
    "降至",
    "to ",
    "from ",
    "by ",
    "a third",
    "1.2个百分点",
    "翻",
    "两番",
    "2 points ",
    "doubled",
    "成",
    "分之",
    "百",
    "倍",
    "增长",
    " and ",
    "‰",
    "1/0",
    "0/0",
    "bps",
    "9" * 12,
]
texts = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
places = st.tuples(st.integers(-3, 60), st.integers(-3, 60))


def unmark(marked: str) -> tuple[str, list[tuple[int, int]], tuple[int, int]]:
    """Return the text without its marks, the spans in brackets, and the one in braces."""
    text, spans, trigger, opened = "", [], (0, 0), {}
    for char in marked:
        if char in "[{":
            opened[char] = len(text)
        elif char == "]":
            spans.append((opened["["], len(text)))
        elif char == "}":
            trigger = (opened["{"], len(text))
        else:
            text += char
    return text, spans, trigger


def test_there_are_enough_cases() -> None:
    assert len(TABLE["values"]) + len(TABLE["cases"]) >= 250


@pytest.mark.parametrize(("mention", "values"), TABLE["values"].items())
def test_mention_says_its_values(mention: str, values: list[float]) -> None:
    assert percent_values(mention) == pytest.approx(values)


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["marked"])
def test_tagged_spans_become_a_percentage(case: dict[str, Any]) -> None:
    text, spans, trigger = unmark(case["marked"])
    got = read_percentage(text, spans, action=case["action"], trigger=trigger, sentence=(0, len(text)))
    if "values" not in case:
        assert got is None
        return
    assert got is not None
    assert got.values == pytest.approx(case["values"])
    assert (got.from_, got.to, got.by) == (case.get("from"), case.get("to"), case.get("by"))
    assert got.kind == case["kind"]
    assert [span.text for span in got.spans] == case.get("spans", [text[start:end] for start, end in spans])
    assert got.text == text[got.spans[0].start : got.spans[-1].end]


FOUND = [
    ("持股由17%降至2.3%，市值5亿元", ["17%", "2.3%"]),
    ("营收增长三成，毛利率提升1.2个百分点", ["三成", "1.2个百分点"]),
    ("八折优惠，翻倍增长，公司成立三成员小组", ["翻倍"]),
    ("rose from 5 to 7 percent, one-third of the stake, doubled", ["5 to 7 percent", "one-third", "doubled"]),
    ("in the third quarter of 2021 to 5% of sales", ["5%"]),
    ("half of the first half; 1/3 of us", ["half"]),
    ("its 51-pct stake and 120 bps", ["51-pct", "120 bps"]),
]


@pytest.mark.parametrize(("text", "mentions"), FOUND)
def test_mentions_are_found_in_running_text(text: str, mentions: list[str]) -> None:
    found = find_percentages(text, 0, len(text))
    assert [one.text for one in found] == mentions
    assert all(text[one.start : one.end] == one.text for one in found)


def test_search_keeps_to_its_range() -> None:
    assert [one.start for one in find_percentages("5%，6%，7%", 3, 6)] == [3]


NUMBERS = [
    ("1,200.5", 1200.5),
    ("７", 7.0),
    ("7-3/4", 7.75),
    ("3/0", None),
    ("二十一点五", 21.5),
    ("二〇二一", 2021.0),
    ("三百", 300.0),
    ("一千二百", 1200.0),
    ("廿一", 21.0),
    ("twenty-five", 25.0),
    ("two-thirds", 2 / 3),
    ("one and a half", 1.5),
    ("点五", None),
    ("", None),
    ("many", None),
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_numbers_are_read(text: str, value: float | None) -> None:
    assert read_number(text) == (None if value is None else pytest.approx(value))


@given(texts, st.lists(places, max_size=3), places, places, st.sampled_from(ACTIONS))
def test_reading_never_raises_and_offsets_hold(
    text: str, spans: list[tuple[int, int]], trigger: tuple[int, int], sentence: tuple[int, int], action: str
) -> None:
    got = read_percentage(text, spans, action=action, trigger=trigger, sentence=sentence)
    if got is None:
        return
    assert text[got.start : got.end] == got.text != ""
    assert all(text[span.start : span.end] == span.text for span in got.spans)
    assert all(left.end <= right.start for left, right in pairwise(got.spans))
    assert {got.from_, got.to} <= {None, *got.values}
    assert got.by is None or got.by in {abs(value) for value in got.values} | set(got.values)


@given(texts, st.integers(-3, 40), st.integers(-3, 60))
def test_search_never_raises_and_offsets_hold(text: str, start: int, end: int) -> None:
    found = find_percentages(text, start, end)
    assert all(text[one.start : one.end] == one.text and start <= one.start < one.end <= end for one in found)


@given(st.text())
def test_values_and_numbers_never_raise(text: str) -> None:
    assert all(re.match(r"-?[0-9]", str(value)) for value in percent_values(text))
    assert read_number(text) is None or isinstance(read_number(text), float)
