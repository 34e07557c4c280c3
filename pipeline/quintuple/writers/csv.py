"""CSV: one row per event."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from typing import Any, TextIO

from quintuple.events import Extraction
from quintuple.writers.rows import columns, join_values, record_rows

# Cells that start so are run as formulas by spreadsheets; articles are not ours to trust.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class CsvWriter:
    """Writes a header and one row per event, RFC 4180 with ``\\n`` line ends."""

    failures = (OSError,)

    def __init__(self, stream: TextIO, text: bool = True, duplicates: bool = False) -> None:
        """Write to ``stream``, with the evidence sentence unless ``text`` is false, with marks of ``duplicates``."""
        self._stream = stream
        self._writer = csv.DictWriter(
            stream, columns(text=text, duplicates=duplicates), lineterminator="\n", extrasaction="ignore"
        )
        self._writer.writeheader()

    def write(self, extraction: Extraction) -> None:
        """Write the events of one article."""
        self.write_record(extraction.to_dict())

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Write the events of one article, given as the JSON object of EVENTS.md."""
        for row in record_rows(record):
            cells = row | {"percentage": join_values(row["percentage"])}
            self._writer.writerow({column: _defused(value) for column, value in cells.items()})

    def finish(self) -> None:
        """Close the stream."""
        self._stream.close()

    abandon = finish


def _defused(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
