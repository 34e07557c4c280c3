"""What a worker process of the tests loads: an extractor that some words break."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quintuple.batch import shards
from quintuple.events import ModelError
from quintuple.extract import Extractor, load


class FaultyExtractor(Extractor):
    """Hangs over 睡, ends its process over 崩, over 杀 once if a file ``armed`` is there, and raises over 坏."""

    def assemble(self, article, triggers):
        if "睡" in article.text:
            time.sleep(600)
        if "崩" in article.text:
            os._exit(3)
        if "杀" in article.text and (armed := Path(article.path).with_name("armed")).exists():
            armed.unlink()
            os._exit(6)
        if "坏" in article.text:
            raise ValueError("bad")
        return super().assemble(article, triggers)


@dataclass(frozen=True)
class FaultyBackend:
    """Ends its process when it meets one of some tokens."""

    backend: Any
    deadly: int

    def logits(self, ids, mask):
        if (ids == self.deadly).any():
            os._exit(4)
        return self.backend.logits(ids, mask)


def load_faulty(model: Any, *, settings: Any) -> Extractor:
    """Load a model into an extractor that breaks while it assembles; over 死, while it classifies."""
    whole = load(model, settings=settings)
    deadly = whole.classifier.tokenizer.token_to_id("死")
    classifier = replace(whole.classifier, backend=FaultyBackend(whole.classifier.backend, deadly))
    return FaultyExtractor(classifier, settings)


def load_endless(model: Any, *, settings: Any) -> Extractor:
    """Load a model, and let the reading of some files have no end."""
    whole = shards.read_input

    def read(file, **options):
        if "endless" in file.path:
            time.sleep(600)
        return whole(file, **options)

    shards.read_input = read
    return load(model, settings=settings)


def load_nothing(model: Any, *, settings: Any) -> Extractor:
    """Refuse to load."""
    raise ModelError("no model today")


def die(model: Any, *, settings: Any) -> Extractor:
    """End the process before anything is loaded."""
    os._exit(5)
