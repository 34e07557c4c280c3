"""Articles to extractions, the stages side by side: one thread reads, one classifies, the caller assembles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quintuple.batch.ahead import Check, ahead
from quintuple.classify.backend import Backend
from quintuple.classify.classifier import Classifier
from quintuple.events import Article, ArticleError, Extraction, Trigger
from quintuple.extract import Extractor

# Chunks of articles between two stages: enough to keep both busy, few enough to keep memory flat.
_DEPTH = 2


class Place(NamedTuple):
    """An article among the inputs: its file, and its number among what that file holds."""

    path: str
    number: int


@dataclass(frozen=True, slots=True)
class Job:
    """An article to extract, or why there is none."""

    place: Place
    item: Article | ArticleError


@dataclass(frozen=True, slots=True)
class Chunk:
    """Jobs whose articles share their batches, and the number of their shard; ``last`` says that it ends here."""

    jobs: tuple[Job, ...]
    shard: int = 0
    last: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job."""

    place: Place
    found: Extraction | ArticleError


class Activity(NamedTuple):
    """What a stage has in hand: the places of its articles, none when it waits, and its size in characters or bytes."""

    stage: str
    shard: int = 0
    places: tuple[Place, ...] = ()
    size: int = 0


Tell = Callable[[Activity], None]
_Classified = tuple[Chunk, list[tuple[Trigger, ...] | ArticleError]]


def extract_chunks(
    chunks: Iterable[Chunk], extractor: Extractor, *, tell: Tell, overlap: bool = True
) -> Iterator[tuple[Chunk, list[Outcome]]]:
    """Yield each chunk with the outcomes of its jobs, in order; raises nothing that one article alone is to blame for.

    ``tell`` is told what each stage works on. Without ``overlap`` everything happens in turn, in this thread.
    """
    depth = _DEPTH if overlap else 0

    def classified(check: Check) -> Iterator[_Classified]:
        classifier = replace(extractor.classifier, backend=_Checked(extractor.classifier.backend, check))
        for chunk in ahead(lambda _: chunks, depth=depth):
            tell(Activity("classify", chunk.shard, *_load(chunk.jobs)))
            found = _classify([job.item for job in chunk.jobs], classifier)
            tell(Activity("classify"))
            yield chunk, found

    for chunk, found in ahead(classified, depth=depth):
        yield chunk, [_assemble(*pair, extractor, chunk.shard, tell) for pair in zip(chunk.jobs, found, strict=True)]
        tell(Activity("assemble"))


def _load(jobs: Sequence[Job]) -> tuple[tuple[Place, ...], int]:
    """Return the places of the articles among some jobs, and their characters."""
    articles = [(job.place, job.item) for job in jobs if isinstance(job.item, Article)]
    return tuple(place for place, _ in articles), sum(len(article.text) for _, article in articles)


def _classify(
    items: Sequence[Article | ArticleError], classifier: Classifier
) -> list[tuple[Trigger, ...] | ArticleError]:
    """Return the triggers of each article, or why there are none."""
    try:
        return _joined(items, classifier)
    except Exception:
        # Whatever broke, only the articles that broke it may pay; their neighbours are done again together.
        checked = [item if isinstance(item, ArticleError) else _tried(item, classifier) for item in items]
    return _joined(checked, classifier)


def _joined(
    items: Sequence[Article | ArticleError], classifier: Classifier
) -> list[tuple[Trigger, ...] | ArticleError]:
    found = iter(classifier.classify([item for item in items if isinstance(item, Article)]))
    return [item if isinstance(item, ArticleError) else next(found) for item in items]


def _tried(article: Article, classifier: Classifier) -> Article | ArticleError:
    try:
        classifier.classify([article])
    except Exception as exc:
        return _failed(article, exc)
    return article


def _assemble(
    job: Job, found: tuple[Trigger, ...] | ArticleError, extractor: Extractor, shard: int, tell: Tell
) -> Outcome:
    if isinstance(job.item, ArticleError):
        return Outcome(job.place, job.item)
    if isinstance(found, ArticleError):
        return Outcome(job.place, found)
    tell(Activity("assemble", shard, (job.place,), len(job.item.text)))
    try:
        return Outcome(job.place, Extraction(job.item, extractor.assemble(job.item, found)))
    except Exception as exc:
        return Outcome(job.place, _failed(job.item, exc))


def _failed(article: Article, exc: Exception) -> ArticleError:
    return ArticleError(f"{article.path or article.id}: extraction failed: {exc!r}")


@dataclass(frozen=True)
class _Checked:
    """A backend that asks before each batch whether its results are still wanted."""

    backend: Backend
    check: Check

    def logits(self, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        self.check()
        return self.backend.logits(ids, mask)
