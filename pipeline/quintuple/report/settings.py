"""Typed settings of the report, read from ``configs/report.toml``."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from quintuple.resources import config_path
from quintuple.settings import Strict, read_toml, validate


class Words(Strict):
    """The same words in both languages."""

    zh: str
    en: str


class Group(Words):
    """Action types that share a colour; their targets are figures when it has no ``parties``."""

    types: tuple[str, ...]
    parties: bool = True


class Limits(Strict):
    """How much of everything is shown at once."""

    page_rows: int = Field(gt=0)
    print_rows: int = Field(gt=0)
    companies: int = Field(gt=0)
    lanes: int = Field(gt=0)
    edges: int = Field(gt=0)
    narrow_edges: int = Field(gt=0)
    stakes: int = Field(gt=0)
    evidence: int = Field(gt=0)
    suggestions: int = Field(gt=0)


class ReportSettings(Strict):
    """All settings of a report."""

    limits: Limits
    groups: dict[str, Group]
    types: dict[str, Words]
    statuses: dict[str, Words]
    words: dict[str, Words]


@cache
def report_settings() -> ReportSettings:
    """Return the settings of ``configs/report.toml``."""
    path = config_path("report.toml")
    return validate(ReportSettings, read_toml(path), where=str(path))
