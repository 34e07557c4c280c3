"""Tells a person from a company, and a mention that names nobody from a name."""

from __future__ import annotations

import re
from functools import cache

from quintuple.postprocess.names import HAN, strip_legal, tables


def is_person(name: str, before: str = "", after: str = "") -> bool:
    """Tell whether a name is a person's, from its form and the few characters around it."""
    if HAN.search(name):
        return _is_chinese_person(name, before, after)
    person, words = tables()["person"], name.replace(",", " ").split()
    if not words or strip_legal(name.casefold()) != name.casefold():
        return False
    if words[0].casefold() in person["en_titles"]:
        return True
    if len(words) == 1:
        return before.casefold().split()[-1:] != [] and before.casefold().split()[-1] in person["en_before_surname"]
    return len(words) <= 4 and words[0].casefold() in person["en_first"] and all(word[0].isupper() for word in words)


def _is_chinese_person(name: str, before: str, after: str) -> bool:
    person = tables()["person"]
    if "·" in name:
        return re.search(person["zh_organisation"] + "$", name) is None
    surname = name[:2] in person["zh_compound"] or name[0] in person["zh_surnames"]
    if not surname or not 2 <= len(name) <= 4 or re.search(person["zh_organisation"], name[1:]):
        return False
    titled = any(before.endswith(title) for title in person["zh_titles"]) or after.startswith(("先生", "女士"))
    return titled or (
        len(name) == 3 and after[:1] in ("辞", "、", "拟", "、", "因", "任", "为", "的", "持", "（", "(", "，")
    )


def is_generic(mention: str) -> bool:
    """Tell whether a mention names nobody: a pronoun, 公司, "the Singapore-based company"."""
    mention = mention.strip()
    if mention.casefold() in _words():
        return True
    if _generic().match(mention) is None:
        return False
    words = mention.split()
    return len(words) <= 2 or words[-1].islower()


def is_body(name: str) -> bool:
    """Tell whether a name is an authority's, exchange's or medium's, which 公司 and "the company" never mean."""
    return name in tables()["generic"]["bodies"] or re.search(tables()["generic"]["body"], name) is not None


def is_declarer(mention: str) -> bool:
    """Tell whether a mention stands for the one who makes the announcement, as 公司 does."""
    return mention.strip() in tables()["generic"]["zh_declarer"]


def is_pronoun(mention: str) -> bool:
    """Tell whether a mention is a bare pronoun."""
    return mention.strip().casefold() in (*tables()["generic"]["en_pronouns"], "其", "它")


@cache
def _words() -> frozenset[str]:
    generic = tables()["generic"]
    return frozenset((*generic["zh_declarer"], *generic["en_pronouns"]))


@cache
def _generic() -> re.Pattern[str]:
    generic = tables()["generic"]
    return re.compile(f"{generic['zh_previous']}|{generic['en_generic']}", re.IGNORECASE)
