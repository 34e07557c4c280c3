"""Articles in, extractions out, one after the other, in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from quintuple.batch.ids import Ids
from quintuple.batch.reading import InputFile, read_input
from quintuple.batch.stages import Activity, Chunk, Job, Outcome, Place, extract_chunks
from quintuple.batch.summary import Failure, FileDone, Report, Summary, silent
from quintuple.events import Article, ArticleError, Extraction
from quintuple.extract import Extractor
from quintuple.preprocess import find_inputs, read_bytes


def read_inputs(
    paths: Sequence[Path], extractor: Extractor, summary: Summary, *, published: str | None
) -> tuple[int, Iterator[Job]]:
    """Find the input files under ``paths``; return their number and an iterator over what is in them."""
    inputs = find_inputs(paths)
    summary.skipped = inputs.skipped
    settings = extractor.settings.preprocess

    def jobs() -> Iterator[Job]:
        for number, error in enumerate(inputs.errors):
            yield Job(Place(named(error), number), error)
        ids = Ids()
        for path, root in inputs.files:
            file = InputFile(path.as_posix(), root.as_posix(), 0, 0)
            for number, item in enumerate(read_input(file, settings=settings, published=published)):
                named_item = replace(item, id=ids.of(item.id, file)) if isinstance(item, Article) else item
                yield Job(Place(file.path, number), named_item)

    return len(inputs.files), jobs()


def read_stream(data: bytes, extractor: Extractor, *, suffix: str, published: str | None) -> Iterator[Job]:
    """Return what is in the bytes of standard input; ``suffix`` names their format."""
    settings = extractor.settings.preprocess
    items = read_bytes(data, suffix=suffix, id="stdin", path=None, settings=settings, published=published)
    return (Job(Place("stdin", number), item) for number, item in enumerate(items))


def run(
    jobs: Iterable[Job],
    extractor: Extractor,
    summary: Summary,
    write: Callable[[Extraction], None],
    *,
    report: Report = silent,
) -> Summary:
    """Extract every article and hand it to ``write``; failures go into ``summary`` and never stop the run."""
    began = time.monotonic()
    limit = extractor.settings.batch.chunk_characters
    try:
        for _, outcomes in extract_chunks(chunked(jobs, limit=limit), extractor, tell=_silent):
            for outcome in outcomes:
                report(_take(outcome, summary, write))
    finally:
        summary.seconds = time.monotonic() - began
    return summary


def chunked(jobs: Iterable[Job], *, limit: int, shard: int = 0) -> Iterator[Chunk]:
    """Yield chunks of jobs with ``limit`` characters or a little more; the last one may be empty."""
    chunk: list[Job] = []
    size = 0
    for job in jobs:
        length = len(job.item.text) if isinstance(job.item, Article) else 0
        # A long article is alone, so that its neighbours need not wait for it.
        if chunk and (size >= limit or length >= limit):
            yield Chunk(tuple(chunk), shard, last=False)
            chunk, size = [], 0
        chunk.append(job)
        size += length
    yield Chunk(tuple(chunk), shard)


def named(error: ArticleError) -> str:
    """Return the path that the message of an error begins with."""
    return str(error).partition(": ")[0]


def _silent(activity: Activity) -> None:
    """Tell nobody."""


def _take(outcome: Outcome, summary: Summary, write: Callable[[Extraction], None]) -> FileDone:
    path = outcome.place.path
    if not isinstance(outcome.found, Extraction):
        summary.failures.append(Failure(path, str(outcome.found)))
        return FileDone(path, 0, 0, (str(outcome.found),))
    write(outcome.found)
    summary.articles += 1
    summary.extracted += 1
    summary.events += len(outcome.found.events)
    summary.types.update(event.action.type for event in outcome.found.events)
    return FileDone(path, 1, len(outcome.found.events), ())
