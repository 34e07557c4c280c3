"""What `prepare` leaves for `fit`: the options of a run, in JSON. Needs the standard library alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Source:
    """One data source: how often it is read, until which fraction of the run, and how much it weighs."""

    name: str
    passes: float
    until: float
    weight: float


@dataclass(frozen=True)
class Plan:
    """The options of a training run; lengths in tokens, ``eval_every`` in steps, rates at their peak."""

    base: str
    sources: tuple[Source, ...]
    seed: int
    batch_tokens: int
    learning_rate: float
    head_factor: float
    weight_decay: float
    warmup: float
    positive_weight: float
    hidden_dropout: float
    attention_dropout: float
    token_dropout: float
    ema: float
    clip: float
    eval_every: int
    precision: str
    threads: int

    def save(self, folder: Path) -> None:
        """Write ``plan.json``."""
        (folder / "plan.json").write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Plan:
        """Read ``plan.json``."""
        record: dict[str, Any] = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        record["sources"] = tuple(Source(**source) for source in record["sources"])
        return cls(**record)
