"""`quintuple review` from the outside: what it refuses, and where it listens."""

from __future__ import annotations

import builtins
import socket
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quintuple.cli.app import app
from quintuple.cli.review import _token
from quintuple.events import DataError, SettingsError
from quintuple.web.server import address, bind


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def test_help_shows_examples(runner: CliRunner) -> None:
    text = runner.invoke(app, ["review", "--help"]).stdout
    for option in ("--host", "--port", "--token", "--lang", "--no-browser", "FOLDER|FILE.jsonl", "POST /extract"):
        assert option in text


def test_without_the_extra_it_says_what_to_install(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def without(name: str, *rest: Any, **options: Any) -> Any:
        if name.startswith("quintuple.web.app"):
            raise ModuleNotFoundError("No module named 'fastapi'", name="fastapi")
        return plain(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    result = runner.invoke(app, ["review"])
    assert result.exit_code == 1
    assert "pip install 'quintuple[web]' (fastapi is missing)" in result.stderr


def test_a_short_token_is_refused(runner: CliRunner) -> None:
    result = runner.invoke(app, ["review", "--token", "short", "--no-browser"])
    assert result.exit_code == 2
    assert "expected at least 16 characters, got 5" in result.stderr


def test_a_token_is_made_up_where_others_can_come() -> None:
    made = _token(None, needed=True, least=16)
    assert made is not None
    assert len(made) >= 16
    assert made != _token(None, needed=True, least=16)
    assert _token(None, needed=False, least=16) is None


def test_a_missing_source_is_named(runner: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = runner.invoke(app, ["review", "nowhere", "--no-browser", "--port", "0"])
    assert isinstance(result.exception, DataError)
    assert "nowhere: expected a folder or file to review" in str(result.exception)


def test_a_taken_port_is_given_way_to_unless_it_was_asked_for() -> None:
    with bind("127.0.0.1", 0, default=0) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"--port {port}: expected a free address"):
            bind("127.0.0.1", port, default=1)
        with bind("127.0.0.1", None, default=port) as other:
            assert other.getsockname()[1] != port
    with pytest.raises(SettingsError, match="expected a free address"):
        bind("no.such.host.invalid", 0, default=0)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("localhost", "localhost"), ("::", "[::1]")],
)
def test_the_address_can_be_opened_here(host: str, shown: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        assert address(bound, host) == f"http://{shown}:{bound.getsockname()[1]}/"
