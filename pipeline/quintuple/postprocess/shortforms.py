"""Tells which names are short forms of others: 立屿 of 济南立屿科技, "Harley" of "Harley Systems"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice

from quintuple.postprocess.kinds import is_person
from quintuple.postprocess.names import HAN, name_key, simplified, tables

_WORDS = re.compile(r"[\w&']+")
#: Beginnings of longer names than this, in characters or words, are not indexed: no short form is that long.
_LONGEST = 30
_RIVALS = 8  # names that begin alike and are looked at


@lru_cache(maxsize=8192)
def is_short_form(short: str, long: str) -> bool:
    """Tell whether one name is a short form of another."""
    if len(short) >= len(long) or len(name_key(short)) < 2:
        return False
    if any(short.endswith(tail) and tail not in long for tail in tables()["short"]["own_tails"]):
        return False
    return _is_short_chinese(name_key(short), name_key(long)) if HAN.search(short) else _is_short_latin(short, long)


def longer_forms(texts: Iterable[str], *, others: Collection[str] = ()) -> dict[str, str]:
    """Map the key of each name, in text order, to the longest name of the article that surely means the same party.

    Names in ``others`` are no long forms.
    """
    apart = {name_key(text) for text in others}
    longest: dict[str, str] = {}
    for text in texts:
        key = name_key(text)
        longest[key] = max(longest.get(key, ""), text.strip(), key=lambda name: (len(name), not name.isupper()))
    ordered, index = sorted(longest), _index(longest)
    forms, rank = dict(longest), {key: number for number, key in enumerate(longest)}
    for key, text in longest.items():
        near = dict.fromkeys(other for handle in _handles(text) for other in index.get(handle, ()) if other != key)
        # Two are enough to know that the short form is not sure, unless one alone was named before it.
        long = (other for other in near if other not in apart and is_short_form(text, longest[other]))
        found = list(islice(long, 3))
        earlier = [other for other in found if rank[other] < rank[key]]
        rivals = _continuations(ordered, key)
        if len(earlier) == 1 and all(other in earlier or rank[other] > rank[key] for other in rivals):
            forms[key] = longest[earlier[0]]
        elif len(found) == 1 and rivals <= set(found):
            forms[key] = longest[found[0]]
    return forms


def _continuations(ordered: Sequence[str], key: str) -> set[str]:
    """Return the keys that begin with a key, a few at most."""
    place = bisect_left(ordered, key)
    return {other for other in ordered[place : place + _RIVALS] if other.startswith(key) and other != key}


def _index(longest: dict[str, str]) -> dict[Hashable, list[str]]:
    """Map what a short form may share with a name to the keys of the names that have it."""
    index: dict[Hashable, list[str]] = defaultdict(list)
    for key, text in longest.items():
        for handle in dict.fromkeys(_offered(text)):
            index[handle].append(key)
    return index


def _offered(text: str) -> Iterator[Hashable]:
    """Yield what short forms of a name can be found by: its beginnings, initials and last word."""
    key = name_key(text)
    for whole in {key, _places().sub("", key)}:
        yield from (whole[:length] for length in range(2, min(len(whole), _LONGEST) + 1))
        yield from ((whole[:2], whole[place : place + 2]) for place in range(2, min(len(whole), _LONGEST) - 1))
    words = _words(text)
    for whole_words in (words, _without_modifiers(words)):
        yield from (tuple(whole_words[:count]) for count in range(1, min(len(whole_words), _LONGEST) + 1))
    yield "initials", _initials(words)
    yield "last", "".join(words[-1:])


def _handles(short: str) -> Iterator[Hashable]:
    if HAN.search(short):
        key = name_key(short)
        yield from (key, (key[:2], key[-2:]))
        return
    words = _words(short)
    yield tuple(words)
    if len(words) == 1 or (len(words) == 2 and words[0] in _titles()):
        yield from (("initials", words[-1]), ("last", words[-1]), (words[-1],))


def _is_short_chinese(short: str, long: str) -> bool:
    if short == long or short in tables()["short"]["tails"] or short in tables()["words"]["common"]:
        return False
    rest = long if long.startswith(short) else _places().sub("", long)
    if rest.startswith(short):
        return rest == short or _tails().fullmatch(simplified(rest[len(short) :])) is not None
    return bool(
        len(short) >= 4
        and len(rest) >= 6
        and rest[:2] == short[:2]
        and short[-2:] in rest[2:]
        and _tails().search(simplified(rest))
    )


def _is_short_latin(short: str, long: str) -> bool:
    few, many = _words(short), _words(long)
    if len(few) == 2 and few[0] in _titles():
        return is_person(long) and few[1] in (many[0], many[-1])
    if not few or len(few) >= len(many):
        return False
    if len(few) == 1:
        if len(short) < 3 or few[0] in tables()["words"]["common"]:
            return False
        if (short.isupper() and few[0] == _initials(many)) or (few[0] == many[-1] and is_person(long)):
            return True
    return many[: len(few)] == few or _without_modifiers(many)[: len(few)] == few


def _without_modifiers(words: list[str]) -> list[str]:
    """Take off first words that may be left out, as long as two words stay."""
    while len(words) > 2 and words[0] in tables()["words"]["droppable"]:
        words = words[1:]
    return words


def _words(name: str) -> list[str]:
    return _WORDS.findall(name.casefold())


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words if word not in ("of", "and", "the"))


@cache
def _titles() -> frozenset[str]:
    return frozenset(tables()["person"]["en_before_surname"])


@cache
def _places() -> re.Pattern[str]:
    return re.compile(f"^(?:{'|'.join(tables()['short']['places'])})(?:省|市)?")


@cache
def _tails() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(tables()['short']['tails'], key=len, reverse=True))})+")
