"""Predictions from a model and from output files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quintuple.evaluate.gold import GoldDocument, read_gold
from quintuple.evaluate.predict import predict, read_predictions
from quintuple.events import DataError

from .conftest import PARTIES, TEXTS, FakeExtractor, each_language, gold_record, output_event

Write = Callable[..., Path]


@each_language
def test_a_model_reads_text_and_publication_day(language: str, extractor: FakeExtractor) -> None:
    document = GoldDocument("a", TEXTS[language], (), published="2024-05-06")
    told: list[tuple[int, ...]] = []
    (events,) = predict(extractor, [document], progress=lambda *args: told.append(args))  # type: ignore[arg-type]
    assert events is not None
    assert events[0].company == (PARTIES[language][0],)
    assert events[0].confidence == 0.9
    assert {span.slot for span in events[0].spans} == {"company", "action", "target"}
    assert (extractor.seen[0].published, extractor.seen[0].language) == ("2024-05-06", language)
    assert told == [(1, 1)]


def test_many_documents_keep_their_order(extractor: FakeExtractor) -> None:
    texts = [TEXTS["en"] if number % 3 else "Nothing happened at all." for number in range(150)]
    documents = [GoldDocument(str(number), text, ()) for number, text in enumerate(texts)]
    found = predict(extractor, documents)  # type: ignore[arg-type]
    assert [bool(events) for events in found] == [bool(number % 3) for number in range(150)]


def test_a_model_needs_a_text(extractor: FakeExtractor) -> None:
    with pytest.raises(DataError, match="lonely: expected a text to run the model on, got none"):
        predict(extractor, [GoldDocument("lonely", "", ())])  # type: ignore[arg-type]


@each_language
@pytest.mark.parametrize("shape", ["{}", "articles/{}", "articles/{}.txt"])
def test_records_find_their_document(language: str, shape: str, write: Write) -> None:
    documents = read_gold([write("gold.jsonl", gold_record(language), {"id": "other", "events": []})])
    event = output_event(language, PARTIES[language], "acquire")
    path = write("out.jsonl", {"id": shape.format(f"{language}-1"), "events": [event]})
    first, second = read_predictions(path, documents)
    assert first is not None
    assert first[0].action == "acquire"
    assert second is None


def test_an_exact_id_goes_before_a_short_one(write: Write) -> None:
    event = {"action": {"text": "x", "type": "list"}}
    path = write("out.jsonl", {"id": "x/a.txt", "events": [event]}, {"id": "a", "events": []})
    assert read_predictions(path, [GoldDocument("a", "", ())]) == [()]


def test_spans_into_another_text_are_dropped(write: Write) -> None:
    event = output_event("en", PARTIES["en"], "acquire")
    records = [{"id": str(number), "text": text, "events": [event]} for number, text in enumerate((TEXTS["en"], "?"))]
    documents = [GoldDocument(str(number), TEXTS["en"], ()) for number in range(2)]
    same, other = read_predictions(write("out.jsonl", *records), documents)
    assert same
    assert same[0].spans
    assert other
    assert not other[0].spans


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"id": "zz", "events": []}, "expected predictions for 'a' and the other documents, got none"),
        ({"id": "a"}, r"out\.jsonl:1: expected an output record, got: KeyError\('events'\)"),
    ],
)
def test_predictions_that_do_not_fit_are_refused(record: dict[str, Any], message: str, write: Write) -> None:
    with pytest.raises(DataError, match=message):
        read_predictions(write("out.jsonl", record), [GoldDocument("a", "", ())])
