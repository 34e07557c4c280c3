"""`quintuple info`: what is installed and which model is loaded."""

from __future__ import annotations

from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("info", epilog="Example: quintuple info --model runs/mine/export")(info)


def info(
    model: Annotated[str | None, typer.Option(help="A shipped model's name or a model folder.")] = None,
) -> None:
    """Show the version, the model, its labels and the sizes of its files."""
    import platform

    import onnxruntime

    from quintuple import __version__
    from quintuple.classify.labels import Labels
    from quintuple.resources import model_path
    from quintuple.settings import load_settings

    folder = model_path(model or load_settings().classify.model)
    labels = Labels.load(folder)
    typer.echo(f"quintuple     {__version__}")
    typer.echo(f"python        {platform.python_version()}, onnxruntime {onnxruntime.__version__}")
    typer.echo(f"model         {folder}")
    typer.echo(f"action types  {len(labels.actions)}: {', '.join(labels.actions)}")
    typer.echo(f"roles         {len(labels.roles)}: {', '.join(labels.roles)}")
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        typer.echo(f"{path.stat().st_size / 1e6:9.2f} MB  {path.name}")
