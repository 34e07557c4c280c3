"""TI, TC, AI and AC for trigger-argument data, as CasEE (Sheng et al., Findings of ACL 2021) defines them.

Each is micro-F1 over sets per sentence: **TI** of trigger spans, **TC** of (type, trigger span), **AI** of (type,
argument span), **AC** of (type, argument span, role). An argument belongs to its type, not to its trigger, and
what two events of a sentence share counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from quintuple.evaluate.jsonl import read_records
from quintuple.evaluate.predict import Progress, chunks
from quintuple.evaluate.scores import Tally
from quintuple.events import DataError, TaggedSpan, Trigger
from quintuple.preprocess import make_article

if TYPE_CHECKING:
    from quintuple.extract import Extractor

CASEE_MEASURES = ("TI", "TC", "AI", "AC")

Triggers = tuple[Trigger, ...]


@dataclass(frozen=True, slots=True)
class TriggerDocument:
    """A sentence with its labelled triggers and their arguments; scores are 1."""

    id: str
    text: str
    triggers: Triggers


def has_trigger_arguments(path: Path) -> bool:
    """Return whether a file is in FewFC's shape, going by its first record.

    Raises:
        DataError: the file is missing, or its first line is no JSON object.
    """
    _, first = next(read_records(path), ("", {}))
    return "content" in first and "text" not in first


def read_trigger_arguments(paths: Iterable[Path]) -> list[TriggerDocument]:
    """Read files in FewFC's shape: ``id``, ``content`` and ``events`` of ``type``, ``trigger`` and ``args``.

    Raises:
        DataError: a file is missing or empty, a record is broken, a span does not match its text, or an id
            stands twice; names file and line.
    """
    documents: dict[str, TriggerDocument] = {}
    for path in paths:
        for where, record in read_records(path):
            document = _document(record, where)
            if document.id in documents:
                raise DataError(f"{where}: expected an id of its own, got {document.id!r} again")
            documents[document.id] = document
    if not documents:
        raise DataError(f"{', '.join(map(str, paths)) or 'gold'}: expected at least one sentence, got none")
    return list(documents.values())


def predict_triggers(
    extractor: Extractor, documents: Sequence[TriggerDocument], *, progress: Progress = lambda *_: None
) -> list[Triggers]:
    """Return what the classifier itself tags in each sentence, without any post-processing.

    Raises:
        DataError: the model knows none of the data's types.
    """
    wanted = {trigger.span.label for document in documents for trigger in document.triggers}
    known = extractor.classifier.labels.actions
    if wanted and wanted.isdisjoint(known):
        raise DataError(f"expected a model of the types {', '.join(sorted(wanted))}, got one of {', '.join(known)}")
    settings = extractor.settings.preprocess
    found: list[Triggers] = []
    for chunk in chunks(documents):
        articles = [make_article(document.text, id=document.id, settings=settings) for document in chunk]
        found += extractor.classifier.classify(articles)
        progress(len(found), len(documents))
    return found


def read_predicted_triggers(path: Path, documents: Sequence[TriggerDocument]) -> list[Triggers | None]:
    """Read predictions in the shape of the data; None for a sentence that has none.

    Raises:
        DataError: the file is broken, or has none of the sentences.
    """
    found = {document.id: document.triggers for document in read_trigger_arguments([path])}
    predictions = [found.get(document.id) for document in documents]
    if all(triggers is None for triggers in predictions):
        raise DataError(f"{path}: expected predictions for {documents[0].id!r} and the other sentences, got none")
    return predictions


def count_triggers(
    predicted: Sequence[Triggers | None], gold: Sequence[Triggers], *, action: str | None = None
) -> Tally:
    """Count each sentence's sets; with ``action``, those of that type alone."""
    rows = [
        [
            (len(found & wanted), len(found), len(wanted))
            for found, wanted in zip(_sets(each or (), action), _sets(other, action), strict=True)
        ]
        for each, other in zip(predicted, gold, strict=True)
    ]
    return Tally(CASEE_MEASURES, np.array(rows, dtype=np.int64))


def _sets(triggers: Triggers, action: str | None) -> tuple[set[tuple[Any, ...]], ...]:
    chosen = [trigger for trigger in triggers if action in (None, trigger.span.label)]
    spans = [(trigger.span, argument) for trigger in chosen for argument in trigger.arguments]
    return (
        {(one.span.start, one.span.end) for one in chosen},
        {(one.span.label, one.span.start, one.span.end) for one in chosen},
        {(span.label, argument.start, argument.end) for span, argument in spans},
        {(span.label, argument.start, argument.end, argument.label) for span, argument in spans},
    )


def _document(record: Mapping[str, Any], where: str) -> TriggerDocument:
    try:
        text = record["content"]
        triggers = tuple(_trigger(event, text) for event in record["events"])
        return TriggerDocument(str(record["id"]), text, triggers)
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise DataError(f"{where}: expected a record in FewFC's shape, got: {exc!r}") from exc


def _trigger(event: Mapping[str, Any], text: str) -> Trigger:
    arguments = tuple(
        _span(argument, role, text) for role, spans in event.get("args", {}).items() for argument in spans
    )
    return Trigger(_span(event["trigger"], event["type"], text), arguments)


def _span(span: Mapping[str, Any], label: str, text: str) -> TaggedSpan:
    start, end = span["span"]
    if text[start:end] != span["word"]:
        raise ValueError(f"{label} [{start}:{end}] is {text[start:end]!r} in the text, labelled {span['word']!r}")
    return TaggedSpan(start, end, label, 1.0)
