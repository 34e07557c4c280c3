"""Tells what kind of general word a mention is: one that names nobody, such as 公司, 后者 or "the bank"."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Literal

from quintuple.postprocess.folding import expand
from quintuple.postprocess.names import HAN, simplified, tables

#: ``declarer``: the one who announces. ``near``: the party just spoken of (该公司). ``definite``: "the bank".
#: ``role``: a part that somebody plays (控股股东). ``plural``: two parties or more at once. ``body``: "the court".
Reference = Literal["declarer", "near", "pronoun", "definite", "former", "latter", "plural", "role", "person", "body"]


@lru_cache(maxsize=8192)
def reference_of(mention: str) -> Reference | None:
    """Return what kind of general word a mention is, or None for a name."""
    mention = mention.strip()
    if HAN.search(mention):
        return _chinese(simplified(mention))
    return _english(mention)


def is_generic(mention: str) -> bool:
    """Tell whether a mention names nobody: a pronoun, 公司, "the Singapore-based company"."""
    return reference_of(mention) is not None


def is_fragment(mention: str) -> bool:
    """Tell whether a mention is a single Chinese character or a lone article, a piece of what should be tagged."""
    return (len(mention) == 1 and HAN.match(mention) is not None and not is_generic(mention)) or (
        mention.casefold() in _table()["en_fragments"]
    )


@cache
def role_pattern() -> re.Pattern[str]:
    """Return the pattern of Chinese roles."""
    return re.compile(_table()["zh_role"])


def _chinese(mention: str) -> Reference | None:
    table = _table()
    kinds: tuple[Reference, ...] = ("declarer", "pronoun", "former", "latter", "person")
    for kind in kinds:
        if mention in table[f"zh_{kind}"]:
            return kind
    if _pattern("zh_near").match(mention):
        return "near"
    if _pattern("zh_plural").match(mention):
        return "plural"
    if _pattern("zh_body").match(mention):
        return "body"
    return "role" if role_pattern().fullmatch(mention) else None


def _english(mention: str) -> Reference | None:
    table, lower = _table(), mention.casefold()
    if mention.split()[-1:] and mention.split()[-1] in table["en_declarer"]:
        return "declarer" if len(mention.split()) <= 2 and lower.split()[0] in ("the", lower.split()[-1]) else None
    if lower in table["en_pronouns"]:
        return "pronoun"
    kinds: tuple[Reference, ...] = ("former", "latter", "person")
    for kind in kinds:
        if lower in table[f"en_{kind}"]:
            return kind
    if _pattern("en_plural").match(mention):
        return "plural"
    if _pattern("en_body").match(mention):
        return "body"
    words = mention.split()
    if _pattern("en_generic").match(mention) and (len(words) <= 2 or words[-1].islower()):
        return "definite"
    return None


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(expand(_table()[name], _table()), re.IGNORECASE)


def _table() -> dict[str, Any]:
    table: dict[str, Any] = tables()["generic"]
    return table
