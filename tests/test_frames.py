"""Events as data frames, and data frames as events."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest

import quintuple
from quintuple.events import Article, Extraction, SettingsError
from quintuple.extract import Extractor
from quintuple.writers.rows import COLUMNS

pd = pytest.importorskip("pandas", reason="data frames need the extra [tables]")

TEXTS = ("甲购乙5%股份。", "Tencent buys Sea. Tencent cuts Sea.")


@pytest.fixture
def articles() -> Any:
    return pd.DataFrame({"content": TEXTS, "day": ["2022-01-10", "2022-02-01"], "key": ["x", "y"]})


@pytest.fixture
def found(extractor: Extractor) -> list[Extraction]:
    made = [extractor._article(text, "2022-01-10", None, None) for text in TEXTS]
    return extractor.extract_articles(made)


def test_a_frame_has_one_typed_row_per_event(found: list[Extraction]) -> None:
    frame = quintuple.to_frame(found)
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["event"]) == [1, 1, 2]
    assert list(frame["action_type"]) == ["acquire", "acquire", "reduce_stake"]
    assert frame["percentage"][0] == [5.0]
    assert frame["percentage"][1] is None
    assert frame["published"][0] == pd.Timestamp(2022, 1, 10)
    assert [str(frame[name].dtype) for name in ("company", "published", "confidence", "event")] == [
        "string",
        "datetime64[s]",
        "float64",
        "int64",
    ]


def test_records_and_extractions_give_the_same_frame(found: list[Extraction]) -> None:
    records = [json.loads(json.dumps(extraction.to_dict())) for extraction in found]
    pd.testing.assert_frame_equal(quintuple.to_frame(records), quintuple.to_frame(found))


def test_events_alone_are_numbered_and_name_no_article(found: list[Extraction]) -> None:
    frame = quintuple.to_frame(event for extraction in found for event in extraction.events)
    assert list(frame["event"]) == [1, 2, 3]
    assert frame[["id", "published", "sentence"]].isna().all(axis=None)


def test_no_events_give_an_empty_frame_of_the_same_types(found: list[Extraction]) -> None:
    pd.testing.assert_series_equal(quintuple.to_frame([]).dtypes, quintuple.to_frame(found).dtypes)


def test_a_frame_of_articles(articles: Any, extractor: Extractor, found: list[Extraction]) -> None:
    frame = quintuple.extract_frame(articles, published="day", id="key", extractor=extractor)
    assert list(frame["row"]) == [0, 1, 1]
    assert list(frame["id"]) == ["x", "y", "y"]
    assert list(frame["published"].dt.month) == [1, 2, 2]
    assert list(frame["action_type"]) == list(quintuple.to_frame(found)["action_type"])
    assert frame.attrs == {"failed": []}


@pytest.mark.parametrize(
    ("index", "ids"),
    [
        (["same", "same"], ["same"] * 3),
        ([None, "b"], ["0", "b", "b"]),
        ([float("nan"), float("nan")], ["0", "1", "1"]),
        (pd.MultiIndex.from_tuples([("a", 1), ("a", 2)]), ["('a', 1)", "('a', 2)", "('a', 2)"]),
        (pd.to_datetime(["2022-01-10", None]), ["2022-01-10 00:00:00", "1", "1"]),
    ],
)
def test_any_index_is_kept(articles: Any, extractor: Extractor, index: Any, ids: list[str]) -> None:
    articles.index = index
    frame = quintuple.extract_frame(articles, extractor=extractor)
    assert list(frame["id"]) == ids
    pd.testing.assert_index_equal(frame.index, articles.index.take([0, 1, 1]))
    assert list(articles["content"].iloc[frame["row"]]) == [TEXTS[0], TEXTS[1], TEXTS[1]]


def test_missing_texts_and_wrong_days_cost_only_themselves(extractor: Extractor) -> None:
    texts = [None, TEXTS[0], float("nan"), 7, TEXTS[1], ""]
    days = ["2022-01-10", pd.NaT, None, None, "some day", None]
    articles = pd.DataFrame({"content": texts, "day": days})
    with pytest.warns(UserWarning, match=r"4 of 6 rows failed, the first is row 0 \(0: expected text, got None\)"):
        frame = quintuple.extract_frame(articles, published="day", extractor=extractor)
    assert list(frame["row"]) == [1]
    assert [failure["row"] for failure in frame.attrs["failed"]] == [0, 2, 3, 4]
    assert "expected a date such as 2022-01-10, got 'some day'" in frame.attrs["failed"][3]["error"]


@pytest.mark.parametrize("days", [pd.to_datetime(["2022-01-10"]), pd.to_datetime(["2022-01-10"]).date, [20220110]])
def test_days_of_any_kind(extractor: Extractor, days: Any) -> None:
    articles = pd.DataFrame({"content": TEXTS[:1], "day": days})
    frame = quintuple.extract_frame(articles, published="day", extractor=extractor)
    assert frame["published"][0] == pd.Timestamp(2022, 1, 10)


def test_an_extraction_that_breaks_costs_itself(articles: Any, extractor: Extractor) -> None:
    class Breaking(Extractor):
        def extract_articles(self, chunk: Sequence[Article]) -> list[Extraction]:
            if any("Tencent" in article.text for article in chunk):
                raise RuntimeError("too much")
            return super().extract_articles(chunk)

    with pytest.warns(UserWarning, match="1 of 2 rows failed"):
        frame = quintuple.extract_frame(articles, extractor=Breaking(extractor.classifier, extractor.settings))
    assert list(frame["row"]) == [0]
    assert frame.attrs["failed"] == [{"row": 1, "error": "1: extraction failed: RuntimeError('too much')"}]


@pytest.mark.parametrize(("options", "name"), [({}, "text"), ({"text": "body", "id": "key"}, "id")])
def test_a_missing_column_is_named(extractor: Extractor, options: dict[str, str], name: str) -> None:
    with pytest.raises(SettingsError, match=rf"{name}: expected a column of the frame \(body\), got"):
        quintuple.extract_frame(pd.DataFrame({"body": TEXTS}), extractor=extractor, **options)


def test_an_empty_frame(extractor: Extractor) -> None:
    frame = quintuple.extract_frame(pd.DataFrame({"content": []}), extractor=extractor)
    assert (tuple(frame.columns), len(frame)) == (("row", *COLUMNS), 0)


def test_the_default_model_is_loaded_when_none_is_given(
    articles: Any, extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.import_module("quintuple.extract"), "load", lambda: extractor)
    assert len(quintuple.extract_frame(articles)) == 3


def test_importing_the_package_imports_no_pandas() -> None:
    code = "import sys, quintuple; quintuple.to_frame; print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_missing_pandas_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(SettingsError, match=r"to_frame: expected the extra \[tables\], got no pandas"):
        quintuple.to_frame([])
