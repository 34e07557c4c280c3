"""What the rules cost: their share of the time of an extraction, and how their time grows with a text; prints tables.

The first table runs the shipped model over texts of corpus/*.train.jsonl. The second has no model: it repeats the
labelled sentences of the corpus in a text without line breaks, takes the labels for what was tagged, and times the
rules alone. ``growth`` is the time per character over that of the shortest text: 1 is linear.
"""

from __future__ import annotations

import argparse
import json
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

from quintuple import load
from quintuple.events import Article, TaggedSpan, Trigger
from quintuple.postprocess import assemble
from quintuple.preprocess import make_article
from quintuple.settings import load_settings

ROOT = Path(__file__).parents[2]
STAGES = ("preprocess", "classify", "postprocess")
_WARM = 10  # texts of either language that are extracted before the clock runs: they load tables and compile patterns
LABELS = {"company": "COMPANY", "target": "TARGET", "date": "DATE", "counterparty": "COUNTERPARTY"}


def records(language: str) -> list[dict[str, Any]]:
    """The labelled texts of one language."""
    lines = (ROOT / f"corpus/{language}.train.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def shares(count: int) -> dict[str, float]:
    """Processor seconds of each stage over ``count`` texts of either language, whatever else the machine does."""
    extractor = load()
    texts = [record["text"] for language in ("zh", "en") for record in records(language)[:count]]
    for text in (*texts[:_WARM], *texts[-_WARM:]):
        extractor.extract(text)
    marks = [time.process_time()]
    options = extractor.settings.preprocess
    articles = [make_article(text, id=str(number), settings=options) for number, text in enumerate(texts)]
    marks.append(time.process_time())
    triggers = extractor.classifier.classify(articles)
    marks.append(time.process_time())
    for article, found in zip(articles, triggers, strict=True):
        assemble(article, found, settings=extractor.settings.postprocess)
    marks.append(time.process_time())
    return dict(zip(STAGES, (after - before for before, after in pairwise(marks)), strict=True))


def long_article(language: str, size: int) -> tuple[Article, list[Trigger]]:
    """Labelled texts over and over in one line of at least ``size`` characters."""
    texts, length, triggers, known = list[str](), 0, list[Trigger](), records(language)
    while length < size:
        record = known[len(texts) % len(known)]
        text = record["text"].replace("\n", " ") + " "
        triggers += (labelled(event, length) for event in record["events"])
        texts.append(text)
        length += len(text)
    return make_article("".join(texts), id=language, settings=load_settings().preprocess), triggers


def labelled(event: dict[str, Any], shift: int) -> Trigger:
    """The label of an event as if it had been tagged, moved by ``shift`` characters."""
    slots = [(event[slot], label) for slot, label in LABELS.items() if event.get(slot)]
    slots += [(span, "PERCENTAGE") for span in (event.get("percentage") or {}).get("spans", ())]
    spans = [TaggedSpan(slot["start"] + shift, slot["end"] + shift, label, 0.9) for slot, label in slots]
    action = event["action"]
    return Trigger(TaggedSpan(action["start"] + shift, action["end"] + shift, action["type"], 0.9), tuple(spans))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=60, help="texts of either language; 0: rules alone")
    parser.add_argument("--sizes", type=int, nargs="*", default=[300_000, 600_000, 1_200_000])
    arguments = parser.parse_args()
    if arguments.articles:
        seconds = shares(arguments.articles)
        print(f"{2 * arguments.articles} texts")  # noqa: T201
        for stage in STAGES:
            share = 100 * seconds[stage] / sum(seconds.values())
            print(f"{stage:<12} {seconds[stage]:8.2f} s {share:6.1f} %")  # noqa: T201
    print(f"{'text':<5} {'characters':>12} {'triggers':>9} {'seconds':>9} {'growth':>7}")  # noqa: T201
    for language in ("zh", "en"):
        first = 0.0
        for size in arguments.sizes:
            article, triggers = long_article(language, size)
            began = time.process_time()
            assemble(article, triggers, settings=load_settings().postprocess)
            taken = time.process_time() - began
            first = first or taken / len(article.text)
            growth = taken / len(article.text) / first
            row = f"{language:<5} {len(article.text):12,} {len(triggers):9,} {taken:9.2f} {growth:7.2f}"
            print(row)  # noqa: T201


if __name__ == "__main__":
    main()
