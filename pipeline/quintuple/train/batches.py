"""The order in which examples are learnt: fixed by the seed, so that a resumed run goes on as it would have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from quintuple.train.arrays import Arrays
from quintuple.train.plan import Plan, Source

# Examples are sorted by length inside stretches of this many, so that batches pad little but stay mixed.
_STRETCH = 1024

Batch = npt.NDArray[np.int64]


def training_steps(arrays: Arrays, plan: Plan) -> list[list[Batch]]:
    """Return the steps of a run, each of ``accumulate`` batches.

    Where the data gives fewer than ``least_steps``, every source is read so many times more.
    """

    def batched(sources: Sequence[Source]) -> list[Batch]:
        return training_batches(arrays, sources, budget=plan.batch_tokens, seed=plan.seed, empty_share=plan.empty_share)

    batches = batched(plan.sources)
    if len(batches) < plan.least_steps * plan.accumulate:
        factor = plan.least_steps * plan.accumulate / len(batches)
        batches = batched([replace(source, passes=source.passes * factor) for source in plan.sources])
    return [batches[begin : begin + plan.accumulate] for begin in range(0, len(batches), plan.accumulate)]


def training_batches(
    arrays: Arrays, sources: Sequence[Source], *, budget: int, seed: int, empty_share: float = 1.0
) -> list[Batch]:
    """Return all batches of a run, as arrays of example numbers.

    Every example of a source comes ``passes`` times, evenly spread over the part of the run up to
    ``until``; a fraction of a pass takes a random share of the examples. Of the windows without any trigger,
    each pass takes a share of ``empty_share``, drawn anew.
    """
    rng = np.random.default_rng(seed)
    empty, lengths = arrays.empty, arrays.lengths
    numbers, times = [], []
    for index, source in enumerate(sources):
        own = np.flatnonzero(arrays.source == index)
        for turn in range(int(np.ceil(source.passes))):
            share = min(1.0, source.passes - turn)
            chosen = own[rng.random(len(own)) < share]
            if empty_share < 1:
                chosen = chosen[~empty[chosen] | (rng.random(len(chosen)) < empty_share)]
            numbers.append(chosen)
            times.append((turn + share * rng.random(len(chosen))) / source.passes * source.until)
    order = np.concatenate(numbers)[np.argsort(np.concatenate(times), kind="stable")]
    batches: list[Batch] = []
    for begin in range(0, len(order), _STRETCH):
        stretch = order[begin : begin + _STRETCH]
        found = length_batches(stretch[np.argsort(lengths[stretch], kind="stable")], arrays, budget=budget)
        batches += [found[k] for k in rng.permutation(len(found))]
    return batches


def length_batches(order: Batch, arrays: Arrays, *, budget: int) -> list[Batch]:
    """Cut a sequence of examples, sorted by length, into batches of at most ``budget`` padded tokens."""
    lengths = arrays.lengths
    batches: list[list[int]] = [[]]
    for number in order:
        if batches[-1] and (len(batches[-1]) + 1) * lengths[number] > budget:
            batches.append([])
        batches[-1].append(int(number))
    return [np.array(batch) for batch in batches if batch]
