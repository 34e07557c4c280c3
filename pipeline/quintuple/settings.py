"""Typed settings read from TOML; the defaults live in ``configs/default.toml``, never in code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from quintuple.events import SettingsError
from quintuple.resources import config_path

Table = dict[str, Any]
Model = TypeVar("Model", bound=BaseModel)

#: The groups of post-processing rules, each of which can be switched off.
RuleGroup = Literal[
    "plausibility",
    "trimming",
    "voice",
    "subjects",
    "status",
    "pairing",
    "percentages",
    "dates",
    "names",
    "pronouns",
    "merging",
]


class Strict(BaseModel):
    """A table of settings: frozen, every key required, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldNames(Strict):
    """Names of the fields of JSON inputs, tried in order."""

    text: tuple[str, ...]
    title: tuple[str, ...]
    date: tuple[str, ...]
    id: tuple[str, ...]


class PreprocessSettings(Strict):
    """How files become articles."""

    language: Literal["auto", "zh", "en"]
    max_bytes: int = Field(gt=0)
    max_elements: int = Field(gt=0)
    boilerplate: tuple[str, ...]
    fields: FieldNames


class ClassifySettings(Strict):
    """How the token classifier runs; lengths are in tokens."""

    model: str
    device: Literal["auto", "cpu", "cuda"]
    threads: int = Field(ge=0)
    window: int = Field(gt=8)
    context: int = Field(ge=0)
    batch_tokens: int = Field(gt=0)
    action_threshold: float = Field(ge=0, le=1)
    argument_threshold: float = Field(ge=0, le=1)


class PostprocessSettings(Strict):
    """How tagged spans become events; a fiscal year begins in a month, 1–12."""

    min_confidence: float = Field(ge=0, le=1)
    companies: str
    fiscal_year_start: int = Field(ge=1, le=12)
    fiscal_years: dict[str, Annotated[int, Field(ge=1, le=12)]]
    off: tuple[RuleGroup, ...]


class DuplicateSettings(Strict):
    """When two articles are the same story; ``similarity`` is the share of the shingles that they have in common."""

    similarity: float = Field(gt=0, le=1)
    shingle_zh: int = Field(gt=0)
    shingle_en: int = Field(gt=0)
    shortest: int = Field(gt=0)


class BatchSettings(Strict):
    """How a run over many files is cut up and watched over; times are in seconds."""

    shard_files: int = Field(gt=0)
    shard_bytes: int = Field(gt=0)
    chunk_characters: int = Field(gt=0)
    workers: int = Field(ge=0)
    gpu_actors: int = Field(gt=0)
    file_timeout: float = Field(ge=0)
    poll: float = Field(gt=0)
    duplicates: DuplicateSettings


class Settings(Strict):
    """All settings of an extraction."""

    preprocess: PreprocessSettings
    classify: ClassifySettings
    postprocess: PostprocessSettings
    batch: BatchSettings


def load_settings(path: str | Path | None = None, *, overrides: Mapping[str, Any] | None = None) -> Settings:
    """Read the default settings, then a user's TOML file over them, then ``overrides`` (dotted keys).

    Raises:
        SettingsError: the file is not TOML, or a key is unknown, missing or of the wrong type.
    """
    table = _default_table()
    if path is not None:
        table = _merge(table, read_toml(path))
    for key, value in (overrides or {}).items():
        table = _merge(table, _nest(key, value))
    return validate(Settings, table, where=str(path or "configs/default.toml"))


def read_toml(path: str | Path) -> Table:
    """Read a TOML file.

    Raises:
        SettingsError: the file is missing or not TOML; names file and line.
    """
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise SettingsError(f"{path}: expected a TOML file, got: {exc}") from exc


def validate(model: type[Model], table: Mapping[str, Any], *, where: str) -> Model:
    """Check a table against a settings model.

    Raises:
        SettingsError: the first problem, with its dotted key.
    """
    try:
        return model.model_validate(table)
    except ValidationError as exc:
        first = exc.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        # What stands around a missing key is no value of it.
        got = "" if first["type"] == "missing" else f", got {first['input']!r}"
        raise SettingsError(f"{where}: {key}: {first['msg']}{got}") from exc


@cache
def _default_table() -> Table:
    return read_toml(config_path("default.toml"))


def _merge(base: Table, top: Mapping[str, Any]) -> Table:
    merged = dict(base)
    for key, value in top.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, Mapping) else value
    return merged


def _nest(key: str, value: Any) -> Table:
    for part in reversed(key.split(".")):
        value = {part: value}
    return dict(value)
