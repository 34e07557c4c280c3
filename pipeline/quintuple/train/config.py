"""Typed training configs, read from TOML such as ``configs/train-base.toml``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from quintuple.settings import Strict, read_toml, validate

Format = Literal["quintuple", "fewfc", "fewfc-as-quintuples"]


class DataConfig(Strict):
    """One source of labelled data: a file, a dataset folder or the name of a dataset on the Hugging Face hub.

    Slots and types in ``unlabelled`` were not annotated in it. ``exhaustive`` names the only types whose
    absence means something, where a record does not say so itself. ``unsure`` maps a type to those that a
    mention labelled with it may really be; which one it is, the network learns elsewhere. ``augment`` is the
    number of copies of every article with names, dates and numbers swapped for others of the same kind.
    """

    path: str
    split: str = "train"
    format: Format = "quintuple"
    unlabelled: tuple[str, ...] = ()
    exhaustive: tuple[str, ...] | None = None
    unsure: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    augment: int = Field(default=0, ge=0)
    passes: float = Field(default=1, gt=0)
    until: float = Field(default=1, gt=0, le=1)
    weight: float = Field(default=1, gt=0)

    @model_validator(mode="after")
    def _can_be_augmented(self) -> DataConfig:
        if self.augment and self.format != "quintuple":
            raise ValueError(f"augment: expected the format quintuple, got {self.format}")
        return self


class PrepareConfig(Strict):
    """How data is read: by how many processes, and where what was read is kept as Arrow files."""

    processes: int = Field(gt=0)
    cache: str


class ModelConfig(Strict):
    """The encoder or model to start from and the lengths, in tokens, that both passes read."""

    base: str
    window: int = Field(gt=8)
    context: int = Field(gt=0)


class LabelsConfig(Strict):
    """What the labels are: those of the data and, with ``keep_base``, those of a base that is a model.

    ``trim`` names, per role, a regular expression cut off a span's front: annotators differ on words such as
    "the" and 自 at the front of a date; a tagger that has seen both halves its probability between them, and
    finds neither.
    """

    keep_base: bool = True
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
    """The options of the optimisation; ``configs/train-base.toml`` says what each one does.

    ``eval_every``, ``least_steps`` in steps, ``patience`` in evaluations, ``warmup`` as a share of the run.
    """

    seed: int
    batch_tokens: int = Field(gt=0)
    accumulate: int = Field(gt=0)
    least_steps: int = Field(ge=0)
    learning_rate: float = Field(gt=0)
    head_factor: float = Field(gt=0)
    weight_decay: float = Field(ge=0)
    warmup: float = Field(ge=0, lt=1)
    empty_share: float = Field(ge=0, le=1)
    positive_weight: float = Field(gt=0)
    class_weight: float = Field(ge=0, le=1)
    label_smoothing: float = Field(ge=0, lt=1)
    r_drop: float = Field(ge=0)
    keep: float = Field(ge=0)
    hidden_dropout: float = Field(ge=0, lt=1)
    attention_dropout: float = Field(ge=0, lt=1)
    token_dropout: float = Field(ge=0, lt=1)
    ema: float = Field(ge=0, lt=1)
    clip: float = Field(gt=0)
    eval_every: int = Field(gt=0)
    patience: int = Field(ge=0)
    action_threshold: float = Field(gt=0, lt=1)
    argument_threshold: float = Field(gt=0, lt=1)
    precision: Literal["fp32", "bf16"]
    threads: int = Field(ge=0)


class TrainConfig(Strict):
    """A whole training config: model, data to learn from, data to choose by, and options."""

    model: ModelConfig
    labels: LabelsConfig = LabelsConfig()
    prepare: PrepareConfig
    data: tuple[DataConfig, ...] = Field(min_length=1)
    dev: tuple[DataConfig, ...] = Field(min_length=1)
    fit: FitConfig


def load_config(path: Path) -> TrainConfig:
    """Read a training config; paths in it are relative to the working directory.

    Raises:
        SettingsError: the file is not TOML, or a key is unknown, missing or of the wrong type.
    """
    return validate(TrainConfig, read_toml(path), where=str(path))
