"""Labelled data as typed datasets, from wherever it comes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

datasets = pytest.importorskip("datasets", reason="training needs the extra [train]")

from quintuple.events import DataError
from quintuple.settings import Settings
from quintuple.train.config import DataConfig, PrepareConfig
from quintuple.train.hub import COLUMNS, load_labelled, make_features
from quintuple.train.sources import choose_documents, open_source

from .conftest import VERBS, sentences, write_lines


@pytest.fixture
def loaded(data: Path, cache: Path) -> Any:
    return load_labelled(data, cache=cache)


def test_columns_are_typed_and_name_their_place(loaded: Any, data: Path) -> None:
    assert loaded.features == make_features(COLUMNS)
    assert loaded[1]["where"] == f"{data}:2"
    assert loaded[0]["events"][0]["action"] | {"confidence": None} == {
        "text": "收购",
        "start": 6,
        "end": 8,
        "type": "acquire",
        "confidence": None,
    }


def test_missing_slots_and_percentages_written_short(tmp_path: Path) -> None:
    text = "Brill sold 5% and 7%."
    span = {"text": "Brill", "start": 0, "end": 5}
    spans = [{"text": "5%", "start": 11, "end": 13}, {"text": "7%", "start": 18, "end": 20}]
    action = {"text": "sold", "start": 6, "end": 10, "type": "dispose"}
    events = [{"company": span, "action": action, "percentage": shares} for shares in (spans, [], None)]
    path = write_lines(tmp_path / "a.jsonl", [{"id": 7, "text": text, "events": events, "remarks": {"by": "me"}}])
    (row,) = load_labelled(path, cache=tmp_path / "cache")
    assert (row["id"], row["exhaustive"], row["events"][0]["target"]) == ("7", None, None)
    assert [event["percentage"] and event["percentage"]["spans"] for event in row["events"]] == [spans, None, None]


@pytest.mark.parametrize("kind", ["parquet", "disk", "splits", "folder"])
def test_other_datasets_with_the_same_columns(loaded: Any, kind: str, tmp_path: Path) -> None:
    rows, split = loaded.remove_columns("where"), "train"
    path = tmp_path / "mine"
    if kind == "parquet":
        path = tmp_path / "mine.parquet"
        rows.to_parquet(path)
    elif kind == "disk":
        rows.save_to_disk(path)
    elif kind == "splits":
        split = "held"
        datasets.DatasetDict({"train": rows.select([0]), "held": rows}).save_to_disk(path)
    else:
        path.mkdir()
        rows.to_parquet(path / "train.parquet")
    found = load_labelled(path, split=split, cache=tmp_path / "cache")
    assert found.features == make_features(COLUMNS)
    assert found["events"][:] == loaded["events"][:]
    assert found[2]["where"] == f"{path}[{split}]:3"


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({"text": "a", "events": []}, r"a\.jsonl:1: expected a labelled article, got: 'id'"),
        ({"id": "x", "text": 5, "events": []}, r"a\.jsonl:1: .*text: expected text, got 5"),
        ({"id": "x", "text": "a", "events": {}}, r"a\.jsonl:1: .*events: expected a list, got \{\}"),
        ({"id": "x", "text": "a", "events": ["sold"]}, r"a\.jsonl:1: .*events\[0\]: expected an object, got 'sold'"),
        (
            {"id": "x", "text": "a", "events": [{"action": {"start": "0"}}]},
            r"a\.jsonl:1: .*events\[0\]\.action\.start: expected a number, got '0'",
        ),
    ],
)
def test_a_field_of_the_wrong_type_names_its_line(record: dict[str, Any], message: str, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", [record])
    with pytest.raises(DataError, match=message):
        load_labelled(path, cache=tmp_path / "cache")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("gone.jsonl", r"gone\.jsonl: expected JSON Lines in UTF-8, got"),
        ("gone.parquet", r"gone\.parquet: expected a labelled \.jsonl"),
        ("../gone/folder", r"\.\./gone/folder: expected .* the name of a dataset on the hub, got no such file"),
        # Nothing is fetched in tests: conftest.py keeps the hub's client offline.
        ("nobody/nothing-of-that-name", r"nobody/nothing-of-that-name: expected .* with a split 'train', got"),
    ],
)
def test_what_is_not_there(path: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message):
        load_labelled(path, cache=tmp_path / "cache")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl: expected at least one labelled article, got none"):
        load_labelled(tmp_path / "a.jsonl", cache=tmp_path / "cache")


def _open(path: Path, settings: Settings, cache: Path, *, processes: int = 1) -> Any:
    options = PrepareConfig(processes=processes, cache=str(cache))
    return open_source(DataConfig(path=str(path)), settings=settings.preprocess, trim={}, options=options)


def test_labels_are_found_by_several_processes_too(data: Path, settings: Settings, tmp_path: Path) -> None:
    one, two = (_open(data, settings, tmp_path / str(count), processes=count) for count in (1, 2))
    assert one.actions == two.actions == set(VERBS)
    assert one.roles == two.roles == {"COMPANY", "TARGET"}


@pytest.mark.parametrize("processes", [1, 2])
def test_a_wrong_offset_names_its_line(processes: int, settings: Settings, tmp_path: Path) -> None:
    records = sentences(VERBS)
    records[3]["events"][0]["action"]["end"] -= 1
    path = write_lines(tmp_path / "a.jsonl", records)
    with pytest.raises(DataError, match=r"a\.jsonl:4: .*acquire \[6:7\] is '收' in the text, labelled '收购'"):
        _open(path, settings, tmp_path / "cache", processes=processes)


def test_a_changed_file_is_read_again(settings: Settings, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", sentences(VERBS))
    assert _open(path, settings, tmp_path / "cache").actions == set(VERBS)
    files = {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").rglob("*.arrow")}
    assert _open(path, settings, tmp_path / "cache").actions == set(VERBS)
    assert {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").rglob("*.arrow")} == files
    write_lines(path, sentences({"sue": "起诉"}))
    assert _open(path, settings, tmp_path / "cache").actions == {"sue"}


def test_documents_are_drawn_over_all_sources_and_nested(data: Path, settings: Settings, cache: Path) -> None:
    sources = [_open(data, settings, cache), _open(data, settings, cache)]

    def chosen(documents: int, seed: int = 1) -> list[list[str]]:
        return [source.rows["id"][:] for source in choose_documents(sources, documents=documents, seed=seed)]

    few, many = chosen(6), chosen(15)
    assert sum(map(len, few)) == 6
    assert all(set(part) <= set(whole) for part, whole in zip(few, many, strict=True))
    assert chosen(6) == few != chosen(6, seed=2)
    with pytest.raises(DataError, match="documents: expected between 1 and the 24 of the training data, got 25"):
        chosen(25)


def test_fewfc_lines_name_their_place(settings: Settings, tmp_path: Path) -> None:
    trigger = {"span": [2, 4], "word": "质押"}
    event = {"type": "质押", "trigger": trigger, "args": {"sub-org": [{"span": [0, 1], "word": "甲方"}]}}
    path = write_lines(tmp_path / "a.jsonl", [{"id": "1", "content": "甲方质押股份。", "events": [event]}])
    data = DataConfig(path=str(path), format="fewfc")
    options = PrepareConfig(processes=1, cache=str(tmp_path / "cache"))
    with pytest.raises(DataError, match=r"a\.jsonl:1: expected a FewFC record, got: sub-org \[0:1\] is '甲'"):
        open_source(data, settings=settings.preprocess, trim={}, options=options)
    event["args"]["sub-org"] = [{"span": [0, 2], "word": "甲方"}]  # type: ignore[index]
    path.write_text(json.dumps({"id": "1", "content": "甲方质押股份。", "events": [event]}) + "\n", encoding="utf-8")
    source = open_source(data, settings=settings.preprocess, trim={}, options=options)
    assert (source.actions, source.roles) == ({"质押"}, {"sub-org"})
