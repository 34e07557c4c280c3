"""Speed and memory of an extraction, against a plain Hugging Face pipeline in the same run; prints a table.

Run it with `make bench`. The workload is corpus/*.train.jsonl, shuffled with a fixed seed. The baseline tags the
same texts with a randomly initialised BERT-base of as many labels, PyTorch in float32, in windows of 512 tokens that
cover all the text, at the best of three batch sizes. Each side runs in a process of its own, so that its peak memory is
its own.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIZES = (1, 8, 32)
STAGES = ("preprocess", "classify", "postprocess")


def texts(count: int) -> list[str]:
    """The first ``count`` texts of the corpus in a fixed random order, both languages mixed."""
    lines = [
        line
        for name in ("zh", "en")
        for line in (ROOT / f"corpus/{name}.train.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    random.Random(0).shuffle(lines)
    return [json.loads(line)["text"] for line in lines[:count]]


def ours(count: int) -> dict[str, float]:
    """Seconds per stage of the whole road."""
    began = time.perf_counter()
    from quintuple import load
    from quintuple.preprocess import make_article

    extractor = load()
    extractor.extract("腾讯收购搜狗。")
    first = time.perf_counter() - began
    options = extractor.settings.preprocess
    marks = [time.perf_counter()]
    articles = [make_article(text, id=str(n), settings=options) for n, text in enumerate(texts(count))]
    marks.append(time.perf_counter())
    triggers = extractor.classifier.classify(articles)
    marks.append(time.perf_counter())
    from quintuple.postprocess import assemble

    for article, found in zip(articles, triggers, strict=True):
        assemble(article, found, settings=extractor.settings.postprocess)
    marks.append(time.perf_counter())
    stages = [after - before for before, after in pairwise(marks)]
    return {"seconds": sum(stages), "first_event": first} | dict(zip(STAGES, stages, strict=True))


def baseline(count: int) -> dict[str, float]:
    """Seconds of one network pass over the same texts with a BERT-base token classifier."""
    import torch
    from transformers import BertConfig, BertForTokenClassification

    from quintuple.classify.classifier import load_tokenizer
    from quintuple.classify.labels import Labels
    from quintuple.resources import model_path

    folder = model_path("quintuple-base")
    tokenizer, tags = load_tokenizer(folder), len(Labels.load(folder).tags)
    network = BertForTokenClassification(BertConfig(vocab_size=30_000, num_labels=tags)).eval()
    ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts(count)]
    rows = sorted((each[n : n + 510] for each in ids for n in range(0, len(each), 510)), key=len)
    best = float("inf")
    for size in SIZES:
        began = time.perf_counter()
        for n in range(0, len(rows), size):
            batch = rows[n : n + size]
            length = max(map(len, batch))
            padded = torch.tensor([[*row, *[0] * (length - len(row))] for row in batch]).clamp(max=29_999)
            with torch.inference_mode():
                network(input_ids=padded, attention_mask=(padded > 0).long())
        best = min(best, time.perf_counter() - began)
    return {"seconds": best}


def measure(side: str, count: int) -> dict[str, float]:
    """Run one side in a process of its own."""
    command = [sys.executable, __file__, "--side", side, "--articles", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Measure both sides and print the table, or one side as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--side", choices=("ours", "baseline"))
    arguments = parser.parse_args()
    if arguments.side:
        figures = {"ours": ours, "baseline": baseline}[arguments.side](arguments.articles)
        # Kilobytes on Linux, bytes on macOS.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        print(json.dumps(figures | {"peak": peak}))  # noqa: T201
        return
    first, second = measure("ours", arguments.articles), measure("baseline", arguments.articles)
    rows = [
        ("articles/s", arguments.articles / first["seconds"], arguments.articles / second["seconds"]),
        ("peak memory, MB", first["peak"] / 1e6, second["peak"] / 1e6),
    ]
    print(f"{arguments.articles} texts  {'quintuple':>12} {'BERT-base':>12} {'ratio':>8}")  # noqa: T201
    for name, mine, theirs in rows:
        print(f"{name:<16} {mine:12.1f} {theirs:12.1f} {mine / theirs:8.2f}")  # noqa: T201
    print(f"start to first event: {first['first_event']:.2f} s")  # noqa: T201
    for stage in STAGES:
        print(f"{stage:<12} {100 * first[stage] / first['seconds']:5.1f} % of the time")  # noqa: T201


if __name__ == "__main__":
    main()
