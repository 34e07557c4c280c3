"""SQLite: the tables ``articles`` and ``events``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from quintuple.events import Extraction, SettingsError
from quintuple.writers.rows import ARTICLE_COLUMNS, COLUMNS, DUPLICATE, article_row, record_rows

_TYPES = {"event": "INTEGER NOT NULL", "confidence": "REAL"}
_TYPES |= {f"percentage_{side}": "REAL" for side in ("from", "to", "by")}

_TABLES = {"articles": (ARTICLE_COLUMNS, "PRIMARY KEY (id)"), "events": (COLUMNS, "PRIMARY KEY (id, event)")}


class SqliteWriter:
    """Adds articles to a database in one transaction; an article that is there already is replaced.

    Days are ISO text; ``percentage`` is a JSON array, which ``json_each`` reads.
    """

    failures = (sqlite3.Error,)

    def __init__(self, path: Path, text: bool = True, duplicates: bool = False) -> None:
        """Write to the database at ``path``, made when missing, without any text if ``text`` is false.

        With ``duplicates``, both tables get the column ``duplicate_of`` if they lack it.

        Raises:
            SettingsError: the file is no SQLite database, is locked, or has other tables of our names.
        """
        self._text, self._marks = text, [DUPLICATE] * duplicates
        self._base = sqlite3.connect(path, isolation_level=None)
        try:
            self._base.execute("BEGIN IMMEDIATE")
            for name, (columns, key) in _TABLES.items():
                self._base.execute(_definition(name, columns, key))
                self._base.execute(f"SELECT {', '.join(columns)} FROM {name} LIMIT 0")
                if duplicates and DUPLICATE not in self._columns(name):
                    self._base.execute(f"ALTER TABLE {name} ADD COLUMN {DUPLICATE} TEXT")
        except sqlite3.Error as exc:
            self._base.close()
            raise SettingsError(f"{path}: expected a SQLite database to add to, got: {exc}") from exc

    def write(self, extraction: Extraction) -> None:
        """Write one article with its events."""
        self.write_record(extraction.to_dict())

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Write one article, given as the JSON object of EVENTS.md."""
        article = article_row(record, text=self._text)
        events = [_cells(row, text=self._text) for row in record_rows(record)]
        for name in _TABLES:
            self._base.execute(f"DELETE FROM {name} WHERE id = ?", (article["id"],))
        self._base.execute(_insertion("articles", [*ARTICLE_COLUMNS, *self._marks]), article)
        self._base.executemany(_insertion("events", [*COLUMNS, *self._marks]), events)

    def finish(self) -> None:
        """Commit."""
        with closing(self._base):
            self._base.execute("COMMIT")

    def abandon(self) -> None:
        """Leave the database as it was."""
        self._base.close()

    def _columns(self, table: str) -> list[str]:
        return [row[1] for row in self._base.execute(f"PRAGMA table_info({table})")]


def _definition(name: str, columns: tuple[str, ...], key: str) -> str:
    fields = (f"{column} {_TYPES.get(column, 'TEXT')}{' NOT NULL' * (column == 'id')}" for column in columns)
    return f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(fields)}, {key})"


def _insertion(name: str, columns: Sequence[str]) -> str:
    return f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join(f':{column}' for column in columns)})"


def _cells(row: Mapping[str, Any], *, text: bool) -> dict[str, Any]:
    values = row["percentage"]
    cells = {DUPLICATE: None, **row, "percentage": None if values is None else json.dumps(values)}
    return cells if text else cells | {"sentence": None}
