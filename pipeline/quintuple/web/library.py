"""The articles that can be opened: those of the path that was given, and those pasted or dropped since."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from quintuple.web.records import Entry, Facts, Record, make_entry, unique_id
from quintuple.web.sources import Item

# Extracted articles that are kept, so that going back to one costs nothing.
_KEPT = 64

Order = Literal["confidence", "file"]


@dataclass(frozen=True, kw_only=True)
class Query:
    """What the list of articles shows: conditions on one event, on the article, and the order.

    ``earliest`` and ``latest`` are ISO days that the event's date must touch.
    """

    company: str | None = None
    type: str | None = None
    status: str | None = None
    least: float = 0.0
    most: float = 1.0
    earliest: str | None = None
    latest: str | None = None
    language: str | None = None
    state: str | None = None
    order: Order = "confidence"

    def fits(self, entry: Entry) -> bool:
        """Tell whether an article is shown."""
        if self.language is not None and entry.language != self.language:
            return False
        if self.state is not None and entry.state != self.state:
            return False
        return not self._asks_events or any(map(self._fits_event, entry.facts or ()))

    @property
    def _asks_events(self) -> bool:
        asked = (self.company, self.type, self.status, self.earliest, self.latest)
        return any(asked) or self.least > 0 or self.most < 1

    def _fits_event(self, facts: Facts) -> bool:
        if self.company and self.company.casefold() not in facts.names:
            return False
        if (self.type and facts.type != self.type) or (self.status and facts.status != self.status):
            return False
        if not self.least <= facts.confidence <= self.most:
            return False
        first, last = facts.earliest or facts.latest, facts.latest or facts.earliest
        if (self.earliest or self.latest) and (first is None or last is None):
            return False
        return not ((self.earliest and str(last) < self.earliest) or (self.latest and str(first) > self.latest))


class Library:
    """A list of articles; safe to use from several threads."""

    def __init__(self, *, snippet: int, max_opened: int) -> None:
        """Start empty; ``snippet`` in characters, ``max_opened`` bounds the articles of :meth:`open`."""
        self._snippet, self._max_opened = snippet, max_opened
        self._lock = threading.RLock()
        self._entries: dict[int, Entry] = {}
        self._loads: dict[int, Callable[[], Record]] = {}
        self._keys: dict[str, int] = {}
        self._opened: OrderedDict[int, None] = OrderedDict()
        self._kept: OrderedDict[int, Record] = OrderedDict()
        self._next = 0

    def __len__(self) -> int:
        """Return how many articles there are."""
        return len(self._entries)

    def fill(self, items: Iterable[Item | str]) -> list[str]:
        """Add the articles of a source; return what could not be read."""
        problems = []
        for item in items:
            if isinstance(item, str):
                problems.append(item)
            else:
                self._add(item)
        return problems

    def open(self, item: Item) -> Entry:
        """Add a pasted or dropped article in the place of one of the same id; the oldest such article may go."""
        with self._lock:
            entry = self._add(item, replaced=self._own(str(item.known.get("id"))))
            self._opened[entry.key] = None
            self._opened.move_to_end(entry.key)
            while len(self._opened) > self._max_opened:
                self._drop(next(iter(self._opened)))
            return entry

    def entry(self, key: int) -> Entry | None:
        """Return the line of an article, None if there is none of this key."""
        return self._entries.get(key)

    def entries(self) -> Iterator[Entry]:
        """Yield all lines."""
        with self._lock:
            return iter(list(self._entries.values()))

    def load(self, key: int) -> Record:
        """Return an article's record as its source has it; its events are None until they are extracted.

        Raises:
            KeyError: there is no such article.
            QuintupleError: it cannot be read.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            load, id_ = self._loads[key], self._entries[key].id
        return load() | {"id": id_}

    def keep(self, key: int, record: Record) -> None:
        """Take the events that were extracted from an article."""
        with self._lock:
            old = self._entries.get(key)
            if old is None:
                return
            self._kept[key] = record
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            self._entries[key] = make_entry(key, record | {"id": old.id}, snippet=self._snippet, state=old.state)

    def mark_reviewed(self, key: int, facts: tuple[Facts, ...]) -> None:
        """Note that an article was saved with these events."""
        with self._lock:
            if key in self._entries:
                self._entries[key] = replace(self._entries[key], facts=facts, state="reviewed")

    def find(self, query: Query) -> list[Entry]:
        """Return the articles that a query asks for; by confidence, the least certain event comes first."""
        found = [entry for entry in self.entries() if query.fits(entry)]
        if query.order == "confidence":
            # What is reviewed is done; of what is not extracted yet nothing is known.
            found.sort(key=lambda entry: (entry.state == "reviewed", entry.facts is None, _least(entry), entry.key))
        return found

    def _add(self, item: Item, *, replaced: int | None = None) -> Entry:
        with self._lock:
            key = self._next if replaced is None else replaced
            self._next += replaced is None
            wanted = str(item.known.get("id"))
            id_ = wanted if replaced is not None else unique_id(wanted, self._keys)
            entry = make_entry(key, item.known | {"id": id_}, snippet=self._snippet)
            self._entries[key], self._loads[key], self._keys[id_] = entry, item.load, key
            self._kept.pop(key, None)
            return entry

    def _own(self, id_: str) -> int | None:
        key = self._keys.get(id_)
        return key if key in self._opened else None

    def _drop(self, key: int) -> None:
        entry = self._entries.pop(key)
        self._opened.pop(key)
        self._loads.pop(key)
        self._keys.pop(entry.id)
        self._kept.pop(key, None)


def _least(entry: Entry) -> float:
    return 2.0 if entry.confidence is None else entry.confidence
