"""`quintuple extract`: articles in, events out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

_EPILOG = """Examples:

  quintuple extract news/ -o events.jsonl          a folder, recursively

  quintuple extract a.html b.pdf -o events.csv     one row per event

  quintuple extract story.txt --published 2022-01-10

  cat story.txt | quintuple extract -              JSON Lines in a pipe

  quintuple extract story.txt --explain            spans, scores and the rules that changed each event

  quintuple extract s3://bucket/news -o s3://bucket/events.parquet --engine ray --address auto

Formats: .txt .md .html .htm .json .jsonl .pdf .docx, and .gz of the text formats. Exit code 1 when an input failed."""


class LanguageOption(StrEnum):
    """The languages that can be asked for."""

    ZH = "zh"
    EN = "en"
    AUTO = "auto"


class EngineOption(StrEnum):
    """The engines."""

    LOCAL = "local"
    RAY = "ray"


class DeviceOption(StrEnum):
    """The devices that a network can run on."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("extract", epilog=_EPILOG)(extract)


def extract(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders and URLs such as s3://…; '-' reads one text from standard input."),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="FILE.jsonl, .csv, .parquet, .xlsx, .sqlite or .duckdb, or a URL of one; without it a table, or JSON "
            "Lines in a pipe.",
        ),
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
    companies: Annotated[
        Path | None, typer.Option(help="CSV file of your own companies, with the columns of configs/companies.csv.")
    ] = None,
    table: Annotated[bool, typer.Option("--table", help="Print the table even into a pipe.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print which rules changed each event; JSON Lines in a pipe.")
    ] = False,
    stdin_format: Annotated[str, typer.Option(help="Format of standard input, as a suffix.")] = ".txt",
    text: Annotated[bool, typer.Option("--text/--no-text", help="Write each article's text too.")] = True,
    bom: Annotated[
        bool, typer.Option("--bom", help="Begin a CSV file with the mark by which Excel knows UTF-8.")
    ] = False,
    errors: Annotated[
        Path | None, typer.Option(help="FILE.csv or FILE.jsonl for the list of failed inputs, with the reasons.")
    ] = None,
    changed_only: Annotated[
        bool,
        typer.Option(
            "--changed-only", help="Extract new and edited files alone; keep OUTPUT.shards for the next time."
        ),
    ] = False,
    keep_state: Annotated[
        bool, typer.Option("--keep-state", help="Keep OUTPUT.shards, for a later run with --changed-only.")
    ] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on as files arrive or change, until Ctrl-C; keeps OUTPUT.shards.")
    ] = False,
    dedupe: Annotated[
        bool,
        typer.Option("--dedupe", help="Link an article that says nearly the same as an earlier one: duplicate_of."),
    ] = False,
    engine: Annotated[
        EngineOption, typer.Option(help="Where articles are extracted: processes of this machine, or a Ray cluster.")
    ] = EngineOption.LOCAL,
    address: Annotated[
        str | None, typer.Option(help="With --engine ray: the cluster to use, instead of one started on this machine.")
    ] = None,
    device: Annotated[
        DeviceOption | None, typer.Option(help="Where the network runs; auto: on GPUs if a Ray cluster has some.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=0, help="Processes that extract; 0: one for each core.")] = None,
    file_timeout: Annotated[
        float | None,
        typer.Option(
            min=0, help="Seconds to read 5 MB or extract 100,000 characters; a slower file fails. 0: no limit."
        ),
    ] = None,
    log_json: Annotated[bool, typer.Option("--log-json", help="Report on standard error as JSON Lines.")] = False,
) -> None:
    """Extract the events of articles.

    With --output, a run that was broken off in whatever way is gone on with by the same command: it keeps what is done
    in a folder OUTPUT.shards beside the output, and redoes what is unfinished there, one shard of files a worker at
    most. A shard is redone if a file of it has changed; with --changed-only, those files alone are. Another model or
    other settings make it start anew. The folder is removed at the end, unless it is asked for or, in a run of several
    shards, inputs failed: then the same command tries those again.
    """
    from quintuple import batch
    from quintuple.cli.reporter import Reporter
    from quintuple.cli.running import Stream, engine_of, extract_files, extract_stream, watch_files
    from quintuple.resources import model_path
    from quintuple.settings import load_settings

    given = {
        "postprocess.min_confidence": min_confidence,
        "postprocess.companies": None if companies is None else str(companies.resolve()),
        "preprocess.language": None if language is LanguageOption.AUTO else language.value,
        "classify.device": device and device.value,
        "batch.workers": workers,
        "batch.file_timeout": file_timeout,
    }
    settings = load_settings(config, overrides={key: value for key, value in given.items() if value is not None})
    asked = {"--changed-only": changed_only, "--keep-state": keep_state, "--watch": watch, "--dedupe": dedupe}
    asked |= {
        "--engine": engine is not EngineOption.LOCAL,
        "URL": any(batch.is_url(path) for path in (*paths, output or "")),
    }
    if output is None or "-" in paths:
        _refuse("needs files and --output", asked)
    if output is not None:
        _refuse("prints to standard output, so it goes without --output", {"--explain": explain})
    if engine is not EngineOption.RAY:
        _refuse("goes with --engine ray", {"--address": bool(address)})
    target = output if output is None or batch.is_url(output) else Path(output)
    chosen = batch.WorkerConfig(model, settings, _day(published))
    with Reporter(as_json=log_json) as reporter:
        if target is None or "-" in paths:
            local = None if target is None else Path(target)
            stream = Stream(
                paths=paths, suffix=stdin_format, output=local, text=text, bom=bom, table=table, explain=explain
            )
            summary = extract_stream(stream, chosen, reporter)
            if errors:
                batch.write_errors(errors, summary.failures)
        else:
            options = batch.RunOptions(
                text=text, bom=bom, errors=errors, changed_only=changed_only, keep_state=keep_state, dedupe=dedupe
            )
            folder = model_path(model or settings.classify.model)
            files = [path if batch.is_url(path) else Path(path) for path in paths]
            with engine_of(engine.value, chosen, reporter, address) as running:
                identity = batch.identify(folder, running.settings, published=chosen.published)
                run = batch.Run(files, target, running, identity, settings, options, reporter)
                summary = (watch_files if watch else extract_files)(run, reporter)
    if not watch:
        reporter.finish(summary, target)
    raise typer.Exit(1 if summary.failures else 0)


def _refuse(reason: str, asked: Mapping[str, bool]) -> None:
    """Refuse the first option that is asked for."""
    for name, wanted in asked.items():
        if wanted:
            raise typer.BadParameter(reason, param_hint=name)


def _day(text: str | None) -> str | None:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError as exc:
        raise typer.BadParameter(f"expected a day as YYYY-MM-DD, got {text!r}", param_hint="--published") from exc
