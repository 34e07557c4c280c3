"""Rows as typed Arrow tables, for Parquet and DuckDB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from quintuple.events import DataError
from quintuple.writers.rows import DAYS

#: A batch of rows is written when it has this many, or this many characters of evidence.
BATCH_ROWS = 10_000
BATCH_CHARACTERS = 16_000_000

_NUMBERS = ("percentage_from", "percentage_to", "percentage_by", "confidence")


def typed_schema(names: Sequence[str]) -> Any:
    """Return the Arrow schema of columns: text, int32, float64, list of float64, and date32 for days."""
    import pyarrow as pa

    special = {"event": pa.int32(), "percentage": pa.list_(pa.float64())}
    special |= dict.fromkeys(DAYS, pa.date32()) | dict.fromkeys(_NUMBERS, pa.float64())
    return pa.schema([pa.field(name, special.get(name, pa.string())) for name in names])


def typed_table(rows: Sequence[Mapping[str, Any]], schema: Any) -> Any:
    """Return rows as an Arrow table of ``schema``.

    Raises:
        DataError: a day is no ISO day; names the article.
    """
    import pyarrow as pa

    columns = {
        name: [_day(row, name) for row in rows] if name in DAYS else [row.get(name) for row in rows]
        for name in schema.names
    }
    return pa.table(columns, schema=schema)


def _day(row: Mapping[str, Any], column: str) -> date | None:
    try:
        return None if row[column] is None else date.fromisoformat(row[column])
    except (TypeError, ValueError) as exc:
        raise DataError(f"{row['id']}: {column}: expected a day as YYYY-MM-DD, got {row[column]!r}") from exc
