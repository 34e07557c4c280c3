"""What an error report shows of each outcome that is not wholly right: kinds, sentences and marks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from quintuple.evaluate.align import Outcome
from quintuple.evaluate.flat import FlatEvent, SlotSpan
from quintuple.evaluate.gold import GoldDocument
from quintuple.events import Language
from quintuple.preprocess.sentences import split_sentences

#: The kinds of a miss: a whole event, or the slots of an aligned one.
KINDS = ("missed", "spurious", "action", "company", "target", "percentage", "date", "status")

Range = tuple[int, int]
Side = Literal["gold", "predicted"]


@dataclass(frozen=True, slots=True)
class Mark:
    """The evidence of a slot, on the gold or the predicted side."""

    side: Side
    span: SlotSpan


@dataclass(frozen=True, slots=True)
class Miss:
    """An outcome that is not wholly right, with the sentences that hold its evidence."""

    document: GoldDocument
    outcome: Outcome
    kinds: tuple[str, ...]
    marks: tuple[Mark, ...]
    sentences: tuple[Range, ...]


def find_misses(documents: Sequence[GoldDocument], outcomes: Sequence[Sequence[Outcome]]) -> Iterator[Miss]:
    """Yield every miss, in the order of the documents."""
    for document, each in zip(documents, outcomes, strict=True):
        misses = [(outcome, kinds) for outcome in each if (kinds := _kinds(outcome))]
        sentences = _sentences(document) if misses else []
        for outcome, kinds in misses:
            marks = _marks(outcome, document.text)
            yield Miss(document, outcome, kinds, marks, _holding(sentences, marks))


def find_evidence(event: FlatEvent, text: str) -> tuple[SlotSpan, ...]:
    """Return an event's spans; where gold lists names alone, each slot's name nearest to the trigger."""
    if event.spans:
        return tuple(span for span in event.spans if 0 <= span.start < span.end <= len(text))
    places = {slot: _places(names, text) for slot, names in _wording(event).items()}
    best: tuple[int, tuple[SlotSpan, ...]] | None = None
    for trigger in _places(event.triggers, text):
        nearest = {slot: min(spans, key=lambda span: _gap(span, trigger)) for slot, spans in places.items() if spans}
        cost = sum(_gap(span, trigger) for span in nearest.values())
        if best is None or cost < best[0]:
            found = (("action", trigger), *nearest.items())
            best = cost, tuple(SlotSpan(slot, start, end) for slot, (start, end) in found)
    return best[1] if best else ()


def _kinds(outcome: Outcome) -> tuple[str, ...]:
    if outcome.predicted is None:
        return ("missed",)
    if outcome.gold is None:
        return ("spurious",)
    return tuple(kind for kind in KINDS[2:] if kind not in outcome.right)


def _marks(outcome: Outcome, text: str) -> tuple[Mark, ...]:
    sides: Iterable[tuple[Side, FlatEvent | None]] = (("gold", outcome.gold), ("predicted", outcome.predicted))
    return tuple(Mark(side, span) for side, event in sides if event for span in find_evidence(event, text))


def _sentences(document: GoldDocument) -> list[Range]:
    language: Language = "zh" if document.language == "zh" else "en"
    return [(sentence.start, sentence.end) for sentence in split_sentences(document.text, language=language)]


def _holding(sentences: Sequence[Range], marks: Sequence[Mark]) -> tuple[Range, ...]:
    """Return the sentences that hold a mark; all of them when nothing could be located."""
    held = [
        (start, end)
        for start, end in sentences
        if any(mark.span.start < end and start < mark.span.end for mark in marks)
    ]
    return tuple(held or sentences)


def _wording(event: FlatEvent) -> dict[str, tuple[str, ...]]:
    date = (event.date.text,) if event.date else ()
    return {"company": event.company, "target": event.target, "date": date}


def _places(names: Iterable[str], text: str) -> list[Range]:
    return [(at, at + len(name)) for name in names for at in _occurrences(name, text)]


def _occurrences(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)


def _gap(one: Range, other: Range) -> int:
    return max(0, one[0] - other[1], other[0] - one[1])
