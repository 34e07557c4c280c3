"""Small gold and predictions in both languages, and a model that needs no weights."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from quintuple.classify.labels import Labels
from quintuple.events import Action, Article, Event, Extraction, Party, Trigger
from quintuple.settings import Settings, load_settings

TEXTS = {
    "zh": "蓝湖科技周一宣布收购青禾软件51%的股权。红杉湾公司同日减持了北岸银行。",
    "en": "Bluelake Ltd said on Monday it bought 51% of Greenfield Software. Redbay cut its stake in Northbank.",
}
PARTIES = {"zh": ("蓝湖科技", "收购", "青禾软件"), "en": ("Bluelake Ltd", "bought", "Greenfield Software")}
SECOND = {"zh": ("红杉湾公司", "减持", "北岸银行"), "en": ("Redbay", "cut", "Northbank")}

each_language = pytest.mark.parametrize("language", ["zh", "en"])


def gold_record(language: str, **changes: Any) -> dict[str, Any]:
    """Return a document-level gold record of two events."""
    (company, verb, target), (seller, cut, held) = PARTIES[language], SECOND[language]
    day = {"text": {"zh": "周一", "en": "on Monday"}[language], "earliest": None, "latest": None}
    first = {"company": [company], "action": "acquire", "trigger": [verb], "target": [target], "date": day}
    second = {"company": [seller], "action": "reduce_stake", "trigger": [cut], "target": [held], "date": None}
    events = [first | {"percentage": [51.0]}, second | {"percentage": None}]
    common = {"status": "occurred", "optional": False}
    record = {"id": f"{language}-1", "language": language, "source": "wire", "text": TEXTS[language]}
    return record | {"events": [event | common for event in events]} | changes


def evidence(text: str, wording: str, **fields: Any) -> dict[str, Any]:
    """Return an evidence object of the output format."""
    start = text.index(wording)
    return {"text": wording, "start": start, "end": start + len(wording), **fields}


def output_event(language: str, words: tuple[str, str, str], kind: str, **changes: Any) -> dict[str, Any]:
    """Return an event as an output file holds it."""
    text, (company, verb, target) = TEXTS[language], words
    return {
        "company": evidence(text, company, name=company),
        "action": evidence(text, verb, type=kind),
        "target": evidence(text, target, name=target),
        "percentage": None,
        "date": None,
        "status": "occurred",
        "confidence": 0.8,
    } | changes


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes records as JSON Lines."""

    def write_lines(name: str, *records: dict[str, Any]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
        return path

    return write_lines


@dataclass
class FakeClassifier:
    """Tags what it was told for each text."""

    answers: dict[str, tuple[Trigger, ...]] = field(default_factory=dict)
    labels: Labels = field(default_factory=lambda: Labels(("质押", "投资"), ("sub", "obj")))

    def classify(self, articles: Sequence[Article]) -> list[tuple[Trigger, ...]]:
        return [self.answers.get(article.text, ()) for article in articles]


@dataclass
class FakeExtractor:
    """Finds the first gold event of each language, without percentage and date, and says so with confidence 0.9."""

    classifier: FakeClassifier = field(default_factory=FakeClassifier)
    settings: Settings = field(default_factory=load_settings)
    seen: list[Article] = field(default_factory=list)

    def extract_articles(self, articles: Sequence[Article]) -> list[Extraction]:
        self.seen += articles
        return [Extraction(article, tuple(self._events(article))) for article in articles]

    def _events(self, article: Article) -> list[Event]:
        company, verb, target = PARTIES[article.language]
        if company not in article.text:
            return []
        spans = [(word, article.text.index(word)) for word in (company, verb, target)]
        (one, at), (two, then), (three, last) = spans
        return [
            Event(
                company=Party(one, at, at + len(one), name=one),
                action=Action(two, then, then + len(two), type="acquire"),
                target=Party(three, last, last + len(three), name=three),
                confidence=0.9,
            )
        ]


@pytest.fixture
def extractor() -> FakeExtractor:
    """Return a model that needs no weights."""
    return FakeExtractor()
