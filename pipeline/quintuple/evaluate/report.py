"""Writes the error report: one HTML page with every miss in its sentence, nothing fetched, no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files
from itertools import pairwise
from string import Template

from quintuple.evaluate.flat import SPAN_SLOTS, FlatEvent
from quintuple.evaluate.misses import KINDS, Mark, Miss, Range, find_misses
from quintuple.evaluate.run import Evaluation
from quintuple.evaluate.scores import ALL, EVENT_MEASURES, Figure

_SLOTS = (*SPAN_SLOTS, "status")


def error_report(evaluation: Evaluation, *, model: str) -> str:
    """Return the report as a self-contained HTML page; all text from data is escaped.

    Predicted evidence has a background, gold evidence an underline, in the colour of its slot.
    """
    misses = list(find_misses(evaluation.gold, evaluation.outcomes))
    languages = sorted({miss.document.language for miss in misses if miss.document.language})
    return _template().substitute(
        model=escape(model),
        documents=evaluation.documents,
        scores="".join(_score_row(*row) for row in _summary(evaluation)),
        rules=_rules("kind", KINDS) + _rules("language", languages),
        kinds=_filter("kind", _kind_counts(misses)),
        languages=_filter("language", Counter(miss.document.language or "" for miss in misses)),
        legend="".join(f'<span class="gold predicted {slot}">{slot}</span> ' for slot in SPAN_SLOTS),
        misses="\n".join(_miss(miss) for miss in misses) or "<p>Nothing was missed.</p>",
    )


def mark_text(text: str, bounds: Range, marks: Iterable[Mark]) -> str:
    """Return a range of the text as HTML in which the marks, which may overlap, are coloured."""
    begin, stop = bounds
    inside = [mark for mark in marks if mark.span.start < stop and begin < mark.span.end]
    edges = {begin, stop, *(edge for mark in inside for edge in (mark.span.start, mark.span.end))}
    cuts = sorted(edge for edge in edges if begin <= edge <= stop)
    return "".join(_piece(text, start, end, inside) for start, end in pairwise(cuts))


def _piece(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    here = [mark for mark in marks if mark.span.start <= start and end <= mark.span.end]
    html = escape(text[start:end])
    for side in ("predicted", "gold"):
        slots = dict.fromkeys(mark.span.slot for mark in here if mark.side == side)
        for slot in slots:
            html = f'<span class="{side} {escape(slot)}" title="{side} {escape(slot)}">{html}</span>'
    return html


def _miss(miss: Miss) -> str:
    document, outcome = miss.document, miss.outcome
    language = escape(document.language or "")
    head = " · ".join(escape(part) for part in (document.id, document.language, document.source) if part)
    badges = " ".join(f'<b class="badge">{kind}</b>' for kind in miss.kinds)
    text = " … ".join(mark_text(document.text, bounds, miss.marks) for bounds in miss.sentences)
    rows = "".join(_slot_row(slot, outcome.gold, outcome.predicted, slot in outcome.right) for slot in _SLOTS)
    return (
        f'<article data-kind="{" ".join(miss.kinds)}" data-language="{language}">'
        f'<h2>{badges} <small>{head}</small></h2><p lang="{language}">{text}</p>'
        f"<table><tr><th></th><th>gold</th><th>predicted</th></tr>{rows}</table></article>"
    )


def _slot_row(slot: str, gold: FlatEvent | None, predicted: FlatEvent | None, right: bool) -> str:
    cells = (_value(slot, gold), _value(slot, predicted))
    if cells == ("–", "–"):
        return ""
    wrong = "" if right or not (gold and predicted) else ' class="wrong"'
    return f"<tr{wrong}><th>{slot}</th><td>{escape(cells[0])}</td><td>{escape(cells[1])}</td></tr>"


def _value(slot: str, event: FlatEvent | None) -> str:
    if event is None:
        return "–"
    if slot == "action":
        return f"{event.action} ({' / '.join(event.triggers)})"
    if slot == "percentage":
        return ", ".join(f"{value:g}" for value in event.percentage) or "–"
    if slot == "date":
        return _day(event)
    return event.status if slot == "status" else " / ".join(getattr(event, slot)) or "–"


def _day(event: FlatEvent) -> str:
    if event.date is None:
        return "–"
    days = sorted({day for day in (event.date.earliest, event.date.latest) if day})
    return event.date.text + (f" ({' – '.join(days)})" if days else "")


def _summary(evaluation: Evaluation) -> Iterator[tuple[str, str, Figure]]:
    for scope, figures in evaluation.scores.items():
        if scope == ALL or "." not in scope:
            yield from ((scope, name, figures[name]) for name in EVENT_MEASURES)


def _score_row(scope: str, name: str, figure: Figure) -> str:
    numbers = (figure.precision, figure.recall, figure.f1)
    cells = "".join(f"<td>{number:.3f}</td>" for number in numbers)
    interval = f"<td>{figure.low:.3f}–{figure.high:.3f}</td>"
    return f"<tr><th>{escape(scope)}</th><th>{escape(name)}</th>{cells}{interval}</tr>"


def _kind_counts(misses: Iterable[Miss]) -> Mapping[str, int]:
    counts = Counter(kind for miss in misses for kind in miss.kinds)
    return {kind: counts[kind] for kind in KINDS if counts[kind]}


def _filter(name: str, counts: Mapping[str, int]) -> str:
    """Return the choices of a filter, which the page's style sheet carries out."""
    choices = [("all", "all"), *((value, f"{value} ({count})") for value, count in counts.items() if value)]
    return "".join(
        f'<label><input type="radio" name="{name}" value="{escape(value)}"{" checked" if value == "all" else ""}>'
        f"{escape(label)}</label>"
        for value, label in choices
    )


def _rules(name: str, values: Iterable[str]) -> str:
    """Return the style rules that hide what a filter does not choose."""
    return "\n".join(
        f'body:has(input[name="{name}"][value="{value}"]:checked) '
        f'article:not([data-{name}~="{value}"]) {{ display: none }}'
        for value in map(_css_string, values)
    )


def _css_string(value: str) -> str:
    return "".join(f"\\{ord(char):x} " for char in value)


def _template() -> Template:
    return Template((files("quintuple.evaluate") / "report.html").read_text(encoding="utf-8"))
