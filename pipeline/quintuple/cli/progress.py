"""What the commands that train show: lines, a bar, and which extra is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

# What every record of a training step holds, whether scores belong to it or not.
_EVERY_STEP = ("step", "steps", "loss", "seconds")


def say(line: str) -> None:
    """Write a line to standard error, above a bar if there is one."""
    # Not typer.echo, which goes past the stream that a bar puts in the way.
    print(line, file=sys.stderr, flush=True)


def figures(record: dict[str, Any]) -> str:
    """Return a record on one line."""
    return ", ".join(f"{key} {value:.4g}" for key, value in record.items())


@contextmanager
def train_extra() -> Iterator[None]:
    """End the program with advice if a library of the extra [train] is missing."""
    try:
        yield
    except ModuleNotFoundError as exc:
        say(f"error: training needs the extra [train]: pip install 'quintuple[train]' ({exc.name} is missing)")
        raise typer.Exit(1) from exc


@contextmanager
def step_bar() -> Iterator[Callable[[dict[str, Any]], None]]:
    """Yield what to call with every training record: it moves a bar, and prints a line per evaluation.

    The bar shows the loss, the last score of the last evaluation, and the time that is left.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    quiet = not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True, soft_wrap=True), disable=quiet) as bar:
        task = bar.add_task("", total=None)
        shown: dict[str, str] = {}

        def report(record: dict[str, Any]) -> None:
            scores = {name: value for name, value in record.items() if name not in _EVERY_STEP}
            if "loss" in record:
                shown["loss"] = f"{record['loss']:.3f}"
            shown.update({f"dev {name}": f"{value:.3f}" for name, value in list(scores.items())[-1:]})
            description = ", ".join(f"{name} {value}" for name, value in shown.items())
            bar.update(task, completed=record["step"], total=record["steps"], description=description)
            if scores:
                bar.console.print(figures(record), highlight=False)

        yield report


@contextmanager
def documents_bar() -> Iterator[Callable[[int, int], None]]:
    """Yield what to call with the documents done and their number; a bar, when standard error is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("documents", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
