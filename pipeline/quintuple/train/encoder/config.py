"""Typed configs of `quintuple encoder`, read from TOML: ``configs/adapt.toml`` and ``configs/pretrain.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from quintuple.settings import Strict, read_toml, validate


class AdaptConfig(Strict):
    """What becomes of a base encoder's vocabulary; counts are occurrences in ``text``.

    ``marks`` maps a mark to the base's piece whose vector it starts from. ``glosses`` is a
    ``Unihan_Readings.txt``, or empty for none.
    """

    base: str
    cache: str
    text: tuple[str, ...] = Field(min_length=1)
    glosses: str
    piece_count: int = Field(gt=0)
    character_count: int = Field(gt=0)
    markers: int = Field(ge=0)
    marks: dict[str, str]


class TextConfig(Strict):
    """One file of raw text, and its share of every step's sequences."""

    path: str
    share: float = Field(gt=0)


class LengthConfig(Strict):
    """How long a run lasts: in minutes or in steps."""

    minutes: float | None = Field(default=None, gt=0)
    steps: int | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one(self) -> LengthConfig:
        if (self.minutes is None) == (self.steps is None):
            raise ValueError("expected either minutes or steps")
        return self


class MaskingConfig(Strict):
    """Which pieces are hidden: a share ``rate`` of the words starts a run of up to ``1 + len(extend)`` words.

    ``extend`` holds the chances that a run takes in one word more; ``longest`` is in pieces. Of the chosen
    pieces ``hide`` become the mask, ``swap`` another piece, and the rest stay.
    """

    rate: float = Field(gt=0, lt=1)
    extend: tuple[float, ...]
    longest: int = Field(gt=0)
    hide: float = Field(ge=0, le=1)
    swap: float = Field(ge=0, le=1)
    numerals: str

    @model_validator(mode="after")
    def _shares(self) -> MaskingConfig:
        if self.hide + self.swap > 1:
            raise ValueError(f"expected hide + swap of at most 1, got {self.hide + self.swap:g}")
        return self


class PretrainFitConfig(Strict):
    """The options of the optimisation; ``sequence`` in tokens, ``warmup`` and ``eval_every`` in steps.

    ``batch`` and ``held_out`` count sequences, ``chunk`` the positions whose logits exist at one time.
    """

    seed: int = Field(ge=0)
    sequence: int = Field(gt=1)
    batch: int = Field(gt=0)
    learning_rate: float = Field(gt=0)
    warmup: int = Field(ge=0)
    weight_decay: float = Field(ge=0)
    dropout: float = Field(ge=0, lt=1)
    clip: float = Field(gt=0)
    chunk: int = Field(gt=0)
    held_out: int = Field(gt=0)
    eval_every: int = Field(gt=0)
    precision: Literal["auto", "fp32", "bf16"]
    threads: int = Field(ge=0)


class PretrainConfig(Strict):
    """A whole run of masked-language-model training."""

    base: str
    cache: str
    text: tuple[TextConfig, ...] = Field(min_length=1)
    length: LengthConfig
    masking: MaskingConfig
    fit: PretrainFitConfig


def load_adapt_config(path: Path) -> AdaptConfig:
    """Read a config of `encoder adapt`; paths in it are relative to the working directory.

    Raises:
        SettingsError: the file is not TOML, or a key is unknown, missing or of the wrong type.
    """
    return validate(AdaptConfig, read_toml(path), where=str(path))


def load_pretrain_config(path: Path) -> PretrainConfig:
    """Read a config of `encoder pretrain`; paths in it are relative to the working directory.

    Raises:
        SettingsError: the file is not TOML, or a key is unknown, missing or of the wrong type.
    """
    return validate(PretrainConfig, read_toml(path), where=str(path))
