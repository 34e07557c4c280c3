"""Second half of training's end: a fitted network becomes ONNX files that must say the same as PyTorch."""

from __future__ import annotations

import shutil
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from quintuple.events import ModelError
from quintuple.train.quantize import outlier_layers, quantize

#: Largest difference of a probability between PyTorch and the ONNX file in float32.
TOLERANCE = 1e-3

_OPSET = 17


@dataclass(frozen=True, slots=True)
class Exported:
    """Sizes in bytes, and the largest and mean difference of a probability against PyTorch."""

    float_bytes: int
    int8_bytes: int
    float_difference: float
    int8_difference: float


class _Logits(nn.Module):
    """The network with plain tensors in and out, as the ONNX exporter wants it."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the logits."""
        logits: Tensor = self.network(input_ids=input_ids, attention_mask=attention_mask).logits
        return logits


def export(run: Path, output: Path) -> Exported:
    """Write ``model.onnx`` (float32) and ``model.int8.onnx`` for a run folder; copy its other files.

    Raises:
        ModelError: the float32 file differs from PyTorch by more than ``TOLERANCE``.
    """
    from transformers import AutoModelForTokenClassification

    network = AutoModelForTokenClassification.from_pretrained(run, dtype=torch.float32, attn_implementation="eager")
    network.eval()
    output.mkdir(parents=True, exist_ok=True)
    for name in ("config.json", "labels.json", "tokenizer.json", "model.safetensors"):
        if (run / name).resolve() != (output / name).resolve():
            shutil.copy(run / name, output / name)
    float_path, int8_path = output / "model.onnx", output / "model.int8.onnx"
    ids = torch.randint(1, network.config.vocab_size, (4, 64), generator=torch.Generator().manual_seed(0))
    _export_float(network, float_path)
    quantize(float_path, int8_path, kept=outlier_layers(network, ids))
    float_difference = _difference(network, float_path, ids)
    if float_difference > TOLERANCE:
        raise ModelError(
            f"{float_path}: expected PyTorch's probabilities within {TOLERANCE}, off by {float_difference}"
        )
    sizes = float_path.stat().st_size, int8_path.stat().st_size
    return Exported(*sizes, float_difference, _difference(network, int8_path, ids))


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
    import onnxruntime

    mask = torch.ones_like(ids)
    with torch.no_grad():
        expected = torch.sigmoid(network(input_ids=ids, attention_mask=mask).logits).numpy()
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    (logits,) = session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
    return float(np.abs(expected - 1 / (1 + np.exp(-logits))).max())
