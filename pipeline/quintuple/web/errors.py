"""Errors as JSON: what was expected, what came, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from quintuple.events import QuintupleError
from quintuple.web.headers import SECURITY_HEADERS

_SHOWN = 80  # characters of a wrong value that an error repeats


class Detail(BaseModel):
    """One thing that is wrong: where in the request, what was expected, and what came."""

    where: str
    expected: str
    got: str | None = None


class Problem(BaseModel):
    """The body of every response that is an error."""

    error: str
    details: list[Detail] = []


@dataclass(eq=False)
class RequestError(Exception):
    """A request that cannot be answered as asked."""

    status: int
    error: str
    details: Sequence[Detail] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


#: The errors that every operation may answer with, for the OpenAPI document.
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": description}
    for status, description in {
        400: "The request is no JSON, or names no known host.",
        401: "A token is asked for.",
        403: "The request comes from another site.",
        404: "There is no such thing.",
        408: "The request took too long to arrive.",
        413: "The request is larger than allowed.",
        415: "The request is of another media type.",
        422: "A value is wrong; details say which.",
        503: "Too much to do; try again after the seconds in Retry-After.",
    }.items()
}


def problem_response(
    status: int, error: str, details: Sequence[Detail] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return an error as JSON."""
    content = Problem(error=shown(error, limit=2000), details=list(details)).model_dump()
    return JSONResponse(content, status, dict(headers or {}))


def shown(value: object, *, limit: int = _SHOWN) -> str:
    """Return a value short enough for an error, without the halves of characters that JSON cannot carry."""
    text = value if isinstance(value, str) else repr(value)
    text = text if len(text) <= limit else text[:limit] + "…"
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def add_handlers(app: FastAPI) -> None:
    """Make an application answer all its errors so."""

    async def known(_: Request, exc: Exception) -> JSONResponse:
        assert isinstance(exc, RequestError)
        return problem_response(exc.status, exc.error, exc.details, exc.headers)

    async def own(_: Request, exc: Exception) -> JSONResponse:
        return problem_response(422, str(exc))

    async def invalid(_: Request, exc: Exception) -> JSONResponse:
        assert isinstance(exc, RequestValidationError)
        return problem_response(422, "the request is wrong", [_detail(error) for error in exc.errors()[:20]])

    async def http(_: Request, exc: Exception) -> JSONResponse:
        assert isinstance(exc, HTTPException)
        return problem_response(exc.status_code, str(exc.detail), headers=exc.headers)

    async def unforeseen(_: Request, exc: Exception) -> JSONResponse:
        # Starlette answers this outside all middleware, so the headers that the guard sets are set here.
        return problem_response(500, f"this should not happen: {exc!r}", headers=SECURITY_HEADERS)

    app.add_exception_handler(RequestError, known)
    app.add_exception_handler(QuintupleError, own)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, unforeseen)


def _detail(error: Mapping[str, Any]) -> Detail:
    where = ".".join(shown(part) for part in error["loc"])
    return Detail(where=where, expected=shown(error["msg"], limit=200), got=shown(error.get("input")))
