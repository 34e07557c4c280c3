"""Reads FewFC (CCKS-2020): in its own scheme, or mapped to quintuples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from quintuple.evaluate.jsonl import read_records
from quintuple.events import Article, DataError, TaggedSpan
from quintuple.preprocess import make_article
from quintuple.resources import config_path
from quintuple.settings import PreprocessSettings, read_toml
from quintuple.train.labelled import LabelledArticle, Mention


def read_fewfc(path: Path, *, settings: PreprocessSettings) -> Iterator[LabelledArticle]:
    """Read FewFC in its own scheme: 10 types, 18 roles.

    Raises:
        DataError: a line is no FewFC record, or a span does not match the text; names file and line.
    """
    for where, article, events in _records(path, settings):
        found: dict[TaggedSpan, dict[TaggedSpan, None]] = {}
        for event in events:
            trigger = _span(event["trigger"], event["type"], article.text, where)
            spans = found.setdefault(trigger, {})
            for role, arguments in event["args"].items():
                spans.update({_span(argument, role, article.text, where): None for argument in arguments})
        mentions = tuple(Mention(trigger, tuple(spans)) for trigger, spans in found.items())
        yield LabelledArticle(article, mentions, "fewfc")


def read_fewfc_as_quintuples(path: Path, *, settings: PreprocessSettings) -> Iterator[LabelledArticle]:
    """Read FewFC mapped to quintuples by ``configs/fewfc.toml``; events without a company are left out.

    The action follows the trigger word first, the FewFC type where the word is silent. Types outside the
    mapping are unlabelled in FewFC, not absent.

    Raises:
        DataError: a line is no FewFC record, or a span does not match the text; names file and line.
    """
    table = _mapping()
    for where, article, events in _records(path, settings):
        found: dict[TaggedSpan, tuple[dict[TaggedSpan, None], set[str]]] = {}
        for event in events:
            action, slots = target_scheme(event)
            spans = {
                _span(argument, slots[role], article.text, where): None
                for role, arguments in event["args"].items()
                if role in slots
                for argument in arguments
            }
            if not any(span.label == "COMPANY" for span in spans) and action != "rule":
                continue
            trigger = _span(event["trigger"], action, article.text, where)
            merged, roles = found.setdefault(trigger, ({}, set()))
            merged.update(spans)
            roles.update(slots.values())
        mentions = tuple(Mention(trigger, tuple(s), frozenset(r)) for trigger, (s, r) in found.items())
        yield LabelledArticle(article, mentions, "fewfc", frozenset(table["exhaustive"]))


def target_scheme(event: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the action of an event and the role that each of its FewFC roles becomes."""
    table = _mapping()
    word, kind = event["trigger"]["word"], event["type"]
    action = next((action for cue, action in table["words"].items() if cue in word), table["types"][kind])
    section = f"{kind}.buys" if any(cue in word for cue in table["buys"]) else kind
    roles = table["roles"].get(section) or table["roles"][kind]
    return action, {fewfc: role for role, names in roles.items() for fewfc in names}


@cache
def _mapping() -> dict[str, Any]:
    return read_toml(config_path("fewfc.toml"))


def _records(path: Path, settings: PreprocessSettings) -> Iterator[tuple[str, Article, list[dict[str, Any]]]]:
    for where, record in read_records(path):
        try:
            article = make_article(record["content"], id=str(record["id"]), settings=settings)
            yield where, article, record["events"]
        except (KeyError, TypeError, ValueError) as exc:
            raise DataError(f"{where}: expected a FewFC record, got: {exc!r}") from exc


def _span(span: Mapping[str, Any], label: str, text: str, where: str) -> TaggedSpan:
    start, end = span["span"]
    if text[start:end] != span["word"]:
        raise DataError(
            f"{where}: {label} [{start}:{end}] is {text[start:end]!r} in the text, labelled {span['word']!r}"
        )
    return TaggedSpan(start, end, label, 1.0)
