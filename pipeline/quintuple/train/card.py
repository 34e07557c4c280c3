"""Writes a model card from ``card.md`` and what the run left behind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from quintuple import __version__
from quintuple.classify.labels import Labels
from quintuple.train.average import AVERAGED
from quintuple.train.fit import CHOSEN_BY
from quintuple.train.state import read_metrics

if TYPE_CHECKING:
    from quintuple.train.export import Exported


# The card's last line; without it, a card is somebody's own.
_MARK = "Written by `quintuple export`, which leaves a card without this line alone."


def write_card(run: Path, exported: Exported, *, command: str) -> None:
    """Write ``README.md`` into the export folder of a run, unless somebody wrote one by hand."""
    path = exported.folder / "README.md"
    if not path.exists() or _MARK in path.read_text(encoding="utf-8"):
        template = Template((files("quintuple.train") / "card.md").read_text(encoding="utf-8"))
        filled = template.substitute(_figures(run, exported, command))
        path.write_text(f"{filled}\n{_MARK}\n", encoding="utf-8")


def _figures(run: Path, exported: Exported, command: str) -> dict[str, str]:
    labels = Labels.load(exported.folder)
    plan, best, data = (_read(run / f"{name}.json") for name in ("plan", "best", "data"))
    folder = exported.folder
    options = {key: value for key, value in plan.items() if key not in ("sources", "base")}
    return {
        "name": folder.parent.name if folder.name == "export" else folder.name,
        "version": __version__,
        "actions": str(len(labels.actions)),
        "roles": str(len(labels.roles)),
        "action_names": ", ".join(labels.actions),
        "role_names": ", ".join(labels.roles),
        "int8_size": f"{exported.int8.size / 1e6:.1f}",
        "float_size": f"{exported.float32.size / 1e6:.1f}",
        "int8_difference": f"{exported.int8.difference:.2g}",
        "float_difference": f"{exported.float32.difference:.2g}",
        "chosen_by": CHOSEN_BY,
        "scores": _scores(best, exported),
        "command": command or f"quintuple export {run} --output {folder}",
        "day": date.today().isoformat(),
        "origin": _origin(run, plan["base"], best),
        "data": _data(data),
        "options": "\n".join(f"| {key} | {value} |" for key, value in options.items()),
    }


def _origin(run: Path, base: str, best: Mapping[str, Any]) -> str:
    """Say which run the weights are of, or of which runs they are the mean."""
    averaged = _read(run / AVERAGED)
    if averaged:
        listed = ", ".join(f"`{each}`" for each in averaged)
        return f"the mean of the weights of {listed}; data and options are those of the first"
    metrics, machine = read_metrics(run), _read(run / "environment.json")
    device, threads, torch, python = (machine.get(key, "?") for key in ("device", "threads", "torch", "python"))
    return (
        f"started from `{base}`; step {best['step']} of {metrics[-1]['steps']} was kept, "
        f"{metrics[-1]['seconds'] / 60:.0f} minutes of training on {device} ({threads} threads, torch {torch}, "
        f"Python {python})"
    )


def _scores(best: Mapping[str, Any], exported: Exported) -> str:
    names = list(exported.float32.scores)
    rows = {"while training": best} if best else {}
    rows |= {"float32": exported.float32.scores, "int8": exported.int8.scores}
    return _table(["", *names], [[row, *(_figure(scores, name) for name in names)] for row, scores in rows.items()])


def _figure(scores: Mapping[str, Any], name: str) -> str:
    return f"{scores[name]:.3f}" if name in scores else "?"


def _data(sources: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        [
            each["part"],
            f"`{each['path']}`",
            f"{each['articles']:,}",
            each.get("passes", 1) if each["part"] == "train" else "",
        ]
        for each in sources
    ]
    return _table(["part", "data", "articles", "times read"], rows)


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in (head, ["---"] * len(head), *rows))


def _read(path: Path) -> Any:
    """Read what a run left behind; nothing is left of a run by an older version."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
