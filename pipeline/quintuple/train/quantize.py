"""Makes the int8 model: products with dynamic activations, embeddings with one scale a row, outliers left in float."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

#: An input this many standard deviations out makes a layer stay in float32; tried in turn until int8 is good enough.
#: Measured on quintuple-base: four of its 37 layers lie at 90 to 110, the next at 42.
OUTLIERS = (60.0, 30.0, 15.0)

# A smaller table is not worth its scales.
_ROWS = 64


@torch.no_grad()
def outlier_layers(network: nn.Module, ids: Tensor, *, limit: float) -> list[str]:
    """Return the names of the linear layers whose inputs lie more than ``limit`` standard deviations out.

    Dynamic quantisation gives a whole batch one scale: an outlier costs every other value its precision
    (Bondarenko et al. 2021, "Understanding and Overcoming the Challenges of Efficient Transformer Quantization").
    """
    found: dict[str, float] = {}

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def note(_module: nn.Module, inputs: tuple[Tensor, ...], _output: Tensor) -> None:
            found[name] = float(inputs[0].abs().max() / inputs[0].std())

        return note

    linear = [(name, module) for name, module in network.named_modules() if isinstance(module, nn.Linear)]
    handles = [module.register_forward_hook(watch(name)) for name, module in linear]
    network(input_ids=ids, attention_mask=torch.ones_like(ids))
    for handle in handles:
        handle.remove()
    return [name for name, ratio in found.items() if ratio > limit]


def quantize(source: Path, target: Path, *, kept: Sequence[str]) -> None:
    """Write ``target`` as ``source`` with int8 weights, except the layers ``kept``; activations at run time."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with _quiet_logging():
        quantize_dynamic(
            source,
            target,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=[_node(name) for name in kept],
            extra_options={"MatMulConstBOnly": True},
        )
    _quantize_embeddings(target)


@contextmanager
def _quiet_logging() -> Iterator[None]:
    """Keep the quantiser's advice on other ways to use it, which it gives the root logger, off the terminal."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)


def _node(name: str) -> str:
    """Return the name that the tracing exporter gives the product of a linear layer."""
    return "/network/" + re.sub(r"\.(?!\d)", "/", name) + "/MatMul"


def _quantize_embeddings(path: Path) -> None:
    """Store the embedding tables as int8 with one scale a row.

    ONNX Runtime's own quantiser gives a whole table one scale: against float tables that cost quintuple-base 1.4
    points of action and 1.9 of core F1 on English dev, and nothing on Chinese.
    """
    import onnx

    model = onnx.load(str(path))
    tables = {item.name: item for item in model.graph.initializer if len(item.dims) == 2 and item.dims[0] >= _ROWS}
    for node in [node for node in model.graph.node if node.op_type == "Gather" and node.input[0] in tables]:
        _quantize_rows(model.graph, node, tables[node.input[0]])
    onnx.save(model, str(path))


def _quantize_rows(graph: Any, node: Any, table: Any) -> None:
    """Replace a look-up in a float table by one in an int8 table times one in a column of scales."""
    from onnx import TensorProto, helper, numpy_helper

    rows = numpy_helper.to_array(table)
    scales = (np.abs(rows).max(axis=1, keepdims=True) / 127).clip(min=1e-12).astype(np.float32)
    name, ids, output = table.name, node.input[1], node.output[0]
    stored = {f"{name}.int8": np.round(rows / scales).astype(np.int8), f"{name}.scale": scales}
    graph.initializer.remove(table)
    graph.initializer.extend([numpy_helper.from_array(array, key) for key, array in stored.items()])
    place = list(graph.node).index(node)
    graph.node.remove(node)
    added = (
        helper.make_node("Gather", [f"{name}.int8", ids], [f"{output}.int8"]),
        helper.make_node("Cast", [f"{output}.int8"], [f"{output}.float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}.scale", ids], [f"{output}.scale"]),
        helper.make_node("Mul", [f"{output}.float", f"{output}.scale"], [output]),
    )
    for step, new in enumerate(added):
        graph.node.insert(place + step, new)
