"""`quintuple train`, and its three stages as commands of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

Output = Annotated[Path, typer.Option("--output", "-o", help="Folder to write; made when missing.")]
_TRAIN_HELP = """Example: quintuple train configs/train-base.toml --output runs/base

A run that was stopped goes on from its last checkpoint when the same command is given again."""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("train", epilog=_TRAIN_HELP)(train)
    app.command("prepare", epilog="Example: quintuple prepare configs/train-base.toml -o runs/base/prepared")(prepare)
    app.command("fit", epilog="Example: quintuple fit runs/base/prepared -o runs/base/fitted")(fit)
    app.command("export", epilog="Example: quintuple export runs/base/fitted -o models/quintuple-base")(export)


def train(config: Annotated[Path, typer.Argument(help="Training config, TOML.")], output: Output) -> None:
    """Train a model from labelled data: prepare, fit, export. Needs the extra [train]."""
    with _extra():
        from quintuple.train.run import train as run_training

        with _bar() as report:
            exported = run_training(config, output, report=report, say=_say)
    _say(f"model: {exported}")


def prepare(config: Annotated[Path, typer.Argument(help="Training config, TOML.")], output: Output) -> None:
    """Turn labelled text into arrays, so that `fit` can run wherever the hardware is."""
    from quintuple.train.config import load_config
    from quintuple.train.prepare import prepare as run_prepare

    run_prepare(load_config(config), output, report=_say)


def fit(prepared: Annotated[Path, typer.Argument(help="Folder that `prepare` wrote.")], output: Output) -> None:
    """Fit a network to prepared arrays; resumes from its last checkpoint. Needs the extra [train]."""
    with _extra():
        from quintuple.train.fit import fit as run_fit

        with _bar() as report:
            scores = run_fit(prepared, output, report=report)
    _say("best: " + _figures(scores))


def export(run: Annotated[Path, typer.Argument(help="Folder that `fit` wrote.")], output: Output) -> None:
    """Write ONNX files, float32 and int8, and check them against PyTorch. Needs the extra [train]."""
    with _extra():
        from quintuple.train.export import export as run_export

        result = run_export(run, output)
    _say(
        f"float32 {result.float_bytes / 1e6:.1f} MB, off PyTorch by at most {result.float_difference:.1e}; "
        f"int8 {result.int8_bytes / 1e6:.1f} MB, off by at most {result.int8_difference:.1e}"
    )


def _say(line: str) -> None:
    typer.echo(line, err=True)


def _figures(record: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value:.4g}" for key, value in record.items())


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as exc:
        _say(f"error: training needs the extra [train]: pip install 'quintuple[train]' ({exc.name} is missing)")
        raise typer.Exit(1) from exc


@contextmanager
def _bar() -> Iterator[Callable[[dict[str, Any]], None]]:
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
                bar.console.print(_figures(record), highlight=False)

        yield report
