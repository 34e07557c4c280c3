"""How often the rules are right where the spans are: labelled spans in place of a tagger's; prints a table.

``status`` counts the events whose company, action and target agree with gold; of them, ``percent`` those with values on
both sides and ``dates`` those with a date in gold, which must resolve to the same days where gold does. ``names``
counts the pronouns, general words and short forms that gold gives another name than their own text.

Labels are JSON Lines in the shape of corpus/*.jsonl; --gold takes name lists for the same articles in the same order.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from quintuple.evaluate import read_gold
from quintuple.evaluate.align import CORE, compare
from quintuple.evaluate.flat import FlatEvent, flat_event
from quintuple.evaluate.names import same_name
from quintuple.events import Article, Event, TaggedSpan, Trigger
from quintuple.postprocess import assemble
from quintuple.postprocess.names import tables
from quintuple.preprocess import make_article
from quintuple.settings import PostprocessSettings, load_settings

ROOT = Path(__file__).parents[2]
LABELS = {"company": "COMPANY", "target": "TARGET", "date": "DATE", "counterparty": "COUNTERPARTY"}
SLOTS = ("percent", "dates", "status", "names")


def tagged(events: Sequence[Mapping[str, Any]]) -> list[Trigger]:
    """One trigger for each labelled action, with the spans of all its events."""
    spans: dict[TaggedSpan, dict[TaggedSpan, None]] = {}
    for event in events:
        action = event["action"]
        trigger = TaggedSpan(action["start"], action["end"], action["type"], 0.9)
        found = [(event[slot], label) for slot, label in LABELS.items() if event.get(slot)]
        shares = event.get("percentage") or []
        found += [(span, "PERCENTAGE") for span in (shares["spans"] if isinstance(shares, Mapping) else shares)]
        arguments = (TaggedSpan(span["start"], span["end"], label, 0.9) for span, label in found)
        spans.setdefault(trigger, {}).update(dict.fromkeys(arguments))
    return [Trigger(trigger, tuple(arguments)) for trigger, arguments in spans.items()]


def count(records: Sequence[Mapping[str, Any]], gold: Sequence[Sequence[FlatEvent]]) -> Counter[tuple[str, bool]]:
    """Count what is right and wrong of each slot."""
    settings, found = load_settings(), Counter[tuple[str, bool]]()
    apart = settings.postprocess.model_copy(update={"off": ("merging",)})
    for record, wanted in zip(records, gold, strict=True):
        options = settings.preprocess
        article = make_article(record["text"], id="text", settings=options, published=record.get("published"))
        found.update(slots_right(article, record, wanted, settings.postprocess))
        found.update(names_right(assemble(article, tagged(record["events"]), settings=apart), record["events"]))
    return found


def slots_right(
    article: Article, record: Mapping[str, Any], gold: Sequence[FlatEvent], settings: PostprocessSettings
) -> Iterator[tuple[str, bool]]:
    """Yield percentage, date and status of the events whose core agrees with gold."""
    events = assemble(article, tagged(record["events"]), settings=settings)
    for outcome in compare([flat_event(event.to_dict()) for event in events], gold):
        predicted, wanted = outcome.predicted, outcome.gold
        if predicted is None or wanted is None or not outcome.right >= CORE:
            continue
        yield "status", "status" in outcome.right
        if wanted.percentage and predicted.percentage:
            yield "percent", "percentage" in outcome.right
        if wanted.date is not None:
            unresolved = wanted.date.earliest and not (predicted.date and predicted.date.earliest)
            yield "dates", "date" in outcome.right and not unresolved


def names_right(events: Sequence[Event], labels: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Yield for each labelled party that has another name than its text whether an event gives it."""
    words = tables()["words"]
    parties = {*words["party_targets"], *words["person_targets"]}
    for label in labels:
        for slot in ("company", "target", "counterparty"):
            party = label.get(slot)
            plain = not party or party.get("name") in (None, party["text"])
            if plain or (slot == "target" and label["action"]["type"] not in parties):
                continue
            there = [getattr(event, slot) for event in events if event.action.start == label["action"]["start"]]
            # A rule may have taken "the" off its front.
            same = (found for found in there if found and party["start"] <= found.start < party["end"])
            names = [found.name for found in same]
            yield "names", same_name(names, [party["name"]])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path, nargs="*", help="labelled files; default: corpus/*.test.jsonl")
    parser.add_argument("--gold", type=Path, nargs="*", default=[], help="name lists, one file for each of labels")
    arguments = parser.parse_args()
    paths = arguments.labels or sorted((ROOT / "corpus").glob("*.test.jsonl"))
    print(f"{'file':<24} " + " ".join(f"{slot:>16}" for slot in SLOTS))  # noqa: T201
    total: Counter[tuple[str, bool]] = Counter()
    for path, gold in zip(paths, arguments.gold or paths, strict=True):
        records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        found = count(records, [document.events for document in read_gold([gold])])
        total += found
        print(row(path.name, found))  # noqa: T201
    print(row("all", total))  # noqa: T201


def row(name: str, found: Mapping[tuple[str, bool], int]) -> str:
    """One line of the table: the share that is right and the counts."""
    cells = []
    for slot in SLOTS:
        right, wrong = found.get((slot, True), 0), found.get((slot, False), 0)
        cells.append(f"{right}/{right + wrong} {right / (right + wrong):6.1%}" if right + wrong else "-")
    return f"{name:<24} " + " ".join(f"{cell:>16}" for cell in cells)


if __name__ == "__main__":
    main()
