"""Files that are never half written, and a folder that one run alone may use."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from quintuple.events import RunError


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Write a file so that, whatever happens, either the old one or the new one is there, and on the disk."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            stream.writelines(parts)
            sync(stream)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def sync(stream: BinaryIO) -> None:
    """Wait until what was written is on the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows does so by itself and opens no folders."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file; the system lets go of it when the process ends, however that comes about.

    Raises:
        RunError: another process holds it, or it cannot be made.
    """
    try:
        stream = path.open("ab+")
    except OSError as exc:
        raise RunError(f"{path}: expected a place to write to, got: {exc}") from exc
    with stream:
        try:
            _lock(stream)
        except OSError as exc:
            raise RunError(f"{path.parent}: expected no other run to use it, got a run that does") from exc
        yield


def _lock(stream: BinaryIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
