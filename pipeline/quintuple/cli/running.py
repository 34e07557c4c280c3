"""How articles are extracted from the command line: one after the other, or as a run over files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from quintuple import batch
from quintuple.batch import Engine, LocalEngine, Run, Summary, WorkerConfig
from quintuple.cli.reporter import Reporter
from quintuple.events import Extraction
from quintuple.writers import open_writer
from quintuple.writers.jsonl import JsonLinesWriter

if TYPE_CHECKING:
    from quintuple.extract import Extractor


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Articles that are extracted one after the other: where they come from, and where their events go."""

    paths: list[str]
    suffix: str
    output: Path | None
    text: bool
    bom: bool
    table: bool
    explain: bool = False


def extract_stream(stream: Stream, config: WorkerConfig, reporter: Reporter) -> Summary:
    """Extract in this process: standard input, or into standard output."""
    from quintuple.extract import load

    extractor, summary = load(config.model, settings=config.settings), batch.Summary()
    if stream.explain:
        from quintuple.cli.explain import explaining

        extractor = explaining(extractor)
    files = [Path(path) for path in stream.paths if path != "-"]
    count, jobs = batch.read_inputs(files, extractor, summary, published=config.published)
    if "-" in stream.paths:
        data = sys.stdin.buffer.read()
        jobs = chain(jobs, batch.read_stream(data, extractor, suffix=stream.suffix, published=config.published))
    reporter(batch.Planned(count, 0))
    try:
        with _sink(stream, extractor) as write:
            return batch.run(jobs, extractor, summary, write, report=reporter)
    except KeyboardInterrupt:
        where = f"; what was done is in {stream.output}" if stream.output else ""
        reporter.tell(f"interrupted after {summary.articles} articles{where}")
        raise typer.Exit(130) from None


@contextmanager
def _sink(stream: Stream, extractor: Extractor) -> Iterator[Callable[[Extraction], None]]:
    """Yield what takes the extractions: the output, the table, or JSON Lines on standard output."""
    people = stream.table or sys.stdout.isatty()
    if stream.explain:
        from quintuple.cli.explain import ExplainingExtractor, ExplanationPrinter

        assert isinstance(extractor, ExplainingExtractor)
        yield ExplanationPrinter(extractor, people, stream.text).write
    elif stream.output:
        with open_writer(stream.output, text=stream.text, bom=stream.bom) as writer:
            yield writer.write
    elif people:
        from quintuple.cli.table import EventTable

        table = EventTable()
        yield table.add
        table.show()
    else:
        yield JsonLinesWriter(sys.stdout, stream.text).write


@contextmanager
def engine_of(name: str, config: WorkerConfig, reporter: Reporter, address: str | None) -> Iterator[Engine]:
    """Yield the engine of a name, ready to run; at the end it lets go of what it holds."""
    if name == "ray":
        from quintuple.batch.engines.ray import RayEngine

        engine: Engine = RayEngine(config, address=address)
    else:
        engine = LocalEngine(config, tell=reporter.watch)
    with closing(engine):
        yield engine


def extract_files(run: Run, reporter: Reporter) -> Summary:
    """Extract files into an output, and go on with what was broken off."""
    try:
        return run.go()
    except KeyboardInterrupt:
        reporter.tell(f"interrupted with {reporter.done} files done; the same command goes on")
        raise typer.Exit(130) from None


def watch_files(run: Run, reporter: Reporter) -> Summary:
    """Extract files as they arrive, until Ctrl-C."""
    summary = batch.Summary()
    with suppress(KeyboardInterrupt):
        for summary in run.watch():
            reporter.finish(summary, run.output)
    return summary
