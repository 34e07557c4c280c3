"""JSON and JSON Lines files, read with places in their errors and written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from quintuple.evaluate.jsonl import read_utf8
from quintuple.events import DataError

Record = dict[str, Any]


def read_text(path: Path) -> str:
    """Return a file's text exactly, line ends included, without a byte order mark.

    Raises:
        DataError: the file is missing or not UTF-8; names the line.
    """
    return read_utf8(path, "a text file")


def read_json(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises:
        DataError: the file is missing or not JSON; names the line.
    """
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as exc:
        raise DataError(f"{path}:{exc.lineno}: expected JSON, got: {exc.msg} at column {exc.colno}") from exc
    except RecursionError as exc:
        raise DataError(f"{path}: expected JSON, got: {exc}") from exc


def numbered_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that are not blank, with their numbers.

    Raises:
        DataError: the file is missing or not UTF-8.
    """
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if line.strip():
            yield number, line


def write_objects(path: Path, records: Iterable[Record]) -> int:
    """Write records as JSON Lines and return their number; the file appears whole or not at all."""
    count = 0
    with whole_file(path) as stream:
        for record in records:
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
            count += 1
    return count


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Open a text file that appears under its name when the block ends well; line ends are written as given.

    Raises:
        DataError: the folder cannot be written to.
    """
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = part.open("w", encoding="utf-8", newline="")
    except OSError as exc:
        raise DataError(f"{path}: expected a place to write to, got: {exc}") from exc
    try:
        with stream:
            yield stream
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(path)
