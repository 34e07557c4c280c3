"""The `quintuple` program."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from quintuple import __version__
from quintuple.cli import ablate, calibrate, data, encoder, evaluate, extract, info, report, review, train
from quintuple.events import QuintupleError

app = typer.Typer(
    name="quintuple",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Extract (company, action, target, percentage, date) events from Chinese and English business news.",
    epilog="Example: quintuple extract articles/ -o events.jsonl    Everything runs on this machine, offline.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"quintuple {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Take the options that belong to no command."""


extract.register(app)
evaluate.register(app)
ablate.register(app)
calibrate.register(app)
data.register(app)
info.register(app)
train.register(app)
encoder.register(app)
review.register(app)
report.register(app)


def main() -> None:
    """Run the program; exit codes: 0 done, 1 some input or the run failed, 2 wrong use, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        # A Chinese article must not end the run on a console that is not UTF-8.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except QuintupleError as exc:
        typer.echo(f"error: {exc}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
