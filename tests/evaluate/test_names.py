"""When names count as the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.evaluate.names import fold_name, same_name, same_wording


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("The Acme Group, Inc.", "acme"),
        ("Acme’s", "acme"),
        ("青禾软件股份有限公司", "青禾软件"),
        ("青禾控股集团有限公司", "青禾"),
        ("ＡＢＣ 科技", "abc科技"),
        ("“北岸·银行”", "北岸银行"),
        ("公司", "公司"),
        ("Inc.", "inc"),
        ("its margin", "margin"),
    ],
)
def test_folding_drops_what_does_not_tell_names_apart(name: str, folded: str) -> None:
    assert fold_name(name) == folded


@given(st.text(max_size=30))
def test_a_name_is_the_same_as_itself_and_in_capitals(name: str) -> None:
    if fold_name(name):
        assert same_name([name], [name])
        assert fold_name(name) == fold_name(f" {name} ")


@pytest.mark.parametrize(
    ("found", "accepted", "same"),
    [
        ((), (), True),
        (("Acme",), (), False),
        ((), ("Acme",), False),
        (("it", "Acme Ltd"), ("Acme",), True),
        (("Acme",), ("Acme Data",), True),
        (("Acme",), ("Acme Data Services",), False),
        (("北岸",), ("北岸银行北京路支行",), False),
        (("北岸",), ("北岸银行",), True),
        (("岸",), ("北岸",), False),
        (("。",), ("，",), False),
    ],
)
def test_a_long_enough_part_of_a_name_is_the_same(found: tuple[str], accepted: tuple[str], same: bool) -> None:
    assert same_name(found, accepted) is same


def test_wording_agrees_with_a_part_of_it() -> None:
    assert same_wording("on Monday", "Monday")
    assert same_wording("Monday", "on Monday")
    assert not same_wording("Monday", "Tuesday")
    assert not same_wording("", "Monday")
