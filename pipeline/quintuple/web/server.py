"""Runs the application on a socket of this machine."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from fastapi import FastAPI

from quintuple.events import SettingsError


def bind(host: str, port: int | None, *, default: int) -> socket.socket:
    """Return a listening socket; without a port the default one, or where that is taken any free one.

    Raises:
        SettingsError: the address or the port cannot be had.
    """
    try:
        return _bound(host, default if port is None else port)
    except OSError as exc:
        if port is None and exc.errno == errno.EADDRINUSE:
            return _bound(host, 0)
        raise SettingsError(f"--host {host} --port {port or default}: expected a free address, got: {exc}") from exc


def address(bound: socket.socket, host: str) -> str:
    """Return the address to open in a browser on this machine."""
    port = bound.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}/"


def serve(app: FastAPI, bound: socket.socket, *, started: Callable[[], None]) -> None:
    """Serve until interrupted; ``started`` is called once requests are answered."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, ws="none")
    _Server(config, started).run(sockets=[bound])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, *args: Any, **kwargs: Any) -> None:
        await super().startup(*args, **kwargs)
        if not self.should_exit:
            self._tell()


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    made = socket.socket(family, kind, protocol)
    try:
        if os.name != "nt":
            # On Windows it would let two servers share the port.
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(where)
    except OSError:
        made.close()
        raise
    return made
