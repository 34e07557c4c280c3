"""Names that nobody tagged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.postprocess.spotting import headline_subjects, signature, spotted_names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("广东瑞川科技股份有限公司关于担保的公告", ["广东瑞川科技股份有限公司"]),
        ("与衡达电子有限公司签约，由东隅有限公司担保。", ["衡达电子有限公司", "东隅有限公司"]),
        ("海棠百货首席执行官柯林周三说", ["海棠百货"]),
        ("连锁超市“乐家福满”遭起诉", ["乐家福满"]),
        ("Borley Ice Co., Ltd. fell.", ["Borley Ice Co., Ltd"]),
        ("Shares of Kite & Lantern rose on Friday.", ["Kite & Lantern"]),
        ("Borley has let go 60 workers.", ["Borley"]),
        ("Turnover tripled last year.", []),
        ("The deal is worth little.", []),
        ("BORLEY TO SELL UNIT", []),
        ("Own-label products were cheap.", []),
        ("今年公司董事长辞职", []),
        ("", []),
    ],
)
def test_names_are_spotted(text: str, names: list[str]) -> None:
    assert [known.text for known in spotted_names(text)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("【瑞川科技：拟收购衡达】", ["瑞川科技"]),
        ("瑞川科技（600XXX）：公司中标", ["瑞川科技"]),
        ("瑞川科技今（20）日召開股東會", ["瑞川科技"]),
        ("快讯：瑞川科技中标", []),
        ("关于担保的公告：公司同意", []),
    ],
)
def test_who_announces(text: str, names: list[str]) -> None:
    found = list(headline_subjects(text))
    assert [known.text for known in found] == names
    assert all(known.declarer for known in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("本公司已收到通知。（瑞川科技股份有限公司）", "瑞川科技股份有限公司"),
        ("公司经营正常。【瑞川科技(600123.SH)】", "瑞川科技"),
        ("公司经营正常。", None),
    ],
)
def test_signature(text: str, name: str | None) -> None:
    known = signature(text)
    assert (known and known.text) == name


@given(st.text(max_size=80) | st.text(alphabet="公司有限股份：（）【】“”\n Borley Co.,&'s", max_size=80))
def test_offsets_hold_on_any_text(text: str) -> None:
    found = [*spotted_names(text), *headline_subjects(text)]
    found += [known for known in [signature(text)] if known is not None]
    assert all(text[known.start : known.end] == known.text != "" for known in found)
