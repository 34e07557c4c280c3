"""The word lists and limits of ``configs/preprocess.toml``, typed."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from quintuple.resources import config_path
from quintuple.settings import Strict, read_toml, validate


class DecodingTable(Strict):
    """What tells encodings apart; scores lie in -1 to 1."""

    simplified: str
    traditional: str
    punctuation: str
    min_score: float = Field(ge=-1, le=1)
    min_score_short: float = Field(ge=-1, le=1)
    short: int = Field(gt=0)
    max_chaos: float = Field(ge=0, le=1)
    others: tuple[str, ...]
    declarable: frozenset[str]
    aliases: dict[str, str]


class JsonTable(Strict):
    """Shapes of JSON files."""

    lists: tuple[str, ...]


class HtmlTable(Strict):
    """Numbers of tags of a page, and of attributes of a tag."""

    searched: int = Field(gt=0)
    attributes: int = Field(gt=0)


class LanguageTable(Strict):
    """What makes a text Chinese."""

    han_share: float = Field(gt=0, lt=1)


class SentenceTable(Strict):
    """Abbreviations, sentence openers, and limits in characters."""

    max_document: int = Field(gt=0)
    max_sentence: int = Field(gt=0)
    short_pair: int = Field(gt=0)
    headline: int = Field(gt=0)
    titles: tuple[str, ...]
    counters: tuple[str, ...]
    companies: tuple[str, ...]
    names: tuple[str, ...]
    openers: frozenset[str]
    attributions: tuple[str, ...]


class Tables(Strict):
    """All tables of the preprocessing stage."""

    decoding: DecodingTable
    html: HtmlTable
    json_: JsonTable = Field(alias="json")
    language: LanguageTable
    sentences: SentenceTable
    signatures: dict[str, tuple[str, ...]]


@cache
def tables() -> Tables:
    """Read the tables once.

    Raises:
        SettingsError: the shipped file is damaged; names the key.
    """
    return validate(Tables, read_toml(config_path("preprocess.toml")), where="configs/preprocess.toml")
