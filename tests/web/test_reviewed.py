"""The file of corrections: whole or not at all, replaced by id, and never the model's own output."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quintuple.events import DataError
from quintuple.web.desk import Desk, output_path
from quintuple.web.reviewed import ReviewedFile, Totals

ReadLines = Callable[[Path], list[dict[str, Any]]]


def record(id_: str, corrections: int = 0, **fields: Any) -> dict[str, Any]:
    return {"id": id_, "text": "甲", "events": [], "review": {"corrections": corrections, "origins": []}} | fields


def test_records_are_appended_and_replaced_in_their_place(tmp_path: Path, read_lines: ReadLines) -> None:
    file = ReviewedFile(tmp_path / "x.reviewed.jsonl")
    assert file.totals == Totals(0, 0)
    for id_, corrections in (("a", 1), ("b", 2), ("a", 5)):
        totals = file.save(record(id_, corrections))
    assert totals == Totals(2, 7)
    assert [line["id"] for line in read_lines(file.path)] == ["a", "b"]
    assert ReviewedFile(file.path).get("a") == record("a", 5)
    assert [path.name for path in tmp_path.iterdir()] == ["x.reviewed.jsonl"]


def test_what_others_wrote_meanwhile_stays(tmp_path: Path, read_lines: ReadLines) -> None:
    first, second = (ReviewedFile(tmp_path / "x.jsonl") for _ in range(2))
    first.save(record("a", note="by hand"))
    second.save(record("b"))
    first.save(record("c"))
    assert [line["id"] for line in read_lines(first.path)] == ["a", "b", "c"]
    assert read_lines(first.path)[0]["note"] == "by hand"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", r"x\.jsonl:1: expected JSON"),
        ('{"text": "a"}', r"x\.jsonl:1: expected a reviewed article with an id"),
        ('{"id": "a"}\n{"id": "a"}', r"x\.jsonl:2: expected every id once, got 'a' again"),
        ('{"id": "a", "schema_version": 2}', r"x\.jsonl:1: expected schema_version 1, got 2"),
    ],
)
def test_a_damaged_file_is_not_touched(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "x.jsonl"
    file = ReviewedFile(path)
    path.write_text(content, encoding="utf-8")
    for act in (lambda: ReviewedFile(path), lambda: file.save(record("b"))):
        with pytest.raises(DataError, match=message):
            act()
    assert path.read_text(encoding="utf-8") == content


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path, read_lines: ReadLines) -> None:
    file = ReviewedFile(tmp_path / "x.jsonl")
    file.save(record("a"))
    with pytest.raises(TypeError):
        file.save(record("b", broken=object()))
    assert [line["id"] for line in read_lines(file.path)] == ["a"]
    assert file.get("b") is None
    assert [path.name for path in tmp_path.iterdir()] == ["x.jsonl"]


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("events.jsonl", "events.reviewed.jsonl"),
        ("events.reviewed.jsonl", "events.reviewed.jsonl"),
        ("story.txt", "story.txt.reviewed.jsonl"),
        ("folder", "folder.reviewed.jsonl"),
    ],
)
def test_corrections_go_beside_the_source(tmp_path: Path, source: str, output: str) -> None:
    (tmp_path / "folder").mkdir()
    assert output_path(tmp_path / source) == tmp_path / output


def test_the_folder_one_works_in_has_a_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert output_path(Path()) == tmp_path.with_name(f"{tmp_path.name}.reviewed.jsonl")


def test_the_output_under_review_is_never_overwritten(make_desk: Callable[..., Desk], results: Path) -> None:
    before = results.read_bytes()
    with pytest.raises(DataError, match="expected another file than the one under review"):
        make_desk(results, results.parent / "." / results.name)
    assert results.read_bytes() == before
