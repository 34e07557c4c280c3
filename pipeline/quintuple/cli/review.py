"""`quintuple review`: the page for looking and correcting, and the JSON API."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from quintuple.web.desk import Desk

_EPILOG = """Examples:

  quintuple review                             paste or drop an article

  quintuple review events.jsonl                correct what `quintuple extract` found; saves events.reviewed.jsonl

  quintuple review news/ --lang zh             the results and articles of a folder

  quintuple review --host 0.0.0.0              for others on the network, who need the token that is printed

The same address answers services: POST /extract, POST /extract/batch, GET /health, GET /openapi.json.
Everything runs on this machine, offline. Ctrl-C ends it."""


class PageLanguageOption(StrEnum):
    """The languages of the page."""

    ZH = "zh"
    EN = "en"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("review", epilog=_EPILOG)(review)


def review(
    path: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER|FILE.jsonl]", help="Results or articles to review.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File for the corrections; else FILE.reviewed.jsonl beside the source."),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; this machine alone by default.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")] = None,
    token: Annotated[
        str | None, typer.Option(envvar="QUINTUPLE_TOKEN", help="Token to ask for; made up with a --host for others.")
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A further name this machine is known by; may be repeated.")
    ] = None,
    lang: Annotated[PageLanguageOption | None, typer.Option(help="Language of the page; else the browser's.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
    model: Annotated[str | None, typer.Option(help="A shipped model's name or a model folder.")] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings over the defaults.")] = None,
) -> None:
    """Look at events, correct them, save them as labelled data. Needs the extra [web]."""
    with web_extra():
        from quintuple.web.access import Access, is_loopback
        from quintuple.web.app import create_app
        from quintuple.web.desk import open_desk
        from quintuple.web.server import address, bind, serve
        from quintuple.web.settings import web_settings

    from urllib.parse import quote

    from quintuple.extract import load
    from quintuple.settings import load_settings

    web, settings = web_settings(), load_settings(config)
    where = host or web.server.host
    secret = _token(token, needed=not is_loopback(where), least=web.server.min_token)
    access = Access.bound_to(where, token=secret, extra=tuple(allow_host or ()))
    name = model or settings.classify.model
    with bind(where, port, default=web.server.port) as bound:
        desk = open_desk(path, output, load(name, settings=settings), web, model=name)
        for problem in desk.problems:
            typer.echo(f"failed: {problem}", err=True)
        url = address(bound, where) + (f"login?token={quote(secret)}" if secret else "")
        page = create_app(desk, access, language=None if lang is None else lang.value)
        try:
            serve(page, bound, started=lambda: _greet(desk, url, browser=browser))
        except KeyboardInterrupt:
            pass
        finally:
            _report(desk)


@contextmanager
def web_extra() -> Iterator[None]:
    """End the program with advice if a library of the extra [web] is missing."""
    try:
        yield
    except ModuleNotFoundError as exc:
        typer.echo(
            f"error: the page needs the extra [web]: pip install 'quintuple[web]' ({exc.name} is missing)", err=True
        )
        raise typer.Exit(1) from exc


def _token(given: str | None, *, needed: bool, least: int) -> str | None:
    import secrets

    if given is None:
        return secrets.token_urlsafe(24) if needed else None
    if len(given) < least:
        raise typer.BadParameter(f"expected at least {least} characters, got {len(given)}", param_hint="--token")
    return given


def _greet(desk: Desk, url: str, *, browser: bool) -> None:
    typer.echo(f"review: {url}    ({len(desk.library)} articles; Ctrl-C ends)", err=True)
    if browser:
        typer.launch(url)


def _report(desk: Desk) -> None:
    """Say what was corrected, and how to train on it."""
    from quintuple.web.retrain import commands

    totals, path = desk.reviewed.totals, desk.reviewed.path
    if not totals.articles:
        return
    desk.write_config()
    typer.echo(f"{totals.corrections} corrections in {totals.articles} articles -> {path}; to train on them:", err=True)
    for command in commands(path):
        typer.echo(f"  {command}", err=True)
