"""A user's own companies, and when their fiscal years begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from quintuple.events import Article, SettingsError, TaggedSpan, Trigger
from quintuple.postprocess import assemble, names_of
from quintuple.postprocess.aliases import read_lexicon
from quintuple.postprocess.companies import user_companies
from quintuple.postprocess.drafts import Context, Draft
from quintuple.settings import PostprocessSettings, load_settings

HEADER = "id,kind,zh,en,ticker,aliases,fiscal_year_start\n"
ROWS = "norvane,company,诺万,Norvane,NVH.N,Norvane Labs,7\nmy-sea,company,,Seacorp,,Sea|Tencent,\n"
TEXT = "Norvane Labs bought Tarn."


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(HEADER + ROWS, "utf-8")
    return path


def options(**changes: object) -> PostprocessSettings:
    return load_settings(overrides={f"postprocess.{key}": value for key, value in changes.items()}).postprocess


def draft(settings: PostprocessSettings, text: str = TEXT) -> Draft:
    span = TaggedSpan(0, text.index(" bought"), "COMPANY", 0.9)
    trigger = Trigger(TaggedSpan(text.index("bought"), text.index("bought") + 6, "acquire", 0.9), (span,))
    article = Article("a", text, "en")
    lexicon = read_lexicon(article, (trigger,), names_of(settings.companies))
    return Draft(Context(article, (trigger,), lexicon, {}, settings), trigger, (0, len(text)), companies=(span,))


def test_the_users_names_are_used(table: Path) -> None:
    settings = options(companies=str(table))
    (event,) = assemble(Article("a", TEXT, "en"), draft(settings).context.triggers, settings=settings)
    assert event.company is not None
    assert (event.company.name, event.company.id) == ("Norvane", "norvane")


def test_the_users_names_go_before_the_shipped_ones(table: Path) -> None:
    names = names_of(str(table))
    company = names.find("Tencent")
    assert company is not None and company.id == "my-sea"
    # Shipped names that are words too are looked for only where they were tagged; a user's own are looked for.
    assert [company.id for _, _, company in names.hits("They met at Sea.")] == ["my-sea"]


@pytest.mark.parametrize(
    ("changes", "month"),
    [
        ({}, 7),
        ({"fiscal_years": {"norvane": 4}}, 4),
        ({"fiscal_years": {"Norvane Labs": 10}}, 10),
        ({"fiscal_year_start": 2}, 7),
    ],
)
def test_fiscal_year_of_a_listed_company(table: Path, changes: dict[str, object], month: int) -> None:
    assert draft(options(companies=str(table), **changes)).fiscal_start == month


@pytest.mark.parametrize(
    ("changes", "month"), [({}, 1), ({"fiscal_year_start": 2}, 2), ({"fiscal_years": {"Borley Inc": 9}}, 9)]
)
def test_fiscal_year_of_another_company(changes: dict[str, object], month: int) -> None:
    assert draft(options(**changes), "Borley bought Tarn.").fiscal_start == month


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,company,,X,,,13\n", r"mine.csv:2: fiscal_year_start: expected a month from 1 to 12, got '13'"),
        ("x,company,,X,,,July\n", r"mine.csv:2: fiscal_year_start: expected a month from 1 to 12, got 'July'"),
        ("x,company,,X,,a,1,b\n", r"mine.csv:2: expected 7 fields, got more"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(HEADER + row, "utf-8")
    with pytest.raises(SettingsError, match=message):
        user_companies(path)


@pytest.mark.parametrize(
    ("key", "value"), [("fiscal_year_start", 0), ("fiscal_years", {"apple": 13}), ("off", ["voices"])]
)
def test_a_wrong_setting_is_refused_by_its_key(key: str, value: object) -> None:
    with pytest.raises(SettingsError, match=rf"postprocess\.{key}"):
        load_settings(overrides={f"postprocess.{key}": value})
