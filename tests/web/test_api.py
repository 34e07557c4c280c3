"""The JSON API: extraction, normal forms, health, and errors that say what was expected."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import Any

import jsonschema
import pytest
from fastapi.testclient import TestClient

from quintuple.web.errors import RequestError
from quintuple.web.pool import Pool
from quintuple.web.settings import WebSettings
from quintuple.writers.jsonl import json_schema


def span(text: str, part: str) -> dict[str, int]:
    return {"start": text.index(part), "end": text.index(part) + len(part)}


@pytest.mark.parametrize("name", ["emoji", "plain", "english", "quiet"])
def test_extract_answers_with_the_output_format(client: TestClient, texts: dict[str, str], name: str) -> None:
    text = texts[name]
    answer = client.post("/extract", json={"text": text, "published": "2022-01-10", "id": "mine", "title": "t"})
    assert answer.status_code == 200
    record = answer.json()
    jsonschema.validate(record, json_schema())
    assert (record["id"], record["title"], record["published"], record["text"]) == ("mine", "t", "2022-01-10", text)
    assert bool(record["events"]) is (name != "quiet")
    for event in record["events"]:
        assert text[event["action"]["start"] : event["action"]["end"]] == event["action"]["text"]


def test_offsets_are_code_points(client: TestClient, texts: dict[str, str]) -> None:
    record = client.post("/extract", json={"text": texts["emoji"]}).json()
    assert [event["action"]["start"] for event in record["events"]] == [2, 15]


def test_the_same_text_gets_the_same_id(client: TestClient) -> None:
    ids = [client.post("/extract", json={"text": "甲购乙。"}).json()["id"] for _ in range(2)]
    assert ids[0] == ids[1]


def test_a_batch_keeps_the_order_and_a_bad_article_costs_itself(client: TestClient) -> None:
    articles = [
        {"text": "甲购乙5%股份。"},
        {"text": "甲购乙。", "id": "bad", "published": "0700-01-01"},
        {"text": "无"},
    ]
    results = client.post("/extract/batch", json={"articles": articles}).json()["results"]
    assert [len(result.get("events", "x")) for result in results] == [1, 1, 0]
    assert results[1] == {"id": "bad", "error": results[1]["error"]}
    assert "published: expected a date" in results[1]["error"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "body.text"),
        ({"text": ""}, "body.text"),
        ({"text": 5}, "body.text"),
        ({"text": "a" * 500_001}, "body.text"),
        ({"text": "a", "published": "soon"}, "body.published"),
        ({"text": "a", "language": "fr"}, "body.language"),
        ([], "body"),
    ],
)
def test_a_wrong_request_is_told_what_was_expected(client: TestClient, body: Any, where: str) -> None:
    answer = client.post("/extract", json=body)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["details"][0]["where"] == where
    assert problem["details"][0]["expected"]
    assert len(answer.content) < 1000, "an error must not send the article back"


@pytest.mark.parametrize("body", [b"{", b"", b'{"text": "\xff"}', b"[" * 100_000, b'{"text": ' + b"9" * 5000 + b"}"])
def test_broken_json_is_refused(client: TestClient, body: bytes) -> None:
    answer = client.post("/extract", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]


def test_halves_of_characters_become_marks_and_move_nothing(client: TestClient) -> None:
    body = b'{"text": "\\ud800\\u7532\\u8d2d\\u4e59\\u3002"}'
    record = client.post("/extract", content=body, headers={"content-type": "application/json"}).json()
    assert record["text"] == "\ufffd甲购乙。"
    assert record["events"][0]["company"]["start"] == 1


def test_too_many_articles_are_refused(client: TestClient, web: WebSettings) -> None:
    articles = [{"text": "a"}] * (web.limits.max_batch + 1)
    assert client.post("/extract/batch", json={"articles": articles}).status_code == 422


ZH = "😀去年11月，甲集团宣布计划将其在乙公司的持股从17%减持至2.3%。"
EN = "Last November 😀 Aldermere cut its stake in Finch from 21.3% to 18.7%."


@pytest.mark.parametrize(
    ("text", "trigger", "company", "shares", "date", "status"),
    [
        (ZH, "减持", "甲集团", ("17%", "2.3%"), "去年11月", "planned"),
        (EN, "cut", "Aldermere", ("21.3%", "18.7%"), "Last November", "occurred"),
    ],
)
def test_normalize_reads_what_was_marked(
    client: TestClient, text: str, trigger: str, company: str, shares: tuple[str, str], date: str, status: str
) -> None:
    event = {
        "action": span(text, trigger) | {"type": "reduce_stake"},
        "company": span(text, company),
        "percentage": [span(text, share) for share in shares],
        "date": span(text, date),
    }
    answer = client.post("/normalize", json={"text": text, "published": "2022-01-10", "event": event})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    values = [float(share.rstrip("%")) for share in shares]
    assert found["percentage"]["values"] == values
    assert (found["percentage"]["from"], found["percentage"]["to"]) == tuple(values)
    assert (found["date"]["edtf"], found["date"]["latest"]) == ("2021-11", "2021-11-30")
    assert (found["company"]["name"], found["status"]) == (company, status)


def test_normalize_keeps_the_spans_that_were_marked(client: TestClient) -> None:
    # One half of a pair, and a date with a word too many: the reviewer's spans stand.
    event = {
        "action": span(EN, "cut") | {"type": "reduce_stake"},
        "percentage": [span(EN, "18.7%")],
        "date": span(EN, "Last November 😀"),
    }
    found = client.post("/normalize", json={"text": EN, "published": "2022-01-10", "event": event}).json()
    assert [one["text"] for one in found["percentage"]["spans"]] == ["18.7%"]
    assert (found["percentage"]["values"], found["percentage"]["from"], found["percentage"]["to"]) == (
        [18.7],
        None,
        18.7,
    )
    assert (found["date"]["text"], found["date"]["edtf"]) == ("Last November 😀", "2021-11")


def test_normalize_says_that_a_span_holds_no_figure(client: TestClient) -> None:
    event = {"action": span(EN, "cut") | {"type": "reduce_stake"}, "percentage": [span(EN, "its stake")]}
    found = client.post("/normalize", json={"text": EN, "event": event}).json()
    assert found["percentage"]["values"] == []


def test_a_date_written_by_hand_gets_its_bounds(client: TestClient) -> None:
    event = {"action": span(EN, "cut") | {"type": "reduce_stake"}, "date": span(EN, "Last") | {"edtf": "2021-33"}}
    found = client.post("/normalize", json={"text": EN, "event": event}).json()
    assert (found["date"]["edtf"], found["date"]["earliest"], found["date"]["latest"]) == (
        "2021-33",
        "2021-01-01",
        "2021-03-31",
    )
    event["date"] |= {"edtf": "soon"}
    answer = client.post("/normalize", json={"text": EN, "event": event})
    assert answer.status_code == 422
    assert answer.json()["details"][0]["expected"].startswith("EDTF, such as")


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (0, 1000)])
def test_a_span_outside_the_text_is_refused(client: TestClient, start: int, end: int) -> None:
    event = {"action": {"start": start, "end": end, "type": "acquire"}}
    answer = client.post("/normalize", json={"text": "甲购乙。", "event": event})
    assert answer.status_code == 422
    assert answer.json()["details"][0]["where"] == "event.action"


def test_health_and_the_openapi_document(client: TestClient) -> None:
    assert client.get("/health").json()["status"] == "ok"
    document = client.get("/openapi.json").json()
    assert {"/extract", "/extract/batch", "/health", "/normalize"} <= set(document["paths"])
    # Every reference leads somewhere, and what FastAPI would answer by itself is not promised.
    text = json.dumps(document)
    assert "HTTPValidationError" not in text
    assert client.get("/docs").status_code == 404


def test_a_full_queue_says_when_to_come_back(web: WebSettings) -> None:
    async def play() -> None:
        pool, gate = Pool(web.work.model_copy(update={"workers": 1, "queue": 1})), threading.Event()
        try:
            jobs = [asyncio.ensure_future(pool.run(gate.wait)) for _ in range(2)]
            await asyncio.sleep(0)
            assert (pool.running, pool.waiting) == (1, 1)
            with pytest.raises(RequestError) as caught:
                await pool.run(gate.wait)
            assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": str(web.work.retry_after)})
            gate.set()
            assert await asyncio.gather(*jobs) == [True, True]
            assert (pool.running, pool.waiting) == (0, 0)
        finally:
            gate.set()
            pool.close()

    asyncio.run(play())


def test_what_nobody_foresaw_is_json_too(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from quintuple.web import api
    from quintuple.web.access import Access
    from quintuple.web.app import create_app

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(api, "make_article", fail)
    client = TestClient(create_app(desk, Access()), base_url="http://127.0.0.1", raise_server_exceptions=False)
    answer = client.post("/extract", json={"text": "a"})
    assert answer.status_code == 500
    assert "RuntimeError" in answer.json()["error"]
    assert "content-security-policy" in answer.headers
