"""Who may ask: the Host and Origin of a request, and the token."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

#: Paths that a browser needs before it has shown its token, and the one that monitors ask for.
OPEN_PATHS = ("/login", "/static/", "/health")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused; ``login`` says that a token would help."""

    status: int
    error: str
    login: bool = False


@dataclass(frozen=True)
class Access:
    """The rules of one server: the host names it answers to, and its token if it has one.

    With ``any_address`` every IP address is a right host: a site that rebinds its DNS name still sends that name.
    """

    hosts: frozenset[str] = LOOPBACK
    any_address: bool = False
    token: str | None = None

    @classmethod
    def bound_to(cls, host: str, *, token: str | None, extra: tuple[str, ...] = ()) -> Access:
        """Return the rules of a server that listens on ``host``; ``extra`` are further names it is known by."""
        names = {*LOOPBACK, host.lower(), *(name.lower() for name in extra)}
        if is_loopback(host):
            return cls(frozenset(names), token=token)
        return cls(frozenset(names | {socket.gethostname().lower(), socket.getfqdn().lower()}), True, token)

    @property
    def session(self) -> str:
        """What the cookie of a browser that showed the token holds."""
        return hmac.digest((self.token or "").encode(), b"quintuple review", hashlib.sha256).hex()

    def is_token(self, text: str) -> bool:
        """Tell whether a text is the token."""
        return self.token is not None and _same(text, self.token)

    def refuse(self, method: str, path: str, headers: Mapping[str, str]) -> Refusal | None:
        """Return why a request is refused, None if it is not; ``headers`` in lower case."""
        return self._foreign_host(headers) or _foreign_origin(method, headers) or self._stranger(path, headers)

    def _foreign_host(self, headers: Mapping[str, str]) -> Refusal | None:
        host = _host_name(headers.get("host", ""))
        if host is not None and (host in self.hosts or (self.any_address and _is_address(host))):
            return None
        known = ", ".join(sorted(self.hosts))
        return Refusal(400, f"Host: expected one of {known}, got {headers.get('host')!r} (see --allow-host)")

    def _stranger(self, path: str, headers: Mapping[str, str]) -> Refusal | None:
        if self.token is None or any(path == one or (one.endswith("/") and path.startswith(one)) for one in OPEN_PATHS):
            return None
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self.is_token(given.strip()):
            return None
        if _same(_cookie(headers, cookie_name(headers)), self.session):
            return None
        return Refusal(401, "expected the token (Authorization: Bearer …), got none or another", login=True)


def is_loopback(host: str) -> bool:
    """Tell whether an address or name can be reached from this machine alone."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def cookie_name(headers: Mapping[str, str]) -> str:
    """Return the name of the session cookie; browsers share cookies between the ports of a host."""
    try:
        port = urlsplit(f"//{headers.get('host', '')}").port
    except ValueError:
        port = None
    return f"quintuple-{port or 80}"


def _foreign_origin(method: str, headers: Mapping[str, str]) -> Refusal | None:
    """Refuse what another site's page sends; programs send neither header."""
    host, origin = headers.get("host", "").lower(), headers.get("origin")
    if origin is not None and origin.lower() not in (f"http://{host}", f"https://{host}"):
        return Refusal(403, f"Origin: expected this server, got {origin!r}")
    site = headers.get("sec-fetch-site", "none")
    opened = method in _SAFE and headers.get("sec-fetch-mode") == "navigate"
    if site not in ("none", "same-origin") and not opened:
        return Refusal(403, f"Sec-Fetch-Site: expected same-origin, got {site!r}")
    return None


def _host_name(header: str) -> str | None:
    """Return the name in a Host header without its port."""
    if not header or any(char in header for char in "@/\\?#, "):
        return None
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
    except ValueError:
        return None
    return parts.hostname.rstrip(".") if parts.hostname else None


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _cookie(headers: Mapping[str, str], name: str) -> str:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode("utf-8", "replace"), right.encode("utf-8", "replace"))
