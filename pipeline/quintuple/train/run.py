"""The whole of training in one call: prepare, fit, export."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from quintuple.train.config import TrainConfig, load_config
from quintuple.train.export import export
from quintuple.train.fit import fit
from quintuple.train.prepare import prepare


def train(
    config_path: Path, output: Path, *, report: Callable[[dict[str, Any]], None], say: Callable[[str], None]
) -> Path:
    """Run a training config into ``output``; return the folder of the exported model.

    ``output`` gets the config, ``environment.json``, ``prepared/``, ``fitted/`` and ``export/``. Arrays and
    checkpoints of an earlier, interrupted run of the same config and data are used again.

    Raises:
        SettingsError: the config is wrong.
        DataError: a data file is missing or wrong, or ``output`` belongs to another config.
    """
    config = load_config(config_path)
    output.mkdir(parents=True, exist_ok=True)
    digest, prepared, fitted = _digest(config_path, config), output / "prepared", output / "fitted"
    if not (prepared / "digest").is_file() or (prepared / "digest").read_text(encoding="utf-8") != digest:
        shutil.rmtree(fitted, ignore_errors=True)
        prepare(config, prepared, report=say)
        (prepared / "digest").write_text(digest, encoding="utf-8")
    shutil.copy(config_path, output / "config.toml")
    (output / "environment.json").write_text(json.dumps(_environment(), indent=1) + "\n", encoding="utf-8")
    fit(prepared, fitted, report=report)
    for name in ("labels.json", "tokenizer.json"):
        shutil.copy(prepared / name, fitted / name)
    export(fitted, output / "export")
    return output / "export"


def _digest(path: Path, config: TrainConfig) -> str:
    """Hash the config and the data it names: a changed line of either starts the run anew."""
    digest = hashlib.sha256(path.read_bytes())
    for data in (*config.data, *config.dev):
        if Path(data.path).is_file():
            digest.update(Path(data.path).read_bytes())
    return digest.hexdigest()


def _environment() -> dict[str, str]:
    import torch
    import transformers

    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    return versions | {"python": platform.python_version(), "machine": platform.platform()}
