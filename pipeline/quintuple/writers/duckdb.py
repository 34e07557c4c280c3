"""DuckDB: the tables ``articles`` and ``events``, typed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from quintuple.events import Extraction, SettingsError
from quintuple.writers.arrow import BATCH_CHARACTERS, BATCH_ROWS, typed_schema, typed_table
from quintuple.writers.extra import tables_extra
from quintuple.writers.rows import ARTICLE_COLUMNS, COLUMNS, DUPLICATE, article_row, record_rows

_TYPES = {"event": "INTEGER", "percentage": "DOUBLE[]", "confidence": "DOUBLE"}
_TYPES |= {f"percentage_{side}": "DOUBLE" for side in ("from", "to", "by")}
_TYPES |= dict.fromkeys(("published", "date_earliest", "date_latest"), "DATE")

_TABLES = {"articles": ARTICLE_COLUMNS, "events": COLUMNS}


class DuckdbWriter:
    """Adds articles to a database in one transaction; an article that is there already is replaced.

    No primary keys: DuckDB would refuse to delete a key and insert it again within one transaction.
    """

    def __init__(self, path: Path, text: bool = True, duplicates: bool = False) -> None:
        """Write to the database at ``path``, made when missing, without any text if ``text`` is false.

        With ``duplicates``, both tables get the column ``duplicate_of`` if they lack it.

        Raises:
            SettingsError: the file is no DuckDB database, is locked, or has other tables of our names.
        """
        with tables_extra(".duckdb output"):
            import duckdb
            import pyarrow  # noqa: F401 - rows go in as Arrow tables; missing, it must be missed now
        self._text, self.failures, self._marks = text, (duckdb.Error,), [DUPLICATE] * duplicates
        try:
            self._base = duckdb.connect(path)
        except duckdb.Error as exc:
            raise _refusal(path, exc) from exc
        try:
            self._base.begin()
            for name, columns in _TABLES.items():
                self._base.execute(_definition(name, columns))
                self._base.execute(f"SELECT {', '.join(columns)} FROM {name} LIMIT 0")
                for mark in self._marks:
                    self._base.execute(f"ALTER TABLE {name} ADD COLUMN IF NOT EXISTS {mark} VARCHAR")
        except duckdb.Error as exc:
            self._base.close()
            raise _refusal(path, exc) from exc
        self._clear()

    def write(self, extraction: Extraction) -> None:
        """Write one article with its events."""
        self.write_record(extraction.to_dict())

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Write one article, given as the JSON object of EVENTS.md."""
        article = article_row(record, text=self._text)
        events = [row if self._text else row | {"sentence": None} for row in record_rows(record)]
        # Of two articles with one id in a batch, the later wins, as it does across batches.
        self._articles[article["id"]] = article, events
        self._rows += 1 + len(events)
        self._characters += len(article["text"] or "") + sum(len(row["sentence"] or "") for row in events)
        if self._rows >= BATCH_ROWS or self._characters >= BATCH_CHARACTERS:
            self._flush()

    def finish(self) -> None:
        """Write what is left and commit."""
        with closing(self._base):
            self._flush()
            self._base.commit()

    def abandon(self) -> None:
        """Leave the database as it was."""
        self._base.close()

    def _clear(self) -> None:
        self._articles: dict[str, tuple[dict[str, Any], list[dict[str, Any]]]] = {}
        self._rows = self._characters = 0

    def _flush(self) -> None:
        batch = list(self._articles.values())
        self._clear()
        if not batch:
            return
        rows = {"articles": [article for article, _ in batch], "events": [row for _, rows in batch for row in rows]}
        for name, columns in _TABLES.items():
            self._base.execute(f"DELETE FROM {name} WHERE id IN (SELECT unnest(?))", [[row["id"] for row, _ in batch]])
            self._base.register("incoming", typed_table(rows[name], typed_schema([*columns, *self._marks])))
            self._base.execute(f"INSERT INTO {name} BY NAME SELECT * FROM incoming")
            self._base.unregister("incoming")


def _definition(name: str, columns: tuple[str, ...]) -> str:
    fields = ", ".join(f"{column} {_TYPES.get(column, 'VARCHAR')}" for column in columns)
    return f"CREATE TABLE IF NOT EXISTS {name} ({fields})"


def _refusal(path: Path, reason: Exception) -> SettingsError:
    return SettingsError(f"{path}: expected a DuckDB database to add to, got: {reason}")
