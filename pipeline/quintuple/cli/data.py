"""`quintuple data`: check, convert, split and describe labelled data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from quintuple.train.data.agreement import Agreement
    from quintuple.train.data.stats import Stats

_CHECK_HELP = """Examples:

  quintuple data check corpus/zh.train.jsonl

  quintuple data check train.jsonl dev.jsonl test.jsonl        also finds what leaks from one into another

  quintuple data check mine.jsonl --types any --ignore near-duplicate

Exit code 1 when there is a problem."""
_CONVERT_HELP = """Examples:

  quintuple data convert --from duee-fin duee_fin_train.json -o train.jsonl

  quintuple data convert --to label-studio events.jsonl -o tasks.json

  quintuple data convert --from label-studio export.json -o train.jsonl

The last two send predictions to Label Studio and bring them back corrected.

Reads quintuple, fewfc, duee-fin, chfinann, doccano, label-studio, prodigy, brat, conll; writes quintuple, doccano,
label-studio, prodigy and brat (a folder)."""
_SPLIT_HELP = "Example: quintuple data split labelled.jsonl -o parts/ --ratios 0.8,0.1,0.1 --seed 7"
_STATS_HELP = """Examples:

  quintuple data stats corpus/*.jsonl

  quintuple data stats anna.jsonl --against ben.jsonl        agreement of two annotations of the same texts"""

Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Labelled JSON Lines.")]

data = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Check, convert, split and describe labelled data."
)


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(data, name="data")


@data.command(epilog=_CHECK_HELP)
def check(
    files: Files,
    types: Annotated[
        Literal["listed", "any"], typer.Option(help="Take the types of configs/actions.toml alone, or any.")
    ] = "listed",
    ignore: Annotated[list[str] | None, typer.Option(help="A kind of problem to leave out; may be repeated.")] = None,
) -> None:
    """Report every problem with file, line and the offending span."""
    from quintuple.train.data.check import check as run_check

    problems = run_check(files, types=types, ignore=ignore or ())
    for problem in problems:
        typer.echo(str(problem))
    typer.echo(f"problems: {len(problems)}; files: {len(files)}", err=True)
    raise typer.Exit(1 if problems else 0)


@data.command(epilog=_CONVERT_HELP)
def convert(
    source: Annotated[Path, typer.Argument(help="File or, for brat, folder to read.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="File or, for brat, folder to write.")],
    source_format: Annotated[str, typer.Option("--from", help="Format of the source.")] = "quintuple",
    target_format: Annotated[str, typer.Option("--to", help="Format of the output.")] = "quintuple",
) -> None:
    """Read labelled data in one format and write it in another; say what could not be carried over."""
    from quintuple.train.data.convert import convert as run_convert

    result = run_convert(source, output, source_format=source_format, target_format=target_format)
    for line in result.losses:
        typer.echo(f"left out: {line}", err=True)
    typer.echo(f"{result.articles} articles, {result.events} events -> {output}", err=True)


@data.command(epilog=_SPLIT_HELP)
def split(
    files: Files,
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder for train.jsonl, dev.jsonl, test.jsonl.")],
    ratios: Annotated[str | None, typer.Option(help="Shares of train, dev and test, such as 0.8,0.1,0.1.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another seed gives another split.")] = None,
    group: Annotated[str | None, typer.Option(help="Field whose equal values stay together.")] = None,
) -> None:
    """Split documents by language into train, dev and test; near-duplicates stay together."""
    from quintuple.train.data.split import split as run_split

    sizes = run_split(files, output, ratios=_shares(ratios), seed=seed, group=group)
    typer.echo(", ".join(f"{part} {size}" for part, size in sizes.items()) + f" -> {output}", err=True)


@data.command(epilog=_STATS_HELP)
def stats(
    files: Files,
    against: Annotated[Path | None, typer.Option(help="Another annotation of the same texts.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show counts, lengths, labels and filled slots, or how far two annotations agree."""
    import json
    from dataclasses import asdict

    result: Stats | Agreement
    if against is None:
        from quintuple.train.data.stats import describe

        result = describe(files)
        lines = _stats_lines(result)
    else:
        from quintuple.train.data.agreement import agree

        if len(files) != 1:
            raise typer.BadParameter(f"expected one file to compare, got {len(files)}", param_hint="--against")
        result = agree(files[0], against)
        lines = _agreement_lines(result)
    typer.echo(json.dumps(asdict(result), ensure_ascii=False, indent=1) if as_json else "\n".join(lines))


def _shares(text: str | None) -> tuple[float, ...] | None:
    try:
        return tuple(float(share) for share in text.split(",")) if text else None
    except ValueError as exc:
        raise typer.BadParameter(f"expected numbers such as 0.8,0.1,0.1, got {text!r}", param_hint="--ratios") from exc


def _stats_lines(stats: Stats) -> Iterable[str]:
    yield f"{stats.articles} articles, {stats.without_events} without events; {stats.events} events"
    for language, lengths in stats.lengths.items():
        yield (
            f"{language}: {stats.languages[language]} articles of {lengths.shortest} to {lengths.longest} characters, "
            f"median {lengths.median:g}, mean {lengths.mean:.0f}, 95 % up to {lengths.p95}"
        )
    yield "sources: " + _counts(stats.sources)
    yield "status: " + _counts(stats.statuses)
    yield "filled: " + ", ".join(f"{slot} {share:.0%}" for slot, share in stats.filled.items())
    languages = list(stats.languages)
    rows = [[name, *(str(counts.get(language, 0)) for language in languages)] for name, counts in stats.types.items()]
    yield from _table(["type", *languages], rows)


def _agreement_lines(agreement: Agreement) -> Iterable[str]:
    left, right = agreement.only
    yield f"{agreement.texts} texts in both, {left} and {right} in one alone"
    rows = [
        [name, str(slot.left), str(slot.right), str(slot.both), f"{slot.f1:.3f}", _figure(slot.kappa)]
        for name, slot in agreement.slots.items()
    ]
    yield from _table(["slot", "left", "right", "both", "span F1", "kappa"], rows)
    yield f"kappa of the types of shared triggers: {_figure(agreement.type_kappa)}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "-"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    first, *others = [max(len(row[at]) for row in [head, *rows]) for at in range(len(head))]
    for name, *cells in [head, *rows]:
        yield "  ".join([name.ljust(first), *(cell.rjust(width) for cell, width in zip(cells, others, strict=True))])
