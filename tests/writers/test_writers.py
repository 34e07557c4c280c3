"""What every output has in common, and the text formats."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from quintuple.events import DataError, Extraction, SettingsError
from quintuple.writers import FORMATS, open_writer
from quintuple.writers.csv import CsvWriter
from quintuple.writers.interrupts import uninterrupted
from quintuple.writers.jsonl import JsonLinesWriter, json_schema
from quintuple.writers.rows import COLUMNS

FILES = [suffix for suffix, form in FORMATS.items() if not form.database]


@pytest.mark.parametrize("which", ["full", "bare"])
@pytest.mark.parametrize("text", [True, False])
def test_lines_fit_the_schema(request: pytest.FixtureRequest, which: str, text: bool) -> None:
    stream = io.StringIO()
    JsonLinesWriter(stream, text).write(request.getfixturevalue(which))
    record = json.loads(stream.getvalue())
    jsonschema.validate(record, json_schema())
    assert ("text" in record) is text


def test_a_record_is_written_as_its_extraction_is(full: Extraction) -> None:
    first, second = io.StringIO(), io.StringIO()
    JsonLinesWriter(first).write(full)
    JsonLinesWriter(second).write_record(json.loads(first.getvalue()))
    assert first.getvalue() == second.getvalue()
    JsonLinesWriter(second, text=False).write_record({"text": "x", "mine": 1})
    assert second.getvalue().endswith('{"mine": 1}\n')


def test_the_schema_refuses_an_event_without_company(full: Extraction) -> None:
    record = full.to_dict()
    record["events"][0]["company"] = None
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(record, json_schema())


def test_csv_has_one_row_per_event(full: Extraction, bare: Extraction) -> None:
    stream = io.StringIO()
    writer = CsvWriter(stream)
    writer.write(full)
    writer.write_record(bare.to_dict())
    first, second = csv.DictReader(io.StringIO(stream.getvalue()))
    assert tuple(first) == COLUMNS
    assert (first["company"], first["target"], first["percentage"]) == ("腾讯", "Sea", "21.3 18.7")
    assert (first["percentage_from"], first["percentage_to"], first["date_edtf"]) == ("21.3", "18.7", "2022-01")
    assert (second["company"], second["action_type"], second["confidence"]) == ("", "penalize", "1.0")


def test_csv_cells_are_no_formulas(full: Extraction) -> None:
    stream = io.StringIO()
    CsvWriter(stream).write(full)
    (row,) = csv.DictReader(io.StringIO(stream.getvalue()))
    assert row["sentence"] == "'" + full.article.text


def test_csv_for_excel_starts_with_a_byte_order_mark(full: Extraction, tmp_path: Path) -> None:
    with open_writer(tmp_path / "out.csv", bom=True) as writer:
        writer.write(full)
    data = (tmp_path / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,event,")
    assert data.count(b"\xef\xbb\xbf") == 1


def test_labelled_data_without_sentence_and_confidence_is_written(full: Extraction) -> None:
    record = full.to_dict()
    del record["events"][0]["sentence"], record["events"][0]["confidence"], record["events"][0]["counterparty"]
    stream = io.StringIO()
    CsvWriter(stream).write_record(record)
    (row,) = csv.DictReader(io.StringIO(stream.getvalue()))
    assert (row["confidence"], row["sentence"], row["company"]) == ("", "", "腾讯")


def test_a_broken_record_costs_itself_and_is_named(full: Extraction, bare: Extraction, tmp_path: Path) -> None:
    record = full.to_dict()
    del record["events"][0]["action"]
    with open_writer(tmp_path / "out.csv") as writer:
        with pytest.raises(DataError, match=r"a/1: expected event 1 as EVENTS.md writes it, got: KeyError"):
            writer.write_record(record)
        writer.write(bare)
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 2


@pytest.mark.parametrize("suffix", FORMATS)
def test_half_a_character_costs_no_file(full: Extraction, tmp_path: Path, suffix: str) -> None:
    record = json.loads(json.dumps(full.to_dict()).replace("Sea", "\\ud83d"))
    with open_writer(tmp_path / f"out{suffix}") as writer:
        writer.write_record(record)
    assert (tmp_path / f"out{suffix}").stat().st_size > 0


@pytest.mark.parametrize("suffix", FILES)
def test_a_file_appears_whole_or_not_at_all(full: Extraction, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), open_writer(target) as writer:
        writer.write(full)
        raise RuntimeError
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("suffix", FORMATS)
def test_nothing_is_left_of_a_new_file_that_failed(full: Extraction, tmp_path: Path, suffix: str) -> None:
    with pytest.raises(RuntimeError), open_writer(tmp_path / f"out{suffix}") as writer:
        writer.write(full)
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_interrupt_keeps_what_was_written(full: Extraction, tmp_path: Path, suffix: str) -> None:
    whole, kept = tmp_path / f"whole{suffix}", tmp_path / f"kept{suffix}"
    with open_writer(whole) as writer:
        writer.write(full)
    with pytest.raises(KeyboardInterrupt), open_writer(kept) as writer:
        writer.write(full)
        raise KeyboardInterrupt
    assert kept.stat().st_size == pytest.approx(whole.stat().st_size, rel=0.02)
    assert sorted(tmp_path.iterdir()) == [kept, whole]


def test_an_interrupt_waits_for_the_article() -> None:
    done = []
    with pytest.raises(KeyboardInterrupt):
        with uninterrupted():
            signal.raise_signal(signal.SIGINT)
            done.append("written")
        done.append("not reached")
    assert done == ["written"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("out.docx", r"expected an output ending in \.jsonl, .*, \.duckdb, got '\.docx'"),
        *((f"no/out{suffix}", r"no.out\S+: expected a place to write to") for suffix in FORMATS),
    ],
)
def test_a_bad_target_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message), open_writer(tmp_path / name):
        pass


def test_a_byte_order_mark_is_for_csv_alone(tmp_path: Path) -> None:
    message = r"ending in \.csv for a byte order mark, got '\.jsonl'"
    with pytest.raises(SettingsError, match=message), open_writer(tmp_path / "out.jsonl", bom=True):
        pass


@pytest.mark.parametrize(
    ("suffix", "library"),
    [(".parquet", "pyarrow"), (".xlsx", "openpyxl"), (".duckdb", "duckdb"), (".duckdb", "pyarrow")],
)
def test_a_missing_library_is_named_with_its_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, suffix: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    message = rf"{suffix} output: expected the extra \[tables\], got no {library}: pip install 'quintuple\[tables\]'"
    with pytest.raises(SettingsError, match=message), open_writer(tmp_path / f"out{suffix}"):
        pass
    assert list(tmp_path.iterdir()) == []


_FULL_DISK = """
import json, resource, signal, sys
from pathlib import Path
from quintuple.events import SettingsError
from quintuple.writers import open_writer

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
path, record = Path(sys.argv[1]), json.loads(sys.stdin.read())
try:
    with open_writer(path) as writer:
        for number in range(3000):
            writer.write_record(record | {"id": str(number), "path": str(number ** 40)})
except SettingsError as exc:
    print(exc)
"""


@pytest.mark.skipif(os.name == "nt", reason="no limit of file size to stand in for a full disk")
@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".sqlite"])
def test_a_full_disk_is_named_and_leaves_nothing(full: Extraction, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    command = [sys.executable, "-c", _FULL_DISK, str(target)]
    done = subprocess.run(command, input=json.dumps(full.to_dict()), capture_output=True, text=True, check=False)
    assert f"{target}: expected a place to write to" in done.stdout, done.stderr
    assert list(tmp_path.iterdir()) == []
