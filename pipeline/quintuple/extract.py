"""Composes the three stages: preprocess, classify, postprocess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from quintuple.classify.classifier import Classifier, load_classifier
from quintuple.events import Article, Event, Extraction, Language, Trigger
from quintuple.postprocess import assemble, names_of
from quintuple.postprocess.calibration import Calibration, read_calibration
from quintuple.preprocess import make_article
from quintuple.resources import model_path
from quintuple.settings import Settings, load_settings


@dataclass(frozen=True)
class Extractor:
    """A loaded model with its settings; thread-safe, so one is enough for a service."""

    classifier: Classifier
    settings: Settings
    calibration: Calibration | None = None

    def extract(
        self, text: str, *, published: str | None = None, title: str | None = None, language: Language | None = None
    ) -> list[Event]:
        """Return the events of one text, in text order.

        ``published`` is the ISO day that relative dates are resolved against.
        """
        (extraction,) = self.extract_articles([self._article(text, published, title, language)])
        return list(extraction.events)

    def pipe(
        self, texts: Iterable[str], *, published: str | None = None, batch_size: int = 32
    ) -> Iterator[list[Event]]:
        """Yield the events of each text, in order; ``batch_size`` texts share their batches."""
        articles = (self._article(text, published, None, None) for text in texts)
        while chunk := list(islice(articles, batch_size)):
            yield from (list(extraction.events) for extraction in self.extract_articles(chunk))

    def extract_articles(self, articles: Sequence[Article]) -> list[Extraction]:
        """Return an extraction for each article, in order; the articles share their batches."""
        return [
            Extraction(article, self.assemble(article, triggers))
            for article, triggers in zip(articles, self.classifier.classify(articles), strict=True)
        ]

    def assemble(self, article: Article, triggers: Sequence[Trigger]) -> tuple[Event, ...]:
        """Return the events that the triggers of an article make, in text order."""
        return assemble(article, triggers, settings=self.settings.postprocess, calibration=self.calibration)

    def _article(self, text: str, published: str | None, title: str | None, language: Language | None) -> Article:
        options = self.settings.preprocess
        return make_article(text, id="text", settings=options, published=published, title=title, language=language)


def load(model: str | Path | None = None, *, settings: Settings | str | Path | None = None) -> Extractor:
    """Load a shipped model by name, or a model folder; ``settings`` may be a TOML file.

    Raises:
        ModelError: the model is missing or unusable.
        SettingsError: the settings file is wrong.
    """
    chosen = settings if isinstance(settings, Settings) else load_settings(settings)
    names_of(chosen.postprocess.companies)  # a wrong table is told at once, not with the first article
    folder = model_path(model or chosen.classify.model)
    classifier = load_classifier(folder, settings=chosen.classify)
    return Extractor(classifier, chosen, read_calibration(folder))


def extract(text: str, *, published: str | None = None, language: Language | None = None) -> list[Event]:
    """Return the events of one text, in text order, with the default model and settings.

    ``published`` is the ISO day that relative dates are resolved against.
    """
    return _default().extract(text, published=published, language=language)


@cache
def _default() -> Extractor:
    return load()
