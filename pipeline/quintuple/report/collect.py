"""Turns records of a results file into what the page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from quintuple.events import DataError, Language
from quintuple.report.evidence import SLOTS, Passage, find_passage
from quintuple.writers.rows import DUPLICATE, join_values, record_rows, writable

Record = Mapping[str, Any]

#: The fields of an event, in the order of its row; articles, parties and sentences are given by number.
FIELDS = (
    "article",
    "number",
    "company",
    "type",
    "trigger",
    "target",
    "counterparty",
    "percentage",
    "from",
    "to",
    "stake",
    "date",
    "edtf",
    "earliest",
    "latest",
    "month",
    "status",
    "confidence",
    "sentence",
    "marks",
)

#: The fields of an article, in the order of its row.
ARTICLE_FIELDS = ("id", "path", "title", "language", "published", DUPLICATE)

# Who a party is: its id in the alias table, else its name.
_Key = tuple[Literal["id", "name"], str]


@dataclass
class _Numbered:
    """Gives each distinct key a number, in the order met."""

    numbers: dict[Any, int] = field(default_factory=dict)

    def __call__(self, key: Any) -> int:
        return self.numbers.setdefault(key, len(self.numbers))


@dataclass
class Collector:
    """Gathers records, then gives the page's data."""

    evidence: int
    articles: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    _parties: _Numbered = field(default_factory=_Numbered)
    _sentences: _Numbered = field(default_factory=_Numbered)
    _names: dict[tuple[int, str], Counter[str]] = field(default_factory=dict)

    def add(self, record: Record, where: str) -> None:
        """Take an article with its events, as EVENTS.md writes it.

        Raises:
            DataError: the record does not have that shape; names ``where``.
        """
        article = len(self.articles)
        language = record.get("language")
        if language not in ("zh", "en") or not isinstance(record.get("id"), str):
            got = {key: record.get(key) for key in ("id", "language")}
            raise DataError(f"{where}: expected an article with id and language, got {got}")
        try:
            rows = list(record_rows(record))
            for row, event in zip(rows, record["events"], strict=True):
                self.events.append(self._event(article, row, event, record))
        except (AttributeError, KeyError, TypeError, ValueError, DataError) as exc:
            raise DataError(f"{where}: expected an article as EVENTS.md writes it, got: {exc!r}") from exc
        self.articles.append(tuple(writable(record.get(key)) for key in ARTICLE_FIELDS))

    def language(self) -> Language:
        """Return the language that most articles are in."""
        chinese = sum(article[ARTICLE_FIELDS.index("language")] == "zh" for article in self.articles)
        return "zh" if chinese * 2 > len(self.articles) else "en"

    def data(self) -> dict[str, Any]:
        """Return what was gathered, as plain lists; a party is its name in Chinese and in English articles."""
        parties = [
            [_most_frequent(self._names.get((number, language))) for language in ("zh", "en")]
            for number in self._parties.numbers.values()
        ]
        return {
            "fields": FIELDS,
            "article_fields": ARTICLE_FIELDS,
            "slots": SLOTS,
            "articles": self.articles,
            "parties": parties,
            "sentences": list(self._sentences.numbers),
            "events": self.events,
        }

    def _event(self, article: int, row: Record, event: Record, record: Record) -> tuple[Any, ...]:
        language = record["language"]
        passage = find_passage(record.get("text"), event, limit=self.evidence)
        share = event.get("percentage") or {}
        values = {
            "article": article,
            "number": row["event"],
            "type": row["action_type"],
            "trigger": row["action_text"],
            "percentage": join_values(row["percentage"]),
            "from": row["percentage_from"],
            "to": row["percentage_to"],
            "stake": share.get("kind") == "stake",
            "month": _month(row),
            "status": row["status"] or "occurred",
            "sentence": self._sentence(passage),
            "marks": passage.marks if passage else (),
        }
        values |= {slot: self._party(event.get(slot), language) for slot in ("company", "target", "counterparty")}
        values |= {"date": row["date"], "edtf": row["date_edtf"], "confidence": row["confidence"]}
        values |= {"earliest": _day(row["date_earliest"]), "latest": _day(row["date_latest"])}
        return tuple(values[name] for name in FIELDS)

    def _party(self, party: Record | None, language: str) -> int | None:
        if not party:
            return None
        name = writable(party["name"])
        key: _Key = ("id", party["id"]) if party.get("id") else ("name", name)
        number = self._parties(key)
        self._names.setdefault((number, language), Counter())[name] += 1
        return number

    def _sentence(self, passage: Passage | None) -> int | None:
        return self._sentences(passage.text) if passage else None


def collect(records: Iterable[tuple[str, Record]], *, evidence: int) -> Collector:
    """Gather records, each with its place; ``evidence`` is the most characters shown of a sentence.

    Raises:
        DataError: a record does not have the shape of EVENTS.md; names its place.
    """
    collector = Collector(evidence)
    for where, record in records:
        collector.add(record, where)
    return collector


def _month(row: Record) -> str | None:
    """Return the month an event counts in: its own if its date lies within one, else that of its article."""
    earliest, latest, published = (_day(row[name]) for name in ("date_earliest", "date_latest", "published"))
    own = earliest or latest
    within = own is not None and own[:7] == (latest or own)[:7]
    chosen = own if within else published or own
    return chosen[:7] if chosen else None


def _day(value: object) -> str | None:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None


def _most_frequent(names: Counter[str] | None) -> str | None:
    return names.most_common(1)[0][0] if names else None
