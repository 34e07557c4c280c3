"""Cuts the sentence of an event out of its article, with its slots marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quintuple.writers.rows import writable

Record = Mapping[str, Any]

#: What is marked; a mark gives the slot's number here.
SLOTS = ("company", "action", "target", "percentage", "date", "counterparty")


@dataclass(frozen=True)
class Passage:
    """A sentence with marks: slot number, start and end for each, in UTF-16 units, as browsers count."""

    text: str
    marks: tuple[int, ...]


def find_passage(text: str | None, event: Record, *, limit: int) -> Passage | None:
    """Return the evidence of an event, at most ``limit`` characters around its action; None without a text.

    An event without a sentence gets the line of its action. Slots outside of the passage are not marked.
    """
    if text is None:
        return None
    begin, end, cut = _bounds(text, event, limit)
    shown = writable(text[begin:end])
    marks = [
        edge
        for slot, start, stop in sorted(_spans(event))
        if begin <= start < stop <= end
        for edge in (slot, _units(shown[: start - begin]), _units(shown[: stop - begin]))
    ]
    return Passage(shown, tuple(marks)) if not any(cut) else _with_ellipses(shown, marks, cut)


def _bounds(text: str, event: Record, limit: int) -> tuple[int, int, tuple[bool, bool]]:
    action = event["action"]
    begin, end = event.get("sentence") or (0, 0)
    if end <= begin:
        begin = text.rfind("\n", 0, action["start"]) + 1
        end = text.find("\n", action["end"])
        end = len(text) if end < 0 else end
    if end - begin <= limit:
        return begin, end, (False, False)
    first = max(begin, min(action["start"] - limit // 3, end - limit))
    last = first + limit
    return first, last, (first > begin, last < end)


def _with_ellipses(shown: str, marks: list[int], cut: tuple[bool, bool]) -> Passage:
    before, after = cut
    moved = [edge + (before and place % 3 > 0) for place, edge in enumerate(marks)]
    return Passage(f"{'…' * before}{shown}{'…' * after}", tuple(moved))


def _spans(event: Record) -> Iterator[tuple[int, int, int]]:
    for number, slot in enumerate(SLOTS):
        if found := event.get(slot):
            for span in found.get("spans") or (found,):
                yield number, span["start"], span["end"]


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
