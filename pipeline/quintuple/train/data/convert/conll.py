"""CoNLL: one token and its tag a line, in columns; a blank line ends a sentence.

The first column is the token, the last its tag: BIO (``B-acquire``, ``I-COMPANY``, ``O``) or BIOES. With
``-DOCSTART-`` lines a record is a document of several sentences, without them every sentence is one. Comments
``# id = …`` and ``# text = …`` (CoNLL-U) give a sentence its name and exact text; else tokens are joined by a space,
except where one of two neighbours is Chinese. Argument labels are roles, all others action types; nothing says which
trigger an argument belongs to: it goes to the nearest in its sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from quintuple.events import DataError
from quintuple.train.data.convert.frames import Frame, Label, attach, to_events
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.lines import Record, read_text
from quintuple.train.data.record import make_record

_TAG = re.compile(r"O|([BIESLU])-(\S+)")
_COMMENT = re.compile(r"# ?(\w+) = (.*)")
#: Characters that no space is written beside: Chinese, and full-width marks.
_TIGHT = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U000323af]")


@dataclass(slots=True)
class _Sentence:
    tokens: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    comments: dict[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(slots=True)
class _Document:
    """Text and labels put together sentence by sentence, with the frames of each."""

    name: str
    text: str = ""
    frames: list[Frame] = field(default_factory=list)


def read(source: Path, losses: Losses) -> Iterator[Record]:
    """Yield a record per document, or per sentence where the file marks no documents.

    Raises:
        DataError: a line has no BIO tag, or its token is not in the sentence's text; names file and line.
    """
    numbers, document = count(1), None
    for sentence in _sentences(source):
        starts = sentence.tokens == ["-DOCSTART-"]
        if starts or not (document and document[1]):
            if document and document[0].text:
                yield _record(document[0], source, losses)
            number = next(numbers)
            name = sentence.comments.get("id") or f"{source.stem}-{number}"
            document = _Document(name), starts
        if not starts:
            _append(document[0], sentence, f"{source}:{sentence.line}", losses)
    if document and document[0].text:
        yield _record(document[0], source, losses)


def _record(document: _Document, source: Path, losses: Losses) -> Record:
    where = f"{source}: {document.name}"
    events = to_events(document.text, document.frames, where=where, losses=losses)
    return make_record(document.text, events, id=document.name)


def _sentences(source: Path) -> Iterator[_Sentence]:
    sentence = _Sentence()
    for number, line in enumerate(read_text(source).replace("\r\n", "\n").split("\n"), 1):
        if not sentence.tokens and line.startswith("#") and not _TAG.fullmatch(line.split()[-1]):
            if comment := _COMMENT.fullmatch(line):
                sentence.comments[comment[1]] = comment[2]
        elif line.strip():
            _add_token(sentence, line, f"{source}:{number}")
            sentence.line = sentence.line or number
        elif sentence.tokens:
            yield sentence
            sentence = _Sentence()
    if sentence.tokens:
        yield sentence


def _add_token(sentence: _Sentence, line: str, where: str) -> None:
    columns = line.split("\t") if "\t" in line else line.split()
    if columns[0] == "-DOCSTART-":
        columns = ["-DOCSTART-", "O"]
    if len(columns) < 2 or not columns[0] or not _TAG.fullmatch(columns[-1].strip()):
        raise DataError(f"{where}: expected a token and its tag (O, B-… or I-…), got {line!r}")
    sentence.tokens.append(columns[0])
    sentence.tags.append(columns[-1].strip())


def _append(document: _Document, sentence: _Sentence, where: str, losses: Losses) -> None:
    start = len(document.text) + 1 if document.text else 0
    text, places = _lay_out(sentence, where)
    labels = [Label((start + first, start + last), name) for (first, last), name in _spans(sentence.tags, places)]
    document.text += ("\n" if start else "") + text
    document.frames += attach(document.text, labels, where=where, losses=losses)


def _lay_out(sentence: _Sentence, where: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a sentence's text with the place of every token."""
    text = sentence.comments.get("text")
    if text is None:
        text = sentence.tokens[0]
        for left, right in zip(sentence.tokens, sentence.tokens[1:], strict=False):
            text += ("" if _TIGHT.match(left[-1]) or _TIGHT.match(right[0]) else " ") + right
    places, at = [], 0
    for token in sentence.tokens:
        found = text.find(token, at)
        if found < 0:
            raise DataError(f"{where}: expected the token {token!r} in the sentence's text behind {text[:at]!r}")
        at = found + len(token)
        places.append((found, at))
    return text, places


def _spans(tags: list[str], places: list[tuple[int, int]]) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield the labelled spans; an I that continues nothing begins a span, as conlleval reads it."""
    open_: tuple[int, int, str] | None = None
    for (start, end), tag in zip([*places, (0, 0)], [*tags, "O"], strict=True):
        match = _TAG.fullmatch(tag)
        prefix, name = (match[1], match[2]) if match and match[1] else ("O", "")
        if open_ and prefix in "IEL" and name == open_[2]:
            open_ = (open_[0], end, name)
            continue
        if open_:
            yield open_[:2], open_[2]
        open_ = None if prefix == "O" else (start, end, name)
