"""BIO tags with one probability per tag: from tags to spans. Needs numpy alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# A tag less likely than this is part of no span.
_UNLIKELY = 0.05

# Keeps the logarithms of sure tags finite.
_EPSILON = 1e-4


class BioSpan(NamedTuple):
    """A span of positions, both inclusive, with the number of its name and its score."""

    first: int
    last: int
    name: int
    score: float


def bio_spans(
    probabilities: npt.NDArray[np.floating], valid: npt.NDArray[np.bool_], *, threshold: float
) -> Iterator[BioSpan]:
    """Yield the spans of one piece, name by name, in text order.

    ``probabilities`` has shape (length, 2 × names): B and I of each name in turn; positions where ``valid``
    is false hold no span. Which spans there are is the likeliest sequence of B, I and no tag (Viterbi 1967), for
    each name by itself: a single weak tag neither breaks a name in two nor cuts off its end. A span's score is the
    mean probability of its tags; it counts where the mean of that and of its B reaches the threshold.
    """
    masked = np.where(valid[:, None], probabilities, 0)
    begins, insides = masked[:, 0::2], masked[:, 1::2]
    likely = np.maximum(begins, insides) >= _UNLIKELY
    for name in np.flatnonzero((begins >= _UNLIKELY).any(axis=0)):
        begin, inside = begins[:, name], insides[:, name]
        for start, stop in _runs(likely[:, name]):
            for first, last in _likeliest(_gains(begin[start:stop], inside[start:stop])):
                first, last = start + first, start + last
                score = float(np.mean([begin[first], *inside[first + 1 : last + 1]]))
                if (score + begin[first]) / 2 >= threshold:
                    yield BioSpan(first, last, int(name), score)


def _runs(present: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of positions that are present, as (start, stop)."""
    edges = np.flatnonzero(np.diff(present, prepend=False, append=False))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def _gains(begin: npt.NDArray[np.floating], inside: npt.NDArray[np.floating]) -> list[tuple[float, float]]:
    """Return, position by position, the log odds of B and of I against no tag."""
    odds = [np.log(each) - np.log1p(-each) for each in np.clip([begin, inside], _EPSILON, 1 - _EPSILON)]
    return list(zip(*(each.tolist() for each in odds), strict=True))


def _likeliest(gains: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
    """Return the spans of the likeliest sequence of tags, as (first, last)."""
    # The best sequences up to here, one that ends outside of a span and one that ends in one: gain and its spans.
    outside: tuple[float, tuple[tuple[int, int], ...]] = (0.0, ())
    within: tuple[float, tuple[tuple[int, int], ...]] = (-np.inf, ())
    for place, (begin, inside) in enumerate(gains):
        best = max(outside, within, key=lambda path: path[0])
        begun = (best[0] + begin, (*best[1], (place, place)))
        if within[0] + inside > begun[0]:
            begun = (within[0] + inside, (*within[1][:-1], (within[1][-1][0], place)))
        outside, within = best, begun
    return list(max(outside, within, key=lambda path: path[0])[1])
