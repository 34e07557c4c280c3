"""Finds texts that say nearly the same: MinHash proposes pairs (Broder 1997), the shingles decide."""

from __future__ import annotations

import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from quintuple.train.data.settings import TwinSettings

_Hashes = npt.NDArray[np.uint64]

#: A prime above every 32-bit shingle hash and small enough that products fit 64 bits.
_PRIME = np.uint64(4294967311)


@dataclass(frozen=True, slots=True)
class Twins:
    """Two texts, by their numbers, and the Jaccard index of their shingles; 1 when equal but for marks and case."""

    first: int
    second: int
    similarity: float


def find_twins(texts: Sequence[str], *, settings: TwinSettings) -> Iterator[Twins]:
    """Yield the pairs of equal texts (each with the first of its kind), then those of near-duplicates."""
    first: dict[str, int] = {}
    for number, text in enumerate(texts):
        known = first.setdefault(normalize(text), number)
        if known != number:
            yield Twins(known, number, 1.0)
    shingles = {number: _shingles(text, settings) for text, number in first.items()}
    kept = {number: hashes for number, hashes in shingles.items() if len(hashes) >= settings.shortest}
    for left, right in sorted(_candidates(kept, settings)):
        similarity = _jaccard(kept[left], kept[right])
        if similarity >= settings.similarity:
            yield Twins(left, right, similarity)


def normalize(text: str) -> str:
    """Return a text without what does not tell two texts apart: width, case, blanks and marks."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _shingles(text: str, settings: TwinSettings) -> _Hashes:
    """Return the sorted hashes of a normalised text's shingles."""
    narrow = sum(map(str.isascii, text)) * 2 > len(text)
    length = settings.shingle_en if narrow else settings.shingle_zh
    pieces = {text[at : at + length] for at in range(max(len(text) - length + 1, 0))}
    return np.unique(np.fromiter((zlib.crc32(piece.encode()) for piece in pieces), np.uint64, len(pieces)))


def _candidates(shingles: dict[int, _Hashes], settings: TwinSettings) -> set[tuple[int, int]]:
    buckets: defaultdict[tuple[int, bytes], list[int]] = defaultdict(list)
    factors = np.random.default_rng(0).integers(1, 2**31, (2, settings.bands * settings.rows, 1), dtype=np.uint64)
    for number, hashes in shingles.items():
        lowest = ((factors[0] * hashes + factors[1]) % _PRIME).min(axis=1).reshape(settings.bands, settings.rows)
        for band, rows in enumerate(lowest):
            buckets[band, rows.tobytes()].append(number)
    return {pair for members in buckets.values() for pair in combinations(members, 2)}


def _jaccard(left: _Hashes, right: _Hashes) -> float:
    shared = len(np.intersect1d(left, right, assume_unique=True))
    return shared / (len(left) + len(right) - shared)
