"""The draft of an event, and the one signature of the rules that work on it."""

from __future__ import annotations

import dataclasses
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from quintuple.events import Article, Date, Party, Percentage, Status, TaggedSpan, Trigger
from quintuple.postprocess.antecedents import resolve
from quintuple.postprocess.lexicon import Entity, Known, Lexicon
from quintuple.postprocess.names import name_key
from quintuple.postprocess.status import Cue
from quintuple.resources import config_path
from quintuple.settings import PostprocessSettings, load_settings, read_toml


@dataclass(frozen=True)
class Context:
    """What all drafts of an article share; ``triggers`` stand in text order."""

    article: Article
    triggers: tuple[Trigger, ...]
    lexicon: Lexicon
    cues: Mapping[Trigger, Cue]
    settings: PostprocessSettings = field(default_factory=lambda: load_settings().postprocess)

    def fiscal_start(self, entity: Entity) -> int:
        """Return the month in which the fiscal year of a company begins: by the settings, else by the alias table."""
        company = self.lexicon.names.by_id.get(entity.id or "")
        listed = company.fiscal_year_start if company else None
        return self._fiscal_years.get(entity.key) or listed or self.settings.fiscal_year_start

    def with_company(self, start: int, end: int) -> Sequence[Trigger]:
        """Return the triggers with a company that start in a range of the text."""
        first, last = (bisect_left(self._with_company, place, key=_start) for place in (start, end))
        return self._with_company[first:last]

    @cached_property
    def stated(self) -> Mapping[str, frozenset[Status]]:
        """The statuses that cues of the article state, by action type; a verb form tells only of its own action."""
        stated: dict[str, set[Status]] = {}
        for trigger, cue in self.cues.items():
            if cue.explicit and cue.zone != "clause":
                stated.setdefault(trigger.span.label, set()).add(cue.status)
        return {action: frozenset(statuses) for action, statuses in stated.items()}

    @cached_property
    def _fiscal_years(self) -> dict[str, int]:
        """The months of the settings by the key of their company, which may be given by id or by any of its names."""
        names, keys = self.lexicon.names, {}
        for name, month in self.settings.fiscal_years.items():
            company = names.by_id.get(name) or names.find(name)
            keys[company.id if company else name_key(name)] = month
        return keys

    @cached_property
    def _with_company(self) -> tuple[Trigger, ...]:
        return tuple(trigger for trigger in self.triggers if spans_of(trigger, "COMPANY"))


@dataclass(frozen=True, slots=True)
class Draft:
    """One trigger on its way to an event: first with spans by slot, then with resolved slots.

    ``acting`` is the party that a company meaning several (双方) stands for in this draft; ``earlier`` the last draft
    with a date before it.
    """

    context: Context
    trigger: Trigger
    sentence: tuple[int, int]
    companies: tuple[TaggedSpan, ...] = ()
    targets: tuple[TaggedSpan, ...] = ()
    percentages: tuple[TaggedSpan, ...] = ()
    dates: tuple[TaggedSpan, ...] = ()
    counterparties: tuple[TaggedSpan, ...] = ()
    acting: Known | None = None
    earlier: Draft | None = None
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

    @property
    def fiscal_start(self) -> int:
        """Return the month in which the fiscal year of the first company begins."""
        if not self.companies:
            return self.context.settings.fiscal_year_start
        span = self.companies[0]
        return self.context.fiscal_start(resolve(self.context.lexicon, span.start, span.end))

    def text(self, span: TaggedSpan) -> str:
        """Return the text of a span."""
        return self.article.text[span.start : span.end]

    def evolve(self, **changes: Any) -> Draft:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def respan(self, slots: Iterable[str], change: Callable[[tuple[TaggedSpan, ...]], tuple[TaggedSpan, ...]]) -> Draft:
        """Return a copy with the spans of some slots changed; the draft itself where none changes."""
        spans = {slot: getattr(self, slot) for slot in slots}
        changed = {slot: new for slot, old in spans.items() if (new := change(old)) != old}
        return self.evolve(**changed) if changed else self


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


def spans_of(trigger: Trigger, label: str) -> tuple[TaggedSpan, ...]:
    """Return the spans of a trigger tagged with a label."""
    return tuple(span for span in trigger.arguments if span.label == label)


def _start(trigger: Trigger) -> int:
    return trigger.span.start
