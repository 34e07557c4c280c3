"""Reads JSON Lines, telling of every record where it stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quintuple.events import SCHEMA_VERSION, DataError


def read_records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each object of a JSON Lines file with its place, ``file:line``.

    Raises:
        DataError: the file is missing, or a line is not a JSON object or of a newer schema.
    """
    # Not splitlines(): U+2028 and its like may stand unescaped inside a JSON string.
    for number, line in enumerate(read_utf8(path, "JSON Lines").split("\n"), 1):
        if line.strip():
            yield f"{path}:{number}", parse_object(line, f"{path}:{number}")


def read_utf8(path: Path, kind: str) -> str:
    """Return a file's text exactly, line ends included, without a byte order mark; ``kind`` is what errors expect.

    Raises:
        DataError: the file is missing or not UTF-8; names the line of the first wrong byte.
    """
    try:
        data = path.read_bytes()
        return data.decode("utf-8").removeprefix("\ufeff")
    except OSError as exc:
        raise DataError(f"{path}: expected {kind} in UTF-8, got: {exc.strerror or exc}") from exc
    except UnicodeDecodeError as exc:
        line = data.count(b"\n", 0, exc.start) + 1
        raise DataError(f"{path}:{line}: expected {kind} in UTF-8, got the byte {data[exc.start]:#04x}") from exc


def parse_object(line: str, where: str) -> dict[str, Any]:
    """Return the JSON object of a line.

    Raises:
        DataError: the line is not a JSON object, or of a newer schema; names ``where``.
    """
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise DataError(f"{where}: expected JSON, got: {exc}") from exc
    if not isinstance(record, dict):
        raise DataError(f"{where}: expected a JSON object, got {type(record).__name__}")
    version = record.get("schema_version", SCHEMA_VERSION)
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise DataError(f"{where}: expected schema_version {SCHEMA_VERSION}, got {version!r}")
    return record
