"""Sequences for pretraining: which tokens a step reads depends on the seed and the step alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from quintuple.events import DataError
from quintuple.train.encoder.corpus import Ids


@dataclass(frozen=True)
class Text:
    """One file's tokens, and how many of a step's sequences come from it; the end is held out."""

    name: str
    ids: Ids
    count: int
    held_out: int

    def __post_init__(self) -> None:
        if len(self.ids) < 2 * self.held_out:
            raise DataError(
                f"{self.name}: expected at least {2 * self.held_out:,} tokens, twice what is held out, "
                f"got {len(self.ids):,}"
            )


def counts(shares: Sequence[float], batch: int) -> list[int]:
    """Split ``batch`` sequences by shares, at least one each."""
    return [max(1, round(batch * share / sum(shares))) for share in shares]


def training_batch(texts: Sequence[Text], *, sequence: int, first: int, seed: int, step: int) -> Tensor:
    """Draw a step's sequences, each from anywhere in its file behind the token ``first``.

    Returns shape (sequences, sequence), int64.
    """
    draw = np.random.default_rng([seed, step])
    rows = []
    for text in texts:
        starts = draw.integers(0, len(text.ids) - text.held_out - sequence + 2, text.count)
        rows.append(text.ids[starts[:, None] + np.arange(sequence - 1)])
    return _behind(first, np.concatenate(rows))


def held_out_batch(text: Text, *, sequence: int, first: int) -> Tensor:
    """Return the held-out end of a file as sequences without overlap, shape (sequences, sequence), int64."""
    return _behind(first, text.ids[-text.held_out :].reshape(-1, sequence - 1))


def _behind(first: int, rows: Ids) -> Tensor:
    return torch.from_numpy(np.pad(rows.astype(np.int64), ((0, 0), (1, 0)), constant_values=first))
