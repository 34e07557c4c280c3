"""Labelled data as a Hugging Face ``datasets.Dataset`` with typed columns: EVENTS.md's record, and its place.

Nothing is fetched for a file or folder; a name is looked up on the hub, or, with ``HF_HUB_OFFLINE=1``, in the
hub's own cache on this machine.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.resources import config_path
from quintuple.train.plan import first_line

_SPAN = {"text": "string", "start": "int32", "end": "int32"}
_PARTY = _SPAN | {"name": "string", "id": "string", "kind": "string", "confidence": "float64"}
_PERCENTAGE = _SPAN | {
    "spans": [_SPAN],
    "values": ["float64"],
    **dict.fromkeys(("from", "to", "by"), "float64"),
    "kind": "string",
    "confidence": "float64",
}
_EVENT = {
    "company": _PARTY,
    "action": _SPAN | {"type": "string", "confidence": "float64"},
    "target": _PARTY,
    "percentage": _PERCENTAGE,
    "date": _SPAN | dict.fromkeys(("edtf", "earliest", "latest"), "string") | {"confidence": "float64"},
    "counterparty": _PARTY,
    "status": "string",
    "confidence": "float64",
    "sentence": ["int32"],
}
#: The columns of a labelled dataset and their types; ``where`` is the record's place, ``file:line``.
COLUMNS: dict[str, Any] = {
    "where": "string",
    **dict.fromkeys(("id", "language", "source", "title", "published", "text"), "string"),
    "exhaustive": ["string"],
    "events": [_EVENT],
}

# The code that reads text: what another version of it read is not used again.
_READING = ("events.py", "evaluate/jsonl.py", "preprocess/*.py", "classify/*.py", "train/*.py")
_TYPES: dict[str, tuple[type, ...]] = {"string": (str,), "int32": (int,), "float64": (float, int)}
_REQUIRED = ("id", "text", "events")
_LINES = (".jsonl", ".json")
# Halves of characters, which JSON can hold and Arrow cannot; articles replace them in the same way.
_HALF = re.compile("[\ud800-\udfff]")
_HUB_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?")


def load_labelled(path: str | Path, *, split: str = "train", cache: str | Path | None = None) -> Any:
    """Load labelled data as a ``datasets.Dataset`` with the columns ``COLUMNS``.

    ``path`` is a JSON Lines or Parquet file, a folder that ``save_to_disk`` wrote, another folder of data files,
    or a name on the hub; the last three may have several splits. What is read goes to ``cache`` as Arrow files
    (without one, to the cache of ``datasets``); what the hub sends stays in the hub's own cache.

    Raises:
        DataError: there is no such data, or a record is broken; names file and line.
    """
    if str(path).endswith(_LINES):
        return _from_generator(_labelled_rows, path, cache)
    with quiet_datasets():
        loaded = _load(str(path), split, cache)
        key = digest(loaded._fingerprint, program_digest(), str(path))
        return loaded.map(
            _Typed(f"{path}[{split}]"),
            with_indices=True,
            remove_columns=loaded.column_names,
            features=make_features(COLUMNS),
            new_fingerprint=key,
            cache_file_name=cache_file(cache, key),
        )


def load_lines(path: str | Path, *, cache: str | Path | None = None) -> Any:
    """Load any JSON Lines as a ``datasets.Dataset`` of ``where`` and the ``record`` in JSON.

    Raises:
        DataError: the file is missing, or a line is no JSON object; names file and line.
    """
    return _from_generator(_raw_rows, path, cache)


def make_features(columns: Mapping[str, Any]) -> Any:
    """Return ``datasets.Features`` of columns given by names of types, lists and mappings."""
    from datasets import Features, Value

    def typed(kind: Any) -> Any:
        if isinstance(kind, Mapping):
            return {name: typed(each) for name, each in kind.items()}
        return [typed(kind[0])] if isinstance(kind, list) else Value(kind)

    return Features({name: typed(kind) for name, kind in columns.items()})


def digest(*parts: str) -> str:
    """Return one fingerprint of several."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def program_digest() -> str:
    """Return a fingerprint of the code and configs that read text."""
    package, configs = Path(str(files("quintuple"))), config_path("default.toml").parent
    modules = [path for part in _READING for path in sorted(package.glob(part))]
    paths = [*modules, *sorted(configs.glob("*.toml"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()


def cache_file(cache: str | Path | None, key: str) -> str | None:
    """Return where the result of a mapping is kept; its folder is made."""
    if cache is None:
        return None
    Path(cache).mkdir(parents=True, exist_ok=True)
    return str(Path(cache) / f"{key}.arrow")


def typed_record(record: Mapping[str, Any], *, where: str) -> dict[str, Any]:
    """Return a labelled record with exactly the columns ``COLUMNS``; what is missing is None.

    Raises:
        DataError: a field is missing or of the wrong type; names ``where``.
    """
    try:
        return type_columns(record, where=where)
    except (KeyError, TypeError) as exc:
        raise DataError(f"{where}: expected a labelled article, got: {exc}") from exc


def type_columns(record: Mapping[str, Any], *, where: str) -> dict[str, Any]:
    """Return a labelled record with exactly the columns ``COLUMNS``; what is missing is None.

    Raises:
        KeyError, TypeError: a field is missing or of the wrong type; names it.
    """
    for name in _REQUIRED:
        if record.get(name) is None:
            raise KeyError(name)
    record = {**record, "id": str(record["id"]), "where": where}
    return {name: _typed(record.get(name), kind, name) for name, kind in COLUMNS.items()}


class _Typed:
    """Types the rows of a loaded dataset; a class, so that another process can be given it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, row: Mapping[str, Any], number: int) -> dict[str, Any]:
        return typed_record(row, where=row.get("where") or f"{self.name}:{number + 1}")


def _typed(value: Any, kind: Any, name: str) -> Any:
    if value is None:
        return None
    if name.endswith(".percentage") and isinstance(value, list):
        # EVENTS.md's percentage, written short: its spans alone.
        return _typed({**value[0], "spans": value} if value else None, kind, name)
    if isinstance(kind, list):
        if not isinstance(value, list):
            raise TypeError(f"{name}: expected a list, got {value!r}")
        return [_typed(each, kind[0], f"{name}[{number}]") for number, each in enumerate(value)]
    if isinstance(kind, dict):
        if not isinstance(value, Mapping):
            raise TypeError(f"{name}: expected an object, got {value!r}")
        return {key: _typed(value.get(key), each, f"{name}.{key}") for key, each in kind.items()}
    if not isinstance(value, _TYPES[kind]) or isinstance(value, bool):
        raise TypeError(f"{name}: expected {'text' if kind == 'string' else 'a number'}, got {value!r}")
    return _HALF.sub("\ufffd", value) if isinstance(value, str) else value


def _labelled_rows(path: str, _key: str) -> Iterator[dict[str, Any]]:
    for where, record in read_records(Path(path)):
        yield typed_record(record, where=where)


def _raw_rows(path: str, _key: str) -> Iterator[dict[str, Any]]:
    for where, record in read_records(Path(path)):
        yield {"where": where, "record": json.dumps(record)}


def _from_generator(rows: Callable[[str, str], Iterator[Any]], path: str | Path, cache: str | Path | None) -> Any:
    """Load what a generator yields; the content of the file is part of the cache's key."""
    from datasets import Dataset
    from datasets.exceptions import DatasetGenerationError

    try:
        key = digest(hashlib.sha256(Path(path).read_bytes()).hexdigest(), program_digest())
    except OSError as exc:
        raise DataError(f"{path}: expected JSON Lines in UTF-8, got: {exc}") from exc
    if next(rows(str(path), key), None) is None:
        raise DataError(f"{path}: expected at least one labelled article, got none")
    columns = COLUMNS if rows is _labelled_rows else {"where": "string", "record": "string"}
    options = {"cache_dir": None if cache is None else str(cache), "gen_kwargs": {"path": str(path), "_key": key}}
    try:
        with quiet_datasets():
            return Dataset.from_generator(rows, features=make_features(columns), **options)
    except DatasetGenerationError as exc:
        if isinstance(exc.__cause__, DataError):
            raise exc.__cause__ from exc
        raise


def _load(path: str, split: str, cache: str | Path | None) -> Any:
    from datasets import Dataset, DatasetDict, load_dataset, load_from_disk
    from datasets.exceptions import DatasetsError

    expected = "expected a labelled .jsonl or .parquet file, a dataset folder or the name of a dataset on the hub"
    folder = Path(path)
    try:
        if path.endswith(".parquet"):
            return Dataset.from_parquet(path, cache_dir=None if cache is None else str(cache))
        if (folder / "state.json").is_file() or (folder / "dataset_dict.json").is_file():
            found = load_from_disk(path)
            return found[split] if isinstance(found, DatasetDict) else found
        if not folder.is_dir() and not _HUB_NAME.fullmatch(path):
            raise DataError(f"{path}: {expected}, got no such file")
        return load_dataset(path, split=split)
    except (OSError, ValueError, KeyError, DatasetsError) as exc:
        raise DataError(f"{path}: {expected} with a split {split!r}, got: {first_line(exc.__cause__ or exc)}") from exc


@contextmanager
def quiet_datasets() -> Iterator[None]:
    """Keep the bars of ``datasets`` off the terminal."""
    import datasets

    before = datasets.are_progress_bars_disabled()
    datasets.disable_progress_bars()
    try:
        yield
    finally:
        if not before:
            datasets.enable_progress_bars()
