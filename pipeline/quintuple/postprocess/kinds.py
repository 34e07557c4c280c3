"""Tells a person from a company, and an authority or medium from both."""

from __future__ import annotations

import re
from functools import cache, lru_cache

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
    capitals = all(word[0].isupper() for word in words)
    return capitals and ((len(words) <= 4 and words[0].casefold() in person["en_first"]) or _is_pinyin_person(words))


def is_post_holder(name: str) -> bool:
    """Tell whether the Latin name of one who takes or leaves a post can be a person's: a few words with capitals."""
    words = name.split()
    return len(words) <= 5 and name.isascii() and all(word[:1].isupper() for word in words)


def has_role(name: str, before: str, after: str) -> bool:
    """Tell whether what stands around a Latin name makes it a person's: "president", ", chief executive", "who"."""
    role = _roles("en_roles").match(after) or _roles("en_roles_before").search(before)
    return role is not None and strip_legal(name) == name


@cache
def _roles(name: str) -> re.Pattern[str]:
    return re.compile(tables()["person"][name])


def _is_pinyin_person(words: list[str]) -> bool:
    surname, given = words[0].casefold(), "".join(words[1:]).casefold()
    person = tables()["person"]
    return len(words) in (2, 3) and surname in person["pinyin_surnames"] and bool(_pinyin().fullmatch(given))


@cache
def _pinyin() -> re.Pattern[str]:
    return re.compile(tables()["person"]["pinyin_given"])


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


@lru_cache(maxsize=8192)
def is_body(name: str) -> bool:
    """Tell whether a name is an authority's, exchange's or medium's, which 公司 and "the company" never mean."""
    return name in tables()["generic"]["bodies"] or re.search(tables()["generic"]["body"], name) is not None
