"""Writes the articles that the benchmark reads: the same ones for the same seed, everywhere.

An article has a headline, mostly a dateline, and paragraphs in which sentences that tell an event stand among
sentences that tell none. Chinese ones have 400 to 800 characters, English ones 150 to 400 words.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Sequence
from itertools import count as numbers
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
TABLES = tomllib.loads((Path(__file__).parent / "workload.toml").read_text(encoding="utf-8"))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")
#: Characters of a Chinese article, words of an English one.
LENGTHS = {"zh": (400, 800), "en": (150, 400)}
#: The longest sentence of the tables, in the same units: an article ends with the sentence that fills it.
SLACK = {"zh": 110, "en": 45}
#: Share of the sentences that tell an event (real articles of this length hold about five), and of those that end
#: their paragraph.
EVENTS, BREAKS = 0.12, 0.35


def articles(count: int, *, seed: int = 6) -> list[str]:
    """Return ``count`` articles, Chinese and English in turn."""
    return [article(LANGUAGES[number % 2], random.Random(f"{seed}-{number}")) for number in range(count)]


def article(language: str, rng: random.Random) -> str:
    """Return one article."""
    shortest, longest = LENGTHS[language]
    wanted = rng.randint(shortest, longest - SLACK[language])
    fill = _Filler(language, rng)
    head, place = fill(rng.choice(fill.table["head"])), fill(rng.choice(fill.table["place"]))
    events, fillers = (_endless(fill.table[name], rng) for name in ("event", "filler"))
    text = f"{head}\n{place}"
    for number in numbers():
        text += fill(next(fillers if number and rng.random() > EVENTS else events))
        if (len(text) if language == "zh" else len(text.split())) >= wanted:
            return text + "\n"
        text += "\n" if rng.random() < BREAKS else "" if language == "zh" else " "
    raise AssertionError


def _endless(sentences: Sequence[str], rng: random.Random) -> Iterator[str]:
    while True:
        yield from rng.sample(sentences, len(sentences))


class _Filler:
    """Fills the blanks of the sentences of one article, whose company stays the same."""

    def __init__(self, language: str, rng: random.Random) -> None:
        self.language, self.rng, self.table = language, rng, TABLES[language]
        self.main = self._company()

    def __call__(self, template: str) -> str:
        """Return a sentence."""
        sentence = template.format_map(self._blanks())
        return sentence[:1].upper() + sentence[1:]

    def _blanks(self) -> dict[str, Any]:
        month, city = self.rng.randint(1, 12), self._one("city")
        words = {name: self._one(name) for name in ("product", "metric", "date", "weekday")}
        names = [self._one("given"), self._one("surname")]
        return words | {
            "main": self.main,
            "other": self._company(),
            "third": self._company(),
            "person": "".join(reversed(names)) if self.language == "zh" else " ".join(names),
            "pct": self._percent(100),
            "pct2": self._percent(30),
            "small": self._percent(9),
            "small2": self._percent(20),
            "money": f"{self.rng.uniform(0.5, 900):.{self.rng.randint(0, 2)}f}",
            "number": self.rng.randint(1, 9_999),
            "city": city,
            "CITY": city.upper(),
            "year": self.rng.randint(2018, 2025),
            "month": month,
            "mon": MONTHS[month - 1],
            "day": self.rng.randint(1, 28),
            "hour": self.rng.randint(8, 22),
        }

    def _one(self, name: str) -> str:
        chosen: str = self.rng.choice(self.table[name])
        return chosen

    def _company(self) -> str:
        return self._one("stem") + ("" if self.language == "zh" else " ") + self._one("trade") + self._one("form")

    def _percent(self, most: int) -> str:
        return f"{self.rng.uniform(0.5, most):.{self.rng.randint(0, 2)}f}%"
