"""Runs the network: ONNX Runtime on the processor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from quintuple.classify.encode import Piece
from quintuple.events import ModelError

Floats = npt.NDArray[np.float32]

# An article of megabytes has ten thousands of pieces, each of some two kilobytes.
_GROUP = 4096


class Backend(Protocol):
    """Whatever turns a padded batch into logits."""

    def logits(self, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> Floats:
        """Return logits of shape (batch, length, tags) for ids and mask of shape (batch, length)."""


class OnnxBackend:
    """The network as an ONNX file; safe to call from several threads."""

    def __init__(self, path: Path, *, threads: int = 0) -> None:
        """Load an ONNX file; ``threads`` 0 takes all cores.

        Raises:
            ModelError: the file is missing or ONNX Runtime refuses it.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Plans of memory are kept for every shape, and shapes seldom come twice: without them, no slower.
        options.enable_mem_pattern = False
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as exc:  # ONNX Runtime has no public base class for its errors
            raise ModelError(f"{path}: expected an ONNX model, got: {exc}") from exc

    def logits(self, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> Floats:
        """Return logits of shape (batch, length, tags) for ids and mask of shape (batch, length)."""
        (output,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(output, dtype=np.float32)


def probabilities(
    pieces: Iterable[Piece], backend: Backend, *, batch_tokens: int, tags: slice
) -> Iterator[tuple[int, Piece, Floats]]:
    """Yield, batch by batch, a piece with its number and its (length, tags) array of probabilities.

    Pieces of similar length share a batch. No more than ``_GROUP`` are held at once, however many there are.
    """
    numbered = enumerate(pieces)
    while group := list(islice(numbered, _GROUP)):
        for batch in _batches([piece for _, piece in group], batch_tokens):
            logits = backend.logits(*_padded([group[place][1].ids for place in batch]))
            for row, place in enumerate(batch):
                index, piece = group[place]
                yield index, piece, _sigmoid(logits[row, : len(piece.ids), tags])


def _sigmoid(logits: Floats) -> Floats:
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


def _batches(pieces: Sequence[Piece], budget: int) -> Iterator[list[int]]:
    """Yield indices of pieces of similar length; rows times the longest stay within ``budget``."""
    batch: list[int] = []
    for index in sorted(range(len(pieces)), key=lambda index: (len(pieces[index].ids), index)):
        if batch and (len(batch) + 1) * len(pieces[index].ids) > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _padded(rows: Sequence[npt.NDArray[np.int32]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    ids = np.zeros((len(rows), max(len(row) for row in rows)), dtype=np.int64)
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask
