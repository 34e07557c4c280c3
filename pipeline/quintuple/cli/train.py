"""`quintuple train`, and its three stages as commands of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quintuple.cli.progress import figures, say, step_bar, train_extra

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
    with train_extra():
        from quintuple.train.run import train as run_training

        with step_bar() as report:
            exported = run_training(config, output, report=report, say=say)
    say(f"model: {exported}")


def prepare(config: Annotated[Path, typer.Argument(help="Training config, TOML.")], output: Output) -> None:
    """Turn labelled text into arrays, so that `fit` can run wherever the hardware is."""
    from quintuple.train.config import load_config
    from quintuple.train.prepare import prepare as run_prepare

    run_prepare(load_config(config), output, report=say)


def fit(prepared: Annotated[Path, typer.Argument(help="Folder that `prepare` wrote.")], output: Output) -> None:
    """Fit a network to prepared arrays; resumes from its last checkpoint. Needs the extra [train]."""
    with train_extra():
        from quintuple.train.fit import fit as run_fit

        with step_bar() as report:
            scores = run_fit(prepared, output, report=report)
    say("best: " + figures(scores))


def export(run: Annotated[Path, typer.Argument(help="Folder that `fit` wrote.")], output: Output) -> None:
    """Write ONNX files, float32 and int8, and check them against PyTorch. Needs the extra [train]."""
    with train_extra():
        from quintuple.train.export import export as run_export

        result = run_export(run, output)
    say(
        f"float32 {result.float_bytes / 1e6:.1f} MB, off PyTorch by at most {result.float_difference:.1e}; "
        f"int8 {result.int8_bytes / 1e6:.1f} MB, off by at most {result.int8_difference:.1e}"
    )
