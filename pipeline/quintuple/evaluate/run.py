"""Composes an evaluation: gold against predictions, scopes, intervals, baseline, calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from quintuple.evaluate.align import Outcome, compare
from quintuple.evaluate.bootstrap import Difference, paired_differences
from quintuple.evaluate.calibration import Calibration, calibrate_outcomes
from quintuple.evaluate.casee import TriggerDocument, Triggers, count_triggers
from quintuple.evaluate.gold import GoldDocument
from quintuple.evaluate.predict import Predictions
from quintuple.evaluate.scores import (
    ALL,
    EVENT_MEASURES,
    Figure,
    Tally,
    action_types,
    count_outcomes,
    score_scopes,
    split_tally,
)

Scheme = Literal["quintuple", "casee"]


@dataclass(frozen=True)
class Evaluation:
    """The scores of a model: figures per scope and measure, against a baseline if there is one.

    Scopes are ``all``, each language, ``source.NAME`` and ``type.NAME``; ``missing`` counts the documents
    without any prediction, which score as empty ones. ``gold`` and ``outcomes`` go document by document.
    """

    scheme: Scheme
    documents: int
    missing: int
    scores: dict[str, dict[str, Figure]]
    comparison: dict[str, dict[str, Difference]] = field(default_factory=dict)
    calibration: dict[str, Calibration] = field(default_factory=dict)
    digest: str | None = None
    gold: tuple[GoldDocument, ...] = field(default=(), repr=False)
    outcomes: tuple[tuple[Outcome, ...], ...] = field(default=(), repr=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the evaluation as plain JSON, without the documents and outcomes."""
        plain = asdict(replace(self, gold=(), outcomes=()))
        del plain["gold"], plain["outcomes"]
        return plain


def evaluate_events(
    documents: Sequence[GoldDocument],
    predictions: Predictions,
    *,
    baseline: Predictions | None = None,
    digest: str | None = None,
) -> Evaluation:
    """Score predicted events against gold: action, core, tuple_dt and tuple F1, and each slot's.

    ``predictions`` and ``baseline`` hold the events of each document, in order.
    """
    outcomes = _outcomes(documents, predictions)
    scopes = _event_scopes(documents, outcomes)
    comparison = {}
    if baseline is not None:
        theirs = _event_scopes(documents, _outcomes(documents, baseline))
        comparison = _comparison(scopes, theirs, tuple(EVENT_MEASURES))
    return Evaluation(
        scheme="quintuple",
        documents=len(documents),
        missing=sum(events is None for events in predictions),
        scores=score_scopes(scopes | _type_scopes(outcomes)),
        comparison=comparison,
        calibration=calibrate_outcomes(outcomes),
        digest=digest,
        gold=tuple(documents),
        outcomes=outcomes,
    )


def evaluate_triggers(
    documents: Sequence[TriggerDocument],
    predictions: Sequence[Triggers | None],
    *,
    baseline: Sequence[Triggers | None] | None = None,
    digest: str | None = None,
) -> Evaluation:
    """Score tagged triggers and arguments by CasEE's TI, TC, AI and AC."""
    gold = [document.triggers for document in documents]
    whole = count_triggers(predictions, gold)
    types = sorted({trigger.span.label for each in (*gold, *predictions) for trigger in each or ()})
    scopes = {f"type.{name}": count_triggers(predictions, gold, action=name) for name in types}
    comparison = {}
    if baseline is not None:
        comparison = _comparison({ALL: whole}, {ALL: count_triggers(baseline, gold)}, whole.measures)
    return Evaluation(
        scheme="casee",
        documents=len(documents),
        missing=sum(triggers is None for triggers in predictions),
        scores=score_scopes({ALL: whole, **scopes}),
        comparison=comparison,
        digest=digest,
    )


def _outcomes(documents: Sequence[GoldDocument], predictions: Predictions) -> tuple[tuple[Outcome, ...], ...]:
    pairs = zip(documents, predictions, strict=True)
    return tuple(compare(events or (), document.events) for document, events in pairs)


def _event_scopes(documents: Sequence[GoldDocument], outcomes: Sequence[Sequence[Outcome]]) -> dict[str, Tally]:
    whole = count_outcomes(outcomes)
    languages = split_tally(whole, [document.language for document in documents])
    sources = split_tally(whole, [document.source for document in documents], prefix="source.")
    return {ALL: whole} | languages | sources


def _type_scopes(outcomes: Sequence[Sequence[Outcome]]) -> dict[str, Tally]:
    return {f"type.{action}": count_outcomes(outcomes, action=action) for action in action_types(outcomes)}


def _comparison(
    ours: Mapping[str, Tally], theirs: Mapping[str, Tally], measures: Sequence[str]
) -> dict[str, dict[str, Difference]]:
    """Compare the first measures of every scope; sources are too small to tell anything."""
    compared = {}
    for scope, tally in ours.items():
        if "." not in scope:
            count = len(measures)
            rows = paired_differences(tally.counts[:, :count], theirs[scope].counts[:, :count])
            compared[scope] = dict(zip(measures, rows, strict=True))
    return compared
