"""Near-identical articles are linked to the first; measured on reprints made of our own corpus."""

from __future__ import annotations

import csv
import json
import random
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quintuple.batch.duplicates import Duplicates
from quintuple.settings import Settings
from quintuple.writers.jsonl import json_schema

CORPUS = Path(__file__).parents[2] / "corpus"
# Articles of this many characters, put together from texts of the corpus.
LENGTH = {"en": 900, "zh": 350}
Edit = Callable[[str, str, random.Random], str]


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


def wire(text: str, language: str, chance: random.Random) -> str:
    if language == "en":
        return f"(Source: Harbour Wire) {text}\nAdditional reporting by our staff."
    return f"（来源：海港通讯）{text}\n（责任编辑：陈一）"


def marks(text: str, language: str, chance: random.Random) -> str:
    wide = "".join(chr(ord(char) + 0xFEE0) if char in "0123456789" else char for char in text)
    return wide.replace(",", "，").replace("\n", "\r\n\r\n").upper()


def cut(text: str, language: str, chance: random.Random) -> str:
    sentences = re.split(r"(?<=[.。])\s*", text)
    return " ".join(sentences[: -max(1, len(sentences) // 10) - 1])


def headline(text: str, language: str, chance: random.Random) -> str:
    return (
        "EXCLUSIVE: What we know about today's deal\n\n" if language == "en" else "独家｜今日这桩交易的来龙去脉\n\n"
    ) + text


def words(text: str, language: str, chance: random.Random) -> str:
    parts, new = (text.split(" "), "newly") if language == "en" else (list(text), "新")
    for _ in range(max(1, len(parts) // 100)):
        parts[chance.randrange(len(parts))] = new
    return (" " if language == "en" else "").join(parts)


EDITS: list[Edit] = [wire, marks, cut, headline, words]


def other_story(text: str, language: str, chance: random.Random) -> str:
    """The same sentences about other companies and figures, as announcements by form are."""
    text = re.sub(r"\d", lambda _: chance.choice("23456789"), text)
    if language == "zh":
        return re.sub(
            r"公司|集团|股份|科技", lambda found: "".join(chance.sample("华安金海宁远东方", 2)) + found[0], text
        )
    return re.sub(r"\b[A-Z][a-z]{3,}\b", lambda found: "".join(chance.choices("aeioklmnrst", k=len(found[0]))), text)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_reprints_are_found_and_other_stories_are_not(language: str, settings: Settings) -> None:
    chance, stories = random.Random(3), originals(language)
    known = Duplicates(settings.batch.duplicates)
    linked = sum(known.first(str(number), text) is not None for number, text in enumerate(stories))
    found = right = 0
    for number, text in enumerate(stories):
        for edit in EDITS:
            first = known.first(f"{number} {edit.__name__}", edit(text, language, chance))
            found += first is not None
            right += first is not None and first.split()[0] == str(number)
    assert len(stories) > 70
    assert linked == 0
    assert right / found >= 0.99
    assert right / (len(stories) * len(EDITS)) >= 0.97
    fresh = Duplicates(settings.batch.duplicates)
    for number, text in enumerate(stories):
        fresh.first(str(number), text)
    wrong = sum(
        fresh.first(f"other {n}", other_story(text, language, chance)) is not None for n, text in enumerate(stories)
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
