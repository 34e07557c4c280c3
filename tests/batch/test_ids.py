"""Files of one run have different ids, whatever their names have in common."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from quintuple import batch
from quintuple.batch import InputFile, Run
from quintuple.batch.ids import Ids
from quintuple.extract import Extractor


@pytest.fixture
def twins(articles: Path) -> Path:
    """A folder in which names differ by their suffix alone."""
    for path in articles.rglob("*.*"):
        path.unlink()
    (articles / "a.html").write_text("<html><body><p>甲购乙。</p></body></html>", encoding="utf-8")
    (articles / "a.txt").write_text("甲减乙。", encoding="utf-8")
    (articles / "a.txt.md").write_text("会议开始了。", encoding="utf-8")
    (articles / "b.jsonl").write_text('{"text": "甲购乙。"}\n{"id": "mine", "text": "甲。"}\n', encoding="utf-8")
    (articles / "b.txt").write_text("甲减乙。", encoding="utf-8")
    return articles


EXPECTED = {"a": "a.html", "a.txt": "a.txt", "a.txt.md": "a.txt.md", "b#1": "b.jsonl", "mine": "b.jsonl"}


def test_a_later_file_of_the_same_id_keeps_its_suffix(run: Callable[..., Run], twins: Path, tmp_path: Path) -> None:
    run().go()
    lines = (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()
    found = {record["id"]: Path(record["path"]).name for record in map(json.loads, lines)}
    assert found == EXPECTED | {"b.txt": "b.txt"}


def test_a_pipe_gets_the_same_ids(twins: Path, tiny: Extractor) -> None:
    _, jobs = batch.read_inputs([twins], tiny, batch.Summary(), published=None)
    assert {job.item.id for job in jobs} == set(EXPECTED) | {"b.txt"}


def test_a_file_that_comes_later_moves_nothing_but_ids(run: Callable[..., Run], twins: Path, tmp_path: Path) -> None:
    (twins / "a.html").rename(tmp_path / "a.html")
    run(changed_only=True).go()
    (tmp_path / "a.html").rename(twins / "a.html")
    assert run(changed_only=True).go().extracted == 1
    records = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {record["id"]: Path(record["path"]).name for record in records} == EXPECTED | {"b.txt": "b.txt"}


def test_folders_with_the_same_names() -> None:
    ids = Ids()
    files = [InputFile(path, path.rpartition("/")[0], 0, 0) for path in ("x/a.txt", "y/a.txt", "y/a.md", "z/a.txt")]
    assert [ids.of("a", file) for file in files] == ["a", "a.txt", "a.md", "z/a.txt"]
    again = InputFile("s3://b/x/a.txt", "s3://b/x", 0, 0)
    assert [ids.of("a#12", again), ids.of("theirs", again)] == ["s3://b/x/a.txt#12", "theirs"]
    assert ids.of("a#3", files[1]) == "a.txt#3"
