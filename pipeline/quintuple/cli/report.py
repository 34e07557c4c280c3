"""`quintuple report`: results as one HTML page."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

_EPILOG = """Examples:

  quintuple extract news/ -o events.jsonl && quintuple report events.jsonl

  quintuple report 2023.jsonl 2024.jsonl -o years.html --title "Our sector" --language en

The page holds everything it needs: it can be sent, opened offline and printed."""


class InterfaceOption(StrEnum):
    """The languages of the page."""

    ZH = "zh"
    EN = "en"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("report", epilog=_EPILOG)(report)


def report(
    results: Annotated[list[Path], typer.Argument(help="Output files of `quintuple extract`, JSON Lines.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The HTML file to write.")] = Path("report.html"),
    title: Annotated[str | None, typer.Option(help="Heading, instead of the names of the files.")] = None,
    language: Annotated[
        InterfaceOption | None, typer.Option(help="Language the page starts in; by default that of most articles.")
    ] = None,
) -> None:
    """Write results as one self-contained HTML page: charts, a timeline, a graph, stake changes, a table."""
    from quintuple.report import write_report

    write_report(results, output, title=title, language=language.value if language else None)
    typer.echo(f"{output}: {output.stat().st_size / 1e6:.1f} MB", err=True)
