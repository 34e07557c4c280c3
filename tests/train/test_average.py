"""The mean of several runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from safetensors.torch import load_file, save_file
from typer.testing import CliRunner

from quintuple.cli.app import app
from quintuple.events import ModelError, SettingsError
from quintuple.train.average import average
from quintuple.train.export import export


@pytest.fixture
def first(trained: Path) -> Path:
    return trained / "fitted"


@pytest.fixture
def second(first: Path, tmp_path: Path) -> Path:
    """The first run with other weights: twice as large, but for what is not a number of the network's own."""
    run = Path(shutil.copytree(first, tmp_path / "second"))
    weights = {name: (value.float() * 2).half() for name, value in load_file(str(first / "model.safetensors")).items()}
    save_file(weights, str(run / "model.safetensors"), metadata={"format": "pt"})
    return run


def test_weights_are_the_mean(first: Path, second: Path, tmp_path: Path) -> None:
    average([first, second], tmp_path / "mean")
    before, after = (load_file(str(run / "model.safetensors")) for run in (first, tmp_path / "mean"))
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert torch.allclose(after[name].float(), value.float() * 1.5, rtol=2e-3, atol=1e-4), name


def test_mean_of_one_run_twice_exports_as_that_run(first: Path, tmp_path: Path) -> None:
    average([first, first], tmp_path / "mean")
    exported = export(tmp_path / "mean", tmp_path / "export", int8_loss=100)
    alone = export(first, tmp_path / "alone", int8_loss=100)
    assert exported.float32.scores == alone.float32.scores
    assert (tmp_path / "export/model.int8.onnx").read_bytes() == (tmp_path / "alone/model.int8.onnx").read_bytes()
    card = (tmp_path / "export/README.md").read_text(encoding="utf-8")
    assert f"the mean of the weights of `{first}`, `{first}`; data and options are those of the first." in card
    assert "while training" not in card


def test_other_labels_are_refused(first: Path, second: Path, tmp_path: Path) -> None:
    labels = json.loads((second / "labels.json").read_text(encoding="utf-8"))
    (second / "labels.json").write_text(json.dumps(labels | {"new": 1}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"second/labels\.json: expected the same as in .*, got another one"):
        average([first, second], tmp_path / "mean")
    assert not (tmp_path / "mean").exists()


def test_other_shapes_are_refused(first: Path, second: Path, tmp_path: Path) -> None:
    weights = load_file(str(second / "model.safetensors"))
    name = next(iter(weights))
    save_file(weights | {name: weights[name][:1].contiguous()}, str(second / "model.safetensors"))
    with pytest.raises(ModelError, match=r"second/model\.safetensors: expected weights of the same names and shapes"):
        average([first, second], tmp_path / "mean")


def test_broken_or_missing_files_are_named(first: Path, second: Path, tmp_path: Path) -> None:
    (second / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match=r"second/model\.safetensors: expected the weights of a run, got: "):
        average([first, second], tmp_path / "mean")
    (second / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"second/tokenizer\.json: expected a fitted run or a model folder"):
        average([first, second], tmp_path / "mean")
    with pytest.raises(ModelError, match=r"second/tokenizer\.json: expected a folder that `quintuple fit` wrote"):
        average([second, first], tmp_path / "mean")


def test_one_run_is_no_mean(first: Path, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected two runs or more to average, got 1"):
        average([first], tmp_path / "mean")


def test_command(first: Path, second: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["average", str(first), str(second), "-o", str(tmp_path / "mean")])
    assert result.exit_code == 0, result.output
    assert "mean of 2 runs: " in result.stderr
    assert (tmp_path / "mean/model.safetensors").is_file()
