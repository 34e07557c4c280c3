"""Excel: one row per event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from quintuple.events import Extraction
from quintuple.writers.extra import tables_extra
from quintuple.writers.rows import DAYS, columns, join_values, record_rows

# Limits of Excel: rows of a sheet, and UTF-16 units of a cell.
_ROWS = 1_048_576
_UNITS = 32_767

# XML 1.0 has no place for these; the second form is what Excel itself would read as an escaped character.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_WIDTHS = {"id": 24, "path": 24, "company": 22, "target": 22, "sentence": 100}
_WIDTH = 14
_FIRST_YEAR = 1901  # Excel counts days from 1900, and counts that year wrongly


class XlsxWriter:
    """Writes rows to disk as they come; past Excel's row limit a further sheet follows.

    Text is always text, never a formula; what a cell cannot hold is cut and ends in ``…``.
    """

    failures = (OSError,)

    def __init__(self, path: Path, text: bool = True, duplicates: bool = False) -> None:
        """Write to ``path``, with the evidence sentence unless ``text`` is false, with marks of ``duplicates``."""
        with tables_extra(".xlsx output"):
            from openpyxl import Workbook
        self._path, self._columns = path, columns(text=text, duplicates=duplicates)
        self._book = Workbook(write_only=True)
        self._sheet, self._filled = self._new_sheet(), 1

    def write(self, extraction: Extraction) -> None:
        """Write the events of one article."""
        self.write_record(extraction.to_dict())

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Write the events of one article, given as the JSON object of EVENTS.md."""
        for row in record_rows(record):
            if self._filled == _ROWS:
                self._end_sheet()
                self._sheet, self._filled = self._new_sheet(), 1
            values = row | {"percentage": join_values(row["percentage"])} | {day: _day(row[day]) for day in DAYS}
            self._sheet.append([self._cell(values.get(column)) for column in self._columns])
            self._filled += 1

    def finish(self) -> None:
        """Save the workbook."""
        self._end_sheet()
        self._book.save(self._path)

    def abandon(self) -> None:
        """Let go of the sheets; openpyxl removes their temporary files when Python ends."""
        for sheet in self._book.worksheets:
            if not sheet.closed:
                sheet.close()

    def _new_sheet(self) -> Any:
        from openpyxl.utils import get_column_letter

        number = len(self._book.worksheets) + 1
        sheet = self._book.create_sheet("events" if number == 1 else f"events {number}")
        sheet.freeze_panes = "A2"
        for index, column in enumerate(self._columns, 1):
            sheet.column_dimensions[get_column_letter(index)].width = _WIDTHS.get(column, _WIDTH)
        sheet.append(self._columns)
        return sheet

    def _end_sheet(self) -> None:
        from openpyxl.utils import get_column_letter

        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(self._columns))}{self._filled}"

    def _cell(self, value: object) -> Any:
        if not isinstance(value, str):
            return value
        from openpyxl.cell import WriteOnlyCell

        text = _fitted(value)
        cell = WriteOnlyCell(self._sheet, text)
        if cell.data_type != "s":
            # As Excel does for a cell typed with a leading apostrophe: it stays text when somebody edits it.
            cell.data_type, cell.quotePrefix = "s", True
        return cell


def _day(value: str | None) -> date | str | None:
    try:
        day = date.fromisoformat(value or "")
    except (TypeError, ValueError):
        return value
    return day if day.year >= _FIRST_YEAR else value


def _fitted(text: str) -> str:
    text = _ESCAPE.sub("_x005F_", _ILLEGAL.sub("\ufffd", text))
    if len(text) * 2 <= _UNITS or len(text.encode("utf-16-le")) // 2 <= _UNITS:
        return text
    # An odd half of a surrogate pair at the cut is dropped.
    return text.encode("utf-16-le")[: 2 * (_UNITS - 1)].decode("utf-16-le", "ignore") + "…"
