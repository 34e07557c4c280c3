"""What each group of post-processing rules is worth: the same tagged spans, scored with each group off in turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

from quintuple.evaluate.align import CORE, Outcome, compare
from quintuple.evaluate.flat import flat_event
from quintuple.evaluate.gold import GoldDocument
from quintuple.evaluate.predict import Progress, article_of, chunks
from quintuple.events import Article, Trigger
from quintuple.postprocess import assemble
from quintuple.settings import PostprocessSettings, RuleGroup

if TYPE_CHECKING:
    from quintuple.extract import Extractor

#: ``tuple_days`` is ``tuple`` where a date must be resolved wherever gold is: its wording alone does not count.
MEASURES = ("core", "tuple", "tuple_days")

ALL_RULES = "all rules"
NO_RULES = "no rules"

Tagged = Sequence[tuple[Article, tuple[Trigger, ...]]]


@dataclass(frozen=True, slots=True)
class Ablation:
    """The F1 of each measure by scope (a gold file, or a language over all of them) with some groups off."""

    name: str
    off: tuple[RuleGroup, ...]
    scores: Mapping[str, Mapping[str, float]] = field(repr=False)


def ablate(
    extractor: Extractor, gold: Mapping[str, Sequence[GoldDocument]], *, progress: Progress = lambda *_: None
) -> tuple[Ablation, ...]:
    """Score all rules, each group off in turn, and no rules at all, which is spans with a plain number parse.

    The classifier runs once. ``gold`` names its parts, files usually.

    Raises:
        DataError: a document has no text.
    """
    tagged = _tag(extractor, [document for documents in gold.values() for document in documents], progress)
    groups = get_args(RuleGroup)
    runs: list[tuple[str, tuple[RuleGroup, ...]]] = [(ALL_RULES, ()), *((group, (group,)) for group in groups)]
    settings = extractor.settings.postprocess
    return tuple(Ablation(name, off, _score(gold, tagged, settings, off)) for name, off in [*runs, (NO_RULES, groups)])


def _tag(extractor: Extractor, documents: Sequence[GoldDocument], progress: Progress) -> Tagged:
    tagged: list[tuple[Article, tuple[Trigger, ...]]] = []
    for chunk in chunks(documents):
        articles = [article_of(document, extractor) for document in chunk]
        tagged += zip(articles, extractor.classifier.classify(articles), strict=True)
        progress(len(tagged), len(documents))
    return tagged


def _score(
    gold: Mapping[str, Sequence[GoldDocument]],
    tagged: Tagged,
    settings: PostprocessSettings,
    off: tuple[RuleGroup, ...],
) -> dict[str, dict[str, float]]:
    changed, scopes = settings.model_copy(update={"off": (*settings.off, *off)}), dict[str, list[Outcome]]()
    pairs = iter(tagged)
    for part, documents in gold.items():
        for document in documents:
            article, triggers = next(pairs)
            events = assemble(article, triggers, settings=changed)
            outcomes = compare([flat_event(event.to_dict()) for event in events], document.events)
            for scope in (part, document.language or article.language):
                scopes.setdefault(scope, []).extend(outcomes)
    return {scope: _figures(outcomes) for scope, outcomes in scopes.items() if scope in _worth_scoring(gold)}


def _worth_scoring(gold: Mapping[str, Sequence[GoldDocument]]) -> set[str]:
    """Return the names of the parts, and of the languages that more than one part has."""
    languages = Counter(language for documents in gold.values() for language in {each.language for each in documents})
    return {*gold, *(language for language, parts in languages.items() if language and parts > 1)}


def _figures(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """Return the micro-averaged F1 of each measure."""
    found = list(outcomes)
    sides = sum(outcome.predicted is not None for outcome in found) + sum(outcome.gold is not None for outcome in found)
    right = {measure: sum(_is_right(outcome, measure) for outcome in found) for measure in MEASURES}
    return {measure: 2 * count / sides if sides else 0.0 for measure, count in right.items()}


def _is_right(outcome: Outcome, measure: str) -> bool:
    if outcome.predicted is None or outcome.gold is None or not outcome.right >= CORE:
        return False
    if measure == "core":
        return True
    wanted, found = outcome.gold.date, outcome.predicted.date
    unresolved = wanted is not None and wanted.earliest is not None and (found is None or found.earliest is None)
    return outcome.right >= {"percentage", "date"} and not (measure == "tuple_days" and unresolved)


def relative_gain(rows: Sequence[Ablation], scope: str, measure: str) -> float:
    """Return by what share all rules raise a measure over no rules."""
    with_rules, without = (
        next(row for row in rows if row.name == name).scores[scope][measure] for name in (ALL_RULES, NO_RULES)
    )
    return with_rules / without - 1 if without else 0.0
