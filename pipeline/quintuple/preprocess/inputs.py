"""Finds the input files in the paths a user names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quintuple.events import ArticleError, FormatError
from quintuple.preprocess.formats import READERS, expected_suffixes, suffix_of


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

    The order is that of the file names, whatever the file system; a file named twice comes once.
    """
    errors: list[ArticleError] = []
    candidates = [pair for path in paths for pair in _candidates(path, errors)]
    known = [(file, root) for file, root in candidates if suffix_of(file) in READERS]
    unique: dict[str, tuple[Path, Path]] = {}
    for file, root in sorted(known, key=lambda pair: pair[0].as_posix()):
        unique.setdefault(os.path.realpath(file), (file, root))
    return Inputs(tuple(unique.values()), len(candidates) - len(known), tuple(errors))


def _candidates(path: Path, errors: list[ArticleError]) -> Iterator[tuple[Path, Path]]:
    if path.is_dir():
        yield from ((file, path) for file in _walk(path, errors))
    elif not path.exists():
        errors.append(ArticleError(f"{path.as_posix()}: expected a file or folder, got none there"))
    elif suffix_of(path) not in READERS:
        got = path.suffix or "none"
        errors.append(
            FormatError(f"{path.as_posix()}: expected one of the suffixes {expected_suffixes()}, got {got!r}")
        )
    else:
        yield path, path.parent


def _walk(folder: Path, errors: list[ArticleError]) -> Iterator[Path]:
    """Yield the visible files below a folder; follows links, but enters no folder twice."""

    def note(exc: OSError) -> None:
        errors.append(ArticleError(f"{exc.filename}: expected a readable folder, got: {exc.strerror}"))

    seen = {os.path.realpath(folder)}
    for place, folders, names in os.walk(folder, onerror=note, followlinks=True):
        # os.walk goes into what is left of this list.
        folders[:] = [name for name in sorted(folders) if _is_new(place, name, seen)]
        visible = (Path(place, name) for name in sorted(names) if not name.startswith("."))
        yield from (file for file in visible if file.is_file())


def _is_new(place: str, name: str, seen: set[str]) -> bool:
    real = os.path.realpath(Path(place, name))
    if name.startswith(".") or real in seen:
        return False
    seen.add(real)
    return True
