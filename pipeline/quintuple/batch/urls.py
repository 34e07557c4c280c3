"""Files on other file systems, named by URL: s3://, gs://, file:// and whatever else pyarrow or fsspec knows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote

from quintuple.events import ArticleError, FormatError, SettingsError
from quintuple.preprocess.formats import READERS, expected_suffixes, suffix_of
from quintuple.preprocess.messages import reason, shown

# Two letters at least, for one is a drive of Windows.
_URL = re.compile("[a-z][a-z0-9+.-]+://", re.IGNORECASE)
# Stores in which a file appears when it is whole, and which have no folders.
_STORES = frozenset({"s3", "gcs", "abfs"})


class Listed(NamedTuple):
    """A file: its URL, the URL that its id is relative to, its bytes, and a number that changes when it changes."""

    url: str
    root: str
    size: int
    mtime: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Files of known suffix below a URL, how many others were skipped, and what was wrong."""

    files: tuple[Listed, ...]
    skipped: int = 0
    error: ArticleError | None = None


def is_url(path: str | Path) -> bool:
    """Return whether a path is a URL; a Path never is, for it would have lost a slash."""
    return isinstance(path, str) and _URL.match(path) is not None


def list_files(url: str) -> Listing:
    """Return the files at or below a URL, hidden ones aside, by name; raises nothing that the place is to blame for.

    Raises:
        SettingsError: pyarrow is missing.
    """
    try:
        filesystem, base = _open(url)
        from pyarrow import fs

        info = filesystem.get_file_info(base)
        if info.type == fs.FileType.File:
            if suffix_of(PurePosixPath(base)) in READERS:
                return Listing((_listed(filesystem, info, _plain(url), _parent(url)),))
            expected = f"expected one of the suffixes {expected_suffixes()}"
            return Listing((), error=FormatError(f"{shown(url)}: {expected}, got {suffix_of(PurePosixPath(base))!r}"))
        if info.type == fs.FileType.NotFound:
            return Listing((), error=ArticleError(f"{shown(url)}: expected a file or folder, got none there"))
        return _below(filesystem, base, url)
    except SettingsError:
        raise
    except Exception as exc:  # each file system has errors of its own
        return Listing((), error=ArticleError(f"{shown(url)}: expected a file or folder, got: {reason(exc)}"))


def _below(filesystem: Any, base: str, url: str) -> Listing:
    from pyarrow import fs

    found = filesystem.get_file_info(fs.FileSelector(base, recursive=True))
    files, skipped = [], 0
    for info in sorted(found, key=lambda info: str(info.path)):
        inside = info.path.removeprefix(base).strip("/")
        if info.type != fs.FileType.File or any(part.startswith(".") for part in inside.split("/")):
            continue
        if suffix_of(PurePosixPath(inside)) in READERS:
            files.append(_listed(filesystem, info, f"{_plain(url)}/{inside}", url))
        else:
            skipped += 1
    return Listing(tuple(files), skipped)


def read_url(url: str, root: str, *, limit: int) -> bytes:
    """Return the bytes of a file that ``list_files`` gave.

    Raises:
        ArticleError: it cannot be read, or is larger than ``limit`` bytes.
    """
    try:
        with _stream(url, root) as stream:
            data: bytes = stream.read(limit + 1)
    except SettingsError:
        raise
    except Exception as exc:
        raise ArticleError(f"{shown(url)}: expected a readable file, got: {reason(exc)}") from exc
    if len(data) > limit:
        raise ArticleError(f"{shown(url)}: expected at most {limit} bytes (max_bytes), got more")
    return data


def count_lines(url: str, root: str) -> int:
    """Return the number of line ends of a file, 0 if it cannot be read."""
    try:
        with _stream(url, root) as stream:
            return sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b""))
    except Exception:  # whoever extracts it will say what is wrong
        return 0


def relative(url: str, root: str) -> str:
    """Return a file's path below its root."""
    return url.removeprefix(_plain(root)).lstrip("/")


def upload(local: Path, url: str) -> None:
    """Copy a file to a URL, where it appears whole, in place of what is there.

    Raises:
        SettingsError: the place cannot be written to.
    """
    with writing(url) as (filesystem, path):
        from pyarrow import fs

        store = filesystem.type_name in _STORES
        part = path if store else f"{path}.part"
        if not store and "/" in path.strip("/"):
            filesystem.create_dir(path.rpartition("/")[0], recursive=True)
        fs.copy_files(str(local), part, source_filesystem=fs.LocalFileSystem(), destination_filesystem=filesystem)
        if not store:
            filesystem.move(part, path)


@contextmanager
def writing(url: str) -> Iterator[tuple[Any, str]]:
    """Yield the file system of a URL and the path there; what goes wrong names the URL.

    Raises:
        SettingsError: there is no such file system, or it refuses.
    """
    try:
        yield _open(url)
    except SettingsError:
        raise
    except Exception as exc:
        raise SettingsError(f"{shown(url)}: expected a place to write to, got: {reason(exc)}") from exc


def _stream(url: str, root: str) -> Any:
    # Names are as they are, not as a URL would write them, so the file is found from its root and never parsed.
    filesystem, base = _open(root)
    # Left to itself, Arrow unpacks what is called .gz.
    return filesystem.open_input_stream(f"{base.rstrip('/')}/{relative(url, root)}", compression=None)


@lru_cache(maxsize=64)
def _open(url: str) -> tuple[Any, str]:
    """Return a pyarrow file system and the path in it."""
    try:
        from pyarrow import ArrowInvalid, ArrowNotImplementedError, fs
    except ModuleNotFoundError as exc:
        raise _missing(url, exc) from exc
    try:
        filesystem, path = fs.FileSystem.from_uri(quote(url, safe=":/?&=%@+~,;()[]*"))
    except (ArrowInvalid, ArrowNotImplementedError):
        filesystem, path = _from_fsspec(url)
    return filesystem, path


def _from_fsspec(url: str) -> tuple[Any, str]:
    from pyarrow import fs

    try:
        from fsspec.core import url_to_fs

        filesystem, path = url_to_fs(url)
    except ImportError as exc:
        raise _missing(url, exc) from exc
    except ValueError as exc:
        raise SettingsError(f"{shown(url)}: expected a file system that is known, got: {reason(exc)}") from exc
    return fs.PyFileSystem(fs.FSSpecHandler(filesystem)), path


def _missing(url: str, exc: ImportError) -> SettingsError:
    # fsspec says itself which package a scheme needs.
    got = f"no {exc.name}" if exc.name else str(exc)
    return SettingsError(f"{shown(url)}: expected the extra [ray], got {got}: pip install 'quintuple[ray]'")


def _listed(filesystem: Any, info: Any, url: str, root: str) -> Listed:
    return Listed(url, root, info.size or 0, info.mtime_ns or _change(filesystem, info.path))


def _change(filesystem: Any, path: str) -> int:
    """Return a number that stands for all that a file system without times tells of a file."""
    handler = getattr(filesystem, "handler", None)
    known = str(handler.fs.ukey(path)) if handler is not None else ""
    return int(hashlib.sha256(known.encode()).hexdigest()[:12], 16)


def _plain(url: str) -> str:
    """Return a URL without its options, which stand behind a question mark."""
    return url.partition("?")[0].rstrip("/")


def _parent(url: str) -> str:
    place, mark, options = url.partition("?")
    return place.rpartition("/")[0] + mark + options
