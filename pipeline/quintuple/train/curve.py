"""Draws a run's training curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_PLAIN = ("step", "steps", "loss", "seconds")


def draw_curve(records: Sequence[dict[str, Any]], path: Path, *, say: Callable[[str], None] = lambda _: None) -> None:
    """Draw loss and dev scores over the steps of ``metrics.jsonl`` as a PNG; without matplotlib, say so instead."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError:
        say(f"{path.name}: not drawn, matplotlib is not installed")
        return
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    losses = figure.subplots()
    scores = losses.twinx()
    losses.plot([record["step"] for record in records], [record["loss"] for record in records], color="0.6")
    evaluated = [record for record in records if set(record) - set(_PLAIN)]
    for name in [name for name in evaluated[0] if name not in _PLAIN] if evaluated else ():
        scores.plot([record["step"] for record in evaluated], [record[name] for record in evaluated], "o-", label=name)
    losses.set(xlabel="step", ylabel="loss", xlim=(0, None), ylim=(0, None))
    scores.set(ylabel="F1 on dev", ylim=(0, 1))
    scores.legend(loc="center right")
    figure.savefig(path, dpi=100)
