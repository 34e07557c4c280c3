"""Token ids of an article and the pieces of it that each pass reads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from operator import itemgetter

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from quintuple.classify.normalize import model_view
from quintuple.events import Article, TaggedSpan

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

# A sentence longer than a window is read in pieces that overlap, so that no span is lost at a cut.
_OVERLAP = 32

# Sentences before the trigger's that hold its arguments. On dev, a third one and those that follow only cost time.
_BEFORE = 2

# Characters that are tokenised at once: a token takes some two hundred bytes until it is an array.
_SLICE = 50_000
# What a tokenizer parts from what follows, whatever that is.
_PARTING = re.compile("[\\s\u3400-\u9fff。！？；]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of an article: ids, character offsets, and whether each continues the word before it."""

    ids: Ints
    starts: Ints
    ends: Ints
    continues: Bools
    sentences: tuple[tuple[int, int], ...]

    def covering(self, start: int, end: int) -> tuple[int, int]:
        """Return the token range (first, last exclusive) that covers a character range; empty if none does."""
        # Numbers of another type would make numpy convert the whole array for each look-up.
        first = int(np.searchsorted(self.ends, np.int32(start), side="right"))
        return first, max(first, int(np.searchsorted(self.starts, np.int32(end), side="left")))

    def around(self, first: int, last: int) -> tuple[int, int]:
        """Return the token range of the sentences of a token range, and of ``_BEFORE`` before them."""
        opening = bisect_right(self.sentences, first, key=itemgetter(0)) - 1
        closing = bisect_right(self.sentences, max(first, last - 1), key=itemgetter(0))
        sentences = self.sentences[max(0, opening - _BEFORE) : max(1, closing)] or ((0, len(self.ids)),)
        return sentences[0][0], sentences[-1][1]


@dataclass(frozen=True, slots=True)
class Piece:
    """What the network reads at once: ids, and for each the index of its token in the article, or -1."""

    ids: Ints
    tokens: Ints


def tokenize(article: Article, tokenizer: Tokenizer) -> Tokens:
    """Tokenise a whole article, of any length, with its hidden ranges blanked."""
    view = model_view(article.text, article.hidden)
    cuts = _cuts(view, [sentence.start for sentence in article.sentences])
    parts = [_encode(view, start, end, tokenizer) for start, end in pairwise(cuts)]
    ids, starts, ends = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    tokens = Tokens(ids, starts, ends, _continues(view, starts, ends), ())
    bounds = (tokens.covering(sentence.start, sentence.end) for sentence in article.sentences)
    return replace(tokens, sentences=tuple((first, last) for first, last in bounds if last > first))


def windows(tokens: Tokens, *, limit: int) -> Iterator[tuple[int, int]]:
    """Yield token ranges of at most ``limit`` tokens that hold whole sentences, in order.

    A sentence longer than ``limit`` is read in overlapping parts.
    """
    begin = stop = 0
    for first, last in tokens.sentences:
        if stop > begin and last - begin > limit:
            yield begin, stop
            begin = first
        elif stop == begin:
            begin = first
        stop = last
        while stop - begin > limit:
            yield begin, begin + limit
            begin += limit - min(_OVERLAP, limit // 2)
    if stop > begin:
        yield begin, stop


def first_pass(tokens: Tokens, span: tuple[int, int], tokenizer: Tokenizer) -> Piece:
    """Lay out a window for trigger tagging: ``[CLS] window [SEP]``."""
    index = np.arange(*span, dtype=np.int32)
    return _frame(tokens.ids[index], index, tokenizer)


def second_pass(tokens: Tokens, trigger: TaggedSpan, tokenizer: Tokenizer, *, context: int) -> Piece:
    """Lay out the surroundings of a trigger for argument tagging.

    ``[CLS] left <type> trigger </type> right [SEP]``: the trigger's sentence and the ``_BEFORE`` ones before it, with
    at most ``context`` tokens on each side
    (Zhong & Chen 2021, "A Frustratingly Easy Approach for Entity and Relation Extraction").
    """
    first, last = tokens.covering(trigger.start, trigger.end)
    begin, stop = tokens.around(first, last)
    left = np.arange(max(begin, first - context), first, dtype=np.int32)
    middle = np.arange(first, last, dtype=np.int32)
    right = np.arange(last, min(stop, last + context), dtype=np.int32)
    opening, closing = (_single(tokenizer, mark) for mark in (f"<{trigger.label}>", f"</{trigger.label}>"))
    none = np.array([-1], dtype=np.int32)
    ids = np.concatenate([tokens.ids[left], opening, tokens.ids[middle], closing, tokens.ids[right]])
    return _frame(ids, np.concatenate([left, none, middle, none, right]), tokenizer)


def _cuts(view: str, starts: Sequence[int]) -> list[int]:
    """Return where to cut a long text, from 0 to its end: at sentences, and never inside a word."""
    cuts = [0]
    for start in starts:
        if start - cuts[-1] >= _SLICE and _PARTING.match(view, start - 1):
            cuts.append(start)
    return [*cuts, len(view)]


def _encode(view: str, start: int, end: int, tokenizer: Tokenizer) -> tuple[Ints, Ints, Ints]:
    """Return ids, starts and ends of the tokens of a part of a text."""
    encoding = tokenizer.encode(view[start:end], add_special_tokens=False)
    offsets = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2) + np.int32(start)
    return np.array(encoding.ids, dtype=np.int32), offsets[:, 0].copy(), offsets[:, 1].copy()


@cache
def _alphabet() -> Bools:
    """Return for each character below those of Chinese whether it is a letter or digit; the last entry is False."""
    return np.array([*(chr(code).isalnum() for code in range(0x2E80)), False], dtype=np.bool_)


def _continues(view: str, starts: Ints, ends: Ints) -> Bools:
    """Tell for each token whether it is glued to the one before by letters or digits of an alphabet."""
    codes = np.frombuffer(view.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    spelled = _alphabet()[np.minimum(codes, 0x2E80)]
    glued = np.zeros(len(starts), dtype=np.bool_)
    glued[1:] = (starts[1:] == ends[:-1]) & spelled[starts[1:]] & spelled[ends[:-1] - 1]
    return glued


def _frame(ids: Ints, index: Ints, tokenizer: Tokenizer) -> Piece:
    none = np.array([-1], dtype=np.int32)
    framed = np.concatenate([_single(tokenizer, "[CLS]"), ids, _single(tokenizer, "[SEP]")])
    return Piece(framed, np.concatenate([none, index, none]))


def _single(tokenizer: Tokenizer, token: str) -> Ints:
    return np.array([tokenizer.token_to_id(token)], dtype=np.int32)
