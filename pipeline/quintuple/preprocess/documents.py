"""The records that pass between the readers of the formats and the making of articles."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass

from quintuple.events import ArticleError, FormatError
from quintuple.settings import PreprocessSettings


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one input; ``where`` names it in errors."""

    data: bytes
    where: str
    settings: PreprocessSettings


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader found in an input: the text and its metadata, as the file gives them.

    ``published`` is any value ``parse_day`` takes; ``created`` is the same but believed only when nothing else
    dates the text. ``number`` is the place of a record among several. ``hidden`` are ranges of the text that are
    no article.
    """

    text: str
    id: str | None = None
    number: int | None = None
    title: str | None = None
    published: object = None
    created: object = None
    hidden: tuple[tuple[int, int], ...] = ()


_LETTER = re.compile(r"[^\W_]")

#: A reader yields an error for a broken record and goes on.
Found = Document | ArticleError


def blank(text: str, start: int = 0) -> str | None:
    """Return what a text holds instead of letters and digits from ``start`` on, or None if it has any."""
    if _LETTER.search(text, start):
        return None
    return "punctuation only" if text[start:].strip() else "white space only"


def count_elements(source: Source, count: int, what: str) -> int:
    """Return a number of elements, each of which takes many times the memory that it takes in the file.

    Raises:
        FormatError: there are more than ``max_elements``.
    """
    limit = source.settings.max_elements
    if count > limit:
        raise FormatError(f"{source.where}: expected at most {limit} {what} (max_elements), got {count}")
    return count


def hush(*names: str) -> None:
    """Keep libraries from logging what we report as errors, unless the user has set their level."""
    for name in names:
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.CRITICAL + 1)
