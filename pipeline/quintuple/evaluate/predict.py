"""What a model predicts for gold documents: by running it, or from an output file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from quintuple.evaluate.flat import FlatEvent, flat_event
from quintuple.evaluate.gold import GoldDocument
from quintuple.evaluate.jsonl import read_records
from quintuple.events import Article, DataError
from quintuple.preprocess import make_article

if TYPE_CHECKING:
    from quintuple.extract import Extractor

Item = TypeVar("Item")

#: Told how many of how many documents are done.
Progress = Callable[[int, int], None]

#: The events predicted for each document, in the documents' order; None where there is no prediction.
Predictions = list[tuple[FlatEvent, ...] | None]

# Documents that share their batches; more gains no speed, only memory.
_CHUNK = 64


def predict(
    extractor: Extractor, documents: Sequence[GoldDocument], *, progress: Progress = lambda *_: None
) -> Predictions:
    """Run a model over the documents, in pieces that share their batches.

    Raises:
        DataError: a document has no text.
    """
    predictions: Predictions = []
    for chunk in chunks(documents):
        articles = [article_of(document, extractor) for document in chunk]
        for extraction in extractor.extract_articles(articles):
            predictions.append(tuple(flat_event(event.to_dict()) for event in extraction.events))
        progress(len(predictions), len(documents))
    return predictions


def read_predictions(path: Path, documents: Sequence[GoldDocument]) -> Predictions:
    """Read an output file; a record belongs to the document of its id, or of its id's last part without suffix.

    Raises:
        DataError: the file is broken, or has none of the documents.
    """
    exact: dict[str, tuple[FlatEvent, ...]] = {}
    short: dict[str, tuple[FlatEvent, ...]] = {}
    texts = {document.id: document.text for document in documents}
    for where, record in read_records(path):
        try:
            name = str(record["id"])
            events = tuple(flat_event(event) for event in record["events"])
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise DataError(f"{where}: expected an output record, got: {exc!r}") from exc
        if record.get("text", texts.get(name)) != texts.get(name):
            # Offsets into another text would mark nonsense in the report.
            events = tuple(replace(event, spans=()) for event in events)
        exact[name] = events
        short.setdefault(name.rsplit("/", 1)[-1].split(".")[0], events)
    predictions = [exact.get(document.id, short.get(document.id)) for document in documents]
    if all(events is None for events in predictions):
        raise DataError(f"{path}: expected predictions for {documents[0].id!r} and the other documents, got none")
    return predictions


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Yield the items in pieces that a model can take at once."""
    for begin in range(0, len(items), _CHUNK):
        yield items[begin : begin + _CHUNK]


def article_of(document: GoldDocument, extractor: Extractor) -> Article:
    """Return a gold document as the article that a model reads.

    Raises:
        DataError: it has no text.
    """
    if not document.text:
        raise DataError(f"{document.id}: expected a text to run the model on, got none")
    settings = extractor.settings.preprocess
    return make_article(
        document.text, id=document.id, settings=settings, published=document.published, title=document.title
    )
