"""The training config and the commands that turn corrections into a better model."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from quintuple.resources import config_path
from quintuple.settings import read_toml
from quintuple.train.data.lines import whole_file
from quintuple.web.settings import RetrainSettings

_HEAD = """# Trains on the corrections of {name} from the model they were made with. Written by `quintuple review`;
# edit it as you like: configs/train-base.toml says what every key means.
"""
_ALONE = "# The corrections choose the model too; better keep some back for that: `quintuple data split`.\n"


def config_file(reviewed: Path) -> Path:
    """Return where the training config of a file of reviewed articles goes."""
    return reviewed.with_name(reviewed.name.removesuffix(".jsonl") + ".train.toml")


def commands(reviewed: Path) -> tuple[str, ...]:
    """Return the commands that check the corrections and train on them."""
    config = config_file(reviewed)
    run = config.with_name(config.name.removesuffix(".train.toml") + ".run")
    return (
        _command("quintuple", "data", "check", str(reviewed)),
        _command("quintuple", "train", str(config), "--output", str(run)),
    )


def write_config(reviewed: Path, model: Path, *, settings: RetrainSettings, corpus: Path | None = None) -> Path:
    """Write the training config beside the reviewed articles and return its path.

    It starts from ``model``, with the options of ``configs/train-quickstart.toml``. A ``corpus`` is trained on as
    well, so that nothing is forgotten, and its dev part chooses the best step; without one the corrections do.

    Raises:
        DataError: the folder cannot be written to.
    """
    path = config_file(reviewed)
    with whole_file(path) as stream:
        stream.write("\n".join(_lines(reviewed.absolute(), model.absolute(), settings, corpus)) + "\n")
    return path


def shipped_corpus() -> Path | None:
    """Return the corpus of a checkout; wheels hold none."""
    folder = config_path("web.toml").parents[1] / "corpus"
    return folder if folder.is_dir() else None


def has_weights(model: Path) -> bool:
    """Tell whether a model folder holds what training can start from; wheels leave the float weights out."""
    return (model / "model.safetensors").is_file()


def _lines(reviewed: Path, model: Path, settings: RetrainSettings, corpus: Path | None) -> Iterator[str]:
    base = read_toml(config_path("train-quickstart.toml"))
    yield _HEAD.format(name=reviewed.name)
    yield from _table("model", base["model"] | {"base": str(model)})
    yield from _table("labels", base["labels"])
    yield from _table("prepare", base["prepare"])
    yield from _table("[data]", {"path": str(reviewed), "passes": settings.passes})
    for path in _parts(corpus, "train"):
        yield from _table("[data]", {"path": str(path), "passes": settings.corpus_passes})
    dev = _parts(corpus, "dev")
    if not dev:
        yield _ALONE
    for path in dev or [reviewed]:
        yield from _table("[dev]", {"path": str(path)})
    yield from _table("fit", base["fit"])


def _parts(corpus: Path | None, part: str) -> list[Path]:
    files = [] if corpus is None else [corpus / f"{language}.{part}.jsonl" for language in ("zh", "en")]
    return [file for file in files if file.is_file()]


def _table(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    yield f"[{name}]"
    yield from _pairs(table)
    yield ""


def _pairs(table: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _pairs(value, f"{prefix}{key}.")
        else:
            # A JSON scalar is TOML as well.
            yield f"{prefix}{key} = {json.dumps(value, ensure_ascii=False)}"


def _command(*parts: str) -> str:
    return subprocess.list2cmdline(parts) if os.name == "nt" else shlex.join(parts)
