"""The workload is the same everywhere, and the benchmark runs."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def workload(benchmark_module: Callable[[str], ModuleType]) -> ModuleType:
    return benchmark_module("workload")


def test_the_same_seed_gives_the_same_articles(workload: ModuleType) -> None:
    few, more = workload.articles(4), workload.articles(40)
    assert more[:4] == few
    assert len(set(more)) == 40
    assert workload.articles(4, seed=7) != few
    # Measured figures are of this workload: a change of it is a change of theirs.
    digest = hashlib.sha256("".join(more).encode()).hexdigest()
    assert digest == "dc7d1d57e33e054d92a5af680c0e1605990ceb3e25d48f7636319b6c39181779"


def test_articles_are_as_long_as_news(workload: ModuleType) -> None:
    articles = workload.articles(400)
    assert all(400 <= len(text) <= 800 for text in articles[::2])
    assert all(150 <= len(text.split()) <= 400 for text in articles[1::2])


@pytest.mark.slow
def test_the_benchmark_runs_and_counts(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, HERE / "bench_extract.py", "--quick", "--json", figures]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "| articles/s |" in done.stdout
    record = json.loads(figures.read_text(encoding="utf-8"))
    assert record["events_per_article"] > 1
    # The network reads each token once for triggers, and its surroundings again for each trigger.
    assert record["network"]["network_tokens"] > record["tokens_per_article"]
    assert record["network"]["padded_tokens"] >= record["network"]["network_tokens"]
    assert record["ours"]["articles_per_second"] < record["limit"]["articles_per_second"]
    assert 0 < record["ours"]["peak"] < record["baseline"]["peak"]
