"""Who may ask: Host, Origin, token."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from quintuple.web.access import Access, is_loopback
from quintuple.web.app import create_app
from quintuple.web.desk import Desk

TOKEN = "a-token-of-some-length"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8765", "localhost:1", "LOCALHOST", "[::1]:8765", "localhost."]
)
def test_a_known_host_may_ask(host: str) -> None:
    assert Access().refuse("GET", "/", {"host": host}) is None


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8765",
        "127.0.0.1.evil.example",
        "127.0.0.1@evil.example",
        "10.0.0.1",
        "a b",
        "::",
    ],
)
def test_a_foreign_host_is_refused(host: str) -> None:
    refusal = Access().refuse("GET", "/health", {"host": host})
    assert refusal is not None
    assert refusal.status == 400
    assert "Host: expected one of" in refusal.error


def test_a_server_for_others_answers_to_addresses_and_names_it_was_given() -> None:
    access = Access.bound_to("0.0.0.0", token=TOKEN, extra=("desk.example",))
    known = {"authorization": f"Bearer {TOKEN}"}
    assert access.refuse("GET", "/", known | {"host": "192.168.1.5:8765"}) is None
    assert access.refuse("GET", "/", known | {"host": "desk.example"}) is None
    # A page that rebinds its own name to our address still sends that name.
    assert access.refuse("GET", "/", known | {"host": "rebound.example:8765"}) is not None


@pytest.mark.parametrize(
    ("host", "alone"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)],
)
def test_loopback(host: str, alone: bool) -> None:
    assert is_loopback(host) is alone


@pytest.mark.parametrize(
    ("method", "headers", "allowed"),
    [
        ("POST", {}, True),
        ("POST", {"origin": "http://localhost:8765"}, True),
        ("POST", {"origin": "https://localhost:8765"}, True),
        ("POST", {"origin": "http://localhost:9999"}, False),
        ("POST", {"origin": "http://evil.example"}, False),
        ("GET", {"origin": "http://evil.example"}, False),
        ("POST", {"origin": "null"}, False),
        ("POST", {"sec-fetch-site": "same-origin"}, True),
        ("POST", {"sec-fetch-site": "same-site"}, False),
        ("GET", {"sec-fetch-site": "cross-site"}, False),
        ("GET", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, True),
        ("POST", {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}, False),
    ],
)
def test_another_site_may_at_most_link_here(method: str, headers: dict[str, str], allowed: bool) -> None:
    refusal = Access().refuse(method, "/extract", {"host": "localhost:8765", **headers})
    assert (refusal is None) is allowed
    assert refusal is None or refusal.status == 403


@pytest.fixture
def guarded(desk: Desk) -> TestClient:
    return TestClient(create_app(desk, Access(token=TOKEN)), base_url="http://127.0.0.1", follow_redirects=False)


def test_without_the_token_nothing_is_shown(guarded: TestClient) -> None:
    for method, path in (
        ("GET", "/review/documents"),
        ("POST", "/extract"),
        ("GET", "/openapi.json"),
        ("GET", "/loginx"),
    ):
        answer = guarded.request(method, path)
        assert answer.status_code == 401, path
        assert answer.headers["www-authenticate"] == "Bearer"
    assert guarded.get("/health").status_code == 200
    assert guarded.get("/static/css/base.css").status_code == 200


def test_a_program_sends_the_token_in_a_header(guarded: TestClient) -> None:
    for value, status in ((f"Bearer {TOKEN}", 200), (f"bearer {TOKEN}", 200), ("Bearer no", 401), (TOKEN, 401)):
        assert guarded.get("/review/session", headers={"authorization": value}).status_code == status, value


def test_a_browser_is_led_to_the_login_and_gets_a_cookie(guarded: TestClient) -> None:
    led = guarded.get("/", headers={"accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "/login")
    assert "<form" in guarded.get("/login").text
    wrong = guarded.post("/login", data={"token": "<b>no</b>"})
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (403, False)
    right = guarded.post("/login", data={"token": TOKEN})
    cookie = right.headers["set-cookie"]
    assert (right.status_code, right.headers["location"]) == (303, "/")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert TOKEN not in cookie
    assert guarded.get("/review/session").status_code == 200


def test_the_address_with_the_token_logs_in_and_forgets_it(guarded: TestClient) -> None:
    answer = guarded.get(f"/login?token={TOKEN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert guarded.get("/", headers={"accept": "text/html"}).status_code == 200
    other = guarded.get("/login?token=no")
    assert (other.headers["location"], "set-cookie" in other.headers) == ("/login", False)
