"""Reads the tables of companies: the shipped one, and a user's own of the same columns."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast, get_args

from quintuple.events import Language, PartyKind, SettingsError
from quintuple.resources import config_path

_COLUMNS = ("id", "kind", "zh", "en", "ticker", "aliases")
_OPTIONAL = ("fiscal_year_start",)


@dataclass(frozen=True, slots=True)
class Company:
    """A company or person of the alias table; ``fiscal_year_start`` is a month, 1–12."""

    id: str
    kind: PartyKind
    zh: str
    en: str
    ticker: str | None = None
    aliases: tuple[str, ...] = ()
    fiscal_year_start: int | None = None

    def name(self, language: Language) -> str:
        """Return the canonical name in a language, else in the other one."""
        return (self.zh or self.en) if language == "zh" else (self.en or self.zh)

    def names(self) -> tuple[str, ...]:
        """Return every name and alias, without the ticker."""
        return tuple(name for name in (self.zh, self.en, *self.aliases) if name)


@cache
def shipped_companies() -> tuple[Company, ...]:
    """Return the companies of ``configs/companies.csv``."""
    return user_companies(config_path("companies.csv"))


def user_companies(path: Path) -> tuple[Company, ...]:
    """Read a CSV file of companies, whose last column ``fiscal_year_start`` may be left out.

    Raises:
        SettingsError: the file is missing, lacks a column or has a wrong row; names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f"{path}: expected a CSV file of companies in UTF-8, got: {exc}") from exc
    rows = csv.DictReader(text.splitlines())
    found = tuple(rows.fieldnames or ())
    if found not in (_COLUMNS, (*_COLUMNS, *_OPTIONAL)):
        raise SettingsError(f"{path}:1: expected the columns {', '.join(_COLUMNS)}, got {', '.join(found)}")
    return tuple(_read_company(row, f"{path}:{rows.line_num}") for row in rows)


def _read_company(row: Mapping[str | None, Any], where: str) -> Company:
    if None in row:
        raise SettingsError(f"{where}: expected {len(row) - 1} fields, got more: {row[None]!r}")
    values = {column: (row.get(column) or "").strip() for column in (*_COLUMNS, *_OPTIONAL)}
    kind = values["kind"] or "company"
    if kind not in get_args(PartyKind):
        raise SettingsError(f"{where}: kind: expected one of {', '.join(get_args(PartyKind))}, got {kind!r}")
    if not values["id"] or not (values["zh"] or values["en"]):
        raise SettingsError(f"{where}: expected an id and a name in zh or en, got {values!r}")
    aliases = tuple(alias.strip() for alias in values["aliases"].split("|") if alias.strip())
    start = _month(values["fiscal_year_start"], where)
    return Company(
        values["id"], cast(PartyKind, kind), values["zh"], values["en"], values["ticker"] or None, aliases, start
    )


def _month(text: str, where: str) -> int | None:
    if text and not (text.isdecimal() and 1 <= int(text) <= 12):
        raise SettingsError(f"{where}: fiscal_year_start: expected a month from 1 to 12, got {text!r}")
    return int(text) if text else None
