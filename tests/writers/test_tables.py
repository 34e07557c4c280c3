"""Excel and Parquet."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quintuple.events import DataError, Extraction
from quintuple.writers import arrow, open_writer, xlsx
from quintuple.writers.rows import COLUMNS

openpyxl = pytest.importorskip("openpyxl", reason="tables need the extra [tables]")
parquet = pytest.importorskip("pyarrow.parquet", reason="tables need the extra [tables]")


def changed(extraction: Extraction, **fields: Any) -> dict[str, Any]:
    """Return a record whose action text, an easy place for anything, or other fields are changed."""
    record = extraction.to_dict()
    record["events"][0]["action"]["text"] = fields.pop("action", "降至")
    return record | fields


def sheet_rows(path: Path, sheet: str = "events") -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(path)
    names, *rows = book[sheet].iter_rows()
    return [dict(zip((cell.value for cell in names), row, strict=True)) for row in rows]


def test_excel_has_one_typed_row_per_event(full: Extraction, bare: Extraction, tmp_path: Path) -> None:
    with open_writer(tmp_path / "out.xlsx") as writer:
        writer.write(full)
        writer.write_record(bare.to_dict())
    first, second = sheet_rows(tmp_path / "out.xlsx")
    assert tuple(first) == COLUMNS
    assert (first["company"].value, first["percentage"].value, first["percentage_to"].value) == (
        "腾讯",
        "21.3 18.7",
        18.7,
    )
    assert first["date_earliest"].value.date() == date(2022, 1, 1)
    assert (second["company"].value, second["confidence"].value, second["event"].value) == (None, 1, 1)


@pytest.mark.parametrize("text", ["=1+1", "+1", "@SUM(A1)", "#N/A", "=", "-2"])
def test_excel_cells_are_text_and_no_formulas(full: Extraction, tmp_path: Path, text: str) -> None:
    with open_writer(tmp_path / "out.xlsx") as writer:
        writer.write_record(changed(full, action=text))
    (row,) = sheet_rows(tmp_path / "out.xlsx")
    assert (row["action_text"].value, row["action_text"].data_type) in ((text, "s"), (text, "inlineStr"))
    formula = text in ("=1+1", "#N/A")
    assert bool(row["action_text"].quotePrefix) is formula


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a\x00b\x0bc\ufffe", "a\ufffdb\ufffdc\ufffd"),
        ("x" * 32_767, "x" * 32_767),
        ("x" * 32_768, "x" * 32_766 + "…"),
        # Excel counts in UTF-16 units, of which an emoji takes two.
        ("😀" * 20_000, "😀" * 16_383 + "…"),
        (" _x0041_ ", " _x005F_x0041_ "),
    ],
)
def test_excel_cells_hold_what_they_can(full: Extraction, tmp_path: Path, text: str, cell: str) -> None:
    with open_writer(tmp_path / "out.xlsx") as writer:
        writer.write_record(changed(full, action=text))
    (row,) = sheet_rows(tmp_path / "out.xlsx")
    assert row["action_text"].value == cell


@pytest.mark.parametrize("day", ["1899-12-31", "not a day"])
def test_excel_days_that_excel_has_not_stay_text(full: Extraction, tmp_path: Path, day: str) -> None:
    with open_writer(tmp_path / "out.xlsx") as writer:
        writer.write_record(changed(full, published=day))
    (row,) = sheet_rows(tmp_path / "out.xlsx")
    assert row["published"].value == day


def test_excel_goes_on_in_a_further_sheet(full: Extraction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "_ROWS", 3)
    with open_writer(tmp_path / "out.xlsx") as writer:
        for number in range(5):
            writer.write_record(changed(full, id=str(number)))
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert [(sheet.title, sheet.max_row) for sheet in book] == [("events", 3), ("events 2", 3), ("events 3", 2)]
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:W3", "A1:W3", "A1:W2"]


def test_parquet_columns_are_typed(full: Extraction, bare: Extraction, tmp_path: Path) -> None:
    with open_writer(tmp_path / "out.parquet") as writer:
        writer.write(full)
        writer.write_record(bare.to_dict())
    table = parquet.read_table(tmp_path / "out.parquet")
    assert tuple(table.column_names) == COLUMNS
    assert [str(table.schema.field(name).type) for name in ("event", "published", "percentage", "confidence")] == [
        "int32",
        "date32[day]",
        "list<element: double>",
        "double",
    ]
    first, second = table.to_pylist()
    assert (first["percentage"], first["date_latest"]) == ([21.3, 18.7], date(2022, 1, 31))
    assert (second["percentage"], second["published"], second["sentence"]) == (None, None, "罚款")


def test_parquet_row_groups_are_bounded(full: Extraction, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quintuple.writers.parquet.BATCH_ROWS", 2)
    with open_writer(tmp_path / "out.parquet", text=False) as writer:
        for number in range(5):
            writer.write_record(changed(full, id=str(number)))
    read = parquet.ParquetFile(tmp_path / "out.parquet")
    assert [read.metadata.row_group(group).num_rows for group in range(read.num_row_groups)] == [2, 2, 1]
    assert "sentence" not in read.schema_arrow.names


def test_a_day_that_is_none_is_named(full: Extraction) -> None:
    schema = arrow.typed_schema(("id", "published"))
    with pytest.raises(DataError, match="a/1: published: expected a day as YYYY-MM-DD, got '2022-13-01'"):
        arrow.typed_table([{"id": "a/1", "published": "2022-13-01"}], schema)
