"""Inputs of linear layers that lie far out, and how a layer does without them.

Dynamic quantisation gives a whole batch one scale: an outlier costs every other value its precision (Bondarenko et al.
2021, "Understanding and Overcoming the Challenges of Efficient Transformer Quantization"). Outliers sit in few units,
always the same, so that what they have too much can be multiplied on its own, in float32 (Dettmers et al. 2022,
"LLM.int8()").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

# The input of a layer is cut at this many times what its other units reached on a few tokens.
_MARGIN = 1.5


@dataclass(frozen=True, slots=True)
class Outliers:
    """A linear layer, the units of its input that lie far out, and where the input may be cut but for them."""

    layer: str
    units: tuple[int, ...]
    bound: float

    @property
    def node(self) -> str:
        """Return the name that the tracing exporter gives the product of the layer."""
        return "/network/" + re.sub(r"\.(?!\d)", "/", self.layer) + "/MatMul"


@torch.no_grad()
def find_outliers(network: nn.Module, ids: Tensor, *, limit: float) -> list[Outliers]:
    """Return the linear layers whose inputs lie more than ``limit`` standard deviations out on some token ids."""
    found: list[Outliers] = []

    def watch(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def note(_module: nn.Module, inputs: tuple[Tensor, ...], _output: Tensor) -> None:
            largest = inputs[0].abs().flatten(0, -2).amax(0)
            far = largest > limit * inputs[0].std()
            if far.any():
                rest = float(largest[~far].max()) if not far.all() else float(largest.max())
                found.append(Outliers(name, tuple(far.nonzero().flatten().tolist()), _MARGIN * rest))

        return note

    linear = [(name, module) for name, module in network.named_modules() if isinstance(module, nn.Linear)]
    handles = [module.register_forward_hook(watch(name)) for name, module in linear]
    network(input_ids=ids, attention_mask=torch.ones_like(ids))
    for handle in handles:
        handle.remove()
    return found


def split_layer(graph: Any, outliers: Outliers) -> str:
    """Let a layer of an ONNX graph multiply its input cut at the bound, and add what its outliers have beyond it.

    Return the name of the product for the outliers, which is to stay in float32.
    """
    from onnx import helper, numpy_helper

    node = next(node for node in graph.node if node.name == outliers.node)
    name, (given, table), result = node.name, node.input, node.output[0]
    weights = numpy_helper.to_array(next(item for item in graph.initializer if item.name == table))
    stored = {
        "low": np.float32(-outliers.bound),
        "high": np.float32(outliers.bound),
        "units": np.array(outliers.units, dtype=np.int64),
        "weights": weights[list(outliers.units)],
    }
    graph.initializer.extend(numpy_helper.from_array(np.asarray(each), f"{name}/{key}") for key, each in stored.items())
    bounds, place = [f"{name}/low", f"{name}/high"], list(graph.node).index(node)
    steps: tuple[tuple[str, list[str], str, dict[str, Any]], ...] = (
        ("Clip", [given, *bounds], "cut", {}),
        ("Gather", [given, f"{name}/units"], "far", {"axis": -1}),
        ("Clip", [f"{name}/far", *bounds], "near", {}),
        ("Sub", [f"{name}/far", f"{name}/near"], "beyond", {}),
        ("MatMul", [f"{name}/beyond", f"{name}/weights"], "more", {}),
    )
    for number, (kind, inputs, output, options) in enumerate(steps):
        made = helper.make_node(kind, inputs, [f"{name}/{output}"], f"{name}/{output}", **options)
        graph.node.insert(place + number, made)
    node.input[0], node.output[0] = f"{name}/cut", f"{name}/most"
    added = helper.make_node("Add", [f"{name}/most", f"{name}/more"], [result], f"{name}/all")
    graph.node.insert(place + len(steps) + 1, added)
    return f"{name}/more"
