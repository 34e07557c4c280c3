"""`quintuple ablate`: what each group of post-processing rules is worth on gold."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from quintuple.evaluate import Ablation

_EPILOG = """Examples:

  quintuple ablate corpus/zh.test.jsonl corpus/en.test.jsonl

  quintuple ablate dev.gold.jsonl --model runs/mine/export --markdown

The classifier runs once, then the rules with each group off in turn. Figures are F1 in percent, in brackets the
difference to all rules: what is negative was lost without the group. tuple takes the wording of a date that is not
resolved, tuple_days does not. `no rules` is the tagged spans with a plain number parse."""


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("ablate", epilog=_EPILOG)(ablate)


def ablate(
    data: Annotated[list[Path], typer.Argument(help="Gold: name lists per slot, or labelled JSON Lines.")],
    model: Annotated[str | None, typer.Option(help="A shipped model's name or a model folder.")] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings over the defaults.")] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures to this .json file.")] = None,
) -> None:
    """Score the rules with each group switched off in turn."""
    from rich.console import Console

    from quintuple import evaluate
    from quintuple.cli.progress import documents_bar
    from quintuple.extract import load
    from quintuple.settings import load_settings

    gold = {path.name.removesuffix(".jsonl"): evaluate.read_gold([path]) for path in data}
    extractor = load(model, settings=load_settings(config))
    with documents_bar() as progress:
        rows = evaluate.ablate(extractor, gold, progress=progress)
    if json_file is not None:
        _write(json_file, rows)
    if markdown:
        typer.echo("\n".join(_markdown(rows)))
        return
    Console().print(_table(rows))


def _write(path: Path, rows: Sequence[Ablation]) -> None:
    from quintuple.events import SettingsError

    try:
        path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n", encoding="utf-8")
    except OSError as exc:
        raise SettingsError(f"{path}: expected a place to write to, got: {exc}") from exc


def _lines(rows: Sequence[Ablation]) -> Iterator[tuple[str, ...]]:
    """Yield the head, one line per row, and what all rules add to none."""
    from quintuple.evaluate import relative_gain

    whole = rows[0].scores
    columns = [(scope, measure) for scope, figures in whole.items() for measure in figures]
    yield ("off", *(f"{scope} {measure}" for scope, measure in columns))
    for row in rows:
        cells = ((row.scores[scope][measure], whole[scope][measure]) for scope, measure in columns)
        yield (row.name, *(_cell(value, of, first=row is rows[0]) for value, of in cells))
    gains = (relative_gain(rows, scope, measure) for scope, measure in columns)
    yield ("all rules over none", *(f"{gain:+.1%}" for gain in gains))


def _cell(value: float, whole: float, *, first: bool) -> str:
    return f"{100 * value:.1f}" if first else f"{100 * value:.1f} ({100 * (value - whole):+.1f})"


def _markdown(rows: Sequence[Ablation]) -> Iterator[str]:
    for number, cells in enumerate(_lines(rows)):
        yield f"| {' | '.join(cells)} |"
        if number == 0:
            yield f"| --- |{' ---: |' * (len(cells) - 1)}"


def _table(rows: Sequence[Ablation]) -> Table:
    from rich import box
    from rich.table import Table

    head, *lines = _lines(rows)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, name in enumerate(head):
        table.add_column(name, justify="right" if number else "left")
    for cells in lines:
        table.add_row(*cells)
    return table
