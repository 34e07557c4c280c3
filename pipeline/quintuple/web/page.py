"""The page itself: its template, its words in both languages, its files, and the login."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from quintuple import __version__
from quintuple.web.access import Access, cookie_name
from quintuple.web.guard import LOGIN_PATH

PageLanguage = Literal["zh", "en"]
LANGUAGES: tuple[PageLanguage, ...] = ("zh", "en")

Lang = Annotated[PageLanguage | None, Query()]


@cache
def messages(language: PageLanguage) -> dict[str, str]:
    """Return the words of the page in a language, by dotted key."""
    text = (files("quintuple.web") / "messages" / f"{language}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text)))


def static_folder() -> Path:
    """Return the folder of the scripts and style sheets."""
    with as_file(files("quintuple.web") / "static") as folder:
        return folder


def page_router(access: Access, language: PageLanguage | None) -> APIRouter:
    """Return the routes of the page; ``language`` None leaves it to the browser."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def page(request: Request, lang: Lang = None) -> Response:
        return _render("page.html", lang or language or _accepted(request))

    @router.get(LOGIN_PATH)
    async def login(request: Request, lang: Lang = None, token: str | None = None) -> Response:
        if token is not None:
            # The token goes from the address into a cookie, out of the history and of anybody's sight.
            return _logged_in(request, access) if access.is_token(token) else RedirectResponse(LOGIN_PATH, 303)
        return _render("login.html", lang or language or _accepted(request), wrong=False)

    @router.post(LOGIN_PATH)
    async def show_token(request: Request) -> Response:
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        if access.is_token(form.get("token", [""])[0].strip()):
            return _logged_in(request, access)
        return _render("login.html", language or _accepted(request), status=403, wrong=True)

    @router.get("/static/messages/{lang}.json")
    async def words(lang: PageLanguage) -> JSONResponse:
        return JSONResponse(messages(lang))

    return router


def _render(name: str, language: PageLanguage, *, status: int = 200, **values: Any) -> HTMLResponse:
    words = messages(language)
    html = _templates().get_template(name).render(t=words, lang=language, version=__version__, **values)
    return HTMLResponse(html, status)


@cache
def _templates() -> Environment:
    loader = PackageLoader("quintuple.web", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def _logged_in(request: Request, access: Access) -> Response:
    response = RedirectResponse("/", 303)
    response.set_cookie(cookie_name(request.headers), access.session, httponly=True, samesite="strict")
    return response


def _accepted(request: Request) -> PageLanguage:
    """Return the first of our languages that the browser asks for."""
    for part in request.headers.get("accept-language", "").lower().split(","):
        for language in LANGUAGES:
            if part.strip().startswith(language):
                return language
    return "en"


def _flat(table: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        pairs += _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else [(f"{prefix}{key}", str(value))]
    return pairs
