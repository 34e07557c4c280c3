"""Inputs of linear layers that lie far out, and how a layer is split from them.

Quantisation gives many values one scale: an outlier costs every other one its precision (Bondarenko et al. 2021,
"Understanding and Overcoming the Challenges of Efficient Transformer Quantization"). Outliers sit in few units, always
the same, so that these can be multiplied on their own, in float32 (Dettmers et al. 2022, "LLM.int8()").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Outliers:
    """A linear layer and the units of its input that lie far out."""

    layer: str
    units: tuple[int, ...]

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
                found.append(Outliers(name, tuple(far.nonzero().flatten().tolist())))

        return note

    linear = [(name, module) for name, module in network.named_modules() if isinstance(module, nn.Linear)]
    handles = [module.register_forward_hook(watch(name)) for name, module in linear]
    network(input_ids=ids, attention_mask=torch.ones_like(ids))
    for handle in handles:
        handle.remove()
    return found


def split_layer(graph: Any, outliers: Outliers) -> str:
    """Let a layer of an ONNX graph multiply its input without the outliers, and add what these give.

    Return the name of the product for the outliers, which is to stay in float32.
    """
    from onnx import helper, numpy_helper

    node = next(node for node in graph.node if node.name == outliers.node)
    name, (given, table), result = node.name, node.input, node.output[0]
    weights = numpy_helper.to_array(next(item for item in graph.initializer if item.name == table))
    units = np.array(outliers.units, dtype=np.int64)
    others = np.ones(len(weights), dtype=np.float32)
    others[units] = 0
    stored: dict[str, npt.NDArray[Any]] = {"others": others, "units": units, "weights": weights[units]}
    graph.initializer.extend(numpy_helper.from_array(each, f"{name}/{key}") for key, each in stored.items())
    steps = (
        helper.make_node("Gather", [given, f"{name}/units"], [f"{name}/far"], f"{name}/far", axis=-1),
        helper.make_node("MatMul", [f"{name}/far", f"{name}/weights"], [f"{name}/more"], f"{name}/more"),
        helper.make_node("Mul", [given, f"{name}/others"], [f"{name}/near"], f"{name}/near"),
    )
    place = list(graph.node).index(node)
    for number, made in enumerate(steps):
        graph.node.insert(place + number, made)
    node.input[0], node.output[0] = f"{name}/near", f"{name}/most"
    added = helper.make_node("Add", [f"{name}/most", f"{name}/more"], [result], f"{name}/all")
    graph.node.insert(place + len(steps) + 1, added)
    return f"{name}/more"
