"""SQLite and DuckDB: appending is idempotent, and a crash leaves the old state."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from quintuple.events import Extraction, SettingsError
from quintuple.writers import open_writer
from quintuple.writers.rows import COLUMNS

duckdb = pytest.importorskip("duckdb", reason="tables need the extra [tables]")

SUFFIXES = (".sqlite", ".db", ".duckdb")


def read(path: Path, query: str) -> list[tuple[Any, ...]]:
    connect = duckdb.connect if path.suffix == ".duckdb" else sqlite3.connect
    with closing(connect(path)) as base:
        return list(base.execute(query).fetchall())


@pytest.fixture(params=SUFFIXES)
def base(request: pytest.FixtureRequest, tmp_path: Path, full: Extraction, bare: Extraction) -> Path:
    """A database that holds both articles."""
    path = tmp_path / f"out{request.param}"
    with open_writer(path) as writer:
        writer.write(full)
        writer.write_record(bare.to_dict())
    return path


def test_both_tables_are_filled(base: Path, full: Extraction) -> None:
    articles = read(base, "SELECT id, language, text, title FROM articles ORDER BY id")
    assert articles == [("a/1", "zh", full.article.text, None), ("b", "zh", "罚款", None)]
    first, second = read(base, f"SELECT {', '.join(COLUMNS)} FROM events ORDER BY id")
    row = dict(zip(COLUMNS, first, strict=True))
    typed = base.suffix == ".duckdb"
    assert row["percentage"] == ([21.3, 18.7] if typed else "[21.3, 18.7]")
    assert row["published"] == (date(2022, 1, 10) if typed else "2022-01-10")
    assert (row["event"], row["company"], row["confidence"]) == (1, "腾讯", 0.9432)
    assert second[COLUMNS.index("company")] is None


def test_an_article_is_replaced_not_doubled(base: Path, full: Extraction) -> None:
    record = full.to_dict()
    record["events"] = [record["events"][0] | {"status": status} for status in ("denied", "cancelled")]
    with open_writer(base) as writer:
        writer.write(full)
        writer.write_record(record)
    assert read(base, "SELECT id FROM articles ORDER BY id") == [("a/1",), ("b",)]
    rows = read(base, "SELECT id, event, status FROM events ORDER BY id, event")
    assert rows == [("a/1", 1, "denied"), ("a/1", 2, "cancelled"), ("b", 1, "occurred")]
    with open_writer(base) as writer:
        writer.write_record(record | {"events": []})
    assert read(base, "SELECT id FROM events") == [("b",)]
    assert len(read(base, "SELECT id FROM articles")) == 2


def test_text_can_be_left_out(base: Path, full: Extraction) -> None:
    with open_writer(base, text=False) as writer:
        writer.write(full)
    assert read(base, "SELECT text FROM articles WHERE id = 'a/1'") == [(None,)]
    assert read(base, "SELECT sentence FROM events WHERE id = 'a/1'") == [(None,)]


def test_a_block_that_fails_leaves_the_old_state(base: Path, full: Extraction) -> None:
    with pytest.raises(RuntimeError), open_writer(base) as writer:
        writer.write_record(full.to_dict() | {"id": "new"})
        raise RuntimeError
    assert read(base, "SELECT id FROM articles ORDER BY id") == [("a/1",), ("b",)]


_CRASH = """
import json, os, sys
from pathlib import Path
from quintuple.writers import open_writer

record = json.loads(sys.stdin.read())
with open_writer(Path(sys.argv[1])) as writer:
    for number in range(11_000):
        writer.write_record(record | {"id": f"new {number}"})
    os._exit(9)
"""


def test_a_crash_leaves_the_old_state(base: Path, full: Extraction) -> None:
    command = [sys.executable, "-c", _CRASH, str(base)]
    done = subprocess.run(command, input=json.dumps(full.to_dict()), capture_output=True, text=True, check=False)
    assert done.returncode == 9, done.stderr
    assert read(base, "SELECT id FROM articles ORDER BY id") == [("a/1",), ("b",)]
    assert len(read(base, "SELECT id FROM events")) == 2


def test_a_crash_over_a_new_database_leaves_none(base: Path, full: Extraction) -> None:
    base.unlink()
    command = [sys.executable, "-c", _CRASH, str(base)]
    subprocess.run(command, input=json.dumps(full.to_dict()), capture_output=True, text=True, check=False)
    assert not base.exists()
    with open_writer(base) as writer:
        writer.write(full)
    assert read(base, "SELECT id FROM articles") == [("a/1",)]
    assert list(base.parent.iterdir()) == [base]


def test_batches_of_one_id_keep_the_last(tmp_path: Path, full: Extraction, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quintuple.writers.duckdb.BATCH_ROWS", 3)
    with open_writer(tmp_path / "out.duckdb") as writer:
        for number in range(10):
            writer.write_record(full.to_dict() | {"id": str(number % 4), "title": str(number)})
    assert read(tmp_path / "out.duckdb", "SELECT id, title FROM articles ORDER BY id") == [
        ("0", "8"),
        ("1", "9"),
        ("2", "6"),
        ("3", "7"),
    ]
    assert read(tmp_path / "out.duckdb", "SELECT count(*) FROM events") == [(4,)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_is_no_database_is_named(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    path.write_text("nothing of the kind, and long enough to be told from an empty file\n" * 100, encoding="utf-8")
    kind = "DuckDB" if suffix == ".duckdb" else "SQLite"
    with pytest.raises(SettingsError, match=rf"out\{suffix}: expected a {kind} database to add to"), open_writer(path):
        pass


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_table_of_another_kind_is_named(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    read(path, "CREATE TABLE events (day TEXT)")
    with pytest.raises(SettingsError, match=r"database to add to, got: .*id"), open_writer(path):
        pass


def test_a_locked_database_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(tmp_path / "out.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr("quintuple.writers.sqlite.sqlite3.connect", partial(sqlite3.connect, timeout=0))
        with pytest.raises(SettingsError, match="database is locked"), open_writer(tmp_path / "out.db"):
            pass
