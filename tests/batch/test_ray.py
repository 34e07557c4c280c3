"""The engine of a cluster gives what this machine gives, record for record."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

from quintuple.batch import Identity, LocalEngine, Run, RunOptions, WorkerConfig, identify
from quintuple.batch.engines import ray
from quintuple.cli.app import app
from quintuple.events import ModelError, SettingsError
from quintuple.resources import models_folder
from quintuple.settings import Settings, load_settings

ARTICLES = 200

# Ray warns itself of settings of its own.
pytestmark = [pytest.mark.filterwarnings(f"ignore:::{module}") for module in ("ray", r"ray\..*")]


def test_without_ray_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    (tmp_path / "a.txt").write_text("甲购乙。", encoding="utf-8")
    chosen = ["-o", str(tmp_path / "out.jsonl"), "--engine", "ray"]
    result = CliRunner().invoke(app, ["extract", str(tmp_path / "a.txt"), *chosen])
    assert isinstance(result.exception, SettingsError)
    assert str(result.exception) == "--engine ray: expected the extra [ray], got no ray: pip install 'quintuple[ray]'"


def test_an_address_needs_the_engine(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["extract", str(tmp_path), "-o", "out.jsonl", "--address", "auto"])
    assert result.exit_code == 2
    assert "goes with --engine ray" in result.stderr


class Cluster:
    """Tells what a cluster has."""

    def __init__(self, **resources: float) -> None:
        self.resources = resources

    def cluster_resources(self) -> dict[str, float]:
        return self.resources


@pytest.mark.parametrize(
    ("resources", "chosen", "weights", "device", "actors", "needs"),
    [
        ({"CPU": 8}, {}, True, "auto", 8, {"num_cpus": 1}),
        ({"CPU": 8}, {"classify.threads": 2}, True, "auto", 4, {"num_cpus": 2}),
        ({"CPU": 8}, {"batch.workers": 20}, True, "auto", 20, {"num_cpus": 1}),
        ({"CPU": 64, "GPU": 2}, {}, True, "cuda", 8, {"num_cpus": 1, "num_gpus": 0.25}),
        ({"CPU": 4, "GPU": 2}, {"batch.gpu_actors": 1}, True, "cuda", 2, {"num_cpus": 1, "num_gpus": 1}),
        ({"CPU": 4, "GPU": 2}, {"classify.device": "cpu"}, True, "cpu", 4, {"num_cpus": 1}),
        ({"CPU": 4, "GPU": 2}, {}, False, "auto", 4, {"num_cpus": 1}),
    ],
)
def test_actors_take_what_the_cluster_has(
    tmp_path: Path,
    resources: dict[str, float],
    chosen: dict[str, Any],
    weights: bool,
    device: str,
    actors: int,
    needs: dict[str, float],
) -> None:
    (tmp_path / "config.json").touch()
    if weights:
        (tmp_path / "model.safetensors").touch()
    given = WorkerConfig(tmp_path, load_settings(overrides=chosen))
    config = ray.on_device(given, gpus="GPU" in resources)
    assert config.settings.classify.device == device
    assert ray.needs_of(config) == needs
    assert ray.count_actors(Cluster(**resources), config, 100) == actors
    assert ray.count_actors(Cluster(**resources), config, 1) == 1


def test_records_of_graphics_cards_are_others(tmp_path: Path) -> None:
    for name in ("config.json", "model.int8.onnx", "model.safetensors"):
        (tmp_path / name).write_bytes(name.encode())
    settings = {device: load_settings(overrides={"classify.device": device}) for device in ("auto", "cpu", "cuda")}
    made = {device: identify(tmp_path, each, published=None) for device, each in settings.items()}
    assert made["auto"] == made["cpu"] != made["cuda"]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A Ray of two cores on this machine."""
    library = pytest.importorskip("ray", reason="the engine needs the extra [ray]")
    with pytest.MonkeyPatch.context() as patch:
        # Where the package is not installed, the actors must find it as this process does.
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [*sys.path, str(Path(__file__).parent)])))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        library.init(num_cpus=2, include_dashboard=False, object_store_memory=100 * 2**20, log_to_driver=False)
        yield library
        library.shutdown()


@pytest.fixture(scope="module")
def workload(benchmark_module: Callable[[str], ModuleType]) -> ModuleType:
    return benchmark_module("workload")


@pytest.fixture
def go(tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """Run over a folder with an engine and return the records."""

    def go(source: Path, engine: Any, settings: Settings) -> list[dict[str, Any]]:
        output = tmp_path / f"{type(engine).__name__}.jsonl"
        with closing(engine):
            Run([source], output, engine, Identity("m", "s"), settings, RunOptions()).go()
        return [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]

    return go


@pytest.mark.slow
@pytest.mark.skipif(not (models_folder() / "quintuple-base").is_dir(), reason="needs the shipped model")
def test_two_actors_give_what_this_machine_gives(cluster: Any, go: Any, workload: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, text in enumerate(workload.articles(ARTICLES)):
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    settings = load_settings(overrides={"batch.shard_files": 16, "batch.workers": 2})
    config = WorkerConfig(None, settings)
    here = go(folder, LocalEngine(config), settings)
    there = go(folder, ray.RayEngine(config), settings)
    assert len(here) == ARTICLES
    assert sum(len(record["events"]) for record in here) > ARTICLES
    assert there == here
    # What others have started is theirs to end.
    assert cluster.is_initialized()


@pytest.mark.slow
def test_an_article_that_breaks_a_process_fails_alone(
    cluster: Any, articles: Path, tiny_model: Path, options: Settings, monkeypatch: pytest.MonkeyPatch, go: Any
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent)
    faults = importlib.import_module("faults")
    (articles / "bad.txt").write_text("甲购乙。崩", encoding="utf-8")
    found = go(articles, ray.RayEngine(WorkerConfig(tiny_model, options, load=faults.load_faulty)), options)
    assert len(found) == 26
    assert "bad" not in {record["id"] for record in found}
    (articles / "new.txt").write_text("甲购乙。", encoding="utf-8")
    with pytest.raises(ModelError, match="no model today"):
        go(articles, ray.RayEngine(WorkerConfig(tiny_model, options, load=faults.load_nothing)), options)
