"""Runs that are broken off, gone on with, and done again for what has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from quintuple.batch import FileDone, Identity, InlineEngine, Planned, Run, RunOptions, Shard, state_folder
from quintuple.batch.files import locked
from quintuple.events import RunError, SettingsError
from quintuple.extract import Extractor
from quintuple.settings import Settings

Make = Callable[..., Run]


class Broken:
    """An engine that is interrupted after some shards."""

    def __init__(self, engine: InlineEngine, after: int, error: type[BaseException] = KeyboardInterrupt) -> None:
        self.engine, self.after, self.error = engine, after, error
        self.asked: list[Shard] = []

    def run(self, shards):
        self.asked = list(shards)
        for number, result in enumerate(self.engine.run(shards)):
            if number == self.after:
                raise self.error
            yield result

    def close(self) -> None:
        self.engine.close()


def going(run: Run, **changes: object) -> Run:
    return Run(**{name: getattr(run, name) for name in run.__slots__} | changes)


def records(path: Path) -> dict[str, dict]:
    return {record["id"]: record for record in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def names(shards: list[Shard]) -> list[str]:
    return [Path(file.path).name for shard in shards for file in shard.inputs]


def test_a_run_writes_all_articles_in_order_and_counts_them(run: Make, tmp_path: Path) -> None:
    notes: list[Planned | FileDone] = []
    summary = going(run(), report=notes.append).go()
    found = records(tmp_path / "out.jsonl")
    assert len(found) == summary.articles == summary.extracted == 26
    assert list(found) == sorted(found, key=lambda key: ("lines" if key in ("one", "three") else key) + ".")
    assert summary.events == sum(len(record["events"]) for record in found.values()) > 20
    assert summary.types.total() == summary.events
    assert [Path(failure.path).name for failure in summary.failures] == ["binary.txt", "empty.txt", "lines.jsonl"]
    assert "lines.jsonl:2" in str(summary.failures[2])
    assert sum(note.articles for note in notes if isinstance(note, FileDone)) == 26


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_broken_run_goes_on_to_the_same_bytes(run: Make, tmp_path: Path, after: int) -> None:
    run(tmp_path / "whole.jsonl").go()
    broken = run()
    with pytest.raises(KeyboardInterrupt):
        going(broken, engine=Broken(broken.engine, after)).go()
    assert not broken.output.exists()
    second = Broken(broken.engine, 99)
    notes: list[Planned | FileDone] = []
    summary = going(broken, engine=second, report=notes.append).go()
    assert broken.output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert summary.articles == 26
    kept = next(note.kept for note in notes if isinstance(note, Planned))
    assert kept + len(names(second.asked)) == 27
    assert (kept > 0) == (after > 0)


def test_scores_depend_on_what_shares_a_batch(run: Make, tmp_path: Path, options: Settings) -> None:
    run(tmp_path / "whole.jsonl").go()
    alone = options.model_copy(update={"batch": options.batch.model_copy(update={"shard_files": 1})})
    going(run(tmp_path / "alone.jsonl"), settings=alone).go()
    assert records(tmp_path / "whole.jsonl") != records(tmp_path / "alone.jsonl")


def test_the_state_goes_when_all_is_done_and_stays_when_asked(run: Make, articles: Path, tmp_path: Path) -> None:
    for bad in ("empty.txt", "binary.txt", "lines.jsonl"):
        (articles / bad).unlink()
    run().go()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out.jsonl"]
    run(keep_state=True).go()
    assert state_folder(tmp_path / "out.jsonl").is_dir()


def test_failed_inputs_are_tried_again_when_the_run_had_ended(run: Make, articles: Path, tmp_path: Path) -> None:
    run().go()
    assert state_folder(tmp_path / "out.jsonl").is_dir()
    (articles / "empty.txt").write_text("甲购乙。", encoding="utf-8")
    again = run()
    engine = Broken(again.engine, 99)
    summary = going(again, engine=engine).go()
    assert (
        {"empty.txt", "binary.txt", "lines.jsonl"}
        <= set(names(engine.asked))
        < {path.name for path in articles.rglob("*.*")}
    )
    assert summary.articles == 27
    run(tmp_path / "whole.jsonl").go()
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_changed_inputs_alone_are_extracted_again(run: Make, articles: Path, tmp_path: Path) -> None:
    run(keep_state=True).go()
    before = records(tmp_path / "out.jsonl")
    (articles / "05.txt").write_text("甲减乙。甲购乙。", encoding="utf-8")
    (articles / "new.txt").write_text("甲购乙。", encoding="utf-8")
    (articles / "07.txt").unlink()
    os.utime(articles / "09.txt", (1, 1))
    for bad in ("empty.txt", "binary.txt", "lines.jsonl"):
        (articles / bad).unlink()
    again = run(changed_only=True)
    engine = Broken(again.engine, 99)
    summary = going(again, engine=engine).go()
    assert sorted(names(engine.asked)) == ["05.txt", "new.txt"]
    after = records(tmp_path / "out.jsonl")
    assert len(after) == summary.articles == 24
    assert set(after) == set(before) - {"07", "one", "three"} | {"new"}
    assert [event["action"]["type"] for event in after["05"]["events"]] == ["reduce_stake", "acquire"]
    assert all(after[key] == before[key] for key in set(after) & set(before) - {"05"})
    assert list(after) == sorted(after, key=lambda key: key + ".")


def test_a_broken_run_over_changes_goes_on_to_the_same_bytes(run: Make, articles: Path, tmp_path: Path) -> None:
    for output in ("whole.jsonl", "out.jsonl"):
        run(tmp_path / output, keep_state=True).go()
    for number in (1, 2, 3, 5, 6, 7, 9, 10, 11):
        (articles / f"{number:02d}.txt").write_text(f"甲购乙。甲减乙{number}。" * number, encoding="utf-8")
    run(tmp_path / "whole.jsonl", changed_only=True).go()
    broken = run(changed_only=True)
    with pytest.raises(KeyboardInterrupt):
        going(broken, engine=Broken(broken.engine, 1)).go()
    broken.go()
    assert broken.output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_another_model_starts_anew(run: Make) -> None:
    run(keep_state=True).go()
    notes: list[Planned | FileDone] = []
    other = run(identity=Identity("sha256:other", "sha256:settings"))
    assert going(other, report=notes.append).go().extracted == 26
    assert Planned(27, 0, ("model",)) in notes


def test_nothing_is_extracted_twice_without_reason(run: Make) -> None:
    first = run(keep_state=True, changed_only=True).go()
    second = run(keep_state=True, changed_only=True).go()
    assert (first.extracted, second.extracted) == (26, 2)
    assert second.articles == 26


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_manifest_that_breaks_off_costs_what_it_lacks(run: Make, tmp_path: Path, cut: int) -> None:
    run(tmp_path / "whole.jsonl").go()
    broken = run()
    with pytest.raises(KeyboardInterrupt):
        going(broken, engine=Broken(broken.engine, 5)).go()
    manifest = state_folder(broken.output) / "manifest.ndjson"
    manifest.write_bytes(manifest.read_bytes()[:-cut])
    broken.go()
    assert broken.output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_a_full_disk_ends_the_run_and_loses_nothing(run: Make, tmp_path: Path, monkeypatch) -> None:
    run(tmp_path / "whole.jsonl").go()
    broken, synced = run(), []

    def full(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 12:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(RunError, match=r"No space left.*the same command goes on"):
        patch.setattr(os, "fsync", full)
        broken.go()
    assert broken.go().kept
    assert broken.output.read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


def test_one_run_at_a_time(run: Make, tmp_path: Path) -> None:
    first = run()
    folder = state_folder(first.output)
    folder.mkdir()
    with locked(folder / "lock"), pytest.raises(RunError, match="expected no other run"):
        first.go()


def test_what_a_run_writes_is_no_input(tiny: Extractor, options: Settings, articles: Path) -> None:
    output = articles / "events.jsonl"
    chosen = RunOptions(keep_state=True, errors=articles / "errors.jsonl")
    run = Run([articles], output, InlineEngine(tiny), Identity("a", "b"), options, chosen)
    first, second = run.go(), run.go()
    assert (first.files, second.files) == (27, 27)
    assert {json.loads(line)["path"] for line in output.read_text(encoding="utf-8").splitlines()}.isdisjoint(
        {output.as_posix()}
    )
    listed = [json.loads(line) for line in (articles / "errors.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [Path(row["path"]).name for row in listed] == ["binary.txt", "empty.txt", "lines.jsonl"]
    assert "expected text, got an empty file" in listed[1]["reason"]


def test_an_unknown_output_is_refused_before_the_work(run: Make, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"out\.docx: expected an output ending in"):
        going(run(), engine=None, output=tmp_path / "out.docx").go()
    with pytest.raises(SettingsError, match=r"errors\.txt: expected a list of errors"):
        going(run(errors=tmp_path / "errors.txt"), engine=None).go()


def test_a_large_file_of_records_comes_in_parts(run: Make, tmp_path: Path, options: Settings) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    lines = [json.dumps({"text": f"甲购乙{number}%股份。" * (number % 5 + 1)}) for number in range(100)]
    lines[17], lines[60] = "{", "\n\n"
    (folder / "b.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "a.txt").write_text("甲购乙。", encoding="utf-8")
    small = options.model_copy(update={"batch": options.batch.model_copy(update={"shard_bytes": 800})})
    base = going(run(keep_state=True), paths=[folder], settings=small)
    summary = base.go()
    found = list(records(base.output))
    assert found == ["a", *(f"b#{number}" for number in range(1, 100) if number != 18)]
    assert [str(failure).partition(": ")[0] for failure in summary.failures] == [f"{folder.as_posix()}/b.jsonl:18"]
    assert summary.files > 10
    going(base, output=tmp_path / "whole.jsonl", settings=options).go()
    assert list(records(tmp_path / "whole.jsonl")) == found
    broken = going(base, output=tmp_path / "broken.jsonl")
    with pytest.raises(KeyboardInterrupt):
        going(broken, engine=Broken(broken.engine, 7)).go()
    assert broken.go().kept > 5
    assert broken.output.read_bytes() == base.output.read_bytes()


def test_watching_takes_new_and_edited_files(run: Make, articles: Path, options: Settings, monkeypatch) -> None:
    steps = iter(
        [
            lambda: (articles / "new.txt").write_text("甲购乙。", encoding="utf-8"),
            lambda: None,
            lambda: (articles / "new.txt").write_text("甲购乙。甲减乙。", encoding="utf-8"),
            lambda: None,
            lambda: (articles / "03.txt").unlink(),
        ]
    )
    monkeypatch.setattr("quintuple.batch.runs.time.sleep", lambda seconds: next(steps)())
    passes = run().watch()
    assert next(passes).articles == 26
    added = next(passes)
    assert (added.articles, added.extracted) == (27, 1)
    assert next(passes).extracted == 1
    gone = next(passes)
    assert (gone.articles, gone.extracted) == (26, 0)
    passes.close()
