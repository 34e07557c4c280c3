"""Copies of labelled articles with names, dates and percentages swapped for others of the same kind.

A filler comes from another article of the same data: a company for a company, a court for a court, a person for a
person, "May 6" for "June 30", 21.5% for 8.2%. Everything else stays, labels included, so a copy teaches that the words
around an argument tell what it is. An article has one filler for every mention of a name, labelled or not.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quintuple.events import TYPES_WITHOUT_COMPANY

Row = Mapping[str, Any]
#: Fillers by their kind, such as "en company" or "zh date 0年0月".
Pool = Mapping[str, Sequence[str]]

_PARTIES = ("company", "target", "counterparty")
_SLOTS = ("action", *_PARTIES, "percentage", "date")
_DIGITS = re.compile(r"\d+")
_NUMERALS = re.compile("[〇零一二两兩三四五六七八九十百千]+")
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")


@dataclass(frozen=True, slots=True)
class Swaps:
    """How many copies are made of every article, by which seed, and what fills them."""

    copies: int
    seed: int
    pool: Pool

    def of(self, row: Row) -> Iterator[Row]:
        """Yield the copies of an article; one in which nothing can be swapped is its own copy."""
        for copy in range(self.copies):
            key = f"{self.seed}\n{copy}\n{row['id']}\n{row['text']}"
            chance = random.Random(hashlib.sha256(key.encode()).digest())
            yield _swapped(row, _edits(row, self.pool, chance))


@dataclass(frozen=True, slots=True)
class _Edit:
    start: int
    end: int
    text: str


def collect_fillers(row: Row) -> list[tuple[str, str]]:
    """Return the fillers that an article offers, each with its kind."""
    return sorted({(kind, text) for kind, text, _ in _swappable(row, names=None)})


def make_pool(fillers: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return fillers by their kind, sorted, each once."""
    pool: defaultdict[str, set[str]] = defaultdict(set)
    for kind, text in fillers:
        pool[kind].add(text)
    return {kind: sorted(pool[kind]) for kind in sorted(pool)}


def _swappable(row: Row, *, names: Pool | None) -> Iterator[tuple[str, str, tuple[int, int]]]:
    """Yield (kind, text, place) of what may be swapped.

    Targets are as often products or figures as companies, whatever their ``kind`` says: one is a name where it is a
    person, or where ``names`` knows it as the company of another event.
    """
    language = row.get("language") or "en"
    for event in row["events"]:
        for slot in _PARTIES:
            if (party := event.get(slot)) and (kind := _party_kind(event, slot, party, language, names)):
                yield kind, party["text"], (party["start"], party["end"])
        for span in (event.get("percentage") or {}).get("spans") or ():
            yield f"number {_frame(span['text'])}", span["text"], (span["start"], span["end"])
        if date := event.get("date"):
            yield f"{language} date {_frame(date['text'])}", date["text"], (date["start"], date["end"])


def _party_kind(event: Row, slot: str, party: Row, language: str, names: Pool | None) -> str | None:
    text = party["text"]
    # A pronoun or short name stands for a longer one; a description begins with a small letter.
    if party.get("name") not in (None, text) or text[0].islower():
        return None
    if party.get("kind") == "person":
        return f"{language} person"
    if slot == "company":
        return f"{language} {'authority' if event['action']['type'] in TYPES_WITHOUT_COMPANY else 'company'}"
    company = f"{language} company"
    return company if names is not None and text in names.get(company, ()) else None


def _frame(text: str) -> str:
    """Return the mould of a date or number: what only fits in the same mould may fill it."""
    return _CAPITALISED.sub("A", _NUMERALS.sub("一", _DIGITS.sub("0", text)))


def _edits(row: Row, pool: Pool, chance: random.Random) -> list[_Edit]:
    spans = [(span["start"], span["end"]) for event in row["events"] for span in _spans(event)]
    found = {place: (kind, text) for kind, text, place in _swappable(row, names=pool)}
    fillers = _choose(sorted(set(found.values())), pool, row["text"], chance)
    edits = [_Edit(*place, fillers[which]) for place, which in found.items() if which in fillers]
    for (kind, text), filler in fillers.items():
        if not kind.startswith("number ") and " date " not in kind:
            edits += [_Edit(*place, filler) for place in _unlabelled(row["text"], text, spans)]
    kept: list[_Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if (not kept or kept[-1].end <= edit.start) and not any(_breaks(edit, span) for span in spans):
            kept.append(edit)
    return kept


def _choose(
    wanted: Sequence[tuple[str, str]], pool: Pool, text: str, chance: random.Random
) -> dict[tuple[str, str], str]:
    """Choose a filler for each (kind, text), none of them in the article and no two the same."""
    chosen: dict[tuple[str, str], str] = {}
    for kind, known in wanted:
        free = [each for each in pool.get(kind, ()) if each not in text and each not in chosen.values()]
        if free:
            chosen[kind, known] = chance.choice(free)
    return chosen


def _unlabelled(text: str, name: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the places of a name outside all labels; one of an alphabet stands between blanks or marks."""
    edge = r"(?<!\w){}(?!\w)" if name[0].isascii() else "{}"
    for match in re.finditer(edge.format(re.escape(name)), text):
        if all(match.end() <= start or end <= match.start() for start, end in spans):
            yield match.span()


def _breaks(edit: _Edit, span: tuple[int, int]) -> bool:
    """Tell whether an edit reaches across an edge of a label."""
    start, end = span
    return edit.start < end and start < edit.end and not (start <= edit.start and edit.end <= end)


def _swapped(row: Row, edits: Sequence[_Edit]) -> Row:
    """Return a row after edits; slots keep their spans alone, since a swapped date is another day."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [row["text"][at : edit.start], edit.text]
        at = edit.end
    text = "".join([*pieces, row["text"][at:]])

    def moved(span: Row) -> dict[str, Any]:
        start, end = (_moved(span[key], edits) for key in ("start", "end"))
        return {"text": text[start:end], "start": start, "end": end}

    events = [_moved_event(event, moved) for event in row["events"]]
    return {**row, "text": text, "events": events}


def _moved_event(event: Row, moved: Any) -> dict[str, Any]:
    made: dict[str, Any] = {slot: moved(event[slot]) if event.get(slot) else None for slot in _SLOTS}
    made["action"]["type"] = event["action"]["type"]
    if made["percentage"]:
        made["percentage"]["spans"] = [moved(span) for span in event["percentage"].get("spans") or ()]
    return {**event, **made}


def _moved(offset: int, edits: Sequence[_Edit]) -> int:
    return offset + sum(len(edit.text) - (edit.end - edit.start) for edit in edits if edit.end <= offset)


def _spans(event: Row) -> Iterator[Row]:
    for slot in _SLOTS:
        if value := event.get(slot):
            yield value
            yield from value.get("spans") or () if slot == "percentage" else ()
