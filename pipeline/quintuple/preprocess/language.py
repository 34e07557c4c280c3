"""Tells Chinese from English by script."""

from __future__ import annotations

import re

from quintuple.events import Language
from quintuple.preprocess.tables import tables

#: Chinese characters, as the inside of a regular expression's character class.
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"

_HAN_RUN = re.compile(f"[{HAN}]+")
_LETTER_RUN = re.compile(r"[^\W\d_]+")


def detect_language(text: str, *, default: Language = "en") -> Language:
    """Return the language of a text by its share of Chinese characters, or ``default`` if it has no letters."""
    if text.isascii():
        return "en" if _LETTER_RUN.search(text) else default
    letters = _count(_LETTER_RUN, text)
    if not letters:
        return default
    return "zh" if _count(_HAN_RUN, text) / letters >= tables().language.han_share else "en"


def _count(run: re.Pattern[str], text: str) -> int:
    return sum(map(len, run.findall(text)))
