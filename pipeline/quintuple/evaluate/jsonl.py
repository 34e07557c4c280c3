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
    try:
        # Not splitlines(): U+2028 and its like may stand unescaped inside a JSON string.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as exc:
        raise DataError(f"{path}: expected JSON Lines in UTF-8, got: {exc}") from exc
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield f"{path}:{number}", parse_object(line, f"{path}:{number}")


def parse_object(line: str, where: str) -> dict[str, Any]:
    """Return the JSON object of a line.

    Raises:
        DataError: the line is not a JSON object, or of a newer schema; names ``where``.
    """
    try:
        record = json.loads(line)
    except ValueError as exc:
        raise DataError(f"{where}: expected JSON, got: {exc}") from exc
    if not isinstance(record, dict):
        raise DataError(f"{where}: expected a JSON object, got {type(record).__name__}")
    version = record.get("schema_version", SCHEMA_VERSION)
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        raise DataError(f"{where}: expected schema_version {SCHEMA_VERSION}, got {version!r}")
    return record
