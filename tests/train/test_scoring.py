"""A classifier's own tuples against gold."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quintuple.classify.encode import Tokens
from quintuple.events import ModelError, TaggedSpan, Trigger
from quintuple.train.gold import GoldArticle, GoldMention, load_gold, save_gold
from quintuple.train.scoring import compare

NAMES = ("acquire", "sue", "COMPANY", "TARGET")
NUMBERS = {name: number for number, name in enumerate(NAMES)}
ROLES = frozenset({2, 3})


def _tokens(count: int = 3) -> Tokens:
    starts = np.arange(count, dtype=np.int32) * 2
    return Tokens(starts + 100, starts, starts + 2, np.zeros(count, dtype=np.bool_), ((0, count),))


def _gold(*mentions: GoldMention, known: frozenset[int] = frozenset({0, 1})) -> GoldArticle:
    return GoldArticle(_tokens(), mentions, known)


def _mention(label: int = 0, start: int = 4, **fields: frozenset[int]) -> GoldMention:
    plain = {"roles": ROLES, "either": frozenset[int]()} | fields
    return GoldMention((label, start, start + 2), frozenset({(2, 0, 2), (3, 8, 10)}), plain["roles"], plain["either"])


def _trigger(label: str = "acquire", start: int = 4, arguments: tuple[tuple[str, int], ...] = ()) -> Trigger:
    spans = tuple(TaggedSpan(begin, begin + 2, role, 0.9) for role, begin in arguments)
    return Trigger(TaggedSpan(start, start + 2, label, 0.9), spans)


RIGHT = (("COMPANY", 0), ("TARGET", 8))


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        (_gold(_mention()), [_trigger(arguments=RIGHT)], [(1, 1, 1), (2, 2, 2), (1, 1, 1)]),
        # A missing argument costs the whole tuple.
        (_gold(_mention()), [_trigger(arguments=RIGHT[:1])], [(1, 1, 1), (1, 1, 2), (0, 1, 1)]),
        # The tuple may hang on other words of the same type.
        (_gold(_mention()), [_trigger(start=6, arguments=RIGHT)], [(0, 1, 1), (2, 2, 2), (1, 1, 1)]),
        (_gold(_mention()), [_trigger("sue", arguments=RIGHT)], [(0, 1, 1), (0, 2, 2), (0, 1, 1)]),
        # One gold tuple is found once only.
        (
            _gold(_mention()),
            [_trigger(arguments=RIGHT), _trigger(start=6, arguments=RIGHT)],
            [(1, 2, 1), (2, 2, 2), (1, 2, 1)],
        ),
        (_gold(), [_trigger(arguments=RIGHT)], [(0, 1, 0), (0, 2, 0), (0, 1, 0)]),
        # A type that was not labelled exhaustively costs nothing, and counts where it is right.
        (_gold(known=frozenset({1})), [_trigger(arguments=RIGHT)], [(0, 0, 0), (0, 0, 0), (0, 0, 0)]),
        (_gold(_mention(), known=frozenset()), [_trigger(arguments=RIGHT)], [(1, 1, 1), (2, 2, 2), (1, 1, 1)]),
        # A mention that may have another type is found under either.
        (
            _gold(_mention(either=frozenset({1}))),
            [_trigger("sue", arguments=RIGHT)],
            [(1, 1, 1), (2, 2, 2), (1, 1, 1)],
        ),
    ],
)
def test_counts(gold: GoldArticle, found: list[Trigger], expected: list[tuple[int, int, int]]) -> None:
    assert [tuple(row) for row in compare(gold, found, NUMBERS).tolist()] == expected


def test_roles_without_labels_count_neither_way() -> None:
    mention = GoldMention((0, 4, 6), frozenset({(2, 0, 2)}), frozenset({2}), frozenset())
    counts = compare(_gold(mention), [_trigger(arguments=RIGHT)], NUMBERS)
    assert [tuple(row) for row in counts.tolist()] == [(1, 1, 1), (1, 1, 1), (1, 1, 1)]


def test_gold_comes_back_from_disk(tmp_path: Path) -> None:
    articles = [
        _gold(_mention(), _mention(1, 8, roles=frozenset({2}), either=frozenset({0}))),
        _gold(),
        GoldArticle(_tokens(5), (_mention(start=2),), frozenset({1})),
    ]
    save_gold(articles, tmp_path / "dev.npz", labels=len(NAMES))
    for before, after in zip(articles, load_gold(tmp_path / "dev.npz"), strict=True):
        assert (after.mentions, after.known, after.tokens.sentences) == (
            before.mentions,
            before.known,
            before.tokens.sentences,
        )
        for name in ("ids", "starts", "ends", "continues"):
            assert np.array_equal(getattr(after.tokens, name), getattr(before.tokens, name))


def test_gold_of_another_version_is_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "dev.npz", ids=np.zeros(3))
    with pytest.raises(ModelError, match=r"dev\.npz: expected what this version of `quintuple prepare` writes"):
        load_gold(tmp_path / "dev.npz")
