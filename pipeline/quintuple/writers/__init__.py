"""One module per output format, chosen by the suffix of the output file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from quintuple.events import Extraction, SettingsError
from quintuple.writers.csv import CsvWriter
from quintuple.writers.jsonl import JsonLinesWriter

__all__ = ["FORMATS", "Writer", "open_writer"]


class Writer(Protocol):
    """Takes extractions one by one."""

    def write(self, extraction: Extraction) -> None:
        """Write one article with its events."""


#: Output suffixes and what writes them; each takes a text stream and whether to write the article's text.
FORMATS: dict[str, Callable[[TextIO, bool], Writer]] = {".jsonl": JsonLinesWriter, ".csv": CsvWriter}


@contextmanager
def open_writer(path: Path, *, text: bool = True) -> Iterator[Writer]:
    """Open a writer for the path's suffix; the file appears, whole, when the block ends.

    A block that is interrupted from the keyboard keeps what it wrote; one that fails leaves the old file.

    Raises:
        SettingsError: the suffix is none of ``FORMATS``, or the folder cannot be written to.
    """
    make = FORMATS.get(path.suffix.lower())
    if make is None:
        raise SettingsError(f"{path}: expected an output ending in {', '.join(FORMATS)}, got {path.suffix!r}")
    part = path.with_name(path.name + ".part")
    try:
        stream = part.open("w", encoding="utf-8", newline="")
    except OSError as exc:
        raise SettingsError(f"{path}: expected a place to write to, got: {exc}") from exc
    try:
        with stream:
            yield make(stream, text)
    except KeyboardInterrupt:
        part.replace(path)
        raise
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(path)
