"""The processes of the local engine: the same results, and an end to whatever hangs or dies."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from quintuple.batch import InlineEngine, InputFile, LocalEngine, Shard, ShardResult, WorkerConfig
from quintuple.batch.plan import look
from quintuple.batch.shards import pack
from quintuple.events import ModelError, RunError
from quintuple.extract import Extractor, load
from quintuple.settings import Settings


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Callable[..., Extractor]]:
    """Find a function of faults.py so that the worker processes find it too."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    import faults

    return lambda name: getattr(faults, name)


def shards_of(folder: Path, settings: Settings) -> list[Shard]:
    groups = pack(look([folder], without=[], settings=settings.batch).files, settings=settings.batch)
    return [Shard(number, group) for number, group in enumerate(groups)]


def extract(shards: Sequence[Shard], config: WorkerConfig) -> list[ShardResult]:
    with closing(LocalEngine(config)) as engine:
        return sorted(engine.run(shards), key=lambda result: result.shard.number)


def write(folder: Path, **texts: str) -> Shard:
    """Make a shard of named articles."""
    files = []
    for name, text in texts.items():
        path = folder / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        files.append(InputFile(path.as_posix(), folder.as_posix(), path.stat().st_size, 0))
    return Shard(0, tuple(files))


def test_processes_give_what_one_gives(articles: Path, tiny_model: Path, tiny: Extractor, options: Settings) -> None:
    shards = shards_of(articles, options)
    assert len(shards) > 4
    assert extract(shards, WorkerConfig(tiny_model, options)) == list(InlineEngine(tiny).run(shards))


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("坏", r"bad\.txt: extraction failed: ValueError\('bad'\)"),
        ("睡", r"bad\.txt: took longer than 4 s to assemble"),
        ("崩", r"bad\.txt: expected to be extracted, but the process that worked on it ended with exit code 3"),
        ("死", r"bad\.txt: expected to be extracted, but the process that worked on it ended with exit code 4"),
    ],
)
def test_an_article_that_breaks_a_process_fails_alone(
    tmp_path: Path, tiny_model: Path, options: Settings, loader, word: str, reason: str
) -> None:
    batch = options.batch.model_copy(update={"file_timeout": 4.0, "workers": 1})
    settings = options.model_copy(update={"batch": batch})
    shard = write(tmp_path, a="甲购乙。", bad=f"甲购乙。{word}", c="甲减乙。", d="Tencent buys Sea.")
    (result,) = extract([shard], WorkerConfig(tiny_model, settings, load=loader("load_faulty")))
    assert [len(file.lines) for file in result.files] == [1, 0, 1, 1]
    (failure,) = result.files[1].failures
    assert re.search(reason, failure)
    if word == "坏":
        return
    # The process is gone, and its neighbours share their batches as if it had never been there.
    others = Shard(0, (shard.inputs[0], *shard.inputs[2:]))
    (expected,) = InlineEngine(load(tiny_model, settings=settings)).run([others])
    assert [file.lines for file in result.files if file.lines] == [file.lines for file in expected.files]


def test_a_file_that_never_ends_fails_alone(tmp_path: Path, tiny_model: Path, options: Settings, loader) -> None:
    settings = options.model_copy(update={"batch": options.batch.model_copy(update={"file_timeout": 4.0})})
    shard = write(tmp_path, a="甲购乙。", endless="甲购乙。", c="甲减乙。")
    (result,) = extract([shard], WorkerConfig(tiny_model, settings, load=loader("load_endless")))
    assert [len(file.lines) for file in result.files] == [1, 0, 1]
    assert "endless.txt: took longer than 4 s to read" in result.files[1].failures[0]


def test_a_process_that_is_ended_from_outside_costs_nothing(
    tmp_path: Path, tiny_model: Path, options: Settings, loader
) -> None:
    shard = write(tmp_path, a="甲购乙。", once="甲购乙。杀", c="甲减乙。")
    (tmp_path / "armed").touch()
    (result,) = extract([shard], WorkerConfig(tiny_model, options, load=loader("load_faulty")))
    assert not (tmp_path / "armed").exists()
    assert [result] == list(InlineEngine(load(tiny_model, settings=options)).run([shard]))


def test_several_bad_articles_in_several_shards(tmp_path: Path, tiny_model: Path, options: Settings, loader) -> None:
    words = {
        f"n{number}": "甲购乙。" + ("崩" if number in (2, 3, 9) else "死" if number == 6 else "")
        for number in range(12)
    }
    files = write(tmp_path, **words).inputs
    shards = [Shard(number, files[4 * number : 4 * number + 4]) for number in range(3)]
    results = extract(shards, WorkerConfig(tiny_model, options, load=loader("load_faulty")))
    found = [len(file.lines) for result in results for file in result.files]
    assert found == [1, 1, 0, 0, 1, 1, 0, 1, 1, 0, 1, 1]


def test_what_cannot_be_loaded_is_said(articles: Path, options: Settings, loader) -> None:
    shards = shards_of(articles, options)
    with pytest.raises(ModelError, match="no model today"):
        extract(shards, WorkerConfig(None, options, load=loader("load_nothing")))
    with pytest.raises(RunError, match="expected a process that extracts, got one that ended with exit code 5"):
        extract(shards, WorkerConfig(None, options, load=loader("die")))
