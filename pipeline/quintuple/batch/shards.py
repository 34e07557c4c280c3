"""Shards: input files that are extracted together, the unit of work that a broken run repeats."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from quintuple.batch.reading import InputFile, digest, file_name, read_input
from quintuple.batch.stages import Activity, Chunk, Job, Outcome, Place, Tell, extract_chunks
from quintuple.batch.stream import chunked
from quintuple.events import ArticleError, Extraction
from quintuple.extract import Extractor
from quintuple.settings import BatchSettings


@dataclass(frozen=True, slots=True)
class Shard:
    """Input files, in order, that are extracted together."""

    number: int
    inputs: tuple[InputFile, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A shard to extract without the articles that ``excluded`` gives a reason for; number -1 is a whole file."""

    shard: Shard
    excluded: Mapping[Place, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileResult:
    """What came of a file: a line of JSON for each article, the reasons of failures, and its events by type.

    ``digest`` is the SHA-256 of its bytes, None where they cannot be read.
    """

    path: str
    digest: str | None
    lines: tuple[str, ...]
    failures: tuple[str, ...]
    events: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What came of a shard, file by file, in its order."""

    shard: Shard
    files: tuple[FileResult, ...]


#: The number of no article: the file as a whole.
WHOLE = -1


def pack(inputs: Iterable[InputFile], *, settings: BatchSettings) -> list[tuple[InputFile, ...]]:
    """Return the inputs in groups of about ``shard_files`` files, or ``shard_bytes`` bytes, in order.

    Where a group ends depends on the names around it alone, below their folder, so that a new file changes only the
    groups near it, and a folder that is moved changes none. A part of a file ends its group.
    """
    groups: list[tuple[InputFile, ...]] = []
    group: list[InputFile] = []
    for file in inputs:
        group.append(file)
        full = len(group) >= 2 * settings.shard_files or sum(each.size for each in group) >= settings.shard_bytes
        if full or file.is_part or zlib.crc32(file_name(file).encode()) % settings.shard_files == 0:
            groups.append(tuple(group))
            group = []
    return [*groups, tuple(group)] if group else groups


def extract_shards(
    tasks: Iterable[Task], extractor: Extractor, *, published: str | None, tell: Tell, overlap: bool = True
) -> Generator[ShardResult, None, None]:
    """Yield the result of each task; nothing an input holds raises.

    With ``overlap`` the next files are read while these are classified; without it, each article is done alone and
    nothing is done beside it, so that ``tell`` says exactly what breaks.
    """
    open_shards: dict[int, tuple[Shard, list[str | None]]] = {}
    limit = extractor.settings.batch.chunk_characters if overlap else 0

    def chunks() -> Iterator[Chunk]:
        for task in tasks:
            digests: list[str | None] = []
            open_shards[task.shard.number] = task.shard, digests
            jobs = _jobs(task, digests, extractor, published, tell)
            yield from chunked(jobs, limit=limit, shard=task.shard.number)

    outcomes: list[Outcome] = []
    for chunk, found in extract_chunks(chunks(), extractor, tell=tell, overlap=overlap):
        outcomes += found
        if chunk.last:
            shard, digests = open_shards.pop(chunk.shard)
            yield _result(shard, digests, outcomes)
            outcomes = []


def _jobs(
    task: Task, digests: list[str | None], extractor: Extractor, published: str | None, tell: Tell
) -> Iterator[Job]:
    """Yield what is in the files of a task; notes the digest of each file before it is read."""
    settings, number = extractor.settings.preprocess, task.shard.number
    for file in task.shard.inputs:
        whole = Place(file.path, WHOLE)
        if whole in task.excluded:
            digests.append(None)
            yield Job(whole, ArticleError(task.excluded[whole]))
            continue
        reading = Activity("read", number, (whole,), file.size)
        tell(reading)
        digests.append(digest(file, limit=settings.max_bytes))
        items = read_input(file, settings=settings, published=published)
        for count, item in enumerate(items, file.first):
            # Until the job is taken, it is not the reading that takes the time.
            tell(Activity("read"))
            place = Place(file.path, count)
            yield Job(place, ArticleError(task.excluded[place]) if place in task.excluded else item)
            tell(reading)
        tell(Activity("read"))


def _result(shard: Shard, digests: Sequence[str | None], outcomes: Sequence[Outcome]) -> ShardResult:
    found: dict[str, list[Outcome]] = {file.path: [] for file in shard.inputs}
    for outcome in outcomes:
        found[outcome.place.path].append(outcome)
    files = zip(found.items(), digests, strict=True)
    return ShardResult(shard, tuple(_file_result(path, digest, each) for (path, each), digest in files))


def _file_result(path: str, digest: str | None, outcomes: Sequence[Outcome]) -> FileResult:
    extractions = [outcome.found for outcome in outcomes if isinstance(outcome.found, Extraction)]
    events = Counter(event.action.type for extraction in extractions for event in extraction.events)
    return FileResult(
        path,
        digest,
        lines=tuple(json.dumps(extraction.to_dict(), ensure_ascii=False) for extraction in extractions),
        failures=tuple(str(outcome.found) for outcome in outcomes if isinstance(outcome.found, ArticleError)),
        events=dict(sorted(events.items())),
    )
