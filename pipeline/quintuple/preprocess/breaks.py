"""The rules that say after which piece a sentence ends."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from quintuple.preprocess.language import HAN
from quintuple.preprocess.paragraphs import paragraph_starts
from quintuple.preprocess.tables import SentenceTable, tables

_WIDE = frozenset("。！？；｡﹗﹖…")
_NARROW = frozenset(".!?")
_FINAL = _WIDE | _NARROW | {"】"}
_CLOSERS = frozenset("”’」』)）】]》〉\"'")
_CONTINUERS = frozenset("，、,;：:)）】]》」』”’")
_OPENERS = frozenset("“‘「『(（【[《〈\"'*_")
_PAIRS = {"(": ")", "（": "）", "[": "]", "【": "】", "“": "”", "「": "」", "『": "』", "《": "》"}
_PARTNERS = {close: open_ for open_, close in _PAIRS.items()}
_PAIRED = frozenset({*_PAIRS, *_PARTNERS, '"'})
_QUOTES = frozenset('“「『"')
_INTRODUCERS = frozenset("：:，,")
_HAN = re.compile(f"[{HAN}]")
_LIST_NUMBER = re.compile(r"\d{1,3}")
_ABBREVIATION = re.compile(r"[A-Za-z]+\.|(?:[A-Za-z]\.)+")


@dataclass(frozen=True)
class Pieces:
    """The pieces of a text with what the rules ask of them; indexes are into ``words``."""

    words: Sequence[str]

    @cached_property
    def offsets(self) -> list[int]:
        """Return the offset of each piece, and of the end."""
        return list(accumulate(map(len, self.words), initial=0))

    @cached_property
    def pairs(self) -> dict[int, int]:
        """Map the index of each closing bracket or quote to its opening one."""
        pairs: dict[int, int] = {}
        waiting: dict[str, list[int]] = {}
        for index in [index for index, word in enumerate(self.words) if word in _PAIRED]:
            word = self.words[index]
            if word == '"':
                _pair_straight(self, index, waiting.setdefault(word, []), pairs)
            elif word in _PAIRS:
                waiting.setdefault(word, []).append(index)
            elif waiting.get(_PARTNERS[word]):
                pairs[index] = waiting[_PARTNERS[word]].pop()
        return pairs

    def distance(self, first: int, last: int) -> int:
        """Return the characters from one piece up to another."""
        return self.offsets[last] - self.offsets[first]

    def char(self, index: int) -> str:
        """Return the first character of a piece, or "" outside the text."""
        return self.words[index][0] if 0 <= index < len(self.words) else ""

    def after_space(self, index: int) -> int:
        """Return the index of the first piece from ``index`` on that is no white space."""
        return index + 1 if self.char(index).isspace() else index


@dataclass(frozen=True, slots=True)
class _Shields:
    """The short pairs of brackets or quotes, in which no sentence ends: where each opens, how far all so far reach."""

    opens: Sequence[int]
    reaches: Sequence[int]

    @classmethod
    def of(cls, pieces: Pieces, table: SentenceTable) -> _Shields:
        short = sorted(
            (open_, close) for close, open_ in pieces.pairs.items() if pieces.distance(open_, close) <= table.short_pair
        )
        return cls([open_ for open_, _ in short], list(accumulate((close for _, close in short), max)))

    def around(self, index: int) -> int:
        """Return the index of the piece that closes the widest short pair around a piece, or -1."""
        before = bisect_left(self.opens, index)
        reach = self.reaches[before - 1] if before else -1
        return reach if reach > index else -1


def sentence_starts(words: Sequence[str]) -> list[int]:
    """Return the offsets at which a sentence starts; white space goes to the sentence before it."""
    pieces, table = Pieces(words), tables().sentences
    breaks, shield = _paragraph_ends(pieces), _Shields.of(pieces, table)
    starts = [0] if words else []
    index, first = 0, pieces.after_space(0)
    for candidate in sorted({*breaks, *_final_marks(words)}):
        if candidate < index:
            continue
        index, ends = _look(pieces, candidate, first, shield.around(candidate), table)
        if ends or candidate in breaks:
            index = first = pieces.after_space(index)
            if first < len(words):
                starts.append(pieces.offsets[first])
    return starts


def _final_marks(words: Sequence[str]) -> list[int]:
    """Return the index of each piece that may end a sentence."""
    return [index for index, word in enumerate(words) if word[0] in _FINAL or word[-1] in _FINAL]


def _paragraph_ends(pieces: Pieces) -> set[int]:
    """Return the index of each white space that reaches over the start of a paragraph."""
    breaks = paragraph_starts("".join(pieces.words))
    indexes = (bisect_left(pieces.offsets, offset) - 1 for offset in breaks if offset)
    return {index for index in indexes if pieces.char(index).isspace()}


def _look(pieces: Pieces, index: int, first: int, shield: int, table: SentenceTable) -> tuple[int, bool]:
    """Return the next index to look at, and whether the sentence that began at ``first`` ends before it.

    A run of final marks and closing quotes is passed as a whole: each of its marks would give the same answer.
    """
    word = pieces.words[index]
    if word == "】" and pieces.pairs.get(index) == first and pieces.distance(first, index) <= table.headline:
        return index + 1, True
    if _ABBREVIATION.fullmatch(word):
        if not _abbreviation_ends(pieces, index, table):
            return index + 1, False
    elif word[0] not in _WIDE and word[0] not in _NARROW:
        return index + 1, False
    end = _past_closers(pieces, index + 1)
    wide = word[0] in _WIDE
    boundary = _is_boundary(pieces, index, end, first, wide=wide)
    return end, boundary and _shield_allows(pieces, end, first, shield, table, wide=wide)


def _past_closers(pieces: Pieces, index: int) -> int:
    # A straight quote closes only what an earlier one opened.
    while (char := pieces.char(index)) and (char != '"' or index in pieces.pairs):
        if char not in _CLOSERS and char not in _WIDE and char not in _NARROW:
            break
        index += 1
    return index


def _is_boundary(pieces: Pieces, index: int, end: int, first: int, *, wide: bool) -> bool:
    following = pieces.after_space(end)
    char = pieces.char(following)
    if not char:
        return True
    if wide:
        return char not in _CONTINUERS
    if _is_list_number(pieces, index, first):
        return False
    if following == end:
        return bool(_HAN.match(char) and _HAN.match(pieces.words[index - 1][-1]) if index else False)
    while pieces.char(following) in _OPENERS and following + 1 < len(pieces.words):
        following += 1
    char = pieces.char(following)
    return not char.islower() and char not in _CONTINUERS


def _is_list_number(pieces: Pieces, index: int, first: int) -> bool:
    return pieces.words[index] == "." and index - 1 == first and bool(_LIST_NUMBER.fullmatch(pieces.words[first]))


def _abbreviation_ends(pieces: Pieces, index: int, table: SentenceTable) -> bool:
    stem = pieces.words[index][:-1]
    following = pieces.after_space(index + 1)
    if stem in table.titles or (following == index + 1 and following not in pieces.pairs):
        return False
    if stem in table.counters and pieces.char(following).isdigit():
        return False
    return following >= len(pieces.words) or pieces.words[following].rstrip(".") in table.openers


def _shield_allows(pieces: Pieces, end: int, first: int, shield: int, table: SentenceTable, *, wide: bool) -> bool:
    """Return whether a sentence may end at ``end`` given the short pair that its mark stands in."""
    if shield >= end:
        return False
    if shield >= 0:
        opening = pieces.pairs[shield]
        quoted = pieces.words[opening] in _QUOTES and (not wide or _is_introduced(pieces, opening, table))
        if opening != first and not quoted:
            return False
    return not _is_attributed(pieces, end, table)


def _is_introduced(pieces: Pieces, opening: int, table: SentenceTable) -> bool:
    """Return whether a quotation follows a colon, a comma or a verb of speech: 他说：“……。”"""
    before = opening - 2 if pieces.char(opening - 1).isspace() else opening - 1
    return pieces.char(before) in _INTRODUCERS or (before >= 0 and pieces.words[before].endswith(table.attributions))


def _is_attributed(pieces: Pieces, end: int, table: SentenceTable) -> bool:
    """Return whether the words after a closing quote name its speaker: “……。”他表示"""
    if pieces.char(end - 1) not in "”」』" or end >= len(pieces.words):
        return False
    return any(verb in pieces.words[end][:8] for verb in table.attributions)


def _pair_straight(pieces: Pieces, index: int, waiting: list[int], pairs: dict[int, int]) -> None:
    """Pair straight quotes: one after white space opens, one before it closes."""
    before = pieces.char(index - 1)
    if waiting and before and not before.isspace():
        pairs[index] = waiting.pop()
        waiting.clear()
    else:
        waiting[:] = [index]
