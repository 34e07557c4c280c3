"""The commands that train, one after the other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

pytest.importorskip("torch", reason="training needs the extra [train]")

from quintuple.cli.app import app
from quintuple.events import ModelError
from quintuple.train.scoring import Dev

from .conftest import Write


def _run(*args: object) -> Result:
    result = CliRunner().invoke(app, [*map(str, args)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def test_prepare_fit_and_export(write_config: Write, tmp_path: Path) -> None:
    config = write_config(tmp_path / "train.toml", ("passes = 40", "passes = 4"), ("eval_every = 20", "eval_every = 3"))
    prepared, fitted = tmp_path / "prepared", tmp_path / "fitted"
    assert "train: 10 articles, " in _run("prepare", config, "-o", prepared, "--documents", 10).stderr
    shown = _run("fit", prepared, "-o", fitted).stderr
    assert "step 3, steps 5, seconds " in shown
    assert "tuples " in shown.splitlines()[-1]
    assert shown.splitlines()[-1].startswith("best: step ")
    shown = _run("export", fitted, "-o", tmp_path / "export", "--allow-int8-loss", 100).stderr
    assert "int8: " in shown
    assert f"model: {tmp_path / 'export'}" in shown


def test_train_allows_the_loss_it_is_told(
    trained: Path, config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The run is there: nothing is left to do but the export.
    run = shutil.copytree(trained, tmp_path / "run")
    scores = iter([0.8, 0.7, 0.7, 0.7, 0.8, 0.7])
    monkeypatch.setattr(
        Dev, "score", lambda *_: dict.fromkeys(("triggers", "arguments", "spans", "tuples"), next(scores))
    )
    with pytest.raises(ModelError, match=r"lost 10\.00: .*quintuple export .*--allow-int8-loss"):
        _run("train", config, "--output", run)
    assert "model: " in _run("train", config, "--output", run, "--allow-int8-loss", 11).stderr
