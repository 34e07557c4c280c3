"""Reads input files without ever waiting on what is no file."""

from __future__ import annotations

import os
import stat
from pathlib import PurePath
from typing import BinaryIO

from quintuple.events import ArticleError
from quintuple.preprocess.messages import reason, shown

# Without O_NONBLOCK the opening of a pipe waits for its other end; Windows has neither the flag nor such pipes.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOINHERIT", 0)
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def read_file(path: PurePath, *, limit: int) -> bytes:
    """Return the bytes of a regular file.

    Raises:
        ArticleError: it is no file, cannot be read, changed meanwhile, or is larger than ``limit`` bytes.
    """
    try:
        _refuse_special(os.stat(path), path)  # noqa: PTH116 (a PurePath has no stat)
        with os.fdopen(os.open(path, _FLAGS), "rb") as file:
            return _content(file, path, limit)
    except (OSError, ValueError) as exc:
        raise ArticleError(f"{shown(path)}: expected a readable file, got: {reason(exc)}") from exc


def kind_of(mode: int) -> str | None:
    """Return what a file mode stands for, or None for a regular file."""
    return next((name for is_kind, name in _KINDS if is_kind(mode)), None if stat.S_ISREG(mode) else "no file")


def _content(file: BinaryIO, path: PurePath, limit: int) -> bytes:
    before = os.fstat(file.fileno())
    # Once more: between the two calls another file may have come in its place.
    _refuse_special(before, path)
    if before.st_size > limit:
        raise ArticleError(f"{shown(path)}: expected at most {limit} bytes (max_bytes), got {before.st_size}")
    # Files that the system makes up as they are read say that their size is 0.
    data = file.read((before.st_size or limit) + 1)
    after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise ArticleError(f"{shown(path)}: expected a file at rest, got one that changed while it was read")
    return data


def _refuse_special(status: os.stat_result, path: PurePath) -> None:
    if kind := kind_of(status.st_mode):
        raise ArticleError(f"{shown(path)}: expected a file, got {kind}")
