"""Finds the shipped models and configs, in an installed wheel and in a checkout."""

from __future__ import annotations

from pathlib import Path

from quintuple.events import ModelError

_PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    shipped = _PACKAGE / "_shipped"
    return shipped if shipped.is_dir() else _PACKAGE.parents[1]


def config_path(name: str) -> Path:
    """Return the path of a shipped config file, for example ``default.toml``."""
    return _root() / "configs" / name


def models_folder() -> Path:
    """Return the folder that holds the shipped models, one folder each."""
    return _root() / "models"


def model_path(model: str | Path) -> Path:
    """Return the folder of a model, given the name of a shipped one or a path.

    Raises:
        ModelError: neither a folder at that path nor a shipped model of that name exists.
    """
    for folder in (Path(model), models_folder() / model):
        if (folder / "config.json").is_file():
            return folder
    shipped = ", ".join(sorted(path.parent.name for path in models_folder().glob("*/labels.json")))
    raise ModelError(
        f"model: expected a folder with config.json or a shipped model ({shipped or 'none'}), got {str(model)!r}"
    )
