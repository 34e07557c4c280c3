"""The sample articles: preprocess reads each one as it was labelled, and every labelled span is where it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from quintuple.events import Article
from quintuple.preprocess import read_path
from quintuple.settings import load_settings

ARTICLES = Path(__file__).parents[1] / "corpus" / "articles"
RECORDS = [json.loads(line) for line in (ARTICLES.parent / "expected.jsonl").read_text(encoding="utf-8").splitlines()]
FORMATS = {".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".pdf", ".docx", ".txt.gz"}

each_record = pytest.mark.parametrize("record", RECORDS, ids=[record["id"] for record in RECORDS])


@cache
def read(path: str) -> dict[str, Article]:
    found = list(read_path(ARTICLES / path, settings=load_settings().preprocess, root=ARTICLES))
    articles = [article for article in found if isinstance(article, Article)]
    assert articles == found, f"{path}: {found}"
    return {article.id: article for article in articles}


def spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "start" in value:
            yield value
        for item in value.values():
            yield from spans(item)
    elif isinstance(value, list):
        for item in value:
            yield from spans(item)


def suffix(path: str) -> str:
    return path[path.index(".") :]


@each_record
def test_preprocess_reads_the_labelled_text(record: dict[str, Any]) -> None:
    article = read(record["path"])[record["id"]]
    assert article.text == record["text"]
    assert article.language == record["language"]


@each_record
def test_preprocess_finds_title_and_day(record: dict[str, Any]) -> None:
    article = read(record["path"])[record["id"]]
    assert article.title == record["title"]
    assert article.published == record["published"]


@each_record
def test_spans_are_where_they_say(record: dict[str, Any]) -> None:
    for span in spans(record["events"]):
        assert record["text"][span["start"] : span["end"]] == span["text"]


@each_record
def test_events_have_company_and_legal_percentages(record: dict[str, Any]) -> None:
    for event in record["events"]:
        assert event["company"] is not None
        percentage = event["percentage"]
        if percentage is not None and event["action"]["type"].endswith("_stake"):
            assert all(0 <= value <= 100 for value in percentage["values"])


def test_every_file_is_labelled() -> None:
    files = {path.name for path in ARTICLES.iterdir()}
    assert files == {record["path"] for record in RECORDS}
    assert all(set(read(name)) == {r["id"] for r in RECORDS if r["path"] == name} for name in files)


def test_formats_languages_and_encodings_are_all_there() -> None:
    assert len(RECORDS) >= 16
    assert {suffix(record["path"]) for record in RECORDS} == FORMATS
    assert {language: sum(r["language"] == language for r in RECORDS) >= 8 for language in ("zh", "en")} == {
        "zh": True,
        "en": True,
    }
    assert any(not record["events"] for record in RECORDS)


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("zh-holder-announcement.txt", "gb18030"),
        ("zh-hant-privatisation.htm", "gb18030"),
        ("zh-hant-chip.txt", "big5"),
        ("en-store-closures.htm", "cp1252"),
    ],
)
def test_encodings_other_than_utf8(name: str, encoding: str) -> None:
    data = (ARTICLES / name).read_bytes()
    assert data.decode(encoding)
    with pytest.raises(UnicodeDecodeError, match="utf-8"):
        data.decode("utf-8")
