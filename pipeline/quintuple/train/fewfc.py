"""Reads FewFC (CCKS-2020): in its own scheme, or mapped to quintuples."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from quintuple.events import TaggedSpan
from quintuple.preprocess import make_article
from quintuple.resources import config_path
from quintuple.settings import PreprocessSettings, read_toml
from quintuple.train.labelled import LabelledArticle, Mention


def read_fewfc(record: Mapping[str, Any], settings: PreprocessSettings) -> LabelledArticle:
    """Read a FewFC record in its own scheme: 10 types, 18 roles.

    Raises:
        KeyError, TypeError, ValueError: this is no FewFC record, or a span does not match the text.
    """
    article = make_article(record["content"], id=str(record["id"]), settings=settings)
    found: dict[TaggedSpan, dict[TaggedSpan, None]] = {}
    for event in record["events"]:
        trigger = _span(event["trigger"], event["type"], article.text)
        spans = found.setdefault(trigger, {})
        for role, arguments in event["args"].items():
            spans.update({_span(argument, role, article.text): None for argument in arguments})
    return LabelledArticle(article, tuple(Mention(trigger, tuple(spans)) for trigger, spans in found.items()))


def read_fewfc_as_quintuples(record: Mapping[str, Any], settings: PreprocessSettings) -> LabelledArticle:
    """Read a FewFC record mapped to quintuples by ``configs/fewfc.toml``; events without a company are left out.

    The action follows the trigger word first, the FewFC type where the word is silent. Types outside the
    mapping are unlabelled in FewFC, not absent.

    Raises:
        KeyError, TypeError, ValueError: this is no FewFC record, or a span does not match the text.
    """
    table = _mapping()
    article = make_article(record["content"], id=str(record["id"]), settings=settings)
    found: dict[TaggedSpan, tuple[dict[TaggedSpan, None], set[str]]] = {}
    for event in record["events"]:
        action, slots = target_scheme(event)
        spans = {
            _span(argument, slots[role], article.text): None
            for role, arguments in event["args"].items()
            if role in slots
            for argument in arguments
        }
        if not any(span.label == "COMPANY" for span in spans) and action != "rule":
            continue
        trigger = _span(event["trigger"], action, article.text)
        merged, roles = found.setdefault(trigger, ({}, set()))
        merged.update(spans)
        roles.update(slots.values())
    mentions = tuple(Mention(trigger, tuple(s), frozenset(r)) for trigger, (s, r) in found.items())
    return LabelledArticle(article, mentions, frozenset(table["exhaustive"]))


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


def _span(span: Mapping[str, Any], label: str, text: str) -> TaggedSpan:
    start, end = span["span"]
    if text[start:end] != span["word"]:
        raise ValueError(f"{label} [{start}:{end}] is {text[start:end]!r} in the text, labelled {span['word']!r}")
    return TaggedSpan(start, end, label, 1.0)
