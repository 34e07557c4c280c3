"""What a run did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Failure:
    """An input, or a part of one, that could not be extracted; ``reason`` names the place."""

    path: str
    reason: str

    def __str__(self) -> str:
        """Return the reason alone, for it names the place."""
        return self.reason


@dataclass
class Summary:
    """What a run did: counts over all its inputs, failures in the order of the inputs, and seconds.

    ``kept`` files were done by an earlier run; ``extracted`` are the articles of this one, of which ``seconds`` tell.
    ``skipped`` counts the files of other formats.
    """

    files: int = 0
    kept: int = 0
    articles: int = 0
    extracted: int = 0
    events: int = 0
    duplicates: int = 0
    skipped: int = 0
    types: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Return the articles a second of this run."""
        return self.extracted / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Planned:
    """How many files a run is about, how many of them an earlier run has done, and what is new since."""

    files: int
    kept: int
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileDone:
    """What came of a file, or of the part of it that begins with record number ``first``."""

    path: str
    articles: int
    events: int
    failures: tuple[str, ...]
    first: int = 0


Report = Callable[[Planned | FileDone], None]


def silent(note: Planned | FileDone) -> None:
    """Report to nobody."""
