"""What `prepare` leaves for `fit`: the options of a run, in JSON. Needs the standard library alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quintuple.events import ModelError, SettingsError
from quintuple.resources import model_path


@dataclass(frozen=True)
class Source:
    """One data source: how often it is read, until which fraction of the run, and how much it weighs."""

    name: str
    passes: float
    until: float
    weight: float


@dataclass(frozen=True)
class Plan:
    """The options of a training run, as ``FitConfig`` and ``ModelConfig`` have them."""

    base: str
    window: int
    context: int
    sources: tuple[Source, ...]
    seed: int
    batch_tokens: int
    accumulate: int
    least_steps: int
    learning_rate: float
    head_factor: float
    weight_decay: float
    warmup: float
    empty_share: float
    positive_weight: float
    class_weight: float
    label_smoothing: float
    r_drop: float
    keep: float
    hidden_dropout: float
    attention_dropout: float
    token_dropout: float
    ema: float
    clip: float
    eval_every: int
    patience: int
    action_threshold: float
    argument_threshold: float
    precision: str
    threads: int

    def save(self, folder: Path) -> None:
        """Write ``plan.json``."""
        (folder / "plan.json").write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Plan:
        """Read ``plan.json``.

        Raises:
            ModelError: the file is missing, or of another version.
        """
        path = folder / "plan.json"
        try:
            record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            record["sources"] = tuple(Source(**source) for source in record["sources"])
            return cls(**record)
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise ModelError(f"{path}: expected what this version of `quintuple prepare` writes, got: {exc}") from exc


def make_folder(path: Path) -> None:
    """Make a folder to write to, where there is none.

    Raises:
        SettingsError: it cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise SettingsError(f"{path}: expected a folder to write to, got: {exc.strerror or exc}") from exc


def first_line(exc: BaseException) -> str:
    """Return the first line of what a library says of an error."""
    return next(iter(str(exc).splitlines()), type(exc).__name__)


def base_folder(base: str) -> str:
    """Return the folder of a local or shipped model; else ``base`` itself, a name on the Hugging Face hub."""
    try:
        return str(model_path(base))
    except ModelError:
        return base
