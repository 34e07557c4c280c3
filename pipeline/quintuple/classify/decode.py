"""From per-label probabilities to scored spans with exact offsets."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from quintuple.classify.bio import bio_spans
from quintuple.classify.encode import Piece, Tokens
from quintuple.events import TaggedSpan

Floats = npt.NDArray[np.float32]


def decode(
    probabilities: Floats, piece: Piece, tokens: Tokens, *, names: Sequence[str], threshold: float
) -> Iterator[TaggedSpan]:
    """Yield the spans of one piece, widened to whole words.

    ``probabilities`` has shape (length of the piece, 2 × names): B and I of each name in turn.
    """
    for span in bio_spans(probabilities, piece.tokens >= 0, threshold=threshold):
        start, end = whole_words(tokens, int(piece.tokens[span.first]), int(piece.tokens[span.last]))
        yield TaggedSpan(start, end, names[span.name], span.score)


def unique(spans: Sequence[TaggedSpan]) -> tuple[TaggedSpan, ...]:
    """Return the spans in text order; of several with one label that overlap, the best scored one stays."""
    kept: defaultdict[str, list[TaggedSpan]] = defaultdict(list)
    for span in sorted(spans, key=lambda span: -span.score):
        # Those of one label lie apart, in text order, so that only two neighbours can overlap a new one.
        same = kept[span.label]
        place = bisect_left(same, span.start, key=lambda other: other.start)
        before, after = same[max(0, place - 1) : place], same[place : place + 1]
        if all(other.end <= span.start for other in before) and all(span.end <= other.start for other in after):
            same.insert(place, span)
    return tuple(sorted(chain(*kept.values()), key=lambda span: (span.start, span.end, span.label)))


def whole_words(tokens: Tokens, first: int, last: int) -> tuple[int, int]:
    """Return the characters of the tokens ``first`` to ``last``, both inclusive, widened to whole words."""
    while first > 0 and tokens.continues[first]:
        first -= 1
    while last + 1 < len(tokens.ids) and tokens.continues[last + 1]:
        last += 1
    return int(tokens.starts[first]), int(tokens.ends[last])
