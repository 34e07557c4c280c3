"""Finds many names in a long text at once, in time that does not grow with how many names there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

#: A name is looked up by this many characters first; shorter names are not looked for.
_PREFIX = 2


@dataclass(frozen=True, eq=False)
class NameFinder:
    """Names indexed for :meth:`find`; make it with :func:`index_names`."""

    names: frozenset[str]
    lengths: Mapping[str, tuple[int, ...]] = field(repr=False)
    heads: re.Pattern[str] = field(repr=False)

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where names stand in a text, the longest at each place, without overlap."""
        place = 0
        while (match := self.heads.search(text, place)) is not None:
            start = match.start()
            end = self._longest(text, start)
            if end > start:
                yield start, end
            place = max(end, start + 1)

    def _longest(self, text: str, place: int) -> int:
        for length in self.lengths.get(text[place : place + _PREFIX], ()):
            end = place + length
            if end <= len(text) and text[place:end] in self.names and stands_alone(text, place, end):
                return end
        return place


def index_names(names: Iterable[str]) -> NameFinder:
    """Index names of at least two characters."""
    chosen = frozenset(name for name in names if len(name) >= _PREFIX)
    lengths: dict[str, set[int]] = {}
    for name in chosen:
        lengths.setdefault(name[:_PREFIX], set()).add(len(name))
    longest_first = {prefix: tuple(sorted(found, reverse=True)) for prefix, found in lengths.items()}
    return NameFinder(chosen, longest_first, _heads({name[0] for name in chosen}))


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a name found at ``start``–``end`` is no part of a longer Latin word."""
    left = start > 0 and text[start - 1].isascii() and text[start - 1].isalnum() and text[start].isascii()
    right = end < len(text) and text[end].isascii() and text[end].isalnum() and text[end - 1].isascii()
    return not left and not right


def _heads(chars: set[str]) -> re.Pattern[str]:
    """Return a pattern for the places where a name may begin; a Latin one begins at the start of a word."""
    latin = "".join(re.escape(char) for char in sorted(chars) if char.isascii())
    other = "".join(sorted(char for char in chars if not char.isascii()))
    choices = [rf"(?<![0-9A-Za-z])[{latin}]" if latin else "", f"[{other}]" if other else ""]
    return re.compile("|".join(choice for choice in choices if choice) or r"(?!)")
