"""Folders of small articles, and what runs over them."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from quintuple.batch import Identity, InlineEngine, Run, RunOptions
from quintuple.extract import Extractor, load
from quintuple.settings import Settings, load_settings

IDENTITY = Identity("sha256:model", "sha256:settings")


@pytest.fixture(scope="session")
def options() -> Settings:
    """Settings with small shards."""
    return load_settings(overrides={"batch.shard_files": 3, "batch.workers": 2, "classify.threads": 1})


@pytest.fixture(scope="session")
def tiny(tiny_model: Path, options: Settings) -> Extractor:
    """The extractor whose scores depend on what shares a batch."""
    return load(tiny_model, settings=options)


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with 24 articles of several lengths and three bad files, and a file of three articles."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    chance = random.Random(4)
    for number in range(24):
        text = "".join(
            chance.choice(("甲购乙5%股份。", "甲减乙。", "Tencent buys Sea. ", "会议开始了。"))
            for _ in range(number % 7 + 1)
        )
        place = folder / "sub" if number % 4 == 0 else folder
        (place / f"{number:02d}.txt").write_text(f"{number} {text}", encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(random.Random(1).randbytes(4000))
    (folder / "lines.jsonl").write_text(
        '{"id": "one", "text": "甲购乙。"}\n{"id": "two", "te\n{"id": "three", "text": "甲减乙。"}\n', encoding="utf-8"
    )
    return folder


@pytest.fixture
def run(articles: Path, tiny: Extractor, options: Settings, tmp_path: Path) -> Callable[..., Run]:
    """Make a run over the articles in this process."""

    def make(output: Path = tmp_path / "out.jsonl", identity: Identity = IDENTITY, **chosen: object) -> Run:
        return Run([articles], output, InlineEngine(tiny), identity, options, RunOptions(**chosen))

    return make
