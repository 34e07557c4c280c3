"""`quintuple train`, and its three stages as commands of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quintuple.cli.progress import figures, say, step_bar, train_extra

if TYPE_CHECKING:
    from quintuple.train.export import Exported

Output = Annotated[Path, typer.Option("--output", "-o", help="Folder to write; made when missing.")]
Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="Training config, TOML.")]
Documents = Annotated[
    int | None, typer.Option(min=1, help="Learn from so many training articles alone, drawn by the seed.")
]
AllowInt8Loss = Annotated[
    float | None,
    typer.Option(metavar="POINTS", help="Points of F1 on dev that int8 may lose against float32; 0.5 without it."),
]
_TRAIN_HELP = """Example: quintuple train configs/train-base.toml --output runs/base

A run that was stopped goes on from its last checkpoint when the same command is given again; Ctrl-C writes one.
A learning curve: the same config with --documents 50, 100, 200, … into a folder each."""

_AVERAGE_HELP = """Example: two runs from the same weights with other seeds, then their mean as a model

  quintuple average runs/a/fitted runs/b/fitted -o runs/mean

  quintuple export runs/mean -o runs/mean/export"""

_EXPORT_HELP = """Examples:

  quintuple export runs/base/fitted -o runs/base/export

  quintuple export runs/base/export --hub-layout runs/hub        for transformers and the Hugging Face hub"""


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("train", epilog=_TRAIN_HELP)(train)
    app.command("prepare", epilog="Example: quintuple prepare configs/train-base.toml -o runs/base/prepared")(prepare)
    app.command("fit", epilog="Example: quintuple fit runs/base/prepared -o runs/base/fitted")(fit)
    app.command("average", epilog=_AVERAGE_HELP)(average)
    app.command("export", epilog=_EXPORT_HELP)(export)


def train(config: Config, output: Output, documents: Documents = None, allow_int8_loss: AllowInt8Loss = None) -> None:
    """Train a model from labelled data: prepare, fit, export. Needs the extra [train]."""
    with train_extra():
        from quintuple.train.export import INT8_LOSS
        from quintuple.train.run import train as run_training

        loss = INT8_LOSS if allow_int8_loss is None else allow_int8_loss
        with step_bar() as report:
            exported = run_training(config, output, report=report, say=say, documents=documents, int8_loss=loss)
    _show(exported)


def prepare(config: Config, output: Output, documents: Documents = None) -> None:
    """Turn labelled text into arrays, so that `fit` can run wherever the hardware is. Needs the extra [train]."""
    with train_extra():
        from quintuple.train.config import load_config
        from quintuple.train.prepare import prepare as run_prepare

        run_prepare(load_config(config), output, documents=documents, report=say)


def fit(prepared: Annotated[Path, typer.Argument(help="Folder that `prepare` wrote.")], output: Output) -> None:
    """Fit a network to prepared arrays; resumes from its last checkpoint. Needs the extra [train]."""
    with train_extra():
        from quintuple.train.fit import fit as run_fit

        with step_bar() as report:
            scores = run_fit(prepared, output, report=report, say=say)
    say("best: " + figures(scores))


def average(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN RUN...", help="Folders that `fit` wrote; a model folder but the first.")
    ],
    output: Output,
) -> None:
    """Write the mean of the weights of runs that went on from the same weights. Needs the extra [train]."""
    with train_extra():
        from quintuple.train.average import average as run_average

        run_average(runs, output)
    say(f"mean of {len(runs)} runs: {output}; `quintuple export` makes a model of it")


def export(
    run: Annotated[
        Path, typer.Argument(help="Folder that `fit` wrote; for --hub-layout a model folder or a shipped model's name.")
    ],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder to write; made when missing.")] = None,
    allow_int8_loss: AllowInt8Loss = None,
    hub_layout: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a model as a folder that `transformers` and the hub read."),
    ] = None,
) -> None:
    """Write ONNX files, float32 and int8, checked against PyTorch and on dev. Needs the extra [train]."""
    if hub_layout is not None and output is None:
        return _write_hub_layout(run, hub_layout)
    if output is None or hub_layout is not None:
        raise typer.BadParameter("expected one of --output and --hub-layout", param_hint="--output")
    with train_extra():
        from quintuple.train.export import INT8_LOSS
        from quintuple.train.export import export as run_export

        loss = INT8_LOSS if allow_int8_loss is None else allow_int8_loss
        exported = run_export(run, output, int8_loss=loss, say=say)
    return _show(exported)


def _write_hub_layout(model: Path, folder: Path) -> None:
    from quintuple.resources import model_path

    with train_extra():
        from quintuple.train.hub_layout import write_hub_layout

        write_hub_layout(model_path(model), folder)
    say(f"for the hub: {folder}")


def _show(exported: Exported) -> None:
    for name, file in (("float32", exported.float32), ("int8", exported.int8)):
        say(f"{name}: {file.size / 1e6:.1f} MB, off PyTorch by at most {file.difference:.1e}; {figures(file.scores)}")
    say(f"model: {exported.folder}")
