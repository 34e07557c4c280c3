"""Spots names in running text: in headlines, before tickers and titles, with legal forms, with capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from quintuple.postprocess.folding import expand
from quintuple.postprocess.kinds import is_body
from quintuple.postprocess.lexicon import Known
from quintuple.postprocess.names import HAN, strip_legal, tables
from quintuple.postprocess.references import is_generic

_MARKS = re.compile(r"[，。；：、“”《》（）()【】「」\s,:;]")
_CAPITALS = re.compile(r"(?:[A-Z][\w&.'’-]*(?:\s+(?:of|and|&|the)\s+|\s+|$)){1,6}$")


def headline_subjects(text: str) -> Iterator[Known]:
    """Yield the X of a headline 【X：…】 or "X：…", and the X of "X发布公告": the ones who announce."""
    for key, group in (("zh_headline", "name"), ("zh_announces", "announcer")):
        for match in _pattern("headline", key).finditer(text):
            if _may_be_name(match[group]):
                yield Known(*match.span(group), match[group], subject=True, declarer=True)


def spotted_names(text: str) -> Iterator[Known]:
    """Yield what looks like a company's name although nobody may have tagged it."""
    if HAN.search(text):
        yield from _chinese_names(text)
    yield from _english_names(text)


def name_before(text: str, end: int) -> Known | None:
    """Return the name that ends at a place: back to the last mark or cutting word, or over capitalised words."""
    end = stripped_end(text, end)
    window = text[max(0, end - 30) : end]
    if window and HAN.search(window[-1]):
        name = re.split(tables()["definition"]["zh_cut"], _MARKS.split(window)[-1])[-1]
    else:
        match = _CAPITALS.search(text[max(0, end - 80) : end])
        name = match.group().strip() if match else ""
    whole = len(name) <= 8 or not HAN.search(name) or re.search(tables()["definition"]["zh_whole"], name)
    return Known(end - len(name), end, name) if len(name) >= 2 and whole and not is_generic(name) else None


def stripped_end(text: str, end: int) -> int:
    """Return where a text that ends at ``end`` ends without white space; no copy is made of what stands before."""
    while end > 0 and text[end - 1].isspace():
        end -= 1
    return end


def _chinese_names(text: str) -> Iterator[Known]:
    for match in _pattern("spotting", "zh_form").finditer(text):
        name = name_before(text, match.end())
        if name is not None and len(name.text) - len(match.group()) >= 2:
            yield name
    for key in ("zh_titled", "zh_owned", "zh_quoted"):
        for match in _pattern("spotting", key).finditer(text):
            if _may_be_name(match["name"]) and not is_body(match["name"]) and _has_form(match["name"], key):
                yield Known(*match.span("name"), match["name"], spotted=True)


def signature(text: str) -> Known | None:
    """Return the name at the very end of a text, where who announces something signs."""
    match = _pattern("spotting", "zh_signature").search(text, max(0, len(text) - 80))
    if match is None or not _may_be_name(match["name"]):
        return None
    return Known(*match.span("name"), match["name"], subject=True, declarer=True)


def _has_form(name: str, key: str) -> bool:
    """Tell whether a Chinese name ends in what companies' names end in, where nothing else tells that it is one."""
    tails = tables()["short"]["tails"]
    return key != "zh_owned" or any(name.endswith(tail) and len(name) > len(tail) + 1 for tail in tails)


def _may_be_name(text: str) -> bool:
    no_name = _pattern("spotting", "zh_no_name").search(text) is not None
    return not no_name and not is_generic(text) and text not in tables()["short"]["tails"]


def _english_names(text: str) -> Iterator[Known]:
    for match in _pattern("spotting", "en_name").finditer(text):
        start, end = _without_edges(text, *match.span())
        name = text[start:end]
        if len(name) < 3 or not name.isascii() or is_generic(name) or (name.isupper() and name.count(" ") > 1):
            continue
        acts = _pattern("spotting", "en_acts").match(text[end : end + 40]) is not None
        legal = strip_legal(name) != name
        if acts or legal or " " in name or not starts_sentence(text, start):
            yield Known(start, end, name, subject=acts and starts_sentence(text, start), spotted=True)


def _without_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Take words that are no names off the beginning, and a possessive 's or point off the end."""
    end -= len(re.search(r"(?:['’]s|['’.-])*$", text[start:end])[0])  # type: ignore[index]
    while start < end:
        word = re.match(r"\S+\s*", text[start:end])
        if word is None or not is_common(word[0]):
            break
        start += word.end()
    return start, end


def is_common(word: str) -> bool:
    """Tell whether an English word with a capital is no name on its own."""
    return word.strip().casefold().strip(".") in _no_names()


def starts_sentence(text: str, start: int) -> bool:
    """Tell whether a word is the first of its sentence, so that its capital says nothing."""
    before = text[max(0, start - 3) : start].rstrip(" “\"'")
    return not before or before[-1] in ".!?\n:;—"


@cache
def _no_names() -> frozenset[str]:
    return frozenset(word.strip(".") for word in tables()["spotting"]["en_no_name"])


@cache
def _pattern(section: str, name: str) -> re.Pattern[str]:
    table = tables()[section]
    return re.compile(expand(table[name], table))
