"""The operations behind the page: open, correct, save, open again, train."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from quintuple.train.config import load_config
from quintuple.train.data.check import check
from quintuple.web.access import Access
from quintuple.web.app import create_app
from quintuple.web.desk import Desk

ReadLines = Callable[[Path], list[dict[str, Any]]]
BYTES = {"content-type": "application/octet-stream"}


def opened(client: TestClient, id_: str) -> dict[str, Any]:
    items = client.get("/review/documents").json()["items"]
    key = next(item["key"] for item in items if item["id"] == id_)
    answer = client.get(f"/review/documents/{key}")
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


def save(client: TestClient, document: dict[str, Any], events: list[dict[str, Any]], **fields: Any) -> Any:
    body = {"published": document["entry"]["published"], "events": events} | fields
    return client.put(f"/review/documents/{document['entry']['key']}", json=body)


def test_the_session_says_where_corrections_go(client: TestClient, results: Path) -> None:
    session = client.get("/review/session").json()
    assert session["output"] == str(results.with_name("events.reviewed.jsonl"))
    assert (session["articles"], session["reviewed"], session["corrections"]) == (4, 0, 0)
    assert {"reduce_stake", "go_bankrupt"} <= set(session["types"])
    assert "减持" in session["hints"]["reduce_stake"]


def test_the_list_comes_in_parts(client: TestClient) -> None:
    first = client.get("/review/documents?order=file&limit=2").json()
    rest = client.get("/review/documents?order=file&limit=2&offset=2").json()
    assert (first["total"], rest["total"]) == (4, 4)
    assert [item["id"] for item in first["items"] + rest["items"]] == ["emoji", "plain", "english", "quiet"]
    assert client.get("/review/documents?type=reduce_stake&language=zh").json()["total"] == 1
    assert client.get("/review/documents?status=maybe").status_code == 422


def test_what_is_right_is_saved_without_a_correction(
    client: TestClient, results: Path, texts: dict[str, str], read_lines: ReadLines
) -> None:
    before = results.read_bytes()
    for id_ in texts:
        document = opened(client, id_)
        answer = save(client, document, document["events"])
        assert answer.status_code == 200, answer.text
        assert answer.json()["changed"] == 0
    saved = results.with_name("events.reviewed.jsonl")
    assert results.read_bytes() == before
    # The emoji texts are near each other only in having one.
    assert check([saved]) == ()
    assert [record["text"] for record in read_lines(saved)] == list(texts.values())
    assert "confidence" not in read_lines(saved)[0]["events"][0]


def test_changes_are_counted_one_for_each_event(client: TestClient, results: Path, read_lines: ReadLines) -> None:
    document = opened(client, "emoji")
    changed, removed = document["events"]
    changed |= {"status": "denied", "action": changed["action"] | {"type": "invest"}}
    added = removed | {"origin": None, "target": None}
    answer = save(client, document, [changed, added])
    assert answer.json() == {
        "output": str(results.with_name("events.reviewed.jsonl")),
        "changed": 3,
        "reviewed": 1,
        "corrections": 3,
    }
    (record,) = read_lines(results.with_name("events.reviewed.jsonl"))
    assert record["review"] == {"corrections": 3, "origins": [0, None]}
    assert [event["action"]["type"] for event in record["events"]] == ["invest", "reduce_stake"]
    assert record["events"][1]["target"] is None
    assert client.get("/review/documents?order=file").json()["items"][0]["state"] == "reviewed"


def test_offsets_survive_the_way_there_and_back(client: TestClient, results: Path, read_lines: ReadLines) -> None:
    document = opened(client, "emoji")
    text = document["text"]
    place = {"start": text.index("👨"), "end": text.index("👧") + 1}
    event = document["events"][0] | {"target": place | {"name": "family"}}
    assert save(client, document, [event]).status_code == 200
    (record,) = read_lines(results.with_name("events.reviewed.jsonl"))
    assert record["events"][0]["target"]["text"] == "👨‍👩‍👧"


def test_a_review_goes_on_where_it_was_left(client: TestClient, make_desk: Callable[..., Desk], results: Path) -> None:
    document = opened(client, "emoji")
    event = document["events"][0] | {"status": "rumoured"}
    save(client, document, [event])
    again = TestClient(create_app(make_desk(results), Access()), base_url="http://127.0.0.1")
    session = again.get("/review/session").json()
    assert (session["reviewed"], session["corrections"]) == (1, 2)
    document = opened(again, "emoji")
    assert document["entry"]["state"] == "reviewed"
    assert [(one["status"], one["origin"]) for one in document["events"]] == [("rumoured", 0)]
    assert document["original"] == 2
    # Saved again as it is, it holds the same corrections; put right again, none.
    assert save(again, document, document["events"]).json()["corrections"] == 2
    assert save(again, document, [document["events"][0] | {"status": "occurred"}]).json()["corrections"] == 1


def test_corrections_of_corrections_add_up(client: TestClient, make_desk: Callable[..., Desk], results: Path) -> None:
    document = opened(client, "plain")
    save(client, document, [document["events"][0] | {"status": "planned"}])
    saved = results.with_name("events.reviewed.jsonl")
    again = TestClient(create_app(make_desk(saved), Access()), base_url="http://127.0.0.1")
    document = opened(again, "plain")
    answer = save(again, document, [document["events"][0] | {"status": "denied"}])
    assert answer.json()["corrections"] == 2
    assert answer.json()["output"] == str(saved)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"company": None}, "company"),
        ({"action": {"start": 2, "end": 3, "type": "no_such_type"}}, "type"),
        ({"percentage": {"spans": [{"start": 4, "end": 6}, {"start": 5, "end": 6}], "values": [5, 5]}}, "overlap"),
    ],
)
def test_what_training_could_not_read_is_not_saved(
    client: TestClient, results: Path, change: dict[str, Any], rule: str
) -> None:
    document = opened(client, "emoji")
    answer = save(client, document, [document["events"][0] | change])
    assert answer.status_code == 422
    assert rule in [detail["got"] for detail in answer.json()["details"]]
    assert not results.with_name("events.reviewed.jsonl").exists()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"target": {"start": 0, "end": 999, "name": "x"}}, "events.0.target"),
        ({"target": {"start": 3, "end": 3, "name": "x"}}, "events.0.target"),
        ({"target": {"start": 3, "end": 4, "name": ""}}, "body.events.0.target.name"),
        ({"date": {"start": 3, "end": 4, "edtf": "soon"}}, "events.0.date.edtf"),
        ({"percentage": {"spans": [{"start": 4, "end": 6}], "values": []}}, "body.events.0.percentage.values"),
        ({"status": "maybe"}, "body.events.0.status"),
    ],
)
def test_a_wrong_value_is_named(client: TestClient, change: dict[str, Any], where: str) -> None:
    document = opened(client, "emoji")
    answer = save(client, document, [document["events"][0] | change])
    assert answer.status_code == 422
    assert answer.json()["details"][0]["where"] == where


@pytest.mark.parametrize("key", ["99", "-1", "x", "99999999999999999999"])
def test_an_article_that_is_not_there(client: TestClient, key: str) -> None:
    assert client.get(f"/review/documents/{key}").status_code in (404, 422)
    assert client.put(f"/review/documents/{key}", json={"events": []}).status_code in (404, 422)


def test_a_pasted_article_is_extracted_listed_and_saved(
    make_desk: Callable[..., Desk], tmp_path: Path, read_lines: ReadLines
) -> None:
    client = TestClient(create_app(make_desk(), Access()), base_url="http://127.0.0.1")
    body = {"text": "去年，甲购乙5%股份。", "published": "2022-01-10"}
    entry = client.post("/review/documents", json=body).json()
    assert (entry["events"], entry["published"]) == (1, "2022-01-10")
    assert client.post("/review/documents", json=body).json()["key"] == entry["key"]
    document = opened(client, entry["id"])
    assert save(client, document, document["events"]).status_code == 200
    (record,) = read_lines(tmp_path / "pasted.reviewed.jsonl")
    assert (record["id"], record["published"]) == (entry["id"], "2022-01-10")
    assert check([tmp_path / "pasted.reviewed.jsonl"]) == ()


def test_dropped_files_are_listed_and_extracted_when_opened(client: TestClient) -> None:
    data = "甲购乙5%股份。".encode("gb18030")
    answer = client.post("/review/files?name=%E7%AC%94%E8%AE%B0.txt", content=data, headers=BYTES)
    assert answer.status_code == 201
    (item,) = answer.json()["items"]
    assert (item["id"], item["events"]) == ("笔记", None)
    assert len(opened(client, "笔记")["events"]) == 1
    bad = client.post("/review/files?name=a.exe", content=b"x", headers=BYTES).json()
    assert bad["items"] == []
    assert "expected one of the suffixes" in bad["problems"][0]


def test_labelled_data_without_normal_forms_can_be_reviewed(
    make_desk: Callable[..., Desk], tmp_path: Path, read_lines: ReadLines
) -> None:
    path = tmp_path / "labelled.jsonl"
    event = {
        "company": {"text": "甲", "start": 0, "end": 1},
        "action": {"text": "购", "start": 1, "end": 2, "type": "acquire"},
        "percentage": {"text": "5%", "start": 3, "end": 5},
    }
    record = {"id": "a", "text": "甲购乙5%股份。", "source": "desk", "events": [event]}
    path.write_text(json.dumps(record), encoding="utf-8")
    client = TestClient(create_app(make_desk(path), Access()), base_url="http://127.0.0.1")
    document = opened(client, "a")
    (event,) = document["events"]
    assert (event["company"]["name"], event["percentage"]["values"], event["status"]) == ("甲", [5.0], "occurred")
    assert save(client, document, [event]).json()["changed"] == 0
    (record,) = read_lines(tmp_path / "labelled.reviewed.jsonl")
    assert record["source"] == "desk"


@pytest.mark.parametrize("corpus", [True, False])
def test_the_training_config_is_one_that_training_takes(
    client: TestClient, desk: Desk, tmp_path: Path, corpus: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name in ("zh.train.jsonl", "en.dev.jsonl"):
        (folder / name).touch()
    monkeypatch.setattr("quintuple.web.desk.shipped_corpus", lambda: folder if corpus else None)
    assert client.post("/review/retrain").json()["reviewed"] == 0
    document = opened(client, "plain")
    save(client, document, document["events"])
    answer = client.post("/review/retrain").json()
    config = load_config(Path(answer["config"]))
    assert config.model.base == str(desk.model)
    assert config.data[0].path == answer["output"]
    assert [Path(data.path).name for data in config.data[1:]] == (["zh.train.jsonl"] if corpus else [])
    assert [Path(data.path).name for data in config.dev] == ["en.dev.jsonl" if corpus else "events.reviewed.jsonl"]
    assert (answer["weights"], answer["commands"][0].split()[:3]) == (False, ["quintuple", "data", "check"])
