"""`quintuple evaluate`: a model, or predictions, against gold."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

_EPILOG = """Examples:

  quintuple evaluate quintuple-base corpus/zh.test.jsonl corpus/en.test.jsonl

  quintuple evaluate runs/mine/export dev.gold.jsonl --baseline quintuple-base --report misses.html

  quintuple evaluate events.jsonl dev.gold.jsonl --gate floors.toml     an output file of `quintuple extract`

  quintuple evaluate runs/fewfc/export fewfc/dev.jsonl                  data in FewFC's shape: TI, TC, AI, AC

A gate is a TOML file of least F1 scores: [zh] core = 0.45, [all] tuple = 0.3, [type.acquire] core = 0.5,
[source.wire] action = 0.6; digest = "…" pins the data. Exit code 1 when a floor is broken."""


class SchemeOption(StrEnum):
    """The schemes that can be asked for."""

    AUTO = "auto"
    QUINTUPLE = "quintuple"
    CASEE = "casee"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("evaluate", epilog=_EPILOG)(evaluate)


def evaluate(
    model: Annotated[str, typer.Argument(help="A shipped model's name, a model folder, or predictions (.jsonl).")],
    data: Annotated[list[Path], typer.Argument(help="Gold: name lists per slot, or labelled JSON Lines.")],
    baseline: Annotated[
        str | None, typer.Option(help="Compare with this model, folder or predictions (.jsonl).")
    ] = None,
    gate: Annotated[Path | None, typer.Option(help="TOML file of floors; fails when one is broken.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write every miss in its sentence to this .html file.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this .json file.")] = None,
    scheme: Annotated[
        SchemeOption,
        typer.Option(help="quintuple: events. casee: triggers and arguments, as CasEE scores them. auto: by the data."),
    ] = SchemeOption.AUTO,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings over the defaults.")] = None,
) -> None:
    """Score a model's events against gold: F1 with intervals, per slot, type, language and source."""
    from quintuple.cli.progress import documents_bar
    from quintuple.cli.scores import show
    from quintuple.evaluate import broken_floors, error_report, evaluate_files, read_gate
    from quintuple.evaluate.casee import has_trigger_arguments
    from quintuple.settings import load_settings

    casee = scheme is SchemeOption.CASEE or (scheme is SchemeOption.AUTO and all(map(has_trigger_arguments, data)))
    if report is not None and casee:
        raise typer.BadParameter("expected --scheme quintuple, got casee", param_hint="--report")
    floors = read_gate(gate) if gate else None
    settings = load_settings(config)
    with documents_bar() as progress:
        result = evaluate_files(
            model,
            data,
            scheme="casee" if casee else "quintuple",
            baseline=baseline,
            settings=settings,
            progress=progress,
        )
    if report is not None:
        _write(report, error_report(result, model=model))
    if json_file is not None:
        record = {"model": model, "baseline": baseline, "data": [str(path) for path in data], **result.to_dict()}
        _write(json_file, json.dumps(record, ensure_ascii=False, indent=1) + "\n")
    show(result, baseline=baseline)
    broken = broken_floors(floors, result) if floors else []
    for line in broken:
        typer.echo(f"gate: {line}", err=True)
    raise typer.Exit(1 if broken else 0)


def _write(path: Path, text: str) -> None:
    from quintuple.events import SettingsError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as exc:
        raise SettingsError(f"{path}: expected a place to write to, got: {exc}") from exc
