"""Span scores of a network on prepared arrays, as `fit` uses them to choose its weights."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from quintuple.classify.bio import bio_spans
from quintuple.train.arrays import Arrays
from quintuple.train.batches import length_batches
from quintuple.train.network import forward

_THRESHOLD = 0.5

Spans = set[tuple[int, int, int]]


@torch.no_grad()
def span_scores(
    network: nn.Module, arrays: Arrays, device: torch.device, *, budget: int, precision: str
) -> dict[str, float]:
    """Return micro-F1 of exact spans: ``triggers`` (first pass), ``arguments`` (second pass, gold triggers).

    ``complete`` is the share of gold triggers all of whose arguments are exactly right, and ``dev`` the
    figure to choose by: the triggers' F1 times the mean of the other two.
    """
    network.eval()
    counts = np.zeros((2, 3), dtype=np.int64)
    complete: list[bool] = []
    order = np.argsort(arrays.lengths, kind="stable")
    for batch in length_batches(order, arrays, budget=budget):
        logits, _ = forward(network, arrays, batch, device, precision=precision)
        for number, output in zip(batch, torch.sigmoid(logits).cpu().numpy(), strict=True):
            gold, found = _gold(arrays, number), _found(arrays, number, output)
            second = int(arrays.second[number])
            counts[second] += len(gold & found), len(found), len(gold)
            if second:
                complete.append(gold == found)
    triggers, arguments = (2 * tp / max(1, found + gold) for tp, found, gold in counts)
    whole = float(np.mean(complete)) if complete else 0.0
    dev = triggers * (arguments + whole) / 2
    return {"triggers": float(triggers), "arguments": float(arguments), "complete": whole, "dev": float(dev)}


def _found(arrays: Arrays, number: int, output: np.ndarray) -> Spans:
    row = slice(arrays.bounds[number], arrays.bounds[number + 1])
    valid = arrays.valid[row]
    known = arrays.known[arrays.known_of[number]]
    spans = bio_spans(output[: len(valid)] * known, valid, threshold=_THRESHOLD)
    return {(span.first, span.last, span.name) for span in spans}


def _gold(arrays: Arrays, number: int) -> Spans:
    begin, end = np.searchsorted(arrays.gold[:, 0], [number, number + 1])
    tags = np.zeros((arrays.lengths[number], arrays.known.shape[1]), dtype=np.float32)
    tags[arrays.gold[begin:end, 1], arrays.gold[begin:end, 2]] = 1
    spans = bio_spans(tags, np.ones(len(tags), dtype=np.bool_), threshold=_THRESHOLD)
    return {(span.first, span.last, span.name) for span in spans}
