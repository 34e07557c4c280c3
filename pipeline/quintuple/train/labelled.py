"""Labelled articles: what is read from JSON Lines and what training learns from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quintuple.evaluate.jsonl import read_records
from quintuple.events import Article, DataError, TaggedSpan
from quintuple.preprocess import make_article
from quintuple.settings import PreprocessSettings

#: Slots of the output format and the roles they are tagged with.
SLOT_ROLES = {
    "company": "COMPANY",
    "target": "TARGET",
    "percentage": "PERCENTAGE",
    "date": "DATE",
    "counterparty": "COUNTERPARTY",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A labelled trigger with all the arguments of the events it carries; scores are 1.

    ``roles`` are the roles that were labelled for it (None: all): another role's absence says nothing.
    """

    trigger: TaggedSpan
    arguments: tuple[TaggedSpan, ...]
    roles: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with its labelled mentions.

    ``actions`` are the types that were labelled exhaustively (a record's field ``exhaustive``); None stands for
    all of them.
    """

    article: Article
    mentions: tuple[Mention, ...]
    source: str
    actions: frozenset[str] | None = None


def read_quintuples(
    path: Path, *, settings: PreprocessSettings, unlabelled: frozenset[str] = frozenset()
) -> Iterator[LabelledArticle]:
    """Read labelled JSON Lines in the shape of EVENTS.md; the slots named in ``unlabelled`` were not labelled.

    Raises:
        DataError: a line is no such record, or an offset does not match the text; names file and line.
    """
    roles = frozenset(role for slot, role in SLOT_ROLES.items() if slot not in unlabelled)
    for where, record in read_records(path):
        try:
            yield _labelled(record, settings=settings, roles=roles, source=str(record.get("source") or path.stem))
        except (KeyError, TypeError, ValueError) as exc:
            raise DataError(f"{where}: expected a labelled article, got: {exc}") from exc


def _labelled(
    record: Mapping[str, Any], *, settings: PreprocessSettings, roles: frozenset[str], source: str
) -> LabelledArticle:
    text = record["text"]
    article = make_article(text, id=str(record["id"]), settings=settings, published=record.get("published"))
    found: dict[TaggedSpan, dict[TaggedSpan, None]] = {}
    for event in record["events"]:
        trigger = _span(event["action"], event["action"]["type"], text)
        found.setdefault(trigger, {}).update(dict.fromkeys(_arguments(event, text, roles)))
    mentions = tuple(Mention(trigger, tuple(spans), roles) for trigger, spans in found.items())
    exhaustive = record.get("exhaustive")
    return LabelledArticle(article, mentions, source, None if exhaustive is None else frozenset(exhaustive))


def _arguments(event: Mapping[str, Any], text: str, roles: frozenset[str]) -> Iterator[TaggedSpan]:
    for slot, role in SLOT_ROLES.items():
        value = event.get(slot)
        if value is None or role not in roles:
            continue
        spans = value if isinstance(value, list) else value.get("spans") or [value]
        for span in spans:
            yield _span(span, role, text)


def trim_labels(labelled: LabelledArticle, trim: Mapping[str, str]) -> LabelledArticle:
    """Cut off the front of every argument what the regular expression of its role matches there, if any is left."""
    text = labelled.article.text
    mentions = tuple(
        replace(mention, arguments=tuple(_trimmed(span, text, trim.get(span.label)) for span in mention.arguments))
        for mention in labelled.mentions
    )
    return replace(labelled, mentions=mentions)


def _trimmed(span: TaggedSpan, text: str, pattern: str | None) -> TaggedSpan:
    found = re.compile(pattern).match(text, span.start, span.end) if pattern else None
    return replace(span, start=found.end()) if found and found.end() < span.end else span


def _span(span: Mapping[str, Any], label: str, text: str) -> TaggedSpan:
    start, end = span["start"], span["end"]
    if text[start:end] != span["text"] or not span["text"]:
        raise ValueError(f"{label} [{start}:{end}] is {text[start:end]!r} in the text, labelled {span['text']!r}")
    return TaggedSpan(start, end, label, 1.0)
