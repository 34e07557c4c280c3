"""Knows names: the alias table, and when two names are the same."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, cast

import opencc
from cleanco.clean import custom_basename, get_unique_terms, normalize_terms
from rapidfuzz import fuzz, process

from quintuple.postprocess.companies import Company, shipped_companies, user_companies
from quintuple.postprocess.matching import NameFinder, index_names
from quintuple.resources import config_path
from quintuple.settings import read_toml

_PUNCTUATION = re.compile(r"[\s·•.,'’\"“”‘’\-_/()（）《》【】!！*&]+")
_ARTICLE = re.compile(r"^(?:the|a|an|its|their)\s+", re.IGNORECASE)
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, eq=False)
class Names:
    """The alias table with its indexes; load it once with :func:`load_names`."""

    companies: tuple[Company, ...]
    by_key: Mapping[str, Company] = field(repr=False)
    by_ticker: Mapping[str, Company] = field(repr=False)
    by_digits: Mapping[str, tuple[str, ...]] = field(repr=False)
    finder: NameFinder = field(repr=False)

    @cached_property
    def by_id(self) -> Mapping[str, Company]:
        """The companies by their id."""
        return {company.id: company for company in self.companies}

    def find(self, name: str) -> Company | None:
        """Return the company that a name means, by its key, in simplified characters, or by near identity."""
        return self._lookup(name_key(name))

    def find_ticker(self, ticker: str) -> Company | None:
        """Return the company listed under a ticker such as ``700.HK`` or ``TSLA.O``."""
        key = ticker_key(ticker)
        return self.by_ticker.get(key) or self.by_ticker.get(key.partition(".")[0])

    def hits(self, text: str) -> Iterator[tuple[int, int, Company]]:
        """Yield where names of the table stand in a text, the longest at each place, without overlap."""
        return ((start, end, self.by_key[name_key(text[start:end])]) for start, end in self.finder.find(text))

    def _lookup(self, key: str) -> Company | None:
        if not key:
            return None
        return self.by_key.get(key) or self.by_key.get(simplified(key)) or self._near(key)

    def _near(self, key: str) -> Company | None:
        table = tables()
        if len(key) < table["fuzzy_length"] or not key.isascii():
            return None
        return self.by_key[found] if (found := _nearest(key, self)) else None


def load_names(path: str | Path | None = None) -> Names:
    """Read the alias table, and a user's own file of the same columns over it.

    Raises:
        SettingsError: a row lacks a column or has an unknown kind; names file and line.
    """
    own = user_companies(Path(path)) if path else ()
    known = {company.id for company in own}
    return _index(own, tuple(company for company in shipped_companies() if company.id not in known))


@cache
def names_of(path: str) -> Names:
    """Return the alias table with a user's file over it, or the shipped one alone for an empty path, loaded once."""
    return load_names(path)


def shipped_names() -> Names:
    """Return the shipped alias table, loaded once."""
    return names_of("")


@cache
def no_names() -> Names:
    """Return an alias table that knows nobody."""
    return _index((), ())


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """Return what two spellings of a name share: folded, without articles, legal forms, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    folded = re.sub(r"['’]s$", "", _ARTICLE.sub("", folded)).strip(" .,;:'\"“”‘’")
    return _PUNCTUATION.sub("", strip_legal(folded)) or _PUNCTUATION.sub("", folded)


@lru_cache(maxsize=16384)
def strip_legal(name: str) -> str:
    """Return a name without the legal forms at its end (有限公司, Inc), unless nothing would be left.

    English forms are those of cleanco, but for some that are more often words: "Vodafone UK" is not Vodafone.
    """
    while True:
        shorter = _without_english_form(_legal().sub("", name).strip(" ,"))
        if len(shorter) < 2 or shorter == name:
            return name
        name = shorter


def ticker_key(ticker: str) -> str:
    """Return a ticker in upper case without leading zeros."""
    return ticker.strip().upper().lstrip("0")


@lru_cache(maxsize=16384)
def _nearest(key: str, names: Names) -> str | None:
    same_digits = names.by_digits.get(_digits(key), ())
    found = process.extractOne(key, same_digits, scorer=fuzz.ratio, score_cutoff=tables()["fuzzy_score"])
    return found[0] if found else None


def _digits(key: str) -> str:
    return "".join(char for char in key if char.isdigit())


@lru_cache(maxsize=4096)
def simplified(key: str) -> str:
    """Return a text in simplified characters."""
    return cast(str, _converter().convert(key)) if HAN.search(key) else key


@cache
def _converter() -> Any:
    return opencc.OpenCC("t2s")


@cache
def tables() -> dict[str, Any]:
    """Return the tables of ``configs/names.toml``."""
    return read_toml(config_path("names.toml"))


def _without_english_form(name: str) -> str:
    """Take off the legal form at the end, unless the name is nothing else."""
    words = name.split()
    if len(words) < 2 or next(normalize_terms(words[-1:])) not in _last_words():
        return name
    bare: str = custom_basename(name, _forms())
    return bare.strip(" ,") if len(bare) > 1 and len(bare.split()) < len(words) else name


@cache
def _forms() -> list[tuple[int, list[str]]]:
    """Return the legal forms as cleanco wants them: the number of words, and the words, longest first."""
    words = {tuple(form.split()) for form in normalize_terms(get_unique_terms())} - {()}
    known = words - {(form,) for form in tables()["legal"]["no_forms"]}
    return [(len(form), list(form)) for form in sorted(known, key=lambda form: (-len(form), form))]


@cache
def _last_words() -> frozenset[str]:
    return frozenset(form[-1] for _, form in _forms())


@cache
def _legal() -> re.Pattern[str]:
    legal = tables()["legal"]
    zh = "|".join(re.escape(form) for form in sorted(legal["zh"], key=len, reverse=True))
    en = "|".join(re.escape(form) for form in sorted(legal["en"], key=len, reverse=True))
    return re.compile(rf"(?:{zh})$|[\s,]+(?:{en})\.?$", re.IGNORECASE)


def _index(own: tuple[Company, ...], shipped: tuple[Company, ...]) -> Names:
    """Index a user's companies before the shipped ones: what both name is the user's."""
    by_key: dict[str, Company] = {}
    by_ticker: dict[str, Company] = {}
    by_digits: dict[str, list[str]] = defaultdict(list)
    for company in (*own, *shipped):
        for name in company.names():
            by_key.setdefault(name_key(name), company)
        for ticker in (company.ticker, *company.aliases):
            if ticker and re.fullmatch(r"[0-9A-Z.\-]{1,12}", ticker):
                by_ticker.setdefault(ticker_key(ticker), company)
    for key in by_key:
        if len(key) >= tables()["fuzzy_length"] and key.isascii():
            by_digits[_digits(key)].append(key)
    ambiguous = frozenset(tables()["table"]["ambiguous"])
    listed = {*_all_names(own), *(name for name in _all_names(shipped) if name not in ambiguous)}
    return Names(
        (*own, *shipped), by_key, by_ticker, {key: tuple(keys) for key, keys in by_digits.items()}, index_names(listed)
    )


def _all_names(companies: Iterable[Company]) -> Iterator[str]:
    return (name for company in companies for name in company.names())
