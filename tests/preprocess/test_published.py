"""The day of publication is found where a text says it, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.preprocess.published import find_day, parse_day


@pytest.mark.parametrize(
    "value",
    (
        *("2022-01-10", "2022-01-10T08:00:00+08:00", "2022-01-10T23:30:00Z", "2022-01-10 10:30:00", "20220110"),
        *("20220110T080000Z", "2022/1/10", "2022.01.10", "2022年1月10日", "2022 年 1 月 10 日 10:30", "10 Jan 2022"),
        *("Mon, 10 Jan 2022 08:00:00 +0000", "Jan 10, 2022", "January 10th, 2022", " 10-Jan-2022 ", "202201101030"),
        *(1641772800, 1641772800.5, 1641772800000, "1641772800", "1641772800000"),
    ),
)
def test_metadata_values(value: object) -> None:
    assert parse_day(value) == "2022-01-10"


@pytest.mark.parametrize(
    "value", [None, "", True, "yesterday", "2022-13-01", "2022-02-30", "01/10/2022", "0", 5, [], {}]
)
def test_values_that_name_no_day(value: object) -> None:
    assert parse_day(value) is None


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none(), st.lists(st.integers())))
def test_no_value_raises(value: object) -> None:
    day = parse_day(value)
    assert day is None or len(day) == 10


@pytest.mark.parametrize(
    "text",
    [
        "Alpha cuts stake\n2022年1月10日 10:30 来源：晨报\n正文。",
        "晨星减持远山 2022年1月10日 10:30 来源：晨报",
        "晨星减持远山\n2022-01-10 10:30:00\n正文。",
        "晨报北京2022年1月10日电 晨星电子公告。",
        "发布时间：2022-01-10 08:00\n正文",
        "正文" * 300 + "\n发布日期: 2022/01/10",
        "NEW YORK, Jan 10, 2022 (Wire) - Alpha cut its stake.",
        "Alpha cuts stake\r\nHong Kong, Jan. 10, 2022 /Wire/ -- Alpha cut its stake.",
        "January 10, 2022\nAlpha cut its stake.",
        "Published: 2022-01-10\nAlpha cut its stake.",
        "By A. Doe | Published on Monday, 10 January 2022",
    ],
)
def test_texts_that_say_their_day(text: str) -> None:
    assert find_day(text) == "2022-01-10"


@pytest.mark.parametrize(
    "text",
    [
        "晨报6月11日电，晨星电子公告。",
        "2022年1月10日，晨星电子公告，拟减持远山。",
        "公司于2022年1月10日收到通知。",
        "会议时间：2022年1月10日召开董事会",
        "On January 10, 2022 Alpha cut its stake.",
        "Alpha's published on-line list of 10 Jan 2022 sales grew.",
        "正文。" * 200 + "\n2022-01-10 10:30\n",
        "",
    ],
)
def test_dates_of_events_are_not_taken(text: str) -> None:
    assert find_day(text) is None
