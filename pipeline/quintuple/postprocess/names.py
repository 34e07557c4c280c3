"""Knows names: the alias table, and when two names are the same."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, cast, get_args

import opencc
from rapidfuzz import fuzz, process

from quintuple.events import Language, PartyKind, SettingsError
from quintuple.resources import config_path
from quintuple.settings import read_toml

_COLUMNS = ("id", "kind", "zh", "en", "ticker", "aliases")
_PUNCTUATION = re.compile(r"[\s·•.,'’\"“”‘’\-_/()（）《》【】!！*&]+")
_ARTICLE = re.compile(r"^(?:the|a|an|its|their)\s+", re.IGNORECASE)
HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Company:
    """A company or person of the alias table."""

    id: str
    kind: PartyKind
    zh: str
    en: str
    ticker: str | None = None
    aliases: tuple[str, ...] = ()

    def name(self, language: Language) -> str:
        """Return the canonical name in a language, else in the other one."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)

    def names(self) -> tuple[str, ...]:
        """Return every name and alias, without the ticker."""
        return tuple(name for name in (self.zh, self.en, *self.aliases) if name)


@dataclass(frozen=True)
class Names:
    """The alias table with its indexes; load it once with :func:`load_names`."""

    companies: tuple[Company, ...]
    by_key: Mapping[str, Company] = field(repr=False)
    by_ticker: Mapping[str, Company] = field(repr=False)
    by_prefix: Mapping[str, tuple[str, ...]] = field(repr=False)

    def find(self, name: str) -> Company | None:
        """Return the company that a name means, by its key, in simplified characters, or by near identity."""
        return self._lookup(name_key(name))

    def find_ticker(self, ticker: str) -> Company | None:
        """Return the company listed under a ticker such as ``700.HK`` or ``TSLA.O``."""
        key = ticker_key(ticker)
        return self.by_ticker.get(key) or self.by_ticker.get(key.partition(".")[0])

    def hits(self, text: str) -> Iterator[tuple[int, int, Company]]:
        """Yield where names of the table stand in a text, the longest at each place, without overlap."""
        place = 0
        while place < len(text) - 1:
            end = self._longest(text, place)
            if end > place:
                yield place, end, self.by_key[name_key(text[place:end])]
            place = max(end, place + 1)

    def _longest(self, text: str, place: int) -> int:
        for name in self.by_prefix.get(text[place : place + 2], ()):
            if text.startswith(name, place) and stands_alone(text, place, place + len(name)):
                return place + len(name)
        return place

    def _lookup(self, key: str) -> Company | None:
        if not key:
            return None
        return self.by_key.get(key) or self.by_key.get(_simplified(key)) or self._near(key)

    def _near(self, key: str) -> Company | None:
        table = tables()
        if len(key) < table["fuzzy_length"] or not key.isascii():
            return None
        return self.by_key[found] if (found := _nearest(key, id(self), self)) else None

    def __hash__(self) -> int:
        return id(self)


def load_names(path: str | Path | None = None) -> Names:
    """Read the alias table, and a user's own file of the same columns over it.

    Raises:
        SettingsError: a row lacks a column or has an unknown kind; names file and line.
    """
    companies = dict(_shipped())
    if path is not None:
        companies |= {company.id: company for company in _read_table(Path(path))}
    return _index(tuple(companies.values()))


@cache
def shipped_names() -> Names:
    """Return the shipped alias table, loaded once."""
    return load_names()


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """Return what two spellings of a name share: folded, without articles, legal forms, spaces and punctuation."""
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    folded = re.sub(r"['’]s$", "", _ARTICLE.sub("", folded)).strip(" .,;:'\"“”‘’")
    return _PUNCTUATION.sub("", strip_legal(folded)) or _PUNCTUATION.sub("", folded)


def strip_legal(name: str) -> str:
    """Return a name without the legal forms at its end (有限公司, Inc), unless nothing would be left."""
    while True:
        shorter = _legal().sub("", name).strip(" ,")
        if len(shorter) < 2 or shorter == name:
            return name
        name = shorter


def ticker_key(ticker: str) -> str:
    """Return a ticker in upper case without leading zeros."""
    return ticker.strip().upper().lstrip("0")


def stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a name found at ``start``–``end`` is no part of a longer Latin word."""
    left = start > 0 and text[start - 1].isascii() and text[start - 1].isalnum() and text[start].isascii()
    right = end < len(text) and text[end].isascii() and text[end].isalnum() and text[end - 1].isascii()
    return not left and not right


@lru_cache(maxsize=4096)
def _nearest(key: str, _identity: int, names: Names) -> str | None:
    table = tables()
    same_digits = [
        other for other in names.by_key if len(other) >= table["fuzzy_length"] and _digits(other) == _digits(key)
    ]
    found = process.extractOne(key, same_digits, scorer=fuzz.ratio, score_cutoff=table["fuzzy_score"])
    return found[0] if found else None


def _digits(key: str) -> str:
    return "".join(char for char in key if char.isdigit())


@lru_cache(maxsize=4096)
def _simplified(key: str) -> str:
    return cast(str, _converter().convert(key)) if HAN.search(key) else key


@cache
def _converter() -> Any:
    return opencc.OpenCC("t2s")


@cache
def tables() -> dict[str, Any]:
    """Return the tables of ``configs/names.toml``."""
    return read_toml(config_path("names.toml"))


@cache
def _legal() -> re.Pattern[str]:
    legal = tables()["legal"]
    zh = "|".join(re.escape(form) for form in sorted(legal["zh"], key=len, reverse=True))
    en = "|".join(re.escape(form) for form in sorted(legal["en"], key=len, reverse=True))
    return re.compile(rf"(?:{zh})$|[\s,]+(?:{en})\.?$", re.IGNORECASE)


@cache
def _shipped() -> tuple[tuple[str, Company], ...]:
    return tuple((company.id, company) for company in _read_table(config_path("companies.csv")))


def _read_table(path: Path) -> tuple[Company, ...]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{path}: expected a CSV file of companies in UTF-8, got: {exc}") from exc
    rows = csv.DictReader(text.splitlines())
    if tuple(rows.fieldnames or ()) != _COLUMNS:
        raise SettingsError(
            f"{path}:1: expected the columns {', '.join(_COLUMNS)}, got {', '.join(rows.fieldnames or ())}"
        )
    return tuple(_read_company(row, f"{path}:{rows.line_num}") for row in rows)


def _read_company(row: Mapping[str, str | None], where: str) -> Company:
    values = {column: (row.get(column) or "").strip() for column in _COLUMNS}
    kind = values["kind"] or "company"
    if kind not in get_args(PartyKind):
        raise SettingsError(f"{where}: kind: expected one of {', '.join(get_args(PartyKind))}, got {kind!r}")
    if not values["id"] or not (values["zh"] or values["en"]):
        raise SettingsError(f"{where}: expected an id and a name in zh or en, got {values!r}")
    aliases = tuple(alias.strip() for alias in values["aliases"].split("|") if alias.strip())
    return Company(values["id"], cast(PartyKind, kind), values["zh"], values["en"], values["ticker"] or None, aliases)


def _index(companies: tuple[Company, ...]) -> Names:
    by_key: dict[str, Company] = {}
    by_ticker: dict[str, Company] = {}
    prefixes: dict[str, list[str]] = {}
    ambiguous = frozenset(tables()["table"]["ambiguous"])
    for company in companies:
        for name in company.names():
            by_key.setdefault(name_key(name), company)
            if len(name) > 1 and name not in ambiguous:
                prefixes.setdefault(name[:2], []).append(name)
        for ticker in (company.ticker, *company.aliases):
            if ticker and re.fullmatch(r"[0-9A-Z.\-]{1,12}", ticker):
                by_ticker.setdefault(ticker_key(ticker), company)
    longest_first = {prefix: tuple(sorted(names, key=len, reverse=True)) for prefix, names in prefixes.items()}
    return Names(companies, by_key, by_ticker, longest_first)
