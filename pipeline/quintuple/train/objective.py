"""What training minimises: binary cross-entropy over the tags that were labelled, and what may be added to it."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid

from quintuple.train.arrays import Arrays
from quintuple.train.batches import Batch
from quintuple.train.network import Built, Inputs, forward, make_inputs
from quintuple.train.plan import Plan


class Objective:
    """The loss of a batch; made before the first step, since it may keep the starting network."""

    def __init__(self, plan: Plan, train: Arrays, built: Built, *, actions: int, device: torch.device) -> None:
        """``actions`` is the number of action types, whose tags come first."""
        self._plan, self._train, self._device = plan, train, device
        tags = train.known.shape[1]
        self._positive = torch.from_numpy(_positive_weights(plan, train, actions=actions)).to(device)
        self._sources = torch.tensor([source.weight for source in plan.sources], device=device)
        self._old = torch.zeros(tags, device=device)
        self._old[list(built.old_tags)] = 1
        self._markers = torch.tensor(built.new_markers, dtype=torch.int64, device=device)
        self._start = deepcopy(built.network).eval() if plan.keep and built.old_tags else None
        self._tokens = np.add.reduceat(train.valid.astype(np.int64), train.bounds[:-1])

    def tokens(self, batches: Sequence[Batch]) -> int:
        """Count the article tokens of a step's batches, by which its loss is averaged."""
        return int(sum(self._tokens[batch].sum() for batch in batches))

    def __call__(self, network: nn.Module, batch: Batch, *, tokens: int) -> Tensor:
        """Return the loss of a batch, summed over tags and divided by ``tokens``."""
        plan, inputs = self._plan, make_inputs(self._train, batch, self._device)
        passes = [
            forward(network, inputs, precision=plan.precision, token_dropout=plan.token_dropout)
            for _ in range(2 if plan.r_drop else 1)
        ]
        gold = tag_array(self._train.gold, batch, passes[0].shape, self._device)
        either = tag_array(self._train.either, batch, passes[0].shape, self._device)
        known = torch.from_numpy(self._train.known[self._train.known_of[batch]]).to(self._device)[:, None, :]
        weights = self._sources[torch.from_numpy(self._train.source[batch]).long().to(self._device)][:, None, None]
        counted = (known | (gold + either > 0)) * inputs.valid[:, :, None] * weights
        losses = torch.stack([self._labelled(logits, gold, either) for logits in passes]).mean(0)
        if plan.r_drop:
            losses = losses + plan.r_drop * _disagreement(*passes)
        total = (losses * counted).sum()
        if self._start is not None:
            total = total + plan.keep * self._forgotten(self._start, passes[0], inputs, gold + either)
        return total / tokens

    def _labelled(self, logits: Tensor, gold: Tensor, either: Tensor) -> Tensor:
        """Return the loss of each tag; where one of several tags is right, that none of them is there."""
        smooth = self._plan.label_smoothing
        losses = binary_cross_entropy_with_logits(
            logits, gold * (1 - smooth) + smooth / 2, pos_weight=self._positive, reduction="none"
        )
        if not either.any():
            return losses
        none = (logsigmoid(-logits) * either).sum(-1, keepdim=True)
        # log(1 - exp(none)), which has no value where all of them are surely absent.
        one = -torch.log(-torch.expm1(none.clamp(max=-1e-6))) * self._positive
        return torch.where(either > 0, one / either.sum(-1, keepdim=True).clamp(min=1), losses)

    def _forgotten(self, start: nn.Module, logits: Tensor, inputs: Inputs, labelled: Tensor) -> Tensor:
        """Return how far the old tags have moved from the starting network, as Kullback-Leibler divergence, summed.

        After Li & Hoiem 2016, "Learning without Forgetting". What the starting network said of a mention of a
        new label, or between new markers, is no guide.
        """
        with torch.no_grad():
            before = forward(start, inputs, precision=self._plan.precision)
        share = torch.sigmoid(before)
        divergence = binary_cross_entropy_with_logits(logits, share, reduction="none")
        divergence = divergence - binary_cross_entropy_with_logits(before, share, reduction="none")
        renewed = (labelled * (1 - self._old)).sum(-1) > 0
        marked = torch.isin(inputs.ids, self._markers).any(-1, keepdim=True)
        counted = inputs.valid & ~renewed & ~marked
        return (divergence * self._old * counted[:, :, None]).sum()


def tag_array(pairs: npt.NDArray[np.int32], batch: Batch, shape: torch.Size, device: torch.device) -> Tensor:
    """Return rows (example, position, tag) of a batch as zeros and ones of ``shape`` (batch, length, tags)."""
    dense = np.zeros(shape, dtype=np.float32)
    for row, number in enumerate(batch):
        begin, end = np.searchsorted(pairs[:, 0], [number, number + 1])
        dense[row, pairs[begin:end, 1], pairs[begin:end, 2]] = 1
    return torch.from_numpy(dense).to(device)


def _disagreement(one: Tensor, other: Tensor) -> Tensor:
    """Return half the symmetric divergence of two passes through the dropout (Liang et al. 2021, "R-Drop")."""
    return (torch.sigmoid(one) - torch.sigmoid(other)) * (one - other) / 2


def _positive_weights(plan: Plan, train: Arrays, *, actions: int) -> npt.NDArray[np.float32]:
    """Return the weight of each tag where it is present: rarer action types weigh more, by ``class_weight``.

    Types are counted as often as they are read; the mean over all mentions stays ``positive_weight``.
    """
    passes = np.array([source.passes for source in plan.sources])[train.source]
    begins = train.gold[(train.gold[:, 2] % 2 == 0) & (train.gold[:, 2] < 2 * actions)]
    counts = np.bincount(begins[:, 2] // 2, weights=passes[begins[:, 0]], minlength=actions)
    rarity = np.ones(actions)
    rarity[counts > 0] = counts[counts > 0] ** -plan.class_weight
    if counts.any():
        rarity[counts > 0] *= counts.sum() / (counts * rarity).sum()
    weights = np.full(train.known.shape[1], plan.positive_weight, dtype=np.float32)
    weights[: 2 * actions] *= np.repeat(rarity, 2)
    return weights
