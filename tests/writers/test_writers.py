"""Output files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import jsonschema
import pytest

from quintuple.events import Action, Article, Date, Event, Evidence, Extraction, Party, Percentage, SettingsError
from quintuple.writers import open_writer
from quintuple.writers.csv import CsvWriter
from quintuple.writers.jsonl import JsonLinesWriter, json_schema
from quintuple.writers.rows import COLUMNS

TEXT = "=腾讯年初将Sea持股从21.3%降至18.7%。"


def span(text: str) -> tuple[str, int, int]:
    return text, TEXT.index(text), TEXT.index(text) + len(text)


EVENT = Event(
    Party(*span("腾讯"), name="腾讯", id="tencent"),
    Action(*span("降至"), type="reduce_stake"),
    Party(*span("Sea"), name="Sea"),
    Percentage(
        *span("21.3%降至18.7%"),
        (Evidence(*span("21.3%")), Evidence(*span("18.7%"))),
        (21.3, 18.7),
        21.3,
        18.7,
        None,
        "stake",
    ),
    Date(*span("年初"), "2022-01", "2022-01-01", "2022-01-31"),
    status="planned",
    confidence=0.94321,
    sentence=(0, len(TEXT)),
)
EXTRACTION = Extraction(Article("a/1", TEXT, "zh", path="a/1.txt", published="2022-01-10"), (EVENT,))
BARE = Extraction(Article("b", "罚款", "zh"), (Event(None, Action("罚款", 0, 2, "penalize")),))


@pytest.mark.parametrize("extraction", [EXTRACTION, BARE])
@pytest.mark.parametrize("text", [True, False])
def test_lines_fit_the_schema(extraction: Extraction, text: bool) -> None:
    stream = io.StringIO()
    JsonLinesWriter(stream, text).write(extraction)
    record = json.loads(stream.getvalue())
    jsonschema.validate(record, json_schema())
    assert ("text" in record) is text


def test_the_schema_refuses_an_event_without_company() -> None:
    record = EXTRACTION.to_dict()
    record["events"][0]["company"] = None
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(record, json_schema())


def test_csv_has_one_row_per_event() -> None:
    stream = io.StringIO()
    writer = CsvWriter(stream)
    for extraction in (EXTRACTION, BARE):
        writer.write(extraction)
    first, second = csv.DictReader(io.StringIO(stream.getvalue()))
    assert tuple(first) == COLUMNS
    assert (first["company"], first["target"], first["percentage"]) == ("腾讯", "Sea", "21.3 18.7")
    assert (first["percentage_from"], first["percentage_to"], first["date_edtf"]) == ("21.3", "18.7", "2022-01")
    assert (second["company"], second["action_type"], second["confidence"]) == ("", "penalize", "1.0")


def test_csv_cells_are_no_formulas() -> None:
    stream = io.StringIO()
    CsvWriter(stream).write(EXTRACTION)
    (row,) = csv.DictReader(io.StringIO(stream.getvalue()))
    assert row["sentence"] == "'" + TEXT


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError), open_writer(target) as writer:
        writer.write(EXTRACTION)
        raise RuntimeError
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_interrupt_keeps_what_was_written(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt), open_writer(target) as writer:
        writer.write(EXTRACTION)
        raise KeyboardInterrupt
    assert json.loads(target.read_text(encoding="utf-8"))["id"] == "a/1"


@pytest.mark.parametrize(
    ("name", "message"),
    [("out.docx", r"expected an output ending in \.jsonl, \.csv, got '\.docx'"), ("no/out.csv", "a place to write to")],
)
def test_a_bad_target_is_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message), open_writer(tmp_path / name):
        pass
