"""Reads the files of a run, of this machine or named by URL."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from quintuple.batch import urls
from quintuple.events import Article, ArticleError
from quintuple.preprocess import read_bytes, read_path
from quintuple.preprocess.files import read_file
from quintuple.preprocess.formats import suffix_of
from quintuple.preprocess.messages import writable
from quintuple.settings import PreprocessSettings


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file to extract: its path, the folder its id is relative to, its bytes, and its time in nanoseconds.

    Path and folder may be URLs, see ``quintuple.batch.urls``; the time is then any number that changes with the file.

    Of a large file of records, it is a part: those from number ``first`` up to ``last``, which is None at the end.
    """

    path: str
    root: str
    size: int
    mtime: int
    first: int = 0
    last: int | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Return what tells it from all other inputs."""
        return self.path, self.first

    @property
    def is_part(self) -> bool:
        """Return whether the file has other parts."""
        return self.first > 0 or self.last is not None

    @property
    def records(self) -> range | None:
        """Return the numbers of its records, None for all."""
        return range(self.first, sys.maxsize if self.last is None else self.last) if self.is_part else None


def read_input(
    file: InputFile, *, settings: PreprocessSettings, published: str | None
) -> Iterator[Article | ArticleError]:
    """Yield the articles in a file, and an error for each broken record or for the file itself; raises none."""
    if not urls.is_url(file.path):
        path, root = Path(file.path), Path(file.root)
        yield from read_path(path, settings=settings, root=root, published=published, records=file.records)
        return
    try:
        data = _fetched(file.path, file.root, file.mtime, settings.max_bytes)
    except ArticleError as exc:
        if file.records is None or 0 in file.records:
            yield exc
        return
    suffix = suffix_of(PurePosixPath(file.path))
    yield from read_bytes(
        data,
        suffix=suffix,
        id=file_id(file),
        path=writable(file.path),
        settings=settings,
        published=published,
        records=file.records,
    )


def digest(file: InputFile, *, limit: int) -> str | None:
    """Return the SHA-256 of a file's bytes, or None if it cannot be read or has more than ``limit``."""
    try:
        if urls.is_url(file.path):
            data = _fetched(file.path, file.root, file.mtime, limit)
        else:
            data = read_file(Path(file.path), limit=limit)
    except ArticleError:
        return None
    return hashlib.sha256(data).hexdigest()


def count_lines(file: InputFile) -> int:
    """Count the line ends of a file; 0 if it cannot be read."""
    if urls.is_url(file.path):
        return urls.count_lines(file.path, file.root)
    try:
        with Path(file.path).open("rb") as stream:
            return sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
    except OSError:
        return 0


def file_id(file: InputFile) -> str:
    """Return the id of a file's article: its path below the root, without suffix."""
    name = file_name(file)
    return name[: len(name) - len(suffix_of(PurePosixPath(name)))]


def file_name(file: InputFile) -> str:
    """Return a file's path below its root, as ids are written."""
    if urls.is_url(file.path):
        return writable(urls.relative(file.path, file.root))
    path, root = Path(file.path), Path(file.root)
    return writable(path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name)


@lru_cache(maxsize=1)
def _fetched(url: str, root: str, mtime: int, limit: int) -> bytes:  # noqa: ARG001 - another time, another file
    """Return the bytes behind a URL; its digest, its articles and its parts need them one after the other."""
    return urls.read_url(url, root, limit=limit)
