"""One module per output format, chosen by the suffix of the output file.

A ``.jsonl`` file holds articles, the other files one row per event with ``COLUMNS``; ``.sqlite``, ``.db`` and
``.duckdb`` files are databases that are added to, an article replacing an older one of its id.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

from quintuple.events import Extraction, SettingsError
from quintuple.writers.csv import CsvWriter
from quintuple.writers.duckdb import DuckdbWriter
from quintuple.writers.interrupts import uninterrupted
from quintuple.writers.jsonl import JsonLinesWriter
from quintuple.writers.parquet import ParquetWriter
from quintuple.writers.sqlite import SqliteWriter
from quintuple.writers.xlsx import XlsxWriter

__all__ = ["FORMATS", "Writer", "open_writer"]


class Writer(Protocol):
    """Takes articles with their events, one by one."""

    def write(self, extraction: Extraction) -> None:
        """Write one article with its events."""

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Write one article, given as the JSON object of EVENTS.md."""


class Output(Writer, Protocol):
    """A writer with the file it writes; ``failures`` are what it raises when the file cannot be written."""

    @property
    def failures(self) -> tuple[type[Exception], ...]:
        """Return the errors of the disk."""

    def finish(self) -> None:
        """Write what is left and close the file."""

    def abandon(self) -> None:
        """Close the file without regard to what is in it."""


@dataclass(frozen=True)
class Format:
    """How to open an output: ``open`` takes its path, whether to write text, and whether to mark duplicates."""

    open: Callable[[Path, bool, bool], Output]
    database: bool = False


def _stream(path: Path, encoding: str = "utf-8") -> TextIO:
    # JSON can hold halves of characters; one of them must not cost the file.
    return path.open("w", encoding=encoding, newline="", errors="replace")


#: Output suffixes and what writes them.
FORMATS = {
    ".jsonl": Format(lambda path, text, _: JsonLinesWriter(_stream(path), text)),
    ".csv": Format(lambda path, text, duplicates: CsvWriter(_stream(path), text, duplicates)),
    ".parquet": Format(ParquetWriter),
    ".xlsx": Format(XlsxWriter),
    ".sqlite": Format(SqliteWriter, database=True),
    ".db": Format(SqliteWriter, database=True),
    ".duckdb": Format(DuckdbWriter, database=True),
}

_CSV_WITH_BOM = Format(lambda path, text, duplicates: CsvWriter(_stream(path, "utf-8-sig"), text, duplicates))


@contextmanager
def open_writer(path: Path, *, text: bool = True, bom: bool = False, duplicates: bool = False) -> Iterator[Writer]:
    """Open a writer for the path's suffix; a new file appears, whole, when the block ends.

    A database that is there already is added to, in one transaction. A block that is interrupted from the keyboard
    keeps what it wrote; one that fails leaves the old file. ``bom`` puts a byte order mark before a ``.csv`` file,
    by which Excel knows UTF-8; ``duplicates`` gives tables the column ``duplicate_of``.

    Raises:
        SettingsError: the suffix is none of ``FORMATS`` or has no ``bom``, its extra is missing, or the file
            cannot be written.
    """
    form = _format(path, bom=bom)
    place = path if form.database and path.exists() else path.with_name(path.name + ".part")
    with _named(path, (OSError,)):
        place.touch()
        _discard(place, path)
    try:
        output = form.open(place, text, duplicates)
        try:
            yield _NamedWriter(path, output)
        except KeyboardInterrupt:
            _finish(output, path, place)
            raise
        except BaseException:
            with suppress(*output.failures):
                output.abandon()
            raise
        _finish(output, path, place)
    finally:
        _discard(place, path)


def _format(path: Path, *, bom: bool) -> Format:
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise SettingsError(f"{path}: expected an output ending in {', '.join(FORMATS)}, got {path.suffix!r}")
    if bom and suffix != ".csv":
        raise SettingsError(f"{path}: expected an output ending in .csv for a byte order mark, got {path.suffix!r}")
    return _CSV_WITH_BOM if bom else FORMATS[suffix]


class _NamedWriter:
    """Hands each article to an output whole; when the disk fails, the error names the file."""

    def __init__(self, path: Path, output: Output) -> None:
        self._path, self._output = path, output

    def write(self, extraction: Extraction) -> None:
        with uninterrupted(), _named(self._path, self._output.failures):
            self._output.write(extraction)

    def write_record(self, record: Mapping[str, Any]) -> None:
        with uninterrupted(), _named(self._path, self._output.failures):
            self._output.write_record(record)


@contextmanager
def _named(path: Path, failures: tuple[type[Exception], ...]) -> Iterator[None]:
    try:
        yield
    except failures as exc:
        raise SettingsError(f"{path}: expected a place to write to, got: {exc}") from exc


def _finish(output: Output, path: Path, place: Path) -> None:
    with uninterrupted(), _named(path, output.failures):
        output.finish()
    if place != path:
        with _named(path, (OSError,)):
            _sync(place)
            place.replace(path)


def _sync(path: Path) -> None:
    """Wait until the file is on the disk: renamed before that, it could be empty after a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _discard(place: Path, path: Path) -> None:
    """Remove what is left of an unfinished file, with the journals that databases put beside it."""
    for suffix in ("", "-journal", ".wal") if place != path else ():
        place.with_name(place.name + suffix).unlink(missing_ok=True)
