"""What the commands that train show: lines, a bar, and which extra is missing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer


def say(line: str) -> None:
    """Write a line to standard error."""
    typer.echo(line, err=True)


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
    """Yield what to call with every training record: it moves a bar, and prints a line per evaluation."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("steps"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    quiet = not sys.stderr.isatty()
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("steps", total=None)

        def report(record: dict[str, Any]) -> None:
            bar.update(task, completed=record["step"], total=record["steps"])
            if "loss" in record:
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
