"""Precision and recall of `--dedupe` on the generated workload, with reprints of half of its articles among them.

``python tests/benchmarks/bench_dedupe.py [ARTICLES]``. The articles of the workload are put together from the same few
hundred sentences, so that two different ones share whole paragraphs but for names and figures. Every second article is
printed again, by each way of editing in turn; all are shown in random order, so a reprint may come before its model.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from reprints import EDITS
from workload import LANGUAGES, articles

from quintuple.batch.duplicates import Duplicates
from quintuple.settings import load_settings


def workload(count: int, chance: random.Random) -> list[tuple[int, str, str]]:
    """Return stories as number, way of editing and text, in random order."""
    stories = []
    for number, text in enumerate(articles(count)):
        stories.append((number, "", text))
        if number // 2 % 2:
            edit = EDITS[number // 4 % len(EDITS)]
            stories.append((number, edit.__name__, edit(text, LANGUAGES[number % 2], chance)))
    chance.shuffle(stories)
    return stories


def main(count: int = 2000) -> None:
    """Measure and print."""
    stories = workload(count, random.Random(5))
    known, first = Duplicates(load_settings().batch.duplicates), dict[int, str]()
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    edits = {number: edit for number, edit, _ in stories if edit}
    began = time.process_time()
    for place, (number, edit, text) in enumerate(stories):
        found = known.first(f"{place} {number} {edit}", text)
        name = edit or edits.get(number, "")
        if found is not None and found.split(" ")[1] != str(number):
            wrong[name] += 1
        elif number in first:
            (missed if found is None else right)[name] += 1
        first.setdefault(number, edit)
    seconds = time.process_time() - began
    pairs = right.total() + missed.total()
    print(f"{len(stories)} articles, {pairs} of them reprints; {1000 * seconds / len(stories):.2f} ms each")  # noqa: T201
    print(f"precision {right.total() / (right.total() + wrong.total()):.4f}")  # noqa: T201
    print(f"recall {right.total() / pairs:.4f}")  # noqa: T201
    for edit in EDITS:
        name = edit.__name__
        print(f"  {name}: {right[name]} of {right[name] + missed[name]} found, {wrong[name]} wrong")  # noqa: T201


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
