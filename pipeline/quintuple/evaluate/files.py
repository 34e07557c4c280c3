"""Evaluates by file names: a model or its predictions, on gold files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from quintuple.evaluate.casee import (
    TriggerDocument,
    Triggers,
    predict_triggers,
    read_predicted_triggers,
    read_trigger_arguments,
)
from quintuple.evaluate.gold import GoldDocument, digest_files, read_gold
from quintuple.evaluate.predict import Predictions, Progress, predict, read_predictions
from quintuple.evaluate.run import Evaluation, Scheme, evaluate_events, evaluate_triggers
from quintuple.extract import load
from quintuple.settings import Settings


def evaluate_files(
    model: str,
    data: Sequence[Path],
    *,
    scheme: Scheme,
    baseline: str | None,
    settings: Settings,
    progress: Progress,
) -> Evaluation:
    """Evaluate a shipped model, a model folder or a file of predictions (.jsonl) on gold files.

    ``progress`` is told how many of how many documents a model has read.

    Raises:
        DataError: gold or predictions are missing or broken, or do not fit each other.
        ModelError: a model is missing or unusable.
    """
    if scheme == "casee":
        sentences = read_trigger_arguments(data)
        tagged = _triggers(model, sentences, settings, progress)
        other = _triggers(baseline, sentences, settings, progress) if baseline else None
        return evaluate_triggers(sentences, tagged, baseline=other, digest=digest_files(data))
    documents = read_gold(data)
    found = _events(model, documents, settings, progress)
    theirs = _events(baseline, documents, settings, progress) if baseline else None
    return evaluate_events(documents, found, baseline=theirs, digest=digest_files(data))


def _events(model: str, documents: Sequence[GoldDocument], settings: Settings, progress: Progress) -> Predictions:
    if _is_file(model):
        return read_predictions(Path(model), documents)
    return predict(load(model, settings=settings), documents, progress=progress)


def _triggers(
    model: str, documents: Sequence[TriggerDocument], settings: Settings, progress: Progress
) -> Sequence[Triggers | None]:
    if _is_file(model):
        return read_predicted_triggers(Path(model), documents)
    return predict_triggers(load(model, settings=settings), documents, progress=progress)


def _is_file(model: str) -> bool:
    return model.endswith(".jsonl")
