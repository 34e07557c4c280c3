"""`quintuple calibrate`: make a model's confidence mean what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_EPILOG = """Example: quintuple calibrate runs/mine/export corpus/zh.dev.jsonl corpus/en.dev.jsonl

Use data that the model was not trained on. Writes calibration.json into the model's folder; `quintuple extract` then
gives each event, and each slot, the probability that it is right."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("calibrate", epilog=_EPILOG)(calibrate)


def calibrate(
    model: Annotated[str, typer.Argument(help="A model folder or a shipped model's name; the file goes there.")],
    data: Annotated[list[Path], typer.Argument(help="Gold: name lists per slot, or labelled JSON Lines.")],
    config: Annotated[Path | None, typer.Option(help="TOML file with settings over the defaults.")] = None,
) -> None:
    """Fit the confidence of a model's events to how often they are right on held-out data."""
    import dataclasses

    from quintuple.cli.progress import documents_bar
    from quintuple.evaluate import calibrate_outcomes, evaluate_events, fit_calibration, read_gold
    from quintuple.evaluate.predict import predict
    from quintuple.extract import load
    from quintuple.postprocess.calibration import FILE
    from quintuple.resources import model_path
    from quintuple.settings import load_settings

    documents = read_gold(data)
    extractor = dataclasses.replace(load(model, settings=load_settings(config)), calibration=None)
    with documents_bar() as progress:
        outcomes = evaluate_events(documents, predict(extractor, documents, progress=progress)).outcomes
    calibration = fit_calibration(outcomes)
    path = model_path(model) / FILE
    path.write_text(calibration.model_dump_json(indent=1) + "\n", encoding="utf-8")
    before = calibrate_outcomes(outcomes)["tuple"]
    typer.echo(f"{path}: fitted on {before.events} events; calibration error without it {before.ece:.3f}")
