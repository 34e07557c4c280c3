"""The end of training: a fitted network becomes ONNX files that must say the same as PyTorch, and score as well."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from quintuple.classify.backend import OnnxBackend
from quintuple.events import ModelError
from quintuple.train.card import write_card
from quintuple.train.network import quiet_transformers
from quintuple.train.outliers import find_outliers
from quintuple.train.plan import Plan, make_folder
from quintuple.train.quantize import OUTLIERS, quantize, whole_layers
from quintuple.train.scoring import Dev

#: Largest difference of a probability between PyTorch and the ONNX file in float32.
TOLERANCE = 1e-3

#: Points of F1 on dev that int8 may lose against float32.
INT8_LOSS = 0.5

#: The score that the two are compared by. Whole tuples are fewer: on a small dev part, one is half a point.
GATED_BY = "spans"

#: Lengths and thresholds of the run, as settings to extract and evaluate with.
SETTINGS = "settings.toml"

_OPSET = 17
_FLOAT, _INT8 = "model.onnx", "model.int8.onnx"
_COPIED = ("config.json", "labels.json", "tokenizer.json", "model.safetensors")


@dataclass(frozen=True, slots=True)
class OnnxFile:
    """A file's size in bytes, the largest difference of a probability against PyTorch, and its scores on dev."""

    size: int
    difference: float
    scores: dict[str, float]


@dataclass(frozen=True, slots=True)
class Exported:
    """What ``export`` wrote into a folder."""

    folder: Path
    float32: OnnxFile
    int8: OnnxFile

    @property
    def loss(self) -> float:
        """Points of F1 that int8 loses against float32."""
        return 100 * (self.float32.scores[GATED_BY] - self.int8.scores[GATED_BY])


class _Logits(nn.Module):
    """The network with plain tensors in and out, as the ONNX exporter wants it."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the logits."""
        logits: Tensor = self.network(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits


def export(
    run: Path,
    output: Path,
    *,
    int8_loss: float = INT8_LOSS,
    command: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> Exported:
    """Write a model folder for what `fit` left in ``run``: ONNX in float32 and int8, and the files they need.

    A model card is written too, unless ``output`` has one of somebody's own; ``command`` is what it names as its
    origin.

    Raises:
        ModelError: ``run`` lacks a file; the float32 file differs from PyTorch by more than ``TOLERANCE``; or
            int8 loses more than ``int8_loss`` points of F1 on dev. What was made is then in ``output.refused``.
    """
    for name in (*_COPIED, "dev.npz", "plan.json", "data.json"):
        if not (run / name).is_file():
            raise ModelError(f"{run / name}: expected a folder that `quintuple fit` wrote, got no such file")
    make_folder(output.parent)
    with tempfile.TemporaryDirectory(prefix=f".{output.name}-", dir=output.parent) as made:
        exported = _make(run, Path(made), output, int8_loss, say)
        if problem := _problem(exported, int8_loss, run):
            refused = output.with_name(f"{output.name}.refused")
            _move(Path(made), refused)
            raise ModelError(f"{problem}. What was made is in {refused}")
        _move(Path(made), output)
    write_card(run, exported, command=command)
    return exported


def _make(run: Path, made: Path, output: Path, int8_loss: float, say: Callable[[str], None]) -> Exported:
    """Write the files; int8 keeps more and more outliers in float32 until it loses no more than ``int8_loss``."""
    from transformers import AutoModelForTokenClassification

    with quiet_transformers():
        network = AutoModelForTokenClassification.from_pretrained(run, dtype=torch.float32, attn_implementation="eager")
    network.eval()
    for name in _COPIED:
        shutil.copy(run / name, made / name)
    dev = Dev.load(run)
    _write_settings(dev.plan, made / SETTINGS)
    ids = torch.randint(1, network.config.vocab_size, (4, 64), generator=torch.Generator().manual_seed(0))
    _export_float(network, made / _FLOAT)
    of_float = _measure(made / _FLOAT, network, dev, ids)
    tried: list[Exported] = []
    for limit in OUTLIERS:
        outliers = find_outliers(network, ids, limit=limit)
        quantize(made / _FLOAT, made / _INT8, outliers=outliers)
        whole, split = len(whole_layers(outliers)), len(outliers) - len(whole_layers(outliers))
        tried.append(Exported(output, of_float, _measure(made / _INT8, network, dev, ids)))
        how = f"int8 with {whole} layers in float32 and {split} split"
        say(f"{how} loses {tried[-1].loss:.2f} points of F1 ({GATED_BY}) on dev")
        if tried[-1].loss <= int8_loss:
            break
    return tried[-1]


def _measure(path: Path, network: nn.Module, dev: Dev, ids: Tensor) -> OnnxFile:
    return OnnxFile(path.stat().st_size, _difference(network, path, ids), dev.score(OnnxBackend(path)))


def _write_settings(plan: Plan, path: Path) -> None:
    names = ("window", "context", "action_threshold", "argument_threshold")
    lines = [f"{name} = {getattr(plan, name)}\n" for name in names]
    path.write_text(
        "# What this model was trained and chosen with; give it as --config.\n[classify]\n" + "".join(lines),
        encoding="utf-8",
    )


def _problem(exported: Exported, int8_loss: float, run: Path) -> str | None:
    if exported.float32.difference > TOLERANCE:
        return (
            f"{_FLOAT}: expected PyTorch's probabilities within {TOLERANCE}, off by {exported.float32.difference:.2g}"
        )
    if exported.loss > int8_loss:
        before, after = (100 * scores[GATED_BY] for scores in (exported.float32.scores, exported.int8.scores))
        return (
            f"{_INT8}: expected to lose at most {int8_loss:g} points of F1 ({GATED_BY}) on dev, lost "
            f"{exported.loss:.2f}: {before:.2f} in float32, {after:.2f} in int8; to take it all the same: "
            f"quintuple export {run} -o {exported.folder} --allow-int8-loss {np.ceil(10 * exported.loss) / 10:g}"
        )
    return None


def _move(made: Path, target: Path) -> None:
    """Put the files of a finished folder into another, each in one go."""
    target.mkdir(parents=True, exist_ok=True)
    for path in made.iterdir():
        path.replace(target / path.name)


def _export_float(network: nn.Module, path: Path) -> None:
    ids = torch.ones((2, 16), dtype=torch.int64)
    axes = {0: "batch", 1: "length"}
    with warnings.catch_warnings():
        # The tracing exporter is deprecated, but its graphs are the ones the quantiser was made for.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Logits(network).eval(),
            (ids, torch.ones_like(ids)),
            str(path),
            input_names=["input_ids", "attention_mask"],
            output_names=["logits"],
            dynamic_axes={"input_ids": axes, "attention_mask": axes, "logits": axes},
            opset_version=_OPSET,
            dynamo=False,
        )


def _difference(network: nn.Module, path: Path, ids: Tensor) -> float:
    """Return the largest difference of a probability between PyTorch and a file; every row is padded more."""
    length = ids.shape[1]
    mask = (torch.arange(length) < length - 13 * torch.arange(len(ids))[:, None]).long()
    with torch.no_grad():
        expected = torch.sigmoid(network(input_ids=ids, attention_mask=mask).logits).numpy()
    logits = OnnxBackend(path).logits(ids.numpy(), mask.numpy())
    return float(np.abs(expected - 1 / (1 + np.exp(-logits)))[mask.numpy() > 0].max())
