"""Everything that changes during a run, and its checkpoint."""

from __future__ import annotations

import hashlib
import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from quintuple.events import SettingsError

#: Files of a prepared folder that a run learns from: another content is another run.
RUN_FILES = ("plan.json", "labels.json", "vocabulary.json", "tokenizer.json", "train.npz", "dev.npz")


@dataclass
class State:
    """A run between two steps; ``average`` are the mean weights, ``losses`` those since the last line of metrics.

    ``waited`` counts the evaluations since the best one, ``seconds`` the time of all its sessions.
    """

    network: nn.Module
    optimizer: torch.optim.Optimizer
    average: dict[str, Tensor]
    step: int = 0
    best: float = -1.0
    waited: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)

    _PLAIN = ("average", "step", "best", "waited", "seconds", "losses")

    def save(self, output: Path, *, identity: str) -> None:
        """Write ``checkpoint.pt`` in one go."""
        stored = {name: getattr(self, name) for name in self._PLAIN}
        stored |= {"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict()}
        torch.save(stored | {"identity": identity}, output / "checkpoint.tmp")
        (output / "checkpoint.tmp").replace(output / "checkpoint.pt")

    def load(self, output: Path, *, identity: str, device: torch.device) -> bool:
        """Take over what ``save`` wrote, if there is anything; cut metrics that are newer than it.

        Raises:
            SettingsError: ``output`` holds a run of other data or another plan.
        """
        checkpoint = output / "checkpoint.pt"
        if not checkpoint.is_file():
            (output / "metrics.jsonl").unlink(missing_ok=True)
            return False
        stored = torch.load(checkpoint, map_location=device, weights_only=True)
        if stored.get("identity") != identity:
            raise SettingsError(f"{output}: holds a run of other data or another plan; name an empty folder instead")
        self.network.load_state_dict(stored["network"])
        self.optimizer.load_state_dict(stored["optimizer"])
        for name in self._PLAIN:
            setattr(self, name, stored[name])
        records = [record for record in read_metrics(output) if record["step"] <= self.step]
        write_text(output / "metrics.jsonl", "".join(json.dumps(record) + "\n" for record in records))
        return True


def identify(prepared: Path, base: Path) -> str:
    """Return a digest of what a run learns from, and of the weights it starts from if they are a local file."""
    digest = hashlib.sha256()
    for path in (*(prepared / name for name in RUN_FILES), *sorted(base.glob("*.safetensors"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def read_metrics(output: Path) -> list[dict[str, Any]]:
    """Return the records of ``metrics.jsonl``."""
    path = output / "metrics.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return [json.loads(line) for line in lines]


def write_text(path: Path, text: str) -> None:
    """Write a file in one go."""
    path.with_suffix(".tmp").write_text(text, encoding="utf-8")
    path.with_suffix(".tmp").replace(path)


@contextmanager
def held_interrupts(say: Callable[[str], None]) -> Iterator[Callable[[], None]]:
    """Hold Ctrl-C and a polite kill back until the function that is yielded is called; a second one acts at once."""
    held: list[int] = []

    def hold(number: int, _frame: object) -> None:
        held.append(number)
        if len(held) > 1:
            raise KeyboardInterrupt
        say("stopping after this step; once more stops at once, and loses what was done since the last checkpoint")

    def release() -> None:
        if held:
            raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield release
        return
    before = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield release
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
