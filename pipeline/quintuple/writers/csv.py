"""CSV: one row per event."""

from __future__ import annotations

import csv
from typing import TextIO

from quintuple.events import Extraction
from quintuple.writers.rows import COLUMNS, rows

# Cells that start so are run as formulas by spreadsheets; articles are not ours to trust.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvWriter:
    """Writes a header and one row per event, RFC 4180 with ``\\n`` line ends."""

    def __init__(self, stream: TextIO, text: bool = True) -> None:
        """Write to ``stream``, with the evidence sentence unless ``text`` is false."""
        columns = [column for column in COLUMNS if text or column != "sentence"]
        self._writer = csv.DictWriter(stream, columns, lineterminator="\n", extrasaction="ignore")
        self._writer.writeheader()

    def write(self, extraction: Extraction) -> None:
        """Write the events of one article."""
        for row in rows(extraction):
            self._writer.writerow({column: _defused(value) for column, value in row.items()})


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
