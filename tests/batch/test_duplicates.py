"""Near-identical articles are linked to the first; measured on reprints made of our own corpus."""

from __future__ import annotations

import csv
import json
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from quintuple.batch.duplicates import Duplicates
from quintuple.settings import Settings
from quintuple.writers.jsonl import json_schema

CORPUS = Path(__file__).parents[2] / "corpus"
# Articles of this many characters, put together from texts of the corpus.
LENGTH = {"en": 900, "zh": 350}


@pytest.fixture(scope="module")
def reprints(benchmark_module: Callable[[str], ModuleType]) -> ModuleType:
    return benchmark_module("reprints")


def originals(language: str) -> list[str]:
    texts = [
        json.loads(line)["text"]
        for part in ("train", "dev", "test")
        for line in (CORPUS / f"{language}.{part}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    random.Random(9).shuffle(texts)
    found = [""]
    for text in texts:
        found[-1] += text + "\n"
        if len(found[-1]) >= LENGTH[language]:
            found.append("")
    return found[:-1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_reprints_are_found_and_other_stories_are_not(language: str, settings: Settings, reprints: ModuleType) -> None:
    chance, stories = random.Random(3), originals(language)
    known = Duplicates(settings.batch.duplicates)
    linked = sum(known.first(str(number), text) is not None for number, text in enumerate(stories))
    found = right = 0
    for number, text in enumerate(stories):
        for edit in reprints.EDITS:
            first = known.first(f"{number} {edit.__name__}", edit(text, language, chance))
            found += first is not None
            right += first is not None and first.split()[0] == str(number)
    assert len(stories) > 70
    assert linked == 0
    assert right / found >= 0.99
    assert right / (len(stories) * len(reprints.EDITS)) >= 0.97
    fresh = Duplicates(settings.batch.duplicates)
    for number, text in enumerate(stories):
        fresh.first(str(number), text)
    wrong = sum(
        fresh.first(f"other {n}", reprints.other_story(text, language, chance)) is not None
        for n, text in enumerate(stories)
    )
    assert wrong / len(stories) <= 0.05


def test_short_texts_must_be_equal_but_for_marks_and_case(settings: Settings) -> None:
    known = Duplicates(settings.batch.duplicates)
    assert [known.first(str(n), text) for n, text in enumerate(["A buys B.", "a buys  “B”", "A buys C."])] == [
        None,
        "0",
        None,
    ]


def test_the_record_names_the_first_article(run, articles: Path, tmp_path: Path) -> None:
    story = "甲购乙。" + "今天上午双方在会议上宣布了这件事情的全部经过和有关安排" * 3
    (articles / "a.txt").write_text(story, encoding="utf-8")
    (articles / "z.txt").write_text("（来源：本报）" + story, encoding="utf-8")
    summary = run(dedupe=True).go()
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {record["id"]: record["duplicate_of"] for record in records if "duplicate_of" in record}["z"] == "a"
    assert summary.duplicates == sum("duplicate_of" in record for record in records)
    assert "duplicate_of" in json_schema()["properties"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".xlsx", ".sqlite", ".duckdb"])
def test_the_rows_of_tables_name_it_too(run, articles: Path, tmp_path: Path, suffix: str) -> None:
    story = "甲购乙。" + "今天上午双方在会议上宣布了这件事情的全部经过和有关安排" * 3
    (articles / "a.txt").write_text(story, encoding="utf-8")
    (articles / "z.txt").write_text("（来源：本报）" + story, encoding="utf-8")
    output = tmp_path / f"out{suffix}"
    # A database that was begun without marks gets them.
    run(output).go()
    assert (suffix in (".sqlite", ".duckdb")) or "duplicate_of" not in rows_of(output)[0]
    run(output, dedupe=True).go()
    marks = {row["id"]: row["duplicate_of"] for row in rows_of(output)}
    assert (marks["a"] or None, marks["z"]) == (None, "a")
    if suffix in (".sqlite", ".duckdb"):
        assert dict(query(output, "SELECT id, duplicate_of FROM articles"))["z"] == "a"


def rows_of(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    pandas = pytest.importorskip("pandas", reason="tables need the extra [tables]")
    if path.suffix in (".parquet", ".xlsx"):
        read = pandas.read_parquet if path.suffix == ".parquet" else pandas.read_excel
        rows: list[dict[str, Any]] = read(path, dtype_backend="pyarrow").to_dict("records")
        return rows
    return [dict(zip(("id", "duplicate_of"), row, strict=True)) for row in query(path, EVENTS)]


EVENTS = "SELECT id, duplicate_of FROM events"


def query(path: Path, text: str) -> list[tuple[Any, ...]]:
    connect = sqlite3.connect if path.suffix == ".sqlite" else pytest.importorskip("duckdb").connect
    with closing(connect(path)) as base:
        try:
            return list(base.execute(text).fetchall())
        except Exception as exc:
            assert "duplicate_of" in str(exc)
            return [("", None)]
