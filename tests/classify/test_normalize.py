"""The model's view of a text keeps every place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.classify.normalize import model_view


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("２１．３％", "21.3%"),
        ("騰訊減持京東", "腾讯减持京东"),
        ("“Sea”，增持：", "“Sea”，增持："),
        ("a\r\n\u3000b", "a   b"),
        ("ﬁrst ½", "ﬁrst ½"),
    ],
)
def test_view(text: str, view: str) -> None:
    assert model_view(text) == view


def test_hidden_ranges_are_blank() -> None:
    assert model_view("ab广告cd", [(2, 4)]) == "ab  cd"
    assert model_view("ab广告cd", [(3, 5), (0, 1), (2, 4)]) == " b   d"


@given(st.text())
def test_length_never_changes(text: str) -> None:
    assert len(model_view(text)) == len(text)
