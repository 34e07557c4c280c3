"""Boilerplate is hidden; what only looks like it is not."""

from __future__ import annotations

import time

import pytest

from quintuple.events import SettingsError
from quintuple.preprocess.boilerplate import find_boilerplate
from quintuple.settings import PreprocessSettings

HIDDEN = [
    "- Advertisement -",
    "- Advertisment -",
    "ADVERTISEMENT",
    "(source: Morning Business Daily)",
    "（来源：晨报）",
    "（编辑：王某）",
    "责任编辑：王某某",
    "Reporting by A. Doe in Oslo; Editing by B. Roe",
    "(Reporting by A. Doe; Editing by B. Roe)",
    "点击查看更多精彩内容",
    "免责声明：本文不构成投资建议。请自行判断。",
    "Copyright 2022 Morning Wire. Republication is prohibited.",
    "© 2022 Morning Wire",
    "Morning Wire, All Rights Reserved.",
    "版权所有 晨报",
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("line", HIDDEN)
def test_boilerplate_is_hidden(line: str, newline: str, settings: PreprocessSettings) -> None:
    text = f"Alpha bought Beta.{newline}  {line}{newline}晨星收购远山。"
    ranges = find_boilerplate(text, patterns=settings.boilerplate)
    assert [text[start:end] for start, end in ranges] == [line]


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement sales at Alpha rose 5%.",
        "Reporting by the regulator shows that Alpha sold its stake.",
        "Copyright suit: Alpha sues Beta.",
        "Alpha named its source: the filing of Beta.",
        "晨星的来源：远山软件贡献了五成收入。随后出售。",
        "点击量增长30%，晨星收购远山。",
        "记者：贵公司是否会减持远山？",
        "版权所有权归晨星，远山已出售。",
        "晨星编辑部成立新公司。",
        "Alpha (formerly Source Co) bought Beta.",
    ],
)
def test_content_is_not_hidden(line: str, settings: PreprocessSettings) -> None:
    assert find_boilerplate(line, patterns=settings.boilerplate) == ()


def test_ranges_are_merged_with_known_ones() -> None:
    assert find_boilerplate("aa b aa", patterns=("a+",), known=((1, 4),)) == ((0, 4), (5, 7))


def test_a_wrong_pattern_is_named() -> None:
    with pytest.raises(SettingsError, match=r"preprocess.boilerplate\[1\]: expected a regular expression, got '\('"):
        find_boilerplate("a", patterns=("a", "("))


@pytest.mark.parametrize(
    "piece", ["(source: ", " ", "\n", "copyright ", "reporting by ", "（来源：", "责任编辑： ", "- "]
)
def test_patterns_take_linear_time(piece: str, settings: PreprocessSettings) -> None:
    text = piece * (300_000 // len(piece))
    start = time.perf_counter()
    find_boilerplate(text, patterns=settings.boilerplate)
    assert time.perf_counter() - start < 2
