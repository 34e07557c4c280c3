"""Tells which extra a missing library belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from quintuple.events import SettingsError


@contextmanager
def tables_extra(purpose: str) -> Iterator[None]:
    """Turn a missing library into advice; ``purpose`` is what needs it, such as ``.xlsx output``.

    Raises:
        SettingsError: a library of the extra [tables] is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as exc:
        raise SettingsError(
            f"{purpose}: expected the extra [tables], got no {exc.name}: pip install 'quintuple[tables]'"
        ) from exc
