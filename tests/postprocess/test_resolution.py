"""How often the rules find whom a pronoun or alias means, and what a percentage says, on labelled spans of corpus/."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from quintuple.events import Article, TaggedSpan, Trigger
from quintuple.postprocess.aliases import read_lexicon
from quintuple.postprocess.antecedents import parties_of
from quintuple.postprocess.clauses import sentence_at
from quintuple.postprocess.drafts import Context, Draft
from quintuple.postprocess.names import name_key, shipped_names
from quintuple.postprocess.percent import read_percentage
from quintuple.postprocess.references import reference_of
from quintuple.postprocess.slots import set_company, set_counterparty, set_target
from quintuple.preprocess import make_article
from quintuple.settings import load_settings

SETTINGS = load_settings()
CORPUS = Path(__file__).parents[2] / "corpus"
LABELS = {"company": "COMPANY", "target": "TARGET", "counterparty": "COUNTERPARTY", "date": "DATE"}
FLOOR = 0.85
PERCENT_FLOOR = 0.98

Record = dict[str, Any]


def records(name: str) -> Iterator[tuple[Record, Article]]:
    for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        options = {"published": record.get("published"), "title": record.get("title")}
        yield record, make_article(record["text"], id=record["id"], settings=SETTINGS.preprocess, **options)


def span(record: Record, slot: str) -> TaggedSpan:
    return TaggedSpan(record[slot]["start"], record[slot]["end"], LABELS[slot], 0.95)


def triggers(events: list[Record]) -> dict[tuple[int, str], Trigger]:
    """Return one trigger per action with the spans of all its events."""
    found: dict[tuple[int, str], Trigger] = {}
    for event in events:
        action = event["action"]
        old = found.get((action["start"], action["type"]))
        spans = [*(old.arguments if old else ()), *(span(event, slot) for slot in LABELS if event.get(slot))]
        tagged = TaggedSpan(action["start"], action["end"], action["type"], 0.95)
        found[action["start"], action["type"]] = Trigger(tagged, tuple(dict.fromkeys(spans)))
    return found


def mentions(name: str) -> Iterator[tuple[str, str, str, bool]]:
    """Yield each pronoun, general word and alias once: its text, the labelled name, ours, and whether they agree."""
    for record, article in records(name):
        tagged, seen = triggers(record["events"]), set[tuple[int, str]]()
        lexicon = read_lexicon(article, tuple(tagged.values()), shipped_names())
        for event in record["events"]:
            for slot in ("company", "target", "counterparty"):
                label = event.get(slot)
                if not label or not label.get("name") or (label["start"], slot) in seen:
                    continue
                text = article.text[label["start"] : label["end"]]
                if reference_of(text) is None and name_key(text) == name_key(label["name"]):
                    continue
                seen.add((label["start"], slot))
                trigger = tagged[event["action"]["start"], event["action"]["type"]]
                draft = Draft(Context(article, tuple(tagged.values()), lexicon, {}), trigger, (0, 0)).evolve(
                    companies=(span(event, "company"),) if event.get("company") else (),
                    targets=(span(event, "target"),) if event.get("target") else (),
                    counterparties=(span(event, "counterparty"),) if event.get("counterparty") else (),
                )
                party = getattr(set_counterparty(set_target(set_company(draft))), slot)
                names = [party.name]
                if reference_of(text) == "plural":
                    known = parties_of(lexicon, label["start"], label["end"])
                    names = [lexicon.entity(one.text, one.start, one.end).name for one in known]
                yield text, label["name"], "、".join(names), any(is_same(one, label["name"]) for one in names)


def is_same(one: str, other: str) -> bool:
    """Tell whether two names have one key, one entry of the alias table, or the one is most of the other."""
    if name_key(one) == name_key(other):
        return True
    first, second = shipped_names().find(one), shipped_names().find(other)
    short, long = sorted((name_key(one), name_key(other)), key=len)
    share = 0.5 if short.isascii() else 0.34
    return (first is not None and first is second) or (
        len(short) > 1 and short in long and len(short) > share * len(long)
    )


def test_pronouns_and_aliases_are_resolved() -> None:
    found = [mention for language in ("zh", "en") for mention in mentions(f"{language}.test.jsonl")]
    wrong = [f"{text} -> {ours}, labelled {name}" for text, name, ours, right in found if not right]
    assert len(found) >= 50
    assert 1 - len(wrong) / len(found) >= FLOOR, "\n".join(wrong)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_percentages_have_their_values(language: str) -> None:
    wrong, count = [], 0
    for record, article in records(f"{language}.test.jsonl"):
        for event in record["events"]:
            if not event.get("percentage"):
                continue
            spans = [(each["start"], each["end"]) for each in event["percentage"]["spans"]]
            action = event["action"]
            bounds = [sentence_at(article, start) for start in (action["start"], *(start for start, _ in spans))]
            whole = min(start for start, _ in bounds), max(end for _, end in bounds)
            trigger = action["start"], action["end"]
            read = read_percentage(article.text, spans, action=action["type"], trigger=trigger, sentence=whole)
            values = sorted(round(value, 2) for value in read.values) if read else []
            count += 1
            if values != sorted(round(value, 2) for value in event["percentage"]["values"]):
                wrong.append(f"{event['percentage']['text']}: {values}")
    assert count >= 30
    assert 1 - len(wrong) / count >= PERCENT_FLOOR, "\n".join(wrong)
