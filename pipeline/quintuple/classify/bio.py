"""BIO tags with one probability per tag: from tags to spans. Needs numpy alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

# Whether a span is there is a matter of precision, and so of the threshold; where it ends is not.
_LIKELY = 0.5


class BioSpan(NamedTuple):
    """A span of positions, both inclusive, with the number of its name and its score."""

    first: int
    last: int
    name: int
    score: float


def bio_spans(
    probabilities: npt.NDArray[np.floating], valid: npt.NDArray[np.bool_], *, threshold: float
) -> Iterator[BioSpan]:
    """Yield the spans of one piece.

    ``probabilities`` has shape (length, 2 × names): B and I of each name in turn; positions where ``valid``
    is false hold no span. A span starts where B reaches the threshold, goes on while I is likelier than not
    and outweighs B, and is scored by the mean probability of its tags.
    """
    masked = np.where(valid[:, None], probabilities, 0)
    begins, insides = masked[:, 0::2], masked[:, 1::2]
    for first, name in np.argwhere(begins >= threshold):
        begin, inside = begins[:, name], insides[:, name]
        stop = first + 1
        while stop < len(masked) and inside[stop] >= _LIKELY and inside[stop] > begin[stop]:
            stop += 1
        score = float(np.mean([begin[first], *inside[first + 1 : stop]]))
        yield BioSpan(int(first), int(stop - 1), int(name), score)
