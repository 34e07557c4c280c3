"""Many names found at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.postprocess.matching import index_names, stands_alone

NAMES = ("腾讯", "腾讯音乐", "Sea", "Sea Group", "eBay", "[A]", "ab^-")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("腾讯音乐与腾讯签约", ["腾讯音乐", "腾讯"]),
        ("Sea Group and Sea", ["Sea Group", "Sea"]),
        ("Sea Groups", ["Sea"]),
        ("Seas, aSea, Sea1", []),
        ("腾讯Sea。eBay", ["腾讯", "Sea", "eBay"]),
        ("[A]ab^-", ["ab^-"]),
        ("腾", []),
        ("", []),
    ],
)
def test_longest_names_that_stand_alone(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in index_names(NAMES).find(text)] == found


@given(st.text(alphabet="腾讯音乐 SeaGroup[]^-b", max_size=50))
def test_what_is_found_is_a_name_there(text: str) -> None:
    place = 0
    for start, end in index_names(NAMES).find(text):
        assert place <= start < end <= len(text)
        assert text[start:end] in NAMES
        assert stands_alone(text, start, end)
        place = end


def test_no_names_find_nothing() -> None:
    assert list(index_names([]).find("Sea")) == []
