"""The mean of the weights of several runs, which is often better than each (Wortsman et al. 2022, "Model soups")."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from quintuple.events import ModelError, SettingsError
from quintuple.train.plan import make_folder

#: Which runs a folder is the mean of.
AVERAGED = "averaged.json"

_WEIGHTS = "model.safetensors"

#: What must be the same in all runs: without it, equal numbers mean different things.
_SAME = ("labels.json", "tokenizer.json")

# What `export` needs of a fitted folder besides the weights.
_KEPT = ("config.json", *_SAME, "plan.json", "data.json", "dev.npz")


def average(runs: Sequence[Path], output: Path) -> None:
    """Write a folder as `fit` does, with the mean of the weights of runs that went on from the same weights.

    A run is a folder that `fit` wrote, or a model folder with ``model.safetensors``; the first one is to be of `fit`,
    for its dev part and options go along, so that `export` can take the result.

    Raises:
        SettingsError: fewer than two runs, or ``output`` cannot be made.
        ModelError: a run lacks a file, or differs from the first in its labels, its tokens or the shape of its weights.
    """
    if len(runs) < 2:
        raise SettingsError(f"expected two runs or more to average, got {len(runs)}")
    for name in _KEPT:
        if not (runs[0] / name).is_file():
            raise ModelError(f"{runs[0] / name}: expected a folder that `quintuple fit` wrote, got no such file")
    for run in runs[1:]:
        _check_same(runs[0], run)
    mean = _mean([_load(run) for run in runs], runs)
    make_folder(output)
    for name in _KEPT:
        shutil.copy(runs[0] / name, output / name)
    (output / AVERAGED).write_text(json.dumps([str(run) for run in runs], indent=1) + "\n", encoding="utf-8")
    _save(mean, output)


def _check_same(first: Path, run: Path) -> None:
    for name in _SAME:
        if not (run / name).is_file():
            raise ModelError(f"{run / name}: expected a fitted run or a model folder, got no such file")
        if (run / name).read_bytes() != (first / name).read_bytes():
            raise ModelError(f"{run / name}: expected the same as in {first}, got another one")


def _load(run: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(str(run / _WEIGHTS))
    except (OSError, SafetensorError) as exc:
        raise ModelError(f"{run / _WEIGHTS}: expected the weights of a run, got: {exc}") from exc


def _mean(weights: Sequence[dict[str, Tensor]], runs: Sequence[Path]) -> dict[str, Tensor]:
    shapes = {name: value.shape for name, value in weights[0].items()}
    for each, run in zip(weights, runs, strict=True):
        if {name: value.shape for name, value in each.items()} != shapes:
            raise ModelError(f"{run / _WEIGHTS}: expected weights of the same names and shapes as in {runs[0]}")
    first, *rest = weights
    # Half precision holds too few digits for a sum.
    return {name: sum((each[name].float() for each in rest), first[name].float()) / len(weights) for name in shapes}


def _save(mean: dict[str, Tensor], output: Path) -> None:
    from safetensors.torch import save_file

    halves = {name: value.half().contiguous() for name, value in mean.items()}
    save_file(halves, str(output / "model.tmp"), metadata={"format": "pt"})
    (output / "model.tmp").replace(output / _WEIGHTS)
