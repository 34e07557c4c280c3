"""Turns labelled articles into the examples of both passes, and packs them as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from quintuple.classify.decode import whole_words
from quintuple.classify.encode import Piece, Tokens, first_pass, second_pass, tokenize, windows
from quintuple.classify.labels import Labels
from quintuple.events import TaggedSpan
from quintuple.train.arrays import Arrays
from quintuple.train.gold import GoldArticle, GoldMention
from quintuple.train.labelled import LabelledArticle, Mention

#: Columns of an example as a row of a dataset; pairs (position, tag) stand one after the other.
EXAMPLE_COLUMNS: dict[str, Any] = {
    "ids": ["int32"],
    "valid": ["bool"],
    "gold": ["int32"],
    "either": ["int32"],
    "known": ["int32"],
    "second": "bool",
}

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Example:
    """One piece with its gold tags: pairs (position, tag).

    The tags in ``known`` count in the loss, and so does what is labelled; of the tags that ``either`` gives a
    position, the label is one.
    """

    ids: Sequence[int]
    valid: Sequence[bool]
    gold: Pairs
    either: Pairs
    known: frozenset[int]
    second: bool

    def to_row(self) -> dict[str, Any]:
        """Return the example as ``EXAMPLE_COLUMNS`` has it."""
        pairs = {name: [number for pair in getattr(self, name) for number in pair] for name in ("gold", "either")}
        plain = {"ids": list(self.ids), "valid": list(self.valid), "second": self.second}
        return plain | pairs | {"known": sorted(self.known)}

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Example:
        """Read what ``to_row`` returned."""
        gold, either = (tuple(zip(row[name][::2], row[name][1::2], strict=True)) for name in ("gold", "either"))
        return cls(row["ids"], row["valid"], gold, either, frozenset(row["known"]), row["second"])


@dataclass(frozen=True, slots=True)
class Layout:
    """How examples are laid out: lengths in tokens, and the labels that a source without any word on it means."""

    tokenizer: Tokenizer
    labels: Labels
    scheme: Labels
    window: int
    context: int

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each label."""
        return {name: number for number, name in enumerate(self.labels.names)}


def examples(labelled: LabelledArticle, layout: Layout) -> Iterator[Example]:
    """Yield one first-pass example per window and one second-pass example per labelled trigger."""
    tokens, numbers = tokenize(labelled.article, layout.tokenizer), layout.numbers
    triggers = [(mention.trigger, mention.either) for mention in labelled.mentions]
    actions = frozenset(layout.scheme.actions) if labelled.actions is None else labelled.actions
    known = _tags(actions - labelled.unlabelled, numbers)
    for bounds in windows(tokens, limit=layout.window):
        piece = first_pass(tokens, bounds, layout.tokenizer)
        yield _example(piece, tokens, triggers, numbers, known, second=False)
    for mention in labelled.mentions:
        first, last = tokens.covering(mention.trigger.start, mention.trigger.end)
        if last > first:
            yield _argument_example(mention, tokens, layout, numbers)


def gold_article(labelled: LabelledArticle, layout: Layout) -> GoldArticle:
    """Return what the classifier should find in an article; spans are those of whole tokens and words."""
    tokens, numbers = tokenize(labelled.article, layout.tokenizer), layout.numbers

    def located(span: TaggedSpan) -> tuple[int, int, int] | None:
        first, last = tokens.covering(span.start, span.end)
        return (numbers[span.label], *whole_words(tokens, first, last - 1)) if last > first else None

    mentions = [
        GoldMention(
            trigger,
            frozenset(place for argument in mention.arguments if (place := located(argument))),
            _numbers(layout.scheme.roles if mention.roles is None else mention.roles, numbers),
            _numbers(mention.either, numbers),
        )
        for mention in labelled.mentions
        if (trigger := located(mention.trigger))
    ]
    actions = frozenset(layout.scheme.actions) if labelled.actions is None else labelled.actions
    return GoldArticle(tokens, tuple(mentions), _numbers(actions - labelled.unlabelled, numbers))


def _argument_example(mention: Mention, tokens: Tokens, layout: Layout, numbers: Mapping[str, int]) -> Example:
    piece = second_pass(tokens, mention.trigger, layout.tokenizer, context=layout.context)
    known = _tags(layout.scheme.roles if mention.roles is None else mention.roles, numbers)
    arguments = [(argument, frozenset[str]()) for argument in mention.arguments]
    return _example(piece, tokens, arguments, numbers, known, second=True)


def _example(
    piece: Piece,
    tokens: Tokens,
    spans: Sequence[tuple[TaggedSpan, frozenset[str]]],
    numbers: Mapping[str, int],
    known: frozenset[int],
    *,
    second: bool,
) -> Example:
    gold = _gold(piece, tokens, [(span, numbers[span.label]) for span, _ in spans])
    unsure = [
        (span, numbers[name])
        for span, others in spans
        for name in ((span.label, *others) if others else ())
        if name in numbers
    ]
    valid = (piece.tokens >= 0).tolist()
    return Example(piece.ids.tolist(), valid, gold, _gold(piece, tokens, unsure), known, second)


def _tags(names: Iterable[str], numbers: Mapping[str, int]) -> frozenset[int]:
    return frozenset(tag for number in _numbers(names, numbers) for tag in (2 * number, 2 * number + 1))


def _numbers(names: Iterable[str], numbers: Mapping[str, int]) -> frozenset[int]:
    return frozenset(numbers[name] for name in names if name in numbers)


def _gold(piece: Piece, tokens: Tokens, spans: Sequence[tuple[TaggedSpan, int]]) -> Pairs:
    """Return (position, tag) pairs of the spans that lie wholly in the piece; B wins where spans touch."""
    place = {int(token): position for position, token in enumerate(piece.tokens) if token >= 0}
    begins: set[tuple[int, int]] = set()
    insides: set[tuple[int, int]] = set()
    for span, number in spans:
        first, last = tokens.covering(span.start, span.end)
        if last > first and first in place and last - 1 in place:
            tag = 2 * number
            begins.add((place[first], tag))
            insides.update((place[token], tag + 1) for token in range(first + 1, last) if token in place)
    insides = {(position, tag) for position, tag in insides if (position, tag - 1) not in begins}
    return tuple(sorted(begins | insides))


def pack(rows: Sequence[tuple[int, Example]], *, tags: int) -> Arrays:
    """Pack (source number, example) rows into arrays."""
    sets = sorted({example.known for _, example in rows}, key=sorted)
    number_of = {names: number for number, names in enumerate(sets)}
    known = np.zeros((len(sets), tags), dtype=np.bool_)
    for names, number in number_of.items():
        known[number, sorted(names)] = True
    lengths = [len(example.ids) for _, example in rows]
    return Arrays(
        ids=np.array([number for _, example in rows for number in example.ids], dtype=np.int32),
        bounds=np.cumsum([0, *lengths], dtype=np.int64),
        valid=np.array([each for _, example in rows for each in example.valid], dtype=np.bool_),
        gold=_pairs([example.gold for _, example in rows]),
        either=_pairs([example.either for _, example in rows]),
        known=known,
        known_of=np.array([number_of[example.known] for _, example in rows], dtype=np.int32),
        second=np.array([example.second for _, example in rows], dtype=np.bool_),
        source=np.array([source for source, _ in rows], dtype=np.int32),
    )


def _pairs(of_rows: Sequence[Pairs]) -> np.ndarray:
    found = [(row, position, tag) for row, pairs in enumerate(of_rows) for position, tag in pairs]
    return np.array(found, dtype=np.int32).reshape(-1, 3)
