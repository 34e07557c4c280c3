"""Finds the sentence and the clause around a trigger, and names the zones in which a cue may stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from quintuple.events import Article, Language
from quintuple.postprocess.folding import table

SENTENCE_END = re.compile(r"[。！？!?\n]+[”」』\"】)）]*|(?<=[a-z0-9)%])\.(?=\s+[A-Z\"“])")
#: A space between two statements of a Chinese headline.
HEADLINE_GAP = re.compile(r"(?<=[\u4e00-\u9fff\d%％）)])[ \u3000]+(?=[\u4e00-\u9fff])")
_TURN = re.compile(r":\s[^:\n]{20,}?,")
_MARKED = ("clause", "whole")
_REACH = 600  # characters on each side of a trigger in which cues are looked for
_NEXT = 60  # characters of the next sentence that may answer this one


@dataclass(frozen=True, slots=True)
class Scope:
    """The surroundings of a trigger: ``sentence`` and ``clause`` are ranges of the text."""

    text: str
    language: Language
    sentence: tuple[int, int]
    clause: tuple[int, int]
    trigger: tuple[int, int]

    def zone(self, name: str) -> str:
        """Return the text of a zone: self, close, near, far, figures, after, later or next.

        ``clause`` and ``whole`` are the clause and the sentence with the trigger between ‹ and ›. Traditional
        characters are simplified.
        """
        start, end = self._range(name)
        if name in _MARKED:
            first, last = self.trigger
            return _fold(f"{self.text[start:first]}‹{self.text[first:last]}›{self.text[last:end]}")
        return _fold(self.text[start:end])

    def distance(self, zone: str, start: int, end: int) -> int:
        """Return how many characters lie between the trigger and a match at ``start``–``end`` of a zone."""
        first, _ = self._range(zone)
        if zone in ("after", "later", "next"):
            return first + start - self.trigger[1]
        return 0 if zone == "self" else max(0, self.trigger[0] - first - end)

    @property
    def close(self) -> int:
        """Return how many characters may lie between a close cue and the trigger."""
        return 4 if self.language == "zh" else 12

    def _own_end(self, start: int, last: int) -> int:
        """Return where the sentence turns to another statement, behind a colon: that one's source is its own."""
        turn = _TURN.search(self.text, start, last) if self.language == "en" else None
        return turn.start() if turn else last

    def _range(self, name: str) -> tuple[int, int]:
        (first, last), (left, right), (start, end) = self.sentence, self.clause, self.trigger
        return {
            "self": (start, end),
            "close": (left, start),
            "near": (left, start),
            "far": (first, left),
            "figures": (first, left),
            "after": (end, right),
            "later": (min(right + 1, last), self._own_end(min(right + 1, last), last)),
            "next": (last, last + _NEXT),
            "clause": (left, right),
            "whole": (first, last),
        }[name]


def scope_of(text: str, sentence: tuple[int, int], trigger: tuple[int, int], language: Language) -> Scope:
    """Return the clause and the narrower sentence around ``trigger`` within ``sentence``."""
    marks = _marks(language)
    sentence = max(sentence[0], trigger[0] - _REACH), min(sentence[1], trigger[1] + _REACH)
    inner = _around(marks[1], text, sentence, trigger)
    # A Chinese headline sets its statements apart by a space, and has no comma.
    clause = HEADLINE_GAP if language == "zh" and "，" not in text[slice(*inner)] else marks[0]
    bounds = _around(marks[0], text, inner, trigger)
    return Scope(text, language, inner, _around(clause, text, bounds, trigger), trigger)


def sentence_at(article: Article, position: int) -> tuple[int, int]:
    """Return the bounds of the sentence that holds ``position``; without sentences in the article, by punctuation."""
    index = bisect_right(article.sentences, position, key=lambda sentence: sentence.start) - 1
    if index >= 0 and position < article.sentences[index].end:
        return article.sentences[index].start, article.sentences[index].end
    return _around(SENTENCE_END, article.text, (0, len(article.text)), (position, position))


def language_at(article: Article, position: int) -> Language:
    """Return the language of the sentence that holds ``position``, else the article's."""
    index = bisect_right(article.sentences, position, key=lambda sentence: sentence.start) - 1
    if index >= 0 and position < article.sentences[index].end:
        return article.sentences[index].language
    return article.language


def _around(mark: re.Pattern[str], text: str, bounds: tuple[int, int], inner: tuple[int, int]) -> tuple[int, int]:
    left = bounds[0]
    for match in mark.finditer(text, bounds[0], max(bounds[0], inner[0])):
        left = match.end()
    right = mark.search(text, min(inner[1], bounds[1]), bounds[1])
    end = bounds[1] if right is None else right.end() if mark is SENTENCE_END else right.start()
    return left, max(end, left)


@cache
def _marks(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the marks of clauses and of sentences; a comma or point within a number is none."""
    marks = table("status.toml")[language]
    return re.compile(marks["clause"]), re.compile(marks["sentence"])


def _fold(text: str) -> str:
    """Simplify the characters that cues are written in, one for one."""
    return text if text.isascii() else text.translate(_simplified())


@cache
def _simplified() -> dict[int, str]:
    fold = table("status.toml")["fold"]
    return {ord(old): new for old, new in zip(fold["from"], fold["to"], strict=True)}
