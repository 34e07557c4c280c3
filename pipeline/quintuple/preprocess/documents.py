"""The records that pass between the readers of the formats and the making of articles."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from quintuple.events import ArticleError
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


#: A reader yields an error for a broken record and goes on.
Found = Document | ArticleError


def hush(*names: str) -> None:
    """Keep libraries from logging what we report as errors, unless the user has set their level."""
    for name in names:
        logger = logging.getLogger(name)
        if logger.level == logging.NOTSET:
            logger.setLevel(logging.CRITICAL + 1)
