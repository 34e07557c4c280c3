"""The alias table: loading, keys, near identity, hits in running text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.events import SettingsError
from quintuple.postprocess.kinds import is_body, is_person
from quintuple.postprocess.names import load_names, name_key, shipped_names
from quintuple.postprocess.references import is_generic

HEADER = "id,kind,zh,en,ticker,aliases\n"


def test_table_is_large_and_bilingual() -> None:
    companies = [company for company in shipped_names().companies if company.kind == "company"]
    assert len(companies) >= 400
    assert len({company.id for company in companies}) == len(companies)
    assert sum(bool(company.zh and company.en) for company in companies) >= 400


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("腾讯控股有限公司", "腾讯"),
        ("阿里巴巴（中国）有限公司", "阿里巴巴中国"),
        ("The Coca-Cola Company", "cocacola"),
        ("Harlow's", "harlow"),
        ("Ｓｅａ　Ltd.", "sea"),
        ("公司", "公司"),
        ("Co", "co"),
        ("", ""),
    ],
)
def test_key_ignores_forms(name: str, key: str) -> None:
    assert name_key(name) == key


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("腾讯", "tencent"),
        ("Tencent Holdings Ltd", "tencent"),
        ("騰訊", "tencent"),
        ("冬海集团", "sea-limited"),
        ("Goldman Sach", "goldman-sachs"),
        ("Deutsche Bahn", None),
        ("Apples", None),
        ("中国石油集团公司", "petrochina"),
        ("一家不存在的公司", None),
        ("", None),
    ],
)
def test_find(name: str, identity: str | None) -> None:
    company = shipped_names().find(name)
    assert (company.id if company else None) == identity


@pytest.mark.parametrize(("ticker", "identity"), [("00700.HK", "tencent"), ("700.HK", "tencent"), ("TSLA.O", "tesla")])
def test_find_ticker(ticker: str, identity: str) -> None:
    company = shipped_names().find_ticker(ticker)
    assert company is not None
    assert company.id == identity


def test_hits_are_the_longest_names_and_no_parts_of_words() -> None:
    text = "腾讯音乐与京东方签约，Intel rose, Intelsat fell."
    hits = [(text[start:end], company.id) for start, end, company in shipped_names().hits(text)]
    assert hits == [("腾讯音乐", "tencent-music"), ("京东方", "boe"), ("Intel", "intel")]


@given(st.text(alphabet="腾讯京东方 IntelSea公司.，", max_size=60))
def test_hits_keep_their_offsets(text: str) -> None:
    place = 0
    for start, end, company in shipped_names().hits(text):
        assert place <= start < end <= len(text)
        assert shipped_names().find(text[start:end]) == company
        place = end


def test_a_user_file_goes_over_the_shipped_table(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        HEADER + "norvane,company,诺万,Norvane,NVH.N,Norvane Labs|诺万实验室\ntencent,company,企鹅,Penguin,,\n", "utf-8"
    )
    names = load_names(path)
    found = names.find("诺万实验室")
    assert found is not None and found.name("en") == "Norvane"
    penguin = names.find("Penguin")
    assert penguin is not None and penguin.id == "tencent"
    assert names.find("百度") is not None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("id,name\nx,y\n", r"mine.csv:1: expected the columns id, kind, zh, en, ticker, aliases, got id, name"),
        (HEADER + "x,firm,,X,,\n", r"mine.csv:2: kind: expected one of company, person, got 'firm'"),
        (HEADER + "x,company,,,,\n", r"mine.csv:2: expected an id and a name in zh or en"),
        ("", r"mine.csv:1: expected the columns"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError, match=message):
        load_names(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none.csv: expected a CSV file of companies in UTF-8, got:"):
        load_names(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        ("陈立", "董事", "减持", True),
        ("陈立", "收购", "", False),
        ("林岚", "", "女士", True),
        ("欧阳明", "总裁", "", True),
        ("蒂姆·库克", "", "", True),
        ("江西铜业", "股东", "", False),
        ("高盛集团", "股东", "", False),
        ("Carl Icahn", "", "", True),
        ("Mr Ossard", "", "", True),
        ("Ossard", "chairman", "", True),
        ("Ossard", "bought", "", False),
        ("James Widget Inc", "", "", False),
        ("Norvane Labs", "", "", False),
    ],
)
def test_persons(name: str, before: str, after: str, expected: bool) -> None:
    assert is_person(name, before, after) is expected


@pytest.mark.parametrize(
    ("mention", "expected"),
    [
        ("公司", True),
        ("该集团", True),
        ("其", True),
        ("这家储能公司", True),
        ("It", True),
        ("the Singapore-based company", True),
        ("The British bank", True),
        ("the company", True),
        ("瑞川公司", False),
        ("The Sundry Club Company", False),
        ("Itochu", False),
        ("该产品", False),
    ],
)
def test_general_words(mention: str, expected: bool) -> None:
    assert is_generic(mention) is expected


@pytest.mark.parametrize(("name", "expected"), [("上交所", True), ("某市中级人民法院", True), ("瑞川科技", False)])
def test_bodies(name: str, expected: bool) -> None:
    assert is_body(name) is expected
