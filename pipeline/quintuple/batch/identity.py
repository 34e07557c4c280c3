"""What decides the records of a run besides its inputs, as hashes that a later run compares."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quintuple import __version__
from quintuple.resources import config_path
from quintuple.settings import Settings

# How long something takes, and where, does not change what comes of it.
_INDIFFERENT = {
    "batch": {"workers", "gpu_actors", "file_timeout", "poll", "duplicates"},
    "classify": {"threads", "model", "device"},
}
# Files of a model folder that an extraction on the processor does not read.
_UNREAD = frozenset({".md", ".safetensors"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Hashes of the model's files and of all settings and tables, and the version of the program."""

    model: str
    settings: str
    version: str = __version__


def identify(model: Path, settings: Settings, *, published: str | None) -> Identity:
    """Return the identity of a run with the model in a folder."""
    graphics = settings.classify.device == "cuda"
    unread = _UNREAD - {".safetensors"} if graphics else _UNREAD
    files = sorted(path for path in model.iterdir() if path.is_file() and path.suffix not in unread)
    tables = sorted(path for path in config_path("").iterdir() if path.is_file())
    if settings.postprocess.companies:
        tables.append(Path(settings.postprocess.companies))
    chosen = settings.model_dump_json(exclude=_INDIFFERENT) + f"\n{published}"
    return Identity(_digest(files), _digest(tables, chosen))


def _digest(paths: Iterable[Path], text: str = "") -> str:
    total = hashlib.sha256(text.encode())
    for path in paths:
        total.update(f"{path.name}\n".encode("utf-8", "surrogateescape"))
        with path.open("rb") as stream:
            total.update(hashlib.file_digest(stream, "sha256").digest())
    return f"sha256:{total.hexdigest()}"
