"""`quintuple extract`: articles in, events out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from quintuple.batch import Summary
    from quintuple.extract import Extractor

_EPILOG = """Examples:

  quintuple extract news/ -o events.jsonl          a folder, recursively

  quintuple extract a.html b.pdf -o events.csv     one row per event

  quintuple extract story.txt --published 2022-01-10

  cat story.txt | quintuple extract -              JSON Lines in a pipe

Formats: .txt .md .html .htm .json .jsonl .pdf .docx, and .gz of the text formats. Exit code 1 when an input failed."""


class LanguageOption(StrEnum):
    """The languages that can be asked for."""

    ZH = "zh"
    EN = "en"
    AUTO = "auto"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("extract", epilog=_EPILOG)(extract)


def extract(
    paths: Annotated[list[str], typer.Argument(help="Files and folders; '-' reads one text from standard input.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="FILE.jsonl or FILE.csv; without it a table, or JSON Lines in a pipe."),
    ] = None,
    published: Annotated[
        str | None, typer.Option(help="Publication day of the articles, YYYY-MM-DD, instead of what each one says.")
    ] = None,
    language: Annotated[LanguageOption, typer.Option(help="Language of the articles.")] = LanguageOption.AUTO,
    min_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="Leave out events below this confidence.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="A shipped model's name or a model folder.")] = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with settings over the defaults.")] = None,
    table: Annotated[bool, typer.Option("--table", help="Print the table even into a pipe.")] = False,
    stdin_format: Annotated[str, typer.Option(help="Format of standard input, as a suffix.")] = ".txt",
    text: Annotated[bool, typer.Option("--text/--no-text", help="Write each article's text too.")] = True,
) -> None:
    """Extract the events of articles."""
    from quintuple.extract import load
    from quintuple.settings import load_settings

    overrides: dict[str, Any] = {}
    if min_confidence is not None:
        overrides["postprocess.min_confidence"] = min_confidence
    if language is not LanguageOption.AUTO:
        overrides["preprocess.language"] = language.value
    day = _day(published)
    extractor = load(model, settings=load_settings(config, overrides=overrides))
    summary = _run(paths, extractor, output, published=day, suffix=stdin_format, text=text, table=table)
    _report(summary, output)
    raise typer.Exit(1 if summary.failures else 0)


def _day(text: str | None) -> str | None:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError as exc:
        raise typer.BadParameter(f"expected a day as YYYY-MM-DD, got {text!r}", param_hint="--published") from exc


def _run(
    paths: list[str],
    extractor: Extractor,
    output: Path | None,
    *,
    published: str | None,
    suffix: str,
    text: bool,
    table: bool,
) -> Summary:
    from quintuple import batch
    from quintuple.writers import open_writer
    from quintuple.writers.jsonl import JsonLinesWriter

    summary = batch.Summary()
    files = [Path(path) for path in paths if path != "-"]
    count, items = batch.read_inputs(files, extractor, summary, published=published)
    sources: list[Iterator[batch.Item]] = [items]
    if "-" in paths:
        sources.append(batch.read_stream(sys.stdin.buffer.read(), extractor, suffix=suffix, published=published))
    inputs = (item for source in sources for item in source)
    with _interruptible(summary, output), _progress(count) as advance:
        if output is not None:
            with open_writer(output, text=text) as writer:
                return batch.run(inputs, extractor, summary, writer.write, progress=advance)
        if table or sys.stdout.isatty():
            from quintuple.cli.table import EventTable

            shown = EventTable()
            batch.run(inputs, extractor, summary, shown.add, progress=advance)
            shown.show()
            return summary
        return batch.run(inputs, extractor, summary, JsonLinesWriter(sys.stdout, text).write, progress=advance)


@contextmanager
def _interruptible(summary: Summary, output: Path | None) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        where = f"; what was done is in {output}" if output else ""
        typer.echo(f"interrupted after {summary.articles} articles{where}", err=True)
        raise typer.Exit(130) from None


@contextmanager
def _progress(files: int) -> Iterator[Callable[[str | None], None]]:
    """Show a bar on standard error when that is a terminal and there is something to wait for."""
    if not sys.stderr.isatty() or files < 2:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task, seen = bar.add_task("files", total=files), set[str | None]()

        def advance(path: str | None) -> None:
            # A file may hold many articles; it counts once.
            if path not in seen:
                seen.add(path)
                bar.advance(task)

        yield advance


def _report(summary: Summary, output: Path | None) -> None:
    for failure in summary.failures:
        typer.echo(f"failed: {failure}", err=True)
    rate = summary.articles / summary.seconds if summary.seconds else 0.0
    parts = [f"{summary.articles} articles", f"{summary.events} events", f"{len(summary.failures)} failed"]
    if summary.skipped:
        parts.append(f"{summary.skipped} files of other formats skipped")
    parts.append(f"{summary.seconds:.1f} s ({rate:.1f} articles/s)")
    typer.echo(", ".join(parts) + (f" -> {output}" if output else ""), err=True)
