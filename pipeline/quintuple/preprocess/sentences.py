"""Splits text into sentences with a spaCy pipeline of our own rules, the same for both languages."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from quintuple.events import Language, Sentence
from quintuple.preprocess.breaks import sentence_starts
from quintuple.preprocess.language import detect_language
from quintuple.preprocess.pieces import cut_pieces
from quintuple.preprocess.tables import tables

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

_DOCUMENT_CUTS = (re.compile(r"\n"), re.compile(r"[。！？；]|[.!?](?=\s)"), re.compile(r"\s"))
_SENTENCE_CUTS = (re.compile(r"\n"), re.compile(r"[；;]"), re.compile(r"[，、]|,(?=\s)"), re.compile(r"\s"))
# The vocabulary is shared and a memory zone cannot be entered twice.
_LOCK = threading.Lock()


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


def _sentences_of(text: str) -> list[tuple[int, int]]:
    nlp = _pipeline()
    # The zone frees the strings of this text; without it the vocabulary of a long run grows for ever.
    with _LOCK, nlp.memory_zone():
        return [(sentence.start_char, sentence.end_char) for sentence in nlp(text).sents]


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


@cache
def _pipeline() -> Pipeline:
    """Build the pipeline; spaCy takes seconds to import, so only here."""
    import spacy
    from spacy.language import Language as Pipeline

    Pipeline.component("quintuple_sentences", func=_mark_sentences)
    nlp = spacy.blank("xx")
    nlp.tokenizer = _Tokenizer(nlp.vocab)
    nlp.add_pipe("quintuple_sentences")
    return nlp


class _Tokenizer:
    """spaCy tokenizer over ``cut_pieces``; white space is a token of its own."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        from spacy.tokens import Doc

        words = cut_pieces(text)
        return Doc(self.vocab, words=words, spaces=[False] * len(words))


def _mark_sentences(doc: Doc) -> Doc:
    """Set where sentences start; a pipeline component."""
    import numpy as np

    starts = sentence_starts([token.text for token in doc])
    # All at once: setting ``token.is_sent_start`` looks through the whole document for each token.
    marks: Any = np.array([[1 if start else -1] for start in starts], dtype=np.int64).astype(np.uint64)
    return doc.from_array(["SENT_START"], marks)
