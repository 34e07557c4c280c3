"""Labelled articles: what training learns from, and how a labelled record becomes one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from quintuple.events import Article, TaggedSpan
from quintuple.preprocess import make_article
from quintuple.settings import PreprocessSettings
from quintuple.train.config import DataConfig

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
    ``either`` are the types that it may really have, besides its own.
    """

    trigger: TaggedSpan
    arguments: tuple[TaggedSpan, ...]
    roles: frozenset[str] | None = None
    either: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with its labelled mentions.

    ``actions`` are the types that were labelled exhaustively (a record's field ``exhaustive``); None stands for
    all of them. The absence of a type in ``unlabelled`` says nothing either way.
    """

    article: Article
    mentions: tuple[Mention, ...]
    actions: frozenset[str] | None = None
    unlabelled: frozenset[str] = frozenset()


def read_quintuples(record: Mapping[str, Any], settings: PreprocessSettings) -> LabelledArticle:
    """Read a record in the shape of EVENTS.md.

    Raises:
        KeyError, TypeError, ValueError: this is no such record, or an offset does not match the text.
        ArticleError: the day of publication is none.
    """
    text, exhaustive = record["text"], record.get("exhaustive")
    article = make_article(text, id=record["id"], settings=settings, published=record.get("published"))
    found: dict[TaggedSpan, dict[TaggedSpan, None]] = {}
    for event in record["events"]:
        trigger = _span(event["action"], event["action"]["type"], text)
        found.setdefault(trigger, {}).update(dict.fromkeys(_arguments(event, text)))
    roles = frozenset(SLOT_ROLES.values())
    mentions = tuple(Mention(trigger, tuple(spans), roles) for trigger, spans in found.items())
    return LabelledArticle(article, mentions, None if exhaustive is None else frozenset(exhaustive))


def configure(labelled: LabelledArticle, data: DataConfig) -> LabelledArticle:
    """Apply what a config says of a source's labels: slots and types left out, exhaustive, unsure."""
    roles = frozenset(SLOT_ROLES[name] for name in data.unlabelled if name in SLOT_ROLES)
    actions = labelled.actions
    if actions is None and data.exhaustive is not None:
        actions = frozenset(data.exhaustive)
    return replace(
        labelled,
        mentions=tuple(_configured(mention, data, roles) for mention in labelled.mentions),
        actions=actions,
        unlabelled=frozenset(data.unlabelled) - frozenset(SLOT_ROLES),
    )


def _configured(mention: Mention, data: DataConfig, roles: frozenset[str]) -> Mention:
    return replace(
        mention,
        arguments=tuple(argument for argument in mention.arguments if argument.label not in roles),
        roles=None if mention.roles is None else mention.roles - roles,
        either=frozenset(data.unsure.get(mention.trigger.label, ())),
    )


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


def _arguments(event: Mapping[str, Any], text: str) -> Iterator[TaggedSpan]:
    for slot, role in SLOT_ROLES.items():
        value = event.get(slot)
        for span in () if value is None else value.get("spans") or [value]:
            yield _span(span, role, text)


def _span(span: Mapping[str, Any], label: str, text: str) -> TaggedSpan:
    start, end = span["start"], span["end"]
    if text[start:end] != span["text"] or not span["text"]:
        raise ValueError(f"{label} [{start}:{end}] is {text[start:end]!r} in the text, labelled {span['text']!r}")
    return TaggedSpan(start, end, label, 1.0)
