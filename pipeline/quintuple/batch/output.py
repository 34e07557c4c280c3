"""Puts the records of all shards into the output, and the failures into a list."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from quintuple.batch import urls
from quintuple.batch.duplicates import Duplicates
from quintuple.batch.files import write_whole
from quintuple.batch.ids import Ids
from quintuple.batch.state import Entry, State
from quintuple.batch.summary import Failure
from quintuple.events import RunError, SettingsError
from quintuple.writers import FORMATS, open_writer


def check_output(output: Path | str, folder: Path, *, bom: bool) -> None:
    """Find out before hours of work whether there is a writer for an output, by one in ``folder``.

    Raises:
        SettingsError: the suffix is unknown, what writes it is not installed, or a URL cannot be written to.
    """
    suffix = PurePosixPath(output).suffix
    form = FORMATS.get(suffix.lower())
    if isinstance(output, str):
        if form and form.database:
            raise SettingsError(f"{output}: expected a database on this machine, for it is added to; got a URL")
        with urls.writing(output) as (filesystem, path):
            filesystem.get_file_info(path)
    elif form and form.database and output.exists():
        # To add nothing to a database leaves it as it is.
        with open_writer(output, bom=bom):
            return
    probe = folder / f"probe{suffix}"
    try:
        with open_writer(probe, bom=bom):
            pass
    except SettingsError as exc:
        raise SettingsError(str(exc).replace(str(probe), str(output))) from exc
    finally:
        probe.unlink(missing_ok=True)


def write_output(
    output: Path | str,
    folder: Path,
    entries: Iterable[Entry],
    state: State,
    *,
    text: bool,
    bom: bool,
    duplicates: Duplicates | None,
) -> int:
    """Write the records of some inputs, in that order, so that the old output stays until the new one is whole.

    What goes to a URL is first written in ``folder``. Return how many ``duplicates`` links to an earlier one.
    """
    marked = 0
    local = folder / f"output{PurePosixPath(output).suffix}" if isinstance(output, str) else output
    try:
        with open_writer(local, text=text, bom=bom, duplicates=duplicates is not None) as writer:
            for record in _records(entries, state):
                marked += duplicates is not None and duplicates.mark(record)
                writer.write_record(record)
    except _Interrupted as exc:
        raise KeyboardInterrupt from exc
    if isinstance(output, str):
        urls.upload(local, output)
        local.unlink()
    return marked


class _Interrupted(BaseException):
    """Ctrl-C, which for a writer means to keep what it has; here the whole can still be had."""


def write_errors(path: Path, failures: Sequence[Failure]) -> None:
    """Write the failed inputs as ``path`` and ``reason``, by the suffix as CSV or JSON Lines.

    Raises:
        SettingsError: the suffix is another.
        RunError: the file cannot be written.
    """
    check_errors(path)
    rows = [{"path": failure.path, "reason": failure.reason} for failure in failures]
    text = _csv(rows) if path.suffix.lower() == ".csv" else _json_lines(rows)
    try:
        # A file name that is no Unicode comes as halves of characters.
        write_whole(path, [text.encode("utf-8", "backslashreplace")])
    except OSError as exc:
        raise RunError(f"{path}: expected a place to write to, got: {exc}") from exc


def check_errors(path: Path) -> None:
    """Raise the SettingsError of ``write_errors``, before hours of work."""
    if path.suffix.lower() not in (".csv", ".jsonl"):
        raise SettingsError(f"{path}: expected a list of errors ending in .csv or .jsonl, got {path.suffix!r}")


def _json_lines(rows: Iterable[dict[str, str]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _csv(rows: Sequence[dict[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, ["path", "reason"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _records(entries: Iterable[Entry], state: State) -> Iterator[dict[str, Any]]:
    ids = Ids()
    try:
        for entry in entries:
            for line in state.lines(entry):
                record = json.loads(line)
                record["id"] = ids.of(record["id"], entry.file)
                yield record
    except KeyboardInterrupt as exc:
        raise _Interrupted from exc
