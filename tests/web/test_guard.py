"""Bodies that are too large, of another type or too many, and the headers of every answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from quintuple.web.access import Access
from quintuple.web.app import create_app
from quintuple.web.desk import Desk
from quintuple.web.guard import Guard
from quintuple.web.settings import WebSettings


def limited(web: WebSettings, **limits: float) -> WebSettings:
    return web.model_copy(update={"limits": web.limits.model_copy(update=limits)})


@pytest.fixture
def small(make_desk: Callable[..., Desk], web: WebSettings) -> TestClient:
    desk = make_desk(settings=limited(web, max_body=1000, max_file=3000))
    return TestClient(create_app(desk, Access()), base_url="http://127.0.0.1")


@pytest.mark.parametrize("size", [1001, 100_000])
def test_a_body_over_the_limit_is_refused(small: TestClient, size: int) -> None:
    answer = small.post("/extract", content=b" " * size, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert "expected a body of at most 1000 bytes" in answer.json()["error"]


def test_a_body_of_unknown_length_is_counted(small: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(50):
            yield b" " * 100

    answer = small.post("/extract", content=chunks(), headers={"content-type": "application/json"})
    assert answer.status_code == 413


def test_files_have_a_limit_of_their_own(small: TestClient) -> None:
    headers = {"content-type": "application/octet-stream"}
    assert small.post("/review/files?name=a.txt", content=b"x" * 2500, headers=headers).status_code == 201
    assert small.post("/review/files?name=a.txt", content=b"x" * 3001, headers=headers).status_code == 413


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_can_send_is_refused(small: TestClient, media: str) -> None:
    answer = small.post("/extract", content=b'{"text": "a"}', headers={"content-type": media})
    assert answer.status_code == 415
    assert "expected application/json" in answer.json()["error"]


@pytest.mark.parametrize("path", ["/", "/health", "/nowhere", "/static/js/main.js", "/openapi.json", "/login"])
def test_every_answer_has_the_security_headers(small: TestClient, path: str) -> None:
    headers = small.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


def test_a_refusal_has_them_too(small: TestClient) -> None:
    answer = small.get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "content-security-policy" in answer.headers


async def swallow(scope: Scope, receive: Receive, send: Send) -> None:
    """Take the body and answer nothing for as long as the test lets it."""
    await receive()
    await scope["gate"].wait()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def scope_of(gate: asyncio.Event) -> Scope:
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    return {"type": "http", "method": "POST", "path": "/extract", "headers": headers, "query_string": b"", "gate": gate}


def ask(guard: Guard, gate: asyncio.Event, *messages: Message) -> tuple[asyncio.Task[None], list[Message]]:
    waiting, sent = list(messages), []

    async def receive() -> Message:
        if waiting:
            return waiting.pop(0)
        await asyncio.sleep(60)
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    return asyncio.ensure_future(guard(scope_of(gate), receive, send)), sent


def test_bodies_beyond_what_memory_allows_wait_outside(web: WebSettings) -> None:
    body: Message = {"type": "http.request", "body": b"x" * 600, "more_body": False}

    async def play() -> None:
        gate, guard = asyncio.Event(), Guard(swallow, access=Access(), settings=limited(web, max_in_flight=1000))
        first, _ = ask(guard, gate, body)
        await asyncio.sleep(0)
        second, refused = ask(guard, gate, body)
        await second
        assert refused[0]["status"] == 503
        assert b"retry-after" in dict(refused[0]["headers"])
        gate.set()
        await first
        third, answered = ask(guard, gate, body)
        await third
        assert answered[0]["status"] == 200

    asyncio.run(play())


def test_a_body_that_never_ends_is_given_up(web: WebSettings) -> None:
    async def play() -> None:
        guard = Guard(swallow, access=Access(), settings=limited(web, body_seconds=0.01))
        task, sent = ask(guard, asyncio.Event(), {"type": "http.request", "body": b"x", "more_body": True})
        await task
        assert sent[0]["status"] == 408

    asyncio.run(play())


def test_a_client_that_hangs_up_is_forgotten(web: WebSettings) -> None:
    async def play() -> None:
        guard = Guard(swallow, access=Access(), settings=web)
        task, sent = ask(
            guard,
            asyncio.Event(),
            {"type": "http.request", "body": b"x", "more_body": True},
            {"type": "http.disconnect"},
        )
        await task
        assert sent == []

    asyncio.run(play())
