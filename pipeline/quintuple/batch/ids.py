"""Ids of the articles of one run: different files, different ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from quintuple.batch.reading import InputFile, file_id, file_name
from quintuple.preprocess.messages import writable

_NUMBER = re.compile(r"(?:#\d+)?")


class Ids:
    """Remembers which file has which id.

    A file's id is its path below the folder given, without suffix. Where an earlier file of the run has that id, the
    later one keeps its suffix; where that is taken too, its whole path. The ids that records bring are theirs to keep.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._owners: dict[str, str] = {}
        self._file, self._bases = "", ("", "")

    def of(self, id: str, file: InputFile) -> str:  # noqa: A002 - the name of the slot everywhere
        """Return the id of an article whose file gave it ``id``."""
        plain = self._bases[0] if file.path == self._file else file_id(file)
        if not id.startswith(plain) or not _NUMBER.fullmatch(id, len(plain)):
            return id
        if file.path != self._file:
            self._file, self._bases = file.path, (plain, self._claim(file))
        return self._bases[1] + id[len(plain) :]

    def _claim(self, file: InputFile) -> str:
        return next(name for name in _names(file) if self._owners.setdefault(name, file.path) == file.path)


def _names(file: InputFile) -> Iterator[str]:
    path = writable(file.path)
    yield from (file_id(file), file_name(file), path)
    yield from (f"{path}~{number}" for number in count(2))
