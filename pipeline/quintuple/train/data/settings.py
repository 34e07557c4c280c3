"""Typed settings of ``configs/data.toml``, and the action types of ``configs/actions.toml``."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from quintuple.resources import config_path
from quintuple.settings import Strict, read_toml, validate


class TwinSettings(Strict):
    """When two texts are near-duplicates; lengths in characters and shingles."""

    similarity: float = Field(gt=0, le=1)
    shingle_zh: int = Field(gt=0)
    shingle_en: int = Field(gt=0)
    shortest: int = Field(gt=0)
    bands: int = Field(gt=0)
    rows: int = Field(gt=0)


class SplitSettings(Strict):
    """Shares of train, dev and test, and the seed of the shuffle."""

    ratios: tuple[float, float, float]
    seed: int


class LocateSettings(Strict):
    """How texts are cut where arguments without offsets are looked up."""

    sentence_ends: str = Field(min_length=1)


class DataSettings(Strict):
    """All settings of `quintuple data`."""

    twins: TwinSettings
    split: SplitSettings
    locate: LocateSettings


@cache
def data_settings() -> DataSettings:
    """Return the settings of ``configs/data.toml``."""
    path = config_path("data.toml")
    return validate(DataSettings, read_toml(path), where=str(path))


@cache
def action_types() -> tuple[str, ...]:
    """Return the action types of EVENTS.md, in its order."""
    return tuple(read_toml(config_path("actions.toml")))
