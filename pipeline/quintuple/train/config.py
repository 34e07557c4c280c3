"""Typed training configs, read from TOML such as ``configs/train-base.toml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from quintuple.settings import Strict, read_toml, validate

Format = Literal["quintuple", "fewfc", "fewfc-as-quintuples"]


class DataConfig(Strict):
    """One file of labelled data; slots in ``unlabelled`` were not annotated in it."""

    path: str
    format: Format = "quintuple"
    unlabelled: tuple[Literal["company", "target", "percentage", "date", "counterparty"], ...] = ()
    passes: float = Field(default=1, gt=0)
    until: float = Field(default=1, gt=0, le=1)
    weight: float = Field(default=1, gt=0)


class ModelConfig(Strict):
    """The encoder to start from and the lengths, in tokens, that both passes read."""

    base: str
    window: int = Field(gt=8)
    context: int = Field(gt=0)


class LabelsConfig(Strict):
    """What is evened out in the labels: ``trim`` names, per role, a regular expression cut off a span's front.

    Annotators differ on words such as "the" and 自 at the front of a date; a tagger that has seen both
    halves its probability between them, and finds neither.
    """

    trim: dict[str, str] = Field(default_factory=dict)

    @field_validator("trim")
    @classmethod
    def _compiles(cls, trim: dict[str, str]) -> dict[str, str]:
        for role, pattern in trim.items():
            try:
                re.compile(pattern)
            except re.error as exc:
                raise ValueError(f"{role}: {pattern!r} is no regular expression: {exc}") from exc
        return trim


class FitConfig(Strict):
    """The options of the optimisation; ``eval_every`` in steps, ``warmup`` as a share of the run."""

    seed: int
    batch_tokens: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    head_factor: float = Field(gt=0)
    weight_decay: float = Field(ge=0)
    warmup: float = Field(ge=0, lt=1)
    positive_weight: float = Field(gt=0)
    hidden_dropout: float = Field(ge=0, lt=1)
    attention_dropout: float = Field(ge=0, lt=1)
    token_dropout: float = Field(ge=0, lt=1)
    ema: float = Field(ge=0, lt=1)
    clip: float = Field(gt=0)
    eval_every: int = Field(gt=0)
    precision: Literal["fp32", "bf16"]
    threads: int = Field(ge=0)


class TrainConfig(Strict):
    """A whole training config: model, data to learn from, data to choose by, and options."""

    model: ModelConfig
    labels: LabelsConfig = LabelsConfig()
    data: tuple[DataConfig, ...] = Field(min_length=1)
    dev: tuple[DataConfig, ...] = Field(min_length=1)
    fit: FitConfig


def load_config(path: Path) -> TrainConfig:
    """Read a training config; paths in it are relative to the working directory.

    Raises:
        SettingsError: the file is not TOML, or a key is unknown, missing or of the wrong type.
    """
    return validate(TrainConfig, read_toml(path), where=str(path))
