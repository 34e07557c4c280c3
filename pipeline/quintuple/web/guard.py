"""Stands before the application: refuses strangers and oversize bodies, and sets the security headers."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from quintuple.web.access import Access, Refusal
from quintuple.web.errors import problem_response
from quintuple.web.headers import SECURITY_HEADERS
from quintuple.web.settings import WebSettings

#: The path that takes a dropped file as it is; every other body is JSON, but for the form of the login.
FILES_PATH = "/review/files"
LOGIN_PATH = "/login"

_MEDIA = {LOGIN_PATH: "application/x-www-form-urlencoded", FILES_PATH: "application/octet-stream"}
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class _BodyError(Exception):
    def __init__(self, status: int, error: str, headers: dict[str, str] | None = None) -> None:
        self.status, self.error, self.headers = status, error, headers


class _GoneError(Exception):
    """The client hung up before its body was complete."""


class Guard:
    """ASGI middleware; it holds a request's whole body before the application sees any of it."""

    def __init__(self, app: ASGIApp, *, access: Access, settings: WebSettings) -> None:
        """Wrap ``app``."""
        self._app, self._access, self._settings = app, access, settings
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or let the application answer it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        refusal = self._access.refuse(scope["method"], scope["path"], headers)
        if refusal is not None:
            await _refusal(refusal, scope["method"], headers)(scope, receive, send)
            return
        body = bytearray()
        try:
            response = await self._refused_body(body, scope, headers, receive)
            if response is not None:
                await response(scope, receive, send)
                return
            await self._app(scope, _replayed(bytes(body), receive), send)
        except _GoneError:
            return
        finally:
            self._held -= len(body)

    async def _refused_body(self, body: bytearray, scope: Scope, headers: Headers, receive: Receive) -> Response | None:
        """Read a request's body into ``body``; return the answer if it is refused."""
        if scope["method"] not in _WITH_BODY:
            return None
        try:
            async with asyncio.timeout(self._settings.limits.body_seconds):
                await self._read(body, scope["path"], headers, receive)
        except _BodyError as exc:
            return problem_response(exc.status, exc.error, headers=exc.headers)
        except TimeoutError:
            return problem_response(408, "expected the whole request sooner")
        return None

    async def _read(self, body: bytearray, path: str, headers: Headers, receive: Receive) -> None:
        limits = self._settings.limits
        limit = limits.max_file if path == FILES_PATH else limits.max_body
        declared = headers.get("content-length", "")
        size = int(declared) if declared.isascii() and declared.isdecimal() else 0
        while size <= limit:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _GoneError
            chunk = message.get("body", b"")
            body += chunk
            self._held += len(chunk)
            size = max(size, len(body))
            if self._held > limits.max_in_flight:
                retry = {"Retry-After": str(self._settings.work.retry_after)}
                raise _BodyError(503, "too many large requests at once: try again later", retry)
            if not message.get("more_body", False):
                break
        if size > limit:
            raise _BodyError(413, f"expected a body of at most {limit} bytes, got {size} or more")
        _check_media(path, headers, bool(body))


def _check_media(path: str, headers: Headers, has_body: bool) -> None:
    """Refuse media types that a form of another site could send."""
    expected = _MEDIA.get(path, "application/json")
    given = headers.get("content-type", "").partition(";")[0].strip().lower()
    if has_body and given != expected:
        raise _BodyError(415, f"Content-Type: expected {expected}, got {given or 'none'!r}")


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a receive that gives the body that was read, then whatever comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
        await send(message)

    return wrapped


def _refusal(refusal: Refusal, method: str, headers: Headers) -> Response:
    if refusal.login and method == "GET" and "text/html" in headers.get("accept", ""):
        return RedirectResponse(LOGIN_PATH, status_code=303)
    wanted = {"WWW-Authenticate": "Bearer"} if refusal.login else {}
    return problem_response(refusal.status, refusal.error, headers=wanted)
