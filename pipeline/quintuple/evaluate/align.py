"""Aligns predicted with gold events of a document and tells which slots are right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quintuple.evaluate.flat import FlatEvent
from quintuple.evaluate.names import same_name, same_wording
from quintuple.evaluate.settings import evaluate_settings

#: The slots that make an event's core.
CORE = frozenset({"action", "company", "target"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an event that counts: matched when it has both sides, else spurious or missed."""

    predicted: FlatEvent | None
    gold: FlatEvent | None
    right: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Pair:
    predicted: int
    gold: int
    right: frozenset[str]
    weight: int


def compare(predicted: Sequence[FlatEvent], gold: Sequence[FlatEvent]) -> tuple[Outcome, ...]:
    """Return the outcomes of a document, in text order of neither side: matched, spurious, missed.

    Left out, since they count neither way: predictions of optional gold events, optional events that were
    missed, and predictions whose core repeats a gold event that is aligned already.
    """
    pairs = _align(predicted, gold)
    matched = [Outcome(predicted[pair.predicted], gold[pair.gold], pair.right) for pair in pairs]
    taken = {pair.predicted for pair in pairs}
    found = {pair.gold for pair in pairs}
    extra = [event for number, event in enumerate(predicted) if number not in taken]
    missed = [event for number, event in enumerate(gold) if number not in found and not event.optional]
    return (
        *(outcome for outcome in matched if outcome.gold and not outcome.gold.optional),
        *(Outcome(event, None) for event in extra if not any(_repeats(event, gold[number]) for number in found)),
        *(Outcome(None, event) for event in missed),
    )


def right_slots(predicted: FlatEvent, gold: FlatEvent) -> frozenset[str]:
    """Return the slots in which two events agree; ``date_text`` compares the dates' wording alone."""
    return frozenset(slot for slot, agree in _TESTS.items() if agree(predicted, gold))


def _align(predicted: Sequence[FlatEvent], gold: Sequence[FlatEvent]) -> list[_Pair]:
    """Pair events greedily, best agreement first; each side is used once."""
    candidates = [
        pair
        for number, event in enumerate(predicted)
        for other, wanted in enumerate(gold)
        if (pair := _pair(number, event, other, wanted))
    ]
    candidates.sort(key=lambda pair: (-pair.weight, gold[pair.gold].optional))
    pairs: list[_Pair] = []
    taken: set[int] = set()
    found: set[int] = set()
    for pair in candidates:
        if pair.predicted not in taken and pair.gold not in found:
            pairs.append(pair)
            taken.add(pair.predicted)
            found.add(pair.gold)
    return pairs


def _pair(number: int, event: FlatEvent, other: int, wanted: FlatEvent) -> _Pair | None:
    right, trigger = right_slots(event, wanted), _same_trigger(event, wanted)
    if "action" not in right and not trigger:
        return None
    weights = evaluate_settings().weights
    weight = sum(value for slot, value in weights if slot in right) + weights.trigger * trigger
    return _Pair(number, other, right, weight)


def _repeats(event: FlatEvent, gold: FlatEvent) -> bool:
    return right_slots(event, gold) >= CORE


def _same_trigger(event: FlatEvent, gold: FlatEvent) -> bool:
    return any(same_wording(one, other) for one in event.triggers for other in gold.triggers)


def _same_percentage(event: FlatEvent, gold: FlatEvent) -> bool:
    decimals = evaluate_settings().numbers.decimals
    left, right = (sorted(round(value, decimals) for value in each.percentage) for each in (event, gold))
    return left == right


def _same_date(event: FlatEvent, gold: FlatEvent) -> bool:
    found, wanted = event.date, gold.date
    if found and wanted and found.earliest and wanted.earliest:
        return (found.earliest, found.latest or found.earliest) == (wanted.earliest, wanted.latest or wanted.earliest)
    return _same_date_text(event, gold)


def _same_date_text(event: FlatEvent, gold: FlatEvent) -> bool:
    if event.date is None or gold.date is None:
        return event.date is gold.date
    return same_wording(event.date.text, gold.date.text)


_TESTS: dict[str, Callable[[FlatEvent, FlatEvent], bool]] = {
    "action": lambda event, gold: event.action == gold.action,
    "company": lambda event, gold: same_name(event.company, gold.company),
    "target": lambda event, gold: same_name(event.target, gold.target),
    "percentage": _same_percentage,
    "date": _same_date,
    "date_text": _same_date_text,
    "status": lambda event, gold: event.status == gold.status,
}
