"""Matrix products in int8 whose result for a row depends on that row alone, on every processor alike.

ONNX Runtime's own dynamic quantisation has one scale for a whole batch, so that an article's events depend on the
articles beside it; and its products of 8 by 8 bits overflow silently on processors without VNNI, where pairs of
products are added up in 16 bits. Here every row of activations has a scale of its own, and weights have 7 bits:
255 x 64 x 2 stays below 32,768.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

# Largest absolute weight, and largest absolute activation beside the zero point of their unsigned bytes.
_WEIGHT, _ACTIVATION, _ZERO = 64, 127, 128

#: Where ONNX Runtime keeps the product that scales its columns as it goes.
FUSED = "com.microsoft"

# A row of nothing but zeros has a scale all the same.
_LEAST = 1e-8


def quantize_products(graph: Any, *, kept: Sequence[str]) -> None:
    """Replace the products of a graph with constant matrices by such in int8, except the nodes named in ``kept``."""
    from onnx import numpy_helper

    tables = {item.name: item for item in graph.initializer if len(item.dims) == 2}
    writer = _Writer({})
    nodes: list[Any] = []
    for node in graph.node:
        if node.op_type != "MatMul" or node.input[1] not in tables or node.name in kept:
            nodes.append(node)
            continue
        table = tables[node.input[1]]
        nodes += writer.product(node.input[0], numpy_helper.to_array(table), node.output[0])
        graph.initializer.remove(table)
    graph.initializer.extend(numpy_helper.from_array(array, name) for name, array in writer.stored.items())
    del graph.node[:]
    graph.node.extend(nodes)


@dataclass(frozen=True)
class _Writer:
    """Makes nodes; ``stored`` are the constants that they read."""

    stored: dict[str, npt.NDArray[Any]]

    def product(self, given: str, weights: npt.NDArray[np.float32], result: str) -> Iterator[Any]:
        """Yield the nodes that multiply ``given``, of shape (…, inputs), by ``weights``, (inputs, outputs)."""
        inputs, outputs = weights.shape
        scales = (np.abs(weights).max(axis=0) / _WEIGHT).clip(min=1e-12).astype(np.float32)
        table = self._store(f"{result}.int8", np.round(weights / scales).astype(np.int8))
        columns = self._store(f"{result}.scales", scales)
        if f"{given}.flat" not in self.stored:
            yield from self._quantized(given, inputs)
        size, zero = self._store(f"{result}.size", np.array([outputs])), self._zero()
        # The scale of the rows is not one number, as the fused product wants it.
        one = self._store("row.one", np.float32(1))
        fused = [f"{given}.bytes", table, one, columns, zero]
        yield _node("MatMulIntegerToFloat", fused, f"{result}.columns", domain=FUSED)
        yield _node("Mul", [f"{result}.columns", f"{given}.scale"], f"{result}.scaled")
        yield _node("Concat", [f"{given}.leading", size], f"{result}.shape", axis=0)
        yield _node("Reshape", [f"{result}.scaled", f"{result}.shape"], result)

    def _quantized(self, given: str, inputs: int) -> Iterator[Any]:
        """Yield the nodes that turn ``given`` into rows of bytes with a scale each; products share them."""
        flat = self._store(f"{given}.flat", np.array([-1, inputs]))
        share = self._store("row.share", np.float32(1 / _ACTIVATION))
        least, every = self._store("row.least", np.float32(_LEAST)), self._store("row.every", np.array([-1]))
        first, last = self._store("row.first", np.array([0])), self._store("row.last", np.array([-1]))
        yield _node("Reshape", [given, flat], f"{given}.rows")
        yield _node("Abs", [f"{given}.rows"], f"{given}.size")
        yield _node("ReduceMax", [f"{given}.size"], f"{given}.largest", axes=[-1], keepdims=1)
        yield _node("Mul", [f"{given}.largest", share], f"{given}.least")
        yield _node("Max", [f"{given}.least", least], f"{given}.scale")
        yield _node("Reshape", [f"{given}.scale", every], f"{given}.scales")
        # The zero points are as many as the scales.
        yield _node("Shape", [f"{given}.scales"], f"{given}.count")
        yield _node("Expand", [self._zero(), f"{given}.count"], f"{given}.zeros")
        yield _node("QuantizeLinear", [f"{given}.rows", f"{given}.scales", f"{given}.zeros"], f"{given}.bytes", axis=0)
        yield _node("Shape", [given], f"{given}.dims")
        yield _node("Slice", [f"{given}.dims", first, last], f"{given}.leading")

    def _zero(self) -> str:
        return self._store("row.zero", np.uint8(_ZERO))

    def _store(self, name: str, array: Any) -> str:
        self.stored[name] = np.asarray(array)
        return name


def _node(kind: str, inputs: list[str], output: str, **options: Any) -> Any:
    from onnx import helper

    return helper.make_node(kind, inputs, [output], output, **options)
