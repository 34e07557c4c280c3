"""The figures of an evaluation as tables for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from quintuple.evaluate.bootstrap import Difference
from quintuple.evaluate.calibration import Calibration
from quintuple.evaluate.run import Evaluation
from quintuple.evaluate.scores import ALL, EVENT_MEASURES, SLOT_MEASURES, Figure
from quintuple.evaluate.settings import evaluate_settings

Scores = Mapping[str, Mapping[str, Figure]]


def show(evaluation: Evaluation, *, baseline: str | None = None) -> None:
    """Print an evaluation on standard output."""
    console = Console()
    console.print(Text(_headline(evaluation)))
    for table in _tables(evaluation, baseline):
        console.print(table)


def _headline(evaluation: Evaluation) -> str:
    missing = f", {evaluation.missing} of them without a prediction" if evaluation.missing else ""
    return f"{evaluation.documents} documents{missing}"


def _tables(evaluation: Evaluation, baseline: str | None) -> Iterator[Table]:
    scores = evaluation.scores
    groups = {name: figures for name, figures in scores.items() if "." not in name}
    if evaluation.scheme == "casee":
        yield _figures("Scores", groups, tuple(groups[ALL]))
        yield _overview("By type", "type.", scores, ("TC", "AI", "AC"))
        yield from _comparisons(evaluation, baseline)
        return
    yield _figures("Events", _worth_showing(groups), tuple(EVENT_MEASURES))
    yield _figures("Slots of aligned events", {ALL: groups[ALL]}, SLOT_MEASURES)
    yield _overview("By source", "source.", scores, tuple(EVENT_MEASURES))
    yield _overview("By type", "type.", scores, tuple(EVENT_MEASURES))
    yield from _comparisons(evaluation, baseline)
    for measure, calibration in evaluation.calibration.items():
        yield _reliability(measure, calibration)


def _worth_showing(groups: Scores) -> Scores:
    """Leave out a language that is all there is."""
    return groups if len(groups) > 2 else {ALL: groups[ALL]}


def _comparisons(evaluation: Evaluation, baseline: str | None) -> Iterator[Table]:
    if baseline is not None:
        yield _comparison(evaluation.comparison, baseline)


def _figures(title: str, scores: Scores, measures: Sequence[str]) -> Table:
    """Return one row per scope and measure."""
    table = _table(title, ("", "measure", "P", "R", "F1", _interval(), "predicted", "gold"))
    for scope, figures in scores.items():
        for name in measures:
            figure = figures[name]
            numbers = (f"{value:.3f}" for value in (figure.precision, figure.recall, figure.f1))
            counts = map(str, (figure.predicted, figure.gold))
            table.add_row(Text(scope), name, *numbers, f"{figure.low:.3f}–{figure.high:.3f}", *counts)
            scope = ""
        table.add_section()
    return table


def _overview(title: str, prefix: str, scores: Scores, measures: Sequence[str]) -> Table:
    """Return one row per scope of a kind, most gold first: the F1 of each measure."""
    table = _table(title, ("", "gold", *measures))
    chosen = {name.removeprefix(prefix): figures for name, figures in scores.items() if name.startswith(prefix)}
    for name, figures in sorted(chosen.items(), key=lambda item: -item[1][measures[0]].gold):
        numbers = (f"{figures[measure].f1:.3f}" for measure in measures)
        table.add_row(Text(name), str(figures[measures[0]].gold), *numbers)
    return table


def _comparison(comparison: Mapping[str, Mapping[str, Difference]], baseline: str) -> Table:
    table = _table(f"Against {baseline}", ("", "measure", "F1", "baseline", "difference", _interval(), "p"))
    for scope, differences in comparison.items():
        for name, row in differences.items():
            numbers = (f"{row.f1:.3f}", f"{row.baseline:.3f}", f"{row.difference:+.3f}")
            table.add_row(Text(scope), name, *numbers, f"{row.low:+.3f} – {row.high:+.3f}", f"{row.p:.3f}")
            scope = ""
        table.add_section()
    return table


def _reliability(measure: str, calibration: Calibration) -> Table:
    title = f"Confidence against {measure}: ECE {calibration.ece:.3f}"
    table = _table(title, ("", "events", "confidence", "right"))
    for row in calibration.bins:
        bounds = f"{row.low:.1f}–{row.high:.1f}"
        table.add_row(bounds, str(row.events), f"{row.confidence:.3f}", f"{row.accuracy:.3f}")
    return table


def _interval() -> str:
    return f"{evaluate_settings().bootstrap.level:.0%}"


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=Text(title), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        words = column in ("", "measure")
        table.add_column(column, justify="left" if words else "right", no_wrap=not words)
    return table
