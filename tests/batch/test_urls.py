"""Inputs and outputs on other file systems, named by URL."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quintuple.batch import Identity, InlineEngine, Run, RunOptions, is_url, state_folder
from quintuple.batch.plan import look
from quintuple.events import SettingsError
from quintuple.extract import Extractor
from quintuple.settings import Settings

pytest.importorskip("pyarrow", reason="URLs need the extra [ray]")
fsspec = pytest.importorskip("fsspec", reason="URLs need the extra [ray]")


@pytest.fixture
def memory(articles: Path) -> Iterator[str]:
    """The articles in the memory of this process, and some that do not count."""
    filesystem = fsspec.filesystem("memory")
    for path in articles.rglob("*.*"):
        filesystem.pipe(f"/news/{path.relative_to(articles).as_posix()}", path.read_bytes())
    filesystem.pipe("/news/.hidden/x.txt", b"x")
    filesystem.pipe("/news/picture.png", b"x")
    yield "memory://news"
    filesystem.rm("/", recursive=True)


@pytest.fixture
def go(tiny: Extractor, options: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run over some places in this process, with the notes in a folder of the test."""
    monkeypatch.chdir(tmp_path)

    def go(source: Path | str, output: Path | str, **chosen: Any) -> Any:
        return Run([source], output, InlineEngine(tiny), Identity("m", "s"), options, RunOptions(**chosen)).go()

    return go


def records(text: bytes | str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def without_path(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [record | {"path": None} for record in found]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("s3://b/x", True), ("gs://b", True), ("C://x", False), ("news/a", False), (Path("s3://b"), False)],
)
def test_what_is_a_url(path: Path | str, expected: bool) -> None:
    assert is_url(path) is expected


@pytest.mark.parametrize("scheme", ["memory", "file"])
def test_other_file_systems_give_what_this_one_gives(
    go: Any, articles: Path, memory: str, tmp_path: Path, scheme: str
) -> None:
    source = memory if scheme == "memory" else articles.as_uri()
    target = "memory://out/deep/events.jsonl" if scheme == "memory" else (tmp_path / "deep/o ut.jsonl").as_uri()
    expected = go(articles, tmp_path / "here.jsonl")
    summary = go(source, target)
    assert (summary.articles, summary.events, len(summary.failures)) == (expected.articles, expected.events, 3)
    assert summary.skipped == (scheme == "memory")
    filesystem, place = fsspec.core.url_to_fs("memory://out/deep/events.jsonl")
    data = filesystem.cat(place) if scheme == "memory" else (tmp_path / "deep/o ut.jsonl").read_bytes()
    assert without_path(records(data)) == without_path(records((tmp_path / "here.jsonl").read_bytes()))
    assert {record["path"] for record in records(data)} >= {f"{source}/sub/00.txt", f"{source}/01.txt"}
    assert all(str(failure).startswith(source) for failure in summary.failures)


def test_names_are_taken_as_they_are(go: Any, tmp_path: Path) -> None:
    folder = tmp_path / "新 闻"
    folder.mkdir()
    for name in ("50% 甲?.txt", "a#b&c.txt"):
        (folder / name).write_text("甲购乙。", encoding="utf-8")
    (folder / "packed.txt.gz").write_bytes(gzip.compress("甲购乙。".encode(), mtime=0))
    go(f"file://{folder.as_posix()}", tmp_path / "out.jsonl")
    found = records((tmp_path / "out.jsonl").read_bytes())
    assert [record["id"] for record in found] == ["50% 甲?", "a#b&c", "packed"]


def test_only_what_has_changed_is_extracted_again(go: Any, memory: str, tmp_path: Path) -> None:
    filesystem = fsspec.filesystem("memory")
    output = "memory://out/events.jsonl"
    assert go(memory, output, changed_only=True).extracted == 26
    assert state_folder(output).resolve() == tmp_path / "events.jsonl.shards"
    assert go(memory, output, changed_only=True).extracted == 2  # of the file with a broken line
    filesystem.pipe("/news/05.txt", "甲减乙。甲购乙。".encode())
    filesystem.pipe("/news/new.txt", "甲购乙。".encode())
    assert go(memory, output, changed_only=True).extracted == 4


def test_a_single_file_and_parts_of_a_large_one(
    go: Any, memory: str, options: Settings, tmp_path: Path, tiny: Extractor
) -> None:
    assert go("memory://news/sub/00.txt", tmp_path / "one.jsonl").articles == 1
    assert records((tmp_path / "one.jsonl").read_bytes())[0]["id"] == "00"
    lines = "".join(json.dumps({"id": str(number), "text": "甲购乙。"}) + "\n" for number in range(40))
    fsspec.filesystem("memory").pipe("/large/all.jsonl", lines.encode())
    small = options.model_copy(update={"batch": options.batch.model_copy(update={"shard_bytes": 500})})
    assert len(look(["memory://large"], without=[], settings=small.batch).files) == 4
    run = Run(["memory://large"], tmp_path / "out.jsonl", InlineEngine(tiny), Identity("m", "s"), small)
    assert run.go().articles == 40
    found = records((tmp_path / "out.jsonl").read_bytes())
    assert [record["id"] for record in found] == [str(number) for number in range(40)]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("memory://nowhere", "memory://nowhere: expected a file or folder, got none there"),
        ("memory://news/picture.png", "expected one of the suffixes"),
    ],
)
def test_what_is_not_there_is_a_failure(go: Any, memory: str, tmp_path: Path, source: str, reason: str) -> None:
    summary = go(source, tmp_path / "out.jsonl")
    assert summary.articles == 0
    assert reason in str(summary.failures[0])


def test_without_pyarrow_the_extra_is_named(go: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SettingsError, match=r"s3://b/x: expected the extra \[ray\], got no pyarrow"):
        go("s3://b/x", tmp_path / "out.jsonl")


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("memory://out.sqlite", "expected a database on this machine"),
        ("memory://out.docx", "expected an output ending in"),
        ("quux://out.jsonl", "expected a file system that is known"),
    ],
)
def test_outputs_that_cannot_be_are_refused_before_the_work(go: Any, articles: Path, output: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        go(articles, output)
