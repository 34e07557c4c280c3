"""Scores a network on dev by its own tuples: its first pass, then its second pass on the triggers it found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from tokenizers import Tokenizer

from quintuple.classify.backend import Backend
from quintuple.classify.classifier import Classifier
from quintuple.classify.labels import Labels
from quintuple.events import Trigger
from quintuple.train.gold import GoldArticle, GoldMention, Labelled, load_gold
from quintuple.train.plan import Plan

if TYPE_CHECKING:
    from quintuple.settings import ClassifySettings


@dataclass(frozen=True, slots=True)
class Dev:
    """What a network is scored on, and how it reads it."""

    articles: tuple[GoldArticle, ...]
    tokenizer: Tokenizer
    labels: Labels
    plan: Plan

    @classmethod
    def load(cls, folder: Path) -> Dev:
        """Read dev of a folder that `prepare` or `fit` wrote."""
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        return cls(tuple(load_gold(folder / "dev.npz")), tokenizer, Labels.load(folder), Plan.load(folder))

    def score(self, backend: Backend) -> dict[str, float]:
        """Return the micro-F1 of a network's own tuples on dev, and of their parts.

        ``triggers`` compares (type, span), ``arguments`` (type, role, span), ``spans`` both together, and
        ``tuples`` (type, all arguments with their spans). What was not labelled counts neither way.
        """
        # The plan has every setting that a classifier reads; the class itself needs more than numpy.
        classifier = Classifier(self.tokenizer, self.labels, backend, cast("ClassifySettings", self.plan))
        predicted = classifier.classify_tokens([article.tokens for article in self.articles])
        numbers = {name: number for number, name in enumerate(self.labels.names)}
        counts = np.zeros((3, 3), dtype=np.int64)
        for article, triggers in zip(self.articles, predicted, strict=True):
            counts += compare(article, triggers, numbers)
        rows = {"triggers": counts[0], "arguments": counts[1], "spans": counts[0] + counts[1], "tuples": counts[2]}
        return {name: float(2 * right / max(1, found + gold)) for name, (right, found, gold) in rows.items()}


def compare(article: GoldArticle, triggers: Sequence[Trigger], numbers: Mapping[str, int]) -> np.ndarray:
    """Count triggers, arguments and tuples of an article: rows of (right, found, gold)."""
    gold = {mention.trigger: mention for mention in article.mentions}
    found: dict[Labelled, frozenset[Labelled]] = {}
    for trigger in triggers:
        place = _renamed((numbers[trigger.span.label], trigger.span.start, trigger.span.end), article.mentions)
        if place in gold or place[0] in article.known:
            arguments = frozenset((numbers[each.label], each.start, each.end) for each in trigger.arguments)
            found[place] = found.get(place, frozenset()) | arguments
    roles = _roles(article.mentions, numbers)
    ours = {(place[0], each) for place, arguments in found.items() for each in arguments if each[0] in roles}
    theirs = {(place[0], each) for place, mention in gold.items() for each in mention.arguments}
    return np.array(
        [
            (len(gold.keys() & found.keys()), len(found), len(gold)),
            (len(ours & theirs), len(ours), len(theirs)),
            (_right_tuples(found, gold.values()), len(found), len(gold)),
        ]
    )


def _renamed(place: Labelled, mentions: Sequence[GoldMention]) -> Labelled:
    """Return a found trigger under the label of the mention there that may have its type."""
    for mention in mentions:
        if mention.trigger[1:] == place[1:] and place[0] in mention.either:
            return mention.trigger
    return place


def _roles(mentions: Sequence[GoldMention], numbers: Mapping[str, int]) -> frozenset[int]:
    """Return the roles that were labelled in an article; all of them where it has no mention."""
    return frozenset[int]().union(*(mention.roles for mention in mentions)) if mentions else frozenset(numbers.values())


def _right_tuples(found: Mapping[Labelled, frozenset[Labelled]], mentions: Iterable[GoldMention]) -> int:
    """Count the mentions with a tuple of their own: the same type and, in the labelled roles, the same arguments."""
    free, right = dict(found), 0
    for mention in mentions:
        for (label, start, end), arguments in free.items():
            known = {argument for argument in arguments if argument[0] in mention.roles}
            if label == mention.trigger[0] and known == mention.arguments:
                del free[label, start, end]
                right += 1
                break
    return right
