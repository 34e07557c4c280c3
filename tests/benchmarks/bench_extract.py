"""Speed and memory of `quintuple extract` beside a plain Hugging Face pipeline and the limit of the machine.

Run it with `make bench`; `--quick` takes a minute and proves little. The workload is written by `workload.py`.
The baseline tags a fixed part of it with a randomly initialised BERT-base of as many labels, PyTorch in float32, in
windows of 512 tokens that cover all the text, at the best of three batch sizes; its figures are scaled by tokens.
The limit is the rate of a large int8 product over the operations that the network does for an article.
Each side runs in a process of its own, so that its time and its memory are its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from process import Run, first_line, run
from workload import LANGUAGES, articles

SIDES = Path(__file__).with_name("sides.py")
SIZES = (1, 8, 32)
#: Articles in all, those after which memory should grow no more, those of the baseline, those timed by stage; starts.
FULL, QUICK = (2000, 200, 60, 200, 5), (24, 12, 4, 12, 2)
TEXT = "腾讯宣布收购搜狗的全部股份。"


def measure(folder: Path, size: tuple[int, ...]) -> dict[str, Any]:
    """Run every side and return the figures; memory in bytes."""
    count, first, sample, staged, starts = size
    write(folder, count, first)
    few = extract(folder, "first")
    whole = extract(folder, "first", "rest")
    stages = side("stages", folder, staged)
    tokens = stages["tokens"] / staged
    baselines = {size: run(SIDES, "baseline", folder, str(sample), str(size)) for size in SIZES}
    rates = {size: read(done)["tokens"] / read(done)["seconds"] for size, done in baselines.items()}
    best = max(rates, key=lambda size: rates[size])
    machine = side("rate", folder, 0)["rates"]
    return {
        "articles": count,
        "tokens_per_article": tokens,
        "events_per_article": stages["events"] / staged,
        "ours": {"articles_per_second": count / whole.seconds, "peak": whole.peak, "peak_first": few.peak},
        "baseline": {"articles_per_second": rates[best] / tokens, "peak": baselines[best].peak, "batch_size": best},
        "limit": {
            "rates": machine,
            "operations_per_article": stages["operations"] / staged,
            "articles_per_second": machine["int8"] * staged / stages["operations"],
        },
        "network": {name: stages[name] / staged for name in ("network_tokens", "padded_tokens")},
        "first_event": [
            first_line("-m", "quintuple", "extract", "-", given=TEXT, expected="acquire") for _ in range(starts)
        ],
        "stages": stages["stages"],
        "sizes": {"first": first, "baseline": sample, "stages": staged},
    }


def write(folder: Path, count: int, first: int) -> None:
    """Write the workload: the first articles into a folder of their own."""
    for name in ("first", "rest"):
        (folder / name).mkdir()
    for number, text in enumerate(articles(count)):
        name = f"{number:05}.{LANGUAGES[number % 2]}.txt"
        (folder / ("first" if number < first else "rest") / name).write_text(text, encoding="utf-8")


def extract(folder: Path, *parts: str) -> Run:
    """Run the program as a user does, from the start of the process to the last line written."""
    output = folder / f"{'-'.join(parts)}.jsonl"
    done = run("-m", "quintuple", "extract", *(folder / part for part in parts), "-o", output)
    expected = sum(len(list((folder / part).iterdir())) for part in parts)
    found = len(output.read_text(encoding="utf-8").splitlines())
    if found != expected:
        raise RuntimeError(f"{output}: expected {expected} records, got {found}")
    return done


def side(name: str, folder: Path, count: int) -> dict[str, Any]:
    """Run a side and return its figures."""
    return read(run(SIDES, name, folder, str(count)))


def read(done: Run) -> dict[str, Any]:
    """Return the figures that a side printed last."""
    figures: dict[str, Any] = json.loads(done.output.splitlines()[-1])
    return figures


def table(figures: dict[str, Any]) -> Iterator[str]:
    """Yield the figures for people, lines of Markdown."""
    ours, theirs, limit = (figures[name] for name in ("ours", "baseline", "limit"))
    tokens, rates = figures["tokens_per_article"], [side["articles_per_second"] for side in (ours, theirs, limit)]
    yield (
        f"{figures['articles']} articles, half Chinese, half English; {tokens:.0f} tokens and "
        f"{figures['events_per_article']:.1f} events found per article; {os.cpu_count()} cores, {processor()}\n"
    )
    yield "| | quintuple | BERT-base pipeline | ratio | limit | of the limit |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield row("articles/s", rates, 1)
    yield row("tokens/s", [rate * tokens for rate in rates], 0)
    peaks = [side["peak"] / 1e6 for side in (ours, theirs)]
    yield f"| peak memory, MB | {peaks[0]:.0f} | {peaks[1]:.0f} | {peaks[0] / peaks[1]:.2f} | | |\n"
    yield from notes(figures)


def notes(figures: dict[str, Any]) -> Iterator[str]:
    """Yield what the table leaves open."""
    ours, limit, sizes, network = (figures[name] for name in ("ours", "limit", "sizes", "network"))
    starts, total = figures["first_event"], sum(figures["stages"].values())
    shares = (f"{name} {100 * seconds / total:.0f} %" for name, seconds in figures["stages"].items())
    yield f"- Start of the process to the first event: {statistics.median(starts):.2f} s (median of {len(starts)})."
    yield (
        f"- Memory: {ours['peak_first'] / 1e6:.0f} MB over the first {sizes['first']} articles, "
        f"{ours['peak'] / 1e6:.0f} MB over all: {100 * (ours['peak'] / ours['peak_first'] - 1):+.1f} %."
    )
    yield f"- Time by stage, one after the other, {sizes['stages']} articles: {', '.join(shares)}."
    yield (
        f"- The network reads {network['network_tokens']:.0f} tokens per article in both passes "
        f"({network['padded_tokens']:.0f} with padding): {limit['operations_per_article'] / 1e9:.1f} G operations."
    )
    yield (
        f"- Limit: products in int8 at {limit['rates']['int8'] / 1e9:.0f} G operations/s "
        f"(float32: {limit['rates']['float32'] / 1e9:.0f}), and nothing else."
    )
    yield (
        f"- Baseline: batch size {figures['baseline']['batch_size']}, the best of {SIZES}, on {sizes['baseline']} of "
        "the articles, scaled by tokens."
    )


def row(name: str, values: list[float], digits: int) -> str:
    """Return a line of the table: ours, theirs, ratio, limit, share of it."""
    ours, theirs, limit = values
    return (
        f"| {name} | {ours:.{digits}f} | {theirs:.{digits}f} | {ours / theirs:.1f} | {limit:.{digits}f} | "
        f"{100 * ours / limit:.0f} % |"
    )


def processor() -> str:
    """Return the name of the processor, as far as it is told."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small workload: proves that it runs")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), QUICK if arguments.quick else FULL)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(*table(figures), sep="\n")  # noqa: T201


if __name__ == "__main__":
    main()
