"""Folders in, extractions out; a bad input costs itself alone."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quintuple.events import Article, ArticleError, Extraction
from quintuple.extract import Extractor
from quintuple.preprocess import find_inputs, read_bytes, read_path

# Articles are classified together up to this many characters; more would gain no speed, only memory.
_CHUNK = 60_000

Item = Article | ArticleError


@dataclass
class Summary:
    """What a run did: counts, failures in the order met, and seconds."""

    articles: int = 0
    events: int = 0
    skipped: int = 0
    types: Counter[str] = field(default_factory=Counter)
    failures: list[ArticleError] = field(default_factory=list)
    seconds: float = 0.0


def read_inputs(
    paths: Sequence[Path], extractor: Extractor, summary: Summary, *, published: str | None
) -> tuple[int, Iterator[Item]]:
    """Find the input files under ``paths``; return their number and an iterator over what is in them."""
    inputs = find_inputs(paths)
    summary.skipped = inputs.skipped
    settings = extractor.settings.preprocess

    def items() -> Iterator[Item]:
        yield from inputs.errors
        for path, root in inputs.files:
            yield from read_path(path, settings=settings, root=root, published=published)

    return len(inputs.files), items()


def read_stream(data: bytes, extractor: Extractor, *, suffix: str, published: str | None) -> Iterator[Item]:
    """Return what is in the bytes of standard input; ``suffix`` names their format."""
    settings = extractor.settings.preprocess
    return read_bytes(data, suffix=suffix, id="stdin", path=None, settings=settings, published=published)


def run(
    items: Iterable[Item],
    extractor: Extractor,
    summary: Summary,
    write: Callable[[Extraction], None],
    *,
    progress: Callable[[str | None], None] = lambda _: None,
) -> Summary:
    """Extract every article and hand it to ``write``; failures go into ``summary`` and never stop the run.

    ``progress`` is told the path of each article that is done.
    """
    began = time.monotonic()
    try:
        for chunk in _chunks(items, summary):
            for extraction in _extract(chunk, extractor, summary):
                write(extraction)
                summary.articles += 1
                summary.events += len(extraction.events)
                summary.types.update(event.action.type for event in extraction.events)
                progress(extraction.article.path)
    finally:
        summary.seconds = time.monotonic() - began
    return summary


def _chunks(items: Iterable[Item], summary: Summary) -> Iterator[list[Article]]:
    chunk: list[Article] = []
    size = 0
    for item in items:
        if isinstance(item, ArticleError):
            summary.failures.append(item)
            continue
        chunk.append(item)
        size += len(item.text)
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _extract(chunk: list[Article], extractor: Extractor, summary: Summary) -> Iterator[Extraction]:
    try:
        extractions = extractor.extract_articles(chunk)
    except Exception:
        # Whatever broke, only the article that broke it may pay: one by one, its neighbours get through.
        extractions = []
    yield from extractions
    for article in [] if extractions else chunk:
        try:
            yield from extractor.extract_articles([article])
        except Exception as exc:
            summary.failures.append(ArticleError(f"{article.path or article.id}: extraction failed: {exc!r}"))
