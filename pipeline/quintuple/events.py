"""Frozen records that every stage takes and returns, and the errors.

Offsets are Unicode code points into ``Article.text``; ``start`` is inclusive, ``end`` exclusive.

Errors::

    QuintupleError
     ├── SettingsError      a settings file or option is wrong
     ├── ModelError         a model folder is missing or unusable
     ├── ArticleError       one input cannot be read; costs that input only
     │    ├── DecodingError   its bytes are not text in a known encoding
     │    └── FormatError     its structure is broken, empty or unknown
     ├── DataError          labelled data is wrong; names file and line
     └── RunError           a run over many inputs cannot go on; what is done is kept
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any, Literal

SCHEMA_VERSION = 1

Language = Literal["zh", "en"]
Status = Literal["occurred", "planned", "rumoured", "cancelled", "denied"]
PartyKind = Literal["company", "person"]
PercentageKind = Literal["stake", "growth", "points", "other"]

# Parts of a year as EDTF numbers them (Library of Congress, level 2), and as people write them.
_YEAR_PARTS = {
    **dict(zip(("21", "22", "23", "24"), ("spring", "summer", "autumn", "winter"), strict=True)),
    **dict(zip(("33", "34", "35", "36"), ("Q1", "Q2", "Q3", "Q4"), strict=True)),
    **dict(zip(("40", "41"), ("H1", "H2"), strict=True)),
}
_YEAR_PART = re.compile(rf"(\d{{4}})-({'|'.join(_YEAR_PARTS)})(?!\d)")

#: The types whose company may be missing: the text may name no court, agency or regulator.
TYPES_WITHOUT_COMPANY = frozenset({"rule", "penalize", "investigate"})


class QuintupleError(Exception):
    """Root of every error this package raises on purpose."""


class SettingsError(QuintupleError):
    """A settings file or option is wrong; the message names the key."""


class ModelError(QuintupleError):
    """A model folder is missing, incomplete or of another version."""


class ArticleError(QuintupleError):
    """One input cannot be read; the message names it and says why."""


class DecodingError(ArticleError):
    """The bytes of an input are not text in any encoding that was tried."""


class FormatError(ArticleError):
    """The structure of an input is broken, empty or of an unknown kind."""


class DataError(QuintupleError):
    """Labelled data is wrong; the message names file and line."""


class RunError(QuintupleError):
    """A run over many inputs cannot go on; what is done is kept, and the message says how to go on."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article, with the language it is written in."""

    start: int
    end: int
    language: Language


@dataclass(frozen=True, slots=True)
class Article:
    """One article as decoded or extracted from its file.

    ``published`` is an ISO day. ``hidden`` are the ranges (boilerplate) that the model does not see;
    they keep their place, so that no offset moves.
    """

    id: str
    text: str
    language: Language
    sentences: tuple[Sentence, ...] = ()
    path: str | None = None
    title: str | None = None
    published: str | None = None
    hidden: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """A span the classifier tagged: an argument with its role, or a trigger with its action type."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Trigger:
    """A tagged trigger with the arguments that the second pass tagged for it."""

    span: TaggedSpan
    arguments: tuple[TaggedSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of the article: ``text == article.text[start:end]``."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Action(Evidence):
    """The trigger of an event with its action type."""

    type: str
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Party(Evidence):
    """A company, target or counterparty: the mention, and whom or what it names."""

    name: str
    id: str | None = None
    kind: PartyKind = "company"
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Percentage(Evidence):
    """All the percentages of an event, in text order, as floats in percent."""

    spans: tuple[Evidence, ...]
    values: tuple[float, ...]
    from_: float | None = None
    to: float | None = None
    by: float | None = None
    kind: PercentageKind = "other"
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Date(Evidence):
    """When the action happens: as EDTF (level 1/2) and as the ISO days that bound it."""

    edtf: str | None = None
    earliest: str | None = None
    latest: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One quintuple (company, action, target, percentage, date) with its evidence."""

    company: Party | None
    action: Action
    target: Party | None = None
    percentage: Percentage | None = None
    date: Date | None = None
    counterparty: Party | None = None
    status: Status = "occurred"
    confidence: float = 1.0
    sentence: tuple[int, int] = (0, 0)

    def as_tuple(self) -> tuple[str | None, str, str | None, tuple[float, ...] | None, str | None]:
        """Return the bare quintuple: names, action type, percent values, and EDTF date (else its text)."""
        return (
            self.company.name if self.company else None,
            self.action.type,
            self.target.name if self.target else None,
            self.percentage.values if self.percentage else None,
            (self.date.edtf or self.date.text) if self.date else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the event as EVENTS.md writes it in JSON."""
        return {key: _plain(getattr(self, key)) for key in self.__slots__}

    def __repr__(self) -> str:
        """Show the quintuple on one line: ``Event(Tencent, reduce_stake, Sea, 21.3→18.7 %, 2022-01, planned)``."""
        company, action, target, _, date = self.as_tuple()
        parts = (company, action, target, describe_percentage(self.percentage), date, self.status)
        return f"Event({', '.join('–' if part is None else part for part in parts)})"


@dataclass(frozen=True, slots=True)
class Extraction:
    """An article with the events found in it; one record of an output file."""

    article: Article
    events: tuple[Event, ...]

    def to_dict(self, *, text: bool = True) -> dict[str, Any]:
        """Return the record as EVENTS.md writes it in JSON, without the article's text if ``text`` is false."""
        article = self.article
        record = {
            "schema_version": SCHEMA_VERSION,
            "id": article.id,
            "path": article.path,
            "language": article.language,
            "title": article.title,
            "published": article.published,
        }
        if text:
            record["text"] = article.text
        return record | {"events": [event.to_dict() for event in self.events]}


def describe_percentage(percentage: Percentage | None) -> str | None:
    """Return a short form for people, such as ``21.3→18.7 %`` or ``5, 7 %``, to two decimals."""
    if percentage is None:
        return None
    if percentage.from_ is not None and percentage.to is not None:
        return f"{_short(percentage.from_)}→{_short(percentage.to)} %"
    return ", ".join(_short(value) for value in percentage.values) + " %"


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def describe_date(date: Date | None) -> str | None:
    """Return a short form for people: EDTF with the parts of a year by name, such as ``2024 Q1``, else its text."""
    if date is None:
        return None
    return _YEAR_PART.sub(lambda match: f"{match[1]} {_YEAR_PARTS[match[2]]}", date.edtf) if date.edtf else date.text


def _plain(value: Any) -> Any:
    """Turn records into dicts and tuples into lists, writing ``from_`` as ``from``."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name.rstrip("_"): _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {key: item for key, item in fields.items() if key != "confidence" or item is not None}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value
