"""The draft of an event, and the one signature of the rules that work on it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from quintuple.events import Article, Date, Party, Percentage, Status, TaggedSpan, Trigger
from quintuple.postprocess.aliases import Lexicon
from quintuple.postprocess.status import Cue
from quintuple.resources import config_path
from quintuple.settings import read_toml


@dataclass(frozen=True)
class Context:
    """What all drafts of an article share."""

    article: Article
    triggers: tuple[Trigger, ...]
    lexicon: Lexicon
    cues: Mapping[Trigger, Cue]


@dataclass(frozen=True, slots=True)
class Draft:
    """One trigger on its way to an event: first with spans by slot, then with resolved slots."""

    context: Context
    trigger: Trigger
    sentence: tuple[int, int]
    companies: tuple[TaggedSpan, ...] = ()
    targets: tuple[TaggedSpan, ...] = ()
    percentages: tuple[TaggedSpan, ...] = ()
    dates: tuple[TaggedSpan, ...] = ()
    counterparties: tuple[TaggedSpan, ...] = ()
    anchor: Date | None = None
    status: Status = "occurred"
    certain: bool = False
    company: Party | None = None
    target: Party | None = None
    percentage: Percentage | None = None
    date: Date | None = None
    counterparty: Party | None = None
    kept: bool = True
    fired: tuple[str, ...] = ()

    @property
    def article(self) -> Article:
        """Return the article."""
        return self.context.article

    @property
    def action(self) -> str:
        """Return the action type."""
        return self.trigger.span.label

    def text(self, span: TaggedSpan) -> str:
        """Return the text of a span."""
        return self.article.text[span.start : span.end]

    def evolve(self, **changes: Any) -> Draft:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)


Rule = Callable[[Draft], Draft]


def apply(rules: Iterable[Rule], draft: Draft) -> Draft:
    """Run rules in order, noting the name of each that changed something; a dropped draft goes no further."""
    for rule in rules:
        changed = rule(draft)
        if changed is not draft:
            draft = changed.evolve(fired=(*draft.fired, rule.__name__))
        if not draft.kept:
            break
    return draft


@cache
def wording() -> dict[str, Any]:
    """Return the tables of ``configs/assembly.toml``."""
    return read_toml(config_path("assembly.toml"))
