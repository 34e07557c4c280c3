"""Splits text into sentences by rules, the same for both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from quintuple.events import Language, Sentence
from quintuple.preprocess.breaks import sentence_starts
from quintuple.preprocess.language import detect_language
from quintuple.preprocess.pieces import cut_pieces
from quintuple.preprocess.tables import tables

_DOCUMENT_CUTS = (re.compile(r"\n"), re.compile(r"[。！？；]|[.!?](?=\s)"), re.compile(r"\s"))
_SENTENCE_CUTS = (re.compile(r"\n"), re.compile(r"[；;]"), re.compile(r"[，、]|,(?=\s)"), re.compile(r"\s"))


def split_sentences(text: str, *, language: Language) -> tuple[Sentence, ...]:
    """Return the sentences of a text, in order.

    They do not overlap, have no white space around them, and together hold all that is not white space.
    ``language`` is that of a sentence without letters.
    """
    return tuple(
        Sentence(start, end, detect_language(text[start:end], default=language)) for start, end in _spans(text)
    )


def _spans(text: str) -> Iterator[tuple[int, int]]:
    table = tables().sentences
    for start, end in _cut(text, 0, len(text), table.max_document, _DOCUMENT_CUTS):
        for first, last in _sentences_of(text[start:end]):
            for span in _cut(text, start + first, start + last, table.max_sentence, _SENTENCE_CUTS):
                yield from _trimmed(text, *span)


def _sentences_of(text: str) -> Iterator[tuple[int, int]]:
    return pairwise([*sentence_starts(cut_pieces(text)), len(text)])


def _cut(text: str, start: int, end: int, limit: int, cuts: tuple[re.Pattern[str], ...]) -> Iterator[tuple[int, int]]:
    """Yield pieces of at most ``limit`` characters, cut at the best place in the last half of each."""
    while end - start > limit:
        cut = _last_cut(text, start + limit // 2, start + limit, cuts)
        yield start, cut
        start = cut
    yield start, end


def _last_cut(text: str, start: int, end: int, cuts: tuple[re.Pattern[str], ...]) -> int:
    for pattern in cuts:
        if ends := [found.end() for found in pattern.finditer(text, start, end)]:
            return ends[-1]
    return end


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if core := piece.strip():
        start += len(piece) - len(piece.lstrip())
        yield start, start + len(core)
