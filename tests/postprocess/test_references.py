"""What kind of general word a mention is."""

from __future__ import annotations

import pytest

from quintuple.postprocess.references import is_fragment, reference_of


@pytest.mark.parametrize(
    ("mention", "kind"),
    [
        ("公司", "declarer"),
        ("本集團", "declarer"),
        ("董事會", "declarer"),
        ("the Company", "declarer"),
        ("Group", "declarer"),
        ("该航空公司", "near"),
        ("这家储能公司", "near"),
        ("其", "pronoun"),
        ("Its", "pronoun"),
        ("前者", "former"),
        ("後者", "latter"),
        ("the latter", "latter"),
        ("雙方", "plural"),
        ("三家公司", "plural"),
        ("both companies", "plural"),
        ("the two", "plural"),
        ("她", "person"),
        ("He", "person"),
        ("控股股东", "role"),
        ("實際控制人", "role"),
        ("法院", "body"),
        ("The court", "body"),
        ("the British bank", "definite"),
        ("the food and farm equipment company", "definite"),
        ("group", "definite"),
        ("该产品", None),
        ("瑞川公司", None),
        ("股东大会", None),
        ("Norvane Group", None),
        ("The Sundry Club Company", None),
        ("the quarter", None),
        ("Western Union Company", None),
        ("", None),
    ],
)
def test_kind(mention: str, kind: str | None) -> None:
    assert reference_of(mention) == kind


@pytest.mark.parametrize(
    ("mention", "expected"), [("江", True), ("The", True), ("其", False), ("Q", False), ("江苏", False)]
)
def test_fragments(mention: str, expected: bool) -> None:
    assert is_fragment(mention) is expected
