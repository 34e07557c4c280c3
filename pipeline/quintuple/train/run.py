"""The whole of training in one call: prepare, fit, export."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quintuple.train.config import DataConfig, TrainConfig, load_config
from quintuple.train.export import INT8_LOSS, Exported, export
from quintuple.train.fit import fit
from quintuple.train.plan import make_folder
from quintuple.train.prepare import prepare


def train(
    config_path: Path,
    output: Path,
    *,
    report: Callable[[dict[str, Any]], None],
    say: Callable[[str], None],
    documents: int | None = None,
    int8_loss: float = INT8_LOSS,
) -> Exported:
    """Run a training config into ``output``; the model is in ``output/export``.

    ``output`` gets the config, ``environment.json``, ``prepared/``, ``fitted/`` (weights, ``metrics.jsonl``,
    ``curve.png``) and ``export/``. Arrays and checkpoints of an earlier, interrupted run of the same config
    and data are used again. ``documents`` learns from so many articles alone; ``int8_loss`` as in ``export``.

    Raises:
        SettingsError: the config is wrong.
        DataError: a data file is missing or wrong.
        ModelError: the base is missing, or the export loses too much.
    """
    config = load_config(config_path)
    make_folder(output)
    digest, prepared, fitted = _digest(config, documents), output / "prepared", output / "fitted"
    if not (prepared / "digest").is_file() or (prepared / "digest").read_text(encoding="utf-8") != digest:
        shutil.rmtree(fitted, ignore_errors=True)
        prepare(config, prepared, documents=documents, report=say)
        (prepared / "digest").write_text(digest, encoding="utf-8")
    shutil.copy(config_path, output / "config.toml")
    fit(prepared, fitted, report=report, say=say)
    shutil.copy(fitted / "environment.json", output / "environment.json")
    command = f"quintuple train {config_path} --output {output}"
    if documents is not None:
        command += f" --documents {documents}"
    return export(fitted, output / "export", int8_loss=int8_loss, command=command, say=say)


def _digest(config: TrainConfig, documents: int | None) -> str:
    """Hash the options and the data they name: a change of either starts the run anew, one of a comment does not."""
    digest = hashlib.sha256(json.dumps([config.model_dump(exclude={"prepare"}), documents]).encode())
    for path in (path for data in (*config.data, *config.dev) for path in _files(data)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(data: DataConfig) -> list[Path]:
    path = Path(data.path)
    if path.is_dir():
        return sorted(each for each in path.rglob("*") if each.is_file())
    return [path] if path.is_file() else []
