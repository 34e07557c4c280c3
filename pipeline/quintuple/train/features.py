"""Turns labelled articles into the examples of both passes, and keeps them as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from quintuple.classify.encode import Piece, Tokens, first_pass, second_pass, tokenize, windows
from quintuple.classify.labels import Labels
from quintuple.events import TaggedSpan
from quintuple.train.arrays import Arrays
from quintuple.train.labelled import LabelledArticle, Mention


@dataclass(frozen=True, slots=True)
class Example:
    """One piece with its gold tags: pairs (position, tag); only the tags in ``known`` count in the loss."""

    piece: Piece
    gold: tuple[tuple[int, int], ...]
    known: frozenset[int]
    second: bool


def examples(
    labelled: LabelledArticle, *, tokenizer: Tokenizer, labels: Labels, window: int, context: int
) -> Iterator[Example]:
    """Yield one first-pass example per window and one second-pass example per labelled trigger."""
    tokens = tokenize(labelled.article, tokenizer)
    numbers = {name: number for number, name in enumerate(labels.names)}
    triggers = [mention.trigger for mention in labelled.mentions]
    known = _tags(labels.actions if labelled.actions is None else labelled.actions, numbers)
    for bounds in windows(tokens, limit=window):
        piece = first_pass(tokens, bounds, tokenizer)
        yield Example(piece, _gold(piece, tokens, triggers, numbers), known, second=False)
    for mention in labelled.mentions:
        first, last = tokens.covering(mention.trigger.start, mention.trigger.end)
        if last > first:
            yield _argument_example(mention, tokens, tokenizer, labels, numbers, context)


def _argument_example(
    mention: Mention, tokens: Tokens, tokenizer: Tokenizer, labels: Labels, numbers: dict[str, int], context: int
) -> Example:
    piece = second_pass(tokens, mention.trigger, tokenizer, context=context)
    known = _tags(labels.roles if mention.roles is None else mention.roles, numbers)
    return Example(piece, _gold(piece, tokens, mention.arguments, numbers), known, second=True)


def _tags(names: Iterable[str], numbers: dict[str, int]) -> frozenset[int]:
    return frozenset(tag for name in names for tag in (2 * numbers[name], 2 * numbers[name] + 1))


def _gold(
    piece: Piece, tokens: Tokens, spans: Sequence[TaggedSpan], numbers: dict[str, int]
) -> tuple[tuple[int, int], ...]:
    """Return (position, tag) pairs of the spans that lie wholly in the piece; B wins where spans touch."""
    place = {int(token): position for position, token in enumerate(piece.tokens) if token >= 0}
    begins: set[tuple[int, int]] = set()
    insides: set[tuple[int, int]] = set()
    for span in spans:
        first, last = tokens.covering(span.start, span.end)
        if last > first and first in place and last - 1 in place:
            tag = 2 * numbers[span.label]
            begins.add((place[first], tag))
            insides.update((place[token], tag + 1) for token in range(first + 1, last) if token in place)
    insides = {(position, tag) for position, tag in insides if (position, tag - 1) not in begins}
    return tuple(sorted(begins | insides))


def pack(rows: Sequence[tuple[int, Example]], *, tags: int) -> Arrays:
    """Pack (source number, example) rows into arrays."""
    sets = sorted({example.known for _, example in rows}, key=sorted)
    known = np.zeros((len(sets), tags), dtype=np.bool_)
    for number, names in enumerate(sets):
        known[number, sorted(names)] = True
    gold = [(row, position, tag) for row, (_, example) in enumerate(rows) for position, tag in example.gold]
    ids = [example.piece.ids for _, example in rows]
    return Arrays(
        ids=np.concatenate(ids),
        bounds=np.cumsum([0, *map(len, ids)], dtype=np.int64),
        valid=np.concatenate([example.piece.tokens >= 0 for _, example in rows]),
        gold=np.array(gold, dtype=np.int32).reshape(-1, 3),
        known=known,
        known_of=np.array([sets.index(example.known) for _, example in rows], dtype=np.int32),
        second=np.array([example.second for _, example in rows], dtype=np.bool_),
        source=np.array([source for source, _ in rows], dtype=np.int32),
    )
