"""Tokenised articles with their gold mentions, as `fit` and `export` score both passes on them.

Needs numpy and tokenizers alone: the articles are kept as flat arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from quintuple.classify.encode import Tokens
from quintuple.events import ModelError

#: A span as (label, start, end), with offsets in characters.
Labelled = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class GoldMention:
    """A trigger with its arguments; labels are numbers, ``roles`` those that were labelled for it.

    ``either`` are the types that it may have besides its own.
    """

    trigger: Labelled
    arguments: frozenset[Labelled]
    roles: frozenset[int]
    either: frozenset[int]


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """A tokenised article with its mentions; only the absence of the types in ``known`` means something."""

    tokens: Tokens
    mentions: tuple[GoldMention, ...]
    known: frozenset[int]


def save_gold(articles: Sequence[GoldArticle], path: Path, *, labels: int) -> None:
    """Write articles into one compressed ``.npz`` file; ``labels`` is the number of labels."""
    tokens = [article.tokens for article in articles]
    mentions = [(number, mention) for number, article in enumerate(articles) for mention in article.mentions]
    np.savez_compressed(
        path,
        ids=np.concatenate([each.ids for each in tokens]),
        starts=np.concatenate([each.starts for each in tokens]),
        ends=np.concatenate([each.ends for each in tokens]),
        continues=np.concatenate([each.continues for each in tokens]),
        bounds=np.cumsum([0, *(len(each.ids) for each in tokens)], dtype=np.int64),
        sentences=_table([(number, *span) for number, each in enumerate(tokens) for span in each.sentences], 3),
        known=_sets([article.known for article in articles], labels),
        mentions=_table([(number, *mention.trigger) for number, mention in mentions], 4),
        arguments=_table(
            [(row, *each) for row, (_, mention) in enumerate(mentions) for each in sorted(mention.arguments)], 4
        ),
        roles=_sets([mention.roles for _, mention in mentions], labels),
        either=_sets([mention.either for _, mention in mentions], labels),
    )


def load_gold(path: Path) -> list[GoldArticle]:
    """Read what ``save_gold`` wrote.

    Raises:
        ModelError: the file is missing, or of another version.
    """
    try:
        with np.load(path) as stored:
            return _articles({name: stored[name] for name in stored.files})
    except (OSError, ValueError, KeyError) as exc:
        raise ModelError(f"{path}: expected what this version of `quintuple prepare` writes, got: {exc}") from exc


def _articles(stored: dict[str, npt.NDArray[Any]]) -> list[GoldArticle]:
    owners = stored["mentions"][:, 0]
    mentions = [_mention(stored, row) for row in range(len(owners))]
    articles = []
    for number, (begin, end) in enumerate(pairwise(stored["bounds"])):
        sentences = stored["sentences"][stored["sentences"][:, 0] == number, 1:].tolist()
        ids, starts, ends, continues = (stored[name][begin:end] for name in ("ids", "starts", "ends", "continues"))
        tokens = Tokens(ids, starts, ends, continues, tuple((first, last) for first, last in sentences))
        own = tuple(mentions[row] for row in np.flatnonzero(owners == number))
        articles.append(GoldArticle(tokens, own, _members(stored["known"][number])))
    return articles


def _mention(stored: dict[str, npt.NDArray[Any]], row: int) -> GoldMention:
    label, start, end = stored["mentions"][row, 1:].tolist()
    arguments = stored["arguments"][stored["arguments"][:, 0] == row, 1:].tolist()
    return GoldMention(
        (label, start, end),
        frozenset((a, b, c) for a, b, c in arguments),
        _members(stored["roles"][row]),
        _members(stored["either"][row]),
    )


def _table(rows: Sequence[tuple[int, ...]], width: int) -> npt.NDArray[np.int32]:
    return np.array(rows, dtype=np.int32).reshape(-1, width)


def _sets(sets: Sequence[frozenset[int]], labels: int) -> npt.NDArray[np.bool_]:
    table = np.zeros((len(sets), labels), dtype=np.bool_)
    for row, members in enumerate(sets):
        table[row, sorted(members)] = True
    return table


def _members(row: npt.NDArray[np.bool_]) -> frozenset[int]:
    return frozenset(np.flatnonzero(row).tolist())
