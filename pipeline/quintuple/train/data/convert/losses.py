"""Keeps account of what a conversion cannot carry over."""

from __future__ import annotations


class Losses:
    """Counts kinds of things left out, each with the place where it happened first."""

    def __init__(self) -> None:
        """Start with nothing lost."""
        self._counts: dict[str, int] = {}
        self._first: dict[str, str] = {}

    def add(self, kind: str, where: str) -> None:
        """Count one thing left out."""
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._first.setdefault(kind, where)

    def lines(self) -> tuple[str, ...]:
        """Return one line per kind, the most frequent first."""
        kinds = sorted(self._counts, key=lambda kind: -self._counts[kind])
        return tuple(f"{self._counts[kind]} × {kind} (first: {self._first[kind]})" for kind in kinds)
