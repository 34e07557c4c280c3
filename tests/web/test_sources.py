"""What is found under a path: results, articles, and what cannot be read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from quintuple.events import DataError
from quintuple.settings import PreprocessSettings, Settings
from quintuple.web.sources import Item, read_dropped, read_source


@pytest.fixture
def options(settings: Settings) -> PreprocessSettings:
    return settings.preprocess


def split(found: Any) -> tuple[list[Item], list[str]]:
    found = list(found)
    return [one for one in found if isinstance(one, Item)], [one for one in found if isinstance(one, str)]


def result(text: str | None = "甲购乙。", **fields: Any) -> dict[str, Any]:
    action = {"text": "购", "start": 1, "end": 2, "type": "acquire"}
    record = {"schema_version": 1, "id": "a", "language": "zh", "events": [{"action": action, "status": "occurred"}]}
    return record | ({} if text is None else {"text": text}) | fields


def test_a_folder_of_everything(tmp_path: Path, options: PreprocessSettings) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one.txt").write_text("甲购乙。", encoding="utf-8")
    (tmp_path / "two.html").write_text("<html><body><p>Tencent cuts Sea.</p></body></html>", encoding="utf-8")
    (tmp_path / "raw.jsonl").write_text('{"text": "甲减乙。"}\n\n{"text": "b", "id": "b"}\n', encoding="utf-8")
    (tmp_path / "several.json").write_text('[{"text": "c"}, {"text": "d"}]', encoding="utf-8")
    (tmp_path / "events.jsonl").write_text(json.dumps(result()) + "\n", encoding="utf-8")
    (tmp_path / "events.reviewed.jsonl").write_text(json.dumps(result(id="done")) + "\n", encoding="utf-8")
    items, problems = split(read_source(tmp_path, settings=options))
    assert problems == []
    assert [item.known["id"] for item in items] == [
        "deep/one",
        "a",
        "raw#1",
        "b",
        "several#1",
        "several#2",
        "two",
    ]
    records = [item.load() for item in items]
    assert [record["events"] is None for record in records] == [True, False, True, True, True, True, True]
    assert records[0]["text"] == "甲购乙。"


def test_a_reviewed_file_can_be_reviewed_again(tmp_path: Path, options: PreprocessSettings) -> None:
    path = tmp_path / "x.reviewed.jsonl"
    path.write_text(json.dumps(result()) + "\n", encoding="utf-8")
    assert len(split(read_source(path, settings=options))[0]) == 1


def test_a_bad_line_costs_itself(tmp_path: Path, options: PreprocessSettings) -> None:
    path = tmp_path / "events.jsonl"
    good = json.dumps(result(), ensure_ascii=False).encode()
    bad = [b"{", b"\xff\xfe", b"[1]", json.dumps(result(schema_version=9)).encode(), b'{"id": "x"}']
    path.write_bytes(b"\n".join([good, *bad, good]))
    items, problems = split(read_source(path, settings=options))
    assert len(items) == 2
    assert [problem.partition(": ")[0] for problem in problems] == [f"{path}:{number}" for number in range(2, 7)]
    assert items[1].load()["text"] == "甲购乙。"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": "乙购甲乙。。"}, None),
        ({"text": "购甲乙。"}, r"event 1: action: \[1:2\] is '甲', expected '购'"),
        ({"text": "甲"}, "expected start and end within the text"),
        ({"events": [{"status": "occurred"}]}, "expected an event with an action"),
        ({"events": [{"action": {"start": "1", "end": 2}}]}, "expected start and end within the text, got '1'"),
        ({"events": [{"action": {"text": "购", "start": 1, "end": 2}, "date": 5}]}, "date: expected an object"),
    ],
)
def test_events_must_lie_in_their_text(
    tmp_path: Path, options: PreprocessSettings, change: dict[str, Any], message: str | None
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(json.dumps(result(**change)) + "\n", encoding="utf-8")
    (item,), _ = split(read_source(path, settings=options))
    if message is None:
        assert item.load()["id"] == "a"
    else:
        with pytest.raises(DataError, match=message):
            item.load()


def test_the_text_that_the_output_leaves_out_is_read_from_the_article(
    tmp_path: Path, options: PreprocessSettings
) -> None:
    (tmp_path / "a.txt").write_text("甲购乙。", encoding="utf-8")
    path = tmp_path / "events.jsonl"
    path.write_text(json.dumps(result(None, path="a.txt")) + "\n", encoding="utf-8")
    (item,), _ = split(read_source(path, settings=options))
    assert item.load()["text"] == "甲购乙。"
    (tmp_path / "a.txt").write_text("甲乙购。", encoding="utf-8")
    with pytest.raises(DataError, match="is '乙', expected '购'"):
        item.load()


@pytest.mark.parametrize("place", ["../secret.txt", "{root}/secret.txt", "nowhere.txt", "nul\0.txt"])
def test_no_file_is_read_from_elsewhere(tmp_path: Path, options: PreprocessSettings, place: str) -> None:
    (tmp_path / "secret.txt").write_text("甲购乙。", encoding="utf-8")
    folder = tmp_path / "results"
    folder.mkdir()
    path = folder / "events.jsonl"
    path.write_text(json.dumps(result(None, path=place.format(root=tmp_path))) + "\n", encoding="utf-8")
    (item,), _ = split(read_source(path, settings=options))
    with pytest.raises(DataError, match=r"events\.jsonl:1: expected the article's text, got none"):
        item.load()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_nor_through_a_link(tmp_path: Path, options: PreprocessSettings) -> None:
    (tmp_path / "secret.txt").write_text("甲购乙。", encoding="utf-8")
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "events.jsonl").write_text(json.dumps(result(None, path="a.txt")) + "\n", encoding="utf-8")
    (item,), _ = split(read_source(folder / "events.jsonl", settings=options))
    with pytest.raises(DataError, match="expected the article's text"):
        item.load()


def test_halves_of_characters_in_results_are_replaced(tmp_path: Path, options: PreprocessSettings) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(json.dumps(result("甲购乙\ud800。")) + "\n", encoding="utf-8")
    (item,), _ = split(read_source(path, settings=options))
    assert item.load()["text"] == "甲购乙\ufffd。"


def test_a_missing_path_is_named(tmp_path: Path, options: PreprocessSettings) -> None:
    with pytest.raises(DataError, match="nowhere: expected a folder or file to review"):
        list(read_source(tmp_path / "nowhere", settings=options))


@pytest.mark.parametrize(
    ("name", "data", "ids"),
    [
        ("a.txt", "甲购乙。".encode(), ["a"]),
        ("../../up.txt", "甲购乙。".encode("gb18030"), ["up"]),
        ("C:\\docs\\win.md", b"Tencent cuts Sea.", ["win"]),
        ("events.jsonl", json.dumps(result()).encode() + b"\n{", ["a"]),
        ("raw.json", b'[{"text": "x"}, {"text": "y"}]', ["raw#1", "raw#2"]),
        ("<img src=x>.txt", b"text", ["<img src=x>"]),
    ],
)
def test_dropped_files(options: PreprocessSettings, name: str, data: bytes, ids: list[str]) -> None:
    items, _ = split(read_dropped(data, name, settings=options))
    assert [item.known["id"] for item in items] == ids


@pytest.mark.parametrize(("name", "data"), [("a.exe", b"x"), ("empty.txt", b""), ("a", b"x"), ("x.pdf", b"no pdf")])
def test_dropped_files_of_no_use_say_why(options: PreprocessSettings, name: str, data: bytes) -> None:
    items, problems = split(read_dropped(data, name, settings=options))
    assert (items, len(problems)) == ([], 1)
    assert "expected" in problems[0]
