"""Confidence intervals and paired significance by resampling documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quintuple.evaluate.settings import evaluate_settings

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

# Weights held in memory at once; each resample needs one per document.
_BLOCK = 4_000_000


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a model's F1 lies above a baseline's, with its interval and the chance of so much by luck."""

    f1: float
    baseline: float
    difference: float
    low: float
    high: float
    p: float


def f1(counts: npt.NDArray[np.floating] | Ints) -> Floats:
    """Return F1 from counts whose last axis holds correct, predicted and gold; 0 where nothing is counted."""
    correct, whole = counts[..., 0], counts[..., 1] + counts[..., 2]
    return np.asarray(2 * correct / np.maximum(whole, 1), dtype=np.float64)


def intervals(counts: Ints) -> tuple[Floats, Floats]:
    """Return the bounds of each measure's F1; ``counts`` has shape (documents, measures, 3)."""
    return _bounds(resampled_f1(counts))


def paired_differences(counts: Ints, baseline: Ints) -> list[Difference]:
    """Compare two models on the same documents, measure by measure; both of shape (documents, measures, 3).

    Both are scored on the same resamples. ``p`` is two-sided: the share of resamples whose difference lies
    at least as far from the observed one as that lies from 0 (Efron & Tibshirani 1993, chapter 16).
    """
    ours, theirs = f1(counts.sum(axis=0)), f1(baseline.sum(axis=0))
    seen = ours - theirs
    samples = resampled_f1(counts) - resampled_f1(baseline)
    # Rounding must not turn equal into nearly equal.
    extreme = np.abs(samples - seen) >= np.abs(seen) - 1e-12
    p = (1 + extreme.sum(axis=0)) / (1 + len(samples))
    low, high = _bounds(samples)
    rows = zip(ours, theirs, seen, low, high, p, strict=True)
    return [Difference(*map(float, row)) for row in rows]


def resampled_f1(counts: Ints) -> Floats:
    """Return F1 on resampled documents, shape (resamples, measures); the same documents are drawn every time."""
    documents, measures, _ = counts.shape
    flat = counts.reshape(documents, -1).astype(np.float64)
    blocks = [weights @ flat for weights in _weights(documents)]
    return f1(np.concatenate(blocks).reshape(-1, measures, 3))


def _weights(documents: int) -> Iterator[Floats]:
    """Yield how often each document is drawn in each resample, shape (part of the resamples, documents)."""
    settings = evaluate_settings().bootstrap
    random = np.random.default_rng(settings.seed)
    share = np.full(documents, 1 / documents)
    left, block = settings.resamples, max(1, _BLOCK // documents)
    while left > 0:
        yield random.multinomial(documents, share, size=min(block, left)).astype(np.float64)
        left -= block


def _bounds(samples: Floats) -> tuple[Floats, Floats]:
    tail = (1 - evaluate_settings().bootstrap.level) / 2
    low, high = np.quantile(samples, (tail, 1 - tail), axis=0)
    return low, high
