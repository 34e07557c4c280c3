"""Decides what a run keeps of an earlier one and what it extracts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from quintuple.batch import urls
from quintuple.batch.reading import InputFile, count_lines
from quintuple.batch.shards import Shard, pack
from quintuple.batch.state import Entry, State
from quintuple.batch.stream import named
from quintuple.batch.summary import Failure
from quintuple.preprocess import find_inputs
from quintuple.settings import BatchSettings, Settings


@dataclass(frozen=True, slots=True)
class Found:
    """The inputs of a run in their order, what was wrong with the paths, and how many files were skipped."""

    files: tuple[InputFile, ...]
    failures: tuple[Failure, ...]
    skipped: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What is kept and what is to do."""

    kept: tuple[Entry, ...]
    shards: tuple[Shard, ...]


def look(paths: Sequence[Path | str], *, without: Iterable[Path], settings: BatchSettings) -> Found:
    """Find the input files under some paths and URLs; ``without`` are files and folders that a run writes itself.

    A file of JSON Lines larger than a shard comes in parts.
    """
    ours = [os.path.realpath(path) for path in without]
    inputs = find_inputs([Path(path) for path in paths if not urls.is_url(path)])
    mine = [_input(path, root) for path, root in inputs.files if not _is_below(os.path.realpath(path), ours)]
    listings = [urls.list_files(path) for path in paths if isinstance(path, str) and urls.is_url(path)]
    listed = {file.url: InputFile(*file) for listing in listings for file in listing.files}
    files = (part for file in (*mine, *listed.values()) for part in _parts(file, settings.shard_bytes))
    errors = (*inputs.errors, *(listing.error for listing in listings if listing.error))
    failures = (Failure(named(error), str(error)) for error in errors)
    return Found(tuple(files), tuple(failures), inputs.skipped + sum(listing.skipped for listing in listings))


def plan(files: Sequence[InputFile], state: State, *, settings: Settings, changed_only: bool) -> Plan:
    """Return what to keep and what to do.

    A run keeps a shard only if it would make the very same one, so that its output is that of an unbroken run. With
    ``changed_only`` it keeps every input that is unchanged. Inputs that failed are tried again, unless the run that
    they failed in is still to be finished.
    """
    limit = settings.preprocess.max_bytes
    known = {file.key: state.current(file, limit=limit) for file in files}
    kept = {key: entry for key, entry in known.items() if entry and not (state.finished and entry.failures)}
    groups = pack(files, settings=settings.batch)
    if not changed_only:
        whole = [group for group in groups if _is_shard(group, kept)]
        kept = {file.key: kept[file.key] for group in whole for file in group}
        todo = [group for group in groups if group[0].key not in kept]
        return Plan(tuple(kept.values()), tuple(Shard(state.number(), group) for group in todo))
    missing = [file for file in files if file.key not in kept]
    planned = [shard for shard in state.planned.values() if set(shard.inputs) <= set(missing)]
    already = {file.key for shard in planned for file in shard.inputs}
    rest = pack((file for file in missing if file.key not in already), settings=settings.batch)
    return Plan(tuple(kept.values()), (*planned, *(Shard(state.number(), group) for group in rest)))


def _is_shard(group: Sequence[InputFile], kept: Mapping[tuple[str, int], Entry]) -> bool:
    """Return whether some inputs are what an earlier run extracted together."""
    entries = [kept.get(file.key) for file in group]
    first = entries[0]
    return (
        first is not None and first.of == len(group) and all(entry and entry.shard == first.shard for entry in entries)
    )


def _input(path: Path, root: Path) -> InputFile:
    try:
        status = path.stat()
    except OSError:
        # Gone or out of reach since it was found; reading it will say so.
        return InputFile(path.as_posix(), root.as_posix(), 0, 0)
    return InputFile(path.as_posix(), root.as_posix(), status.st_size, status.st_mtime_ns)


def _parts(file: InputFile, size: int) -> Iterator[InputFile]:
    """Yield a file, or the parts of a large one, each of about ``size`` bytes; a part may prove empty."""
    if file.size <= size or not file.path.lower().endswith(".jsonl"):
        yield file
        return
    parts = -(-file.size // size)
    step = -(-_count_lines(file) // parts)
    for first in range(0, step * (parts - 1), step or 1):
        yield replace(file, first=first, last=first + step)
    yield replace(file, first=step * (parts - 1))


# While a file is the same, its lines are counted once.
_count_lines = lru_cache(maxsize=4096)(count_lines)


def _is_below(path: str, places: Sequence[str]) -> bool:
    return any(path == place or path.startswith(place + os.sep) for place in places)
