"""`quintuple encoder`: make the base encoder that `quintuple train` starts from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from quintuple.cli.progress import say, step_bar, train_extra

_ADAPT_HELP = """Example: quintuple encoder adapt configs/adapt.toml -o runs/adapted

The result is a folder that `encoder pretrain` takes as its base; untrained, it knows little Chinese."""
_PRETRAIN_HELP = """Example: quintuple encoder pretrain configs/pretrain.toml -o runs/pretrain

The encoder lands in runs/pretrain/encoder, the losses in runs/pretrain/metrics.jsonl. A run that was stopped goes on
from its last checkpoint when the same command is given again."""

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help="Config of the run, TOML.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="Folder to write; made when missing.")]

encoder = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Make a base encoder from raw text. Needs the extra [train]."
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(encoder, name="encoder")


@encoder.command(epilog=_ADAPT_HELP)
def adapt(config: Config, output: Output) -> None:
    """Give a BERT encoder a vocabulary for Chinese and English, chosen by what raw text holds."""
    from quintuple.train.encoder.config import load_adapt_config

    settings = load_adapt_config(config)
    with train_extra():
        from quintuple.train.encoder.adapt import adapt as run_adapt

        run_adapt(settings, output, say=say)
    say(f"encoder: {output}")


@encoder.command(epilog=_PRETRAIN_HELP)
def pretrain(config: Config, output: Output) -> None:
    """Train an encoder on raw text by restoring hidden words; uses the GPU if there is one."""
    from quintuple.train.encoder.config import load_pretrain_config

    settings = load_pretrain_config(config)
    with train_extra():
        from quintuple.train.encoder.pretrain import pretrain as run_pretrain

        with step_bar() as report:
            folder = run_pretrain(settings, output, report=report, say=say)
    say(f"encoder: {folder}")
