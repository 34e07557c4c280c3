"""Typed settings of the evaluation, read from ``configs/evaluate.toml``."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from quintuple.resources import config_path
from quintuple.settings import Strict, read_toml, validate


class BootstrapSettings(Strict):
    """How confidence intervals and significance are drawn."""

    resamples: int = Field(gt=0)
    seed: int
    level: float = Field(gt=0, lt=1)


class CalibrationSettings(Strict):
    """How reliability tables are binned."""

    bins: int = Field(gt=0)


class WeightSettings(Strict):
    """What each agreement weighs when events are aligned."""

    action: int
    trigger: int
    company: int
    target: int
    percentage: int
    date: int


class NumberSettings(Strict):
    """When two percentages are equal."""

    decimals: int


class NameSettings(Strict):
    """What does not tell two names apart."""

    edges: str
    articles: tuple[str, ...]
    possessives: tuple[str, ...]
    fillers: str
    legal_zh: tuple[str, ...]
    legal_en: tuple[str, ...]
    contained_length: int
    contained_share: float
    contained_share_ascii: float


class EvaluateSettings(Strict):
    """All settings of an evaluation."""

    bootstrap: BootstrapSettings
    calibration: CalibrationSettings
    weights: WeightSettings
    numbers: NumberSettings
    names: NameSettings


@cache
def evaluate_settings() -> EvaluateSettings:
    """Return the settings of ``configs/evaluate.toml``."""
    path = config_path("evaluate.toml")
    return validate(EvaluateSettings, read_toml(path), where=str(path))
