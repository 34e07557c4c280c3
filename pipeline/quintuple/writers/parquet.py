"""Parquet: one row per event, typed columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from quintuple.events import Extraction
from quintuple.writers.arrow import BATCH_CHARACTERS, BATCH_ROWS, typed_schema, typed_table
from quintuple.writers.extra import tables_extra
from quintuple.writers.rows import columns, record_rows


class ParquetWriter:
    """Writes row groups as they fill, so that memory stays bounded; ``percentage`` is a list of float64."""

    failures = (OSError,)

    def __init__(self, path: Path, text: bool = True, duplicates: bool = False) -> None:
        """Write to ``path``, with the evidence sentence unless ``text`` is false, with marks of ``duplicates``."""
        with tables_extra(".parquet output"):
            from pyarrow import parquet
        self._schema = typed_schema(columns(text=text, duplicates=duplicates))
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._rows: list[dict[str, Any]] = []
        self._characters = 0

    def write(self, extraction: Extraction) -> None:
        """Write the events of one article."""
        self.write_record(extraction.to_dict())

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Write the events of one article, given as the JSON object of EVENTS.md."""
        for row in record_rows(record):
            self._rows.append(row)
            self._characters += len(row["sentence"] or "")
            if len(self._rows) >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS:
                self._flush()

    def finish(self) -> None:
        """Write what is left and the footer."""
        try:
            self._flush()
        finally:
            self._writer.close()

    def abandon(self) -> None:
        """Close the file, whatever is in it."""
        self._writer.close()

    def _flush(self) -> None:
        rows, self._rows, self._characters = self._rows, [], 0
        if rows:
            self._writer.write_table(typed_table(rows, self._schema))
