"""Finds the input files in the paths a user names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quintuple.events import ArticleError, FormatError
from quintuple.preprocess.files import kind_of
from quintuple.preprocess.formats import READERS, expected_suffixes, suffix_of
from quintuple.preprocess.messages import reason, shown


@dataclass(frozen=True, slots=True)
class Inputs:
    """Files to read, each with the folder its id is relative to; how many were skipped; and what was wrong.

    ``skipped`` counts the files of unknown suffix inside folders. Hidden ones are passed over without counting.
    """

    files: tuple[tuple[Path, Path], ...]
    skipped: int = 0
    errors: tuple[ArticleError, ...] = ()


def find_inputs(paths: Sequence[Path]) -> Inputs:
    """Return the readable files among some paths, folders searched through and through.

    The order is that of the file names, whatever the file system; a file named twice comes once. What has a known
    suffix and is no file (a pipe, a device, a broken link) is an error.
    """
    errors: list[ArticleError] = []
    candidates = [pair for path in paths for pair in _candidates(path, errors)]
    known = [(file, root) for file, root in candidates if suffix_of(file) in READERS]
    unique: dict[str, tuple[Path, Path]] = {}
    for file, root in sorted(known, key=lambda pair: pair[0].as_posix()):
        if _is_file(file, errors):
            unique.setdefault(os.path.realpath(file), (file, root))
    return Inputs(tuple(unique.values()), len(candidates) - len(known), tuple(errors))


def _candidates(path: Path, errors: list[ArticleError]) -> Iterator[tuple[Path, Path]]:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        errors.append(ArticleError(f"{shown(path)}: expected a file or folder, got none there"))
        return
    except (OSError, ValueError) as exc:
        errors.append(ArticleError(f"{shown(path)}: expected a file or folder, got: {reason(exc)}"))
        return
    if kind_of(mode) == "a folder":
        yield from ((file, path) for file in _walk(path, errors))
    elif suffix_of(path) not in READERS:
        got = path.suffix or "none"
        errors.append(FormatError(f"{shown(path)}: expected one of the suffixes {expected_suffixes()}, got {got!r}"))
    else:
        yield path, path.parent


def _walk(folder: Path, errors: list[ArticleError]) -> Iterator[Path]:
    """Yield what is visible below a folder and no folder; follows links, but enters no folder twice.

    Not os.walk: before Python 3.12 it calls itself for each level, and deep folders end it.
    """
    waiting, seen = [folder], {os.path.realpath(folder)}
    while waiting:
        place = waiting.pop()
        for entry in _entries(place, errors):
            path = place / entry.name
            if not _is_folder(entry):
                yield path
            elif (real := os.path.realpath(path)) not in seen:
                seen.add(real)
                waiting.append(path)


def _entries(folder: Path, errors: list[ArticleError]) -> list[os.DirEntry[str]]:
    """Return the visible entries of a folder by name, so that of two links to one folder the same one counts."""
    try:
        with os.scandir(folder) as found:
            return sorted((entry for entry in found if not entry.name.startswith(".")), key=lambda entry: entry.name)
    except OSError as exc:
        errors.append(ArticleError(f"{shown(folder)}: expected a readable folder, got: {reason(exc)}"))
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A loop of links; what is wrong with it is said when it is looked at as a file.
        return False


def _is_file(path: Path, errors: list[ArticleError]) -> bool:
    try:
        kind = kind_of(path.stat().st_mode)
    except OSError as exc:
        kind = "a broken link" if path.is_symlink() else reason(exc)
    if kind:
        errors.append(ArticleError(f"{shown(path)}: expected a file, got {kind}"))
    return kind is None
