"""The state folder of a run: a manifest that only grows, and a file of records for each finished shard."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from quintuple.batch.files import locked, sync, write_whole
from quintuple.batch.identity import Identity
from quintuple.batch.reading import InputFile, digest
from quintuple.batch.shards import FileResult, Shard, ShardResult
from quintuple.events import RunError

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """An input that was extracted, and where its records are: the shard, of how many inputs, and the bytes in it."""

    file: InputFile
    digest: str | None
    articles: int
    events: Mapping[str, int]
    failures: tuple[str, ...]
    shard: int
    of: int
    span: tuple[int, int]


class State:
    """What earlier runs did and this one does; see ``open_state``.

    The manifest is JSON Lines: a header; a line ``shard`` for each shard that is planned; a line ``done`` for each that
    is finished, after its file of records is on the disk; a line ``finished`` at the end of a run.
    """

    def __init__(self, folder: Path, identity: Identity) -> None:
        """Read what is in the folder; what another model or other settings made is forgotten.

        ``changed`` is then what differs. ``planned`` are the shards that were planned and not done.
        """
        self.folder, self.identity = folder, identity
        self.entries: dict[tuple[str, int], Entry] = {}
        self.planned: dict[int, Shard] = {}
        self.finished = False
        self.changed: tuple[str, ...] = ()
        self._read()
        self._next = 1 + max([entry.shard for entry in self.entries.values()] + list(self.planned), default=0)

    @property
    def manifest(self) -> Path:
        """Return the path of the manifest."""
        return self.folder / "manifest.ndjson"

    def number(self) -> int:
        """Return a number that no shard has had."""
        self._next += 1
        return self._next - 1

    def current(self, file: InputFile, *, limit: int) -> Entry | None:
        """Return what is known of an input, or None if it is new or has changed."""
        entry = self.entries.get(file.key)
        if entry is None or replace(entry.file, mtime=file.mtime) != file:
            return None
        if entry.file.mtime != file.mtime and (entry.digest is None or digest(file, limit=limit) != entry.digest):
            return None
        return replace(entry, file=file)

    def begin(self, kept: Iterable[Entry], shards: Iterable[Shard]) -> None:
        """Start a run that keeps some entries and is to do some shards; what belongs to neither is removed.

        Raises:
            RunError: the disk does not take it, here and in ``add`` and ``finish``.
        """
        self.entries = {entry.file.key: entry for entry in kept}
        self.planned = {shard.number: shard for shard in shards}
        self.finished = False
        lines = [{"format": _FORMAT, **asdict(self.identity)}, *map(_planned_line, self.planned.values())]
        by_shard: defaultdict[int, list[Entry]] = defaultdict(list)
        for entry in self.entries.values():
            by_shard[entry.shard].append(entry)
        lines += (_done_line(entries) for entries in by_shard.values())
        wanted = {self._records(number).name for number in by_shard} | {self.manifest.name, _LOCK}
        with _writing(self.folder):
            write_whole(self.manifest, (_encoded(line) for line in lines))
            for path in self.folder.iterdir():
                if path.name not in wanted:
                    path.unlink()

    def add(self, result: ShardResult) -> list[Entry]:
        """Keep the result of a shard, first its records, then the note that it is done."""
        number = result.shard.number
        blocks = ["".join(f"{line}\n" for line in file.lines).encode("utf-8", "replace") for file in result.files]
        with _writing(self.folder):
            write_whole(self._records(number), blocks)
        spans = pairwise(accumulate(map(len, blocks), initial=0))
        of = len(result.files)
        entries = [_entry(*each, of, number) for each in zip(result.shard.inputs, result.files, spans, strict=True)]
        self._append(_done_line(entries))
        self.planned.pop(number, None)
        self.entries |= {entry.file.key: entry for entry in entries}
        return entries

    def lines(self, entry: Entry) -> Sequence[bytes]:
        """Return the records of an input as lines of JSON.

        Raises:
            RunError: the file of the shard is damaged.
        """
        start, end = entry.span
        path = self._records(entry.shard)
        try:
            with path.open("rb") as stream:
                stream.seek(start)
                data = stream.read(end - start)
        except OSError as exc:
            raise RunError(f"{path}: expected the records of a shard, got: {exc}; remove the folder") from exc
        if len(data) != end - start:
            raise RunError(f"{path}: expected {end} bytes or more, got {start + len(data)}; remove the folder")
        return data.split(b"\n")[:-1]

    def finish(self) -> None:
        """Note that the run came to its end."""
        self._append({"finished": True})
        self.finished = True

    def _records(self, number: int) -> Path:
        return self.folder / f"{number:06d}.records"

    def _append(self, line: Mapping[str, Any]) -> None:
        with _writing(self.folder), self.manifest.open("ab") as stream:
            stream.write(_encoded(line))
            sync(stream)

    def _read(self) -> None:
        """Take in the manifest up to where it breaks off."""
        lines = _whole_lines(self.manifest)
        header = next(lines, None)
        if header is None:
            return
        if header.get("format") != _FORMAT:
            raise RunError(
                f"{self.manifest}: expected format {_FORMAT}, got {header.get('format')!r}; remove the folder or "
                "name another output"
            )
        self.changed = tuple(key for key, value in asdict(self.identity).items() if header.get(key) != value)
        for line in () if self.changed else lines:
            self._take(line)

    def _take(self, line: Mapping[str, Any]) -> None:
        if "shard" in line:
            self.planned[line["shard"]] = Shard(line["shard"], tuple(InputFile(**each) for each in line["inputs"]))
        elif "done" in line:
            self.planned.pop(line["done"], None)
            entries = [_read_entry(each, line) for each in line["inputs"]]
            self.entries |= {entry.file.key: entry for entry in entries}
        self.finished = "finished" in line


_LOCK = "lock"


@contextmanager
def open_state(folder: Path, identity: Identity) -> Iterator[State]:
    """Open a state folder, made when missing, for one run alone.

    Raises:
        RunError: another run uses it, it cannot be written to, or another version wrote it.
    """
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / _LOCK):
        yield State(folder, identity)


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise RunError(
            f"{folder}: expected a place to write to, got: {exc}; what is done is kept, and the same command goes on"
        ) from exc


def remove_state(folder: Path) -> None:
    """Remove a state folder."""
    shutil.rmtree(folder, ignore_errors=True)


def _encoded(line: Mapping[str, Any]) -> bytes:
    # In ASCII, for a file name that is not UTF-8 can be written in no other way.
    return (json.dumps(line) + "\n").encode("ascii")


def _whole_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a manifest up to the first that is not whole, as a power cut may leave one."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    for line in data.split(b"\n")[:-1]:
        try:
            yield json.loads(line)
        except ValueError:
            return


def _planned_line(shard: Shard) -> dict[str, Any]:
    return {"shard": shard.number, "inputs": [asdict(each) for each in shard.inputs]}


def _done_line(entries: Sequence[Entry]) -> dict[str, Any]:
    return {"done": entries[0].shard, "of": entries[0].of, "inputs": [_entry_table(entry) for entry in entries]}


def _entry_table(entry: Entry) -> dict[str, Any]:
    return {
        **asdict(entry.file),
        "sha256": entry.digest,
        "status": "failed" if entry.failures else "done",
        "articles": entry.articles,
        "events": dict(entry.events),
        "failures": entry.failures,
        "bytes": entry.span,
    }


def _entry(file: InputFile, result: FileResult, span: tuple[int, int], of: int, shard: int) -> Entry:
    return Entry(file, result.digest, len(result.lines), result.events, result.failures, shard, of, span)


def _read_entry(table: Mapping[str, Any], line: Mapping[str, Any]) -> Entry:
    start, end = table["bytes"]
    return Entry(
        InputFile(**{field.name: table[field.name] for field in fields(InputFile)}),
        table["sha256"],
        table["articles"],
        table["events"],
        tuple(table["failures"]),
        line["done"],
        line["of"],
        (start, end),
    )
