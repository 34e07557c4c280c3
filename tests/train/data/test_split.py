"""Splits are the same every time, by language, and keep twins together."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.train.data.check import check
from quintuple.train.data.split import PARTS, split

WORDS = {
    "en": ["river", "glass", "lemon", "copper", "violin", "harbour", "pepper", "lantern", "meadow", "engine", "saddle"],
    "zh": [
        "河川",
        "玻璃",
        "柠檬",
        "铜矿",
        "提琴",
        "港湾",
        "胡椒",
        "灯笼",
        "草原",
        "引擎",
        "马鞍",
        "棉花",
        "丝带",
        "隧道",
    ],
}


def corpus(path: Path, *, size: int = 60) -> Path:
    """Write different texts in both languages, every tenth followed by a near-duplicate."""
    draw, lines = random.Random(3), []
    for number in range(size):
        zh = number % 3 == 0
        words = draw.choices(WORDS["zh" if zh else "en"], k=24)
        texts = [("" if zh else " ").join(words)]
        if number % 10 == 0:
            texts.append(("" if zh else " ").join([*words[:-1], "尾声" if zh else "coda"]))
        for copy, text in enumerate(texts):
            record = {"id": f"{number}-{copy}", "language": "zh" if zh else "en", "text": text, "events": []}
            lines.append(json.dumps(record | {"batch": number // 5}, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def parts(folder: Path) -> dict[str, set[str]]:
    return {part: {record["id"] for _, record in read_records(folder / f"{part}.jsonl")} for part in PARTS}


def test_every_document_goes_to_one_part_by_ratio_and_language(tmp_path: Path) -> None:
    source = corpus(tmp_path / "all.jsonl")
    sizes = split([source], tmp_path / "out", ratios=(0.5, 0.25, 0.25), seed=1)
    found = parts(tmp_path / "out")
    assert {part: len(ids) for part, ids in found.items()} == sizes
    assert sum(sizes.values()) == 66 == len(set().union(*found.values()))
    for language in ("zh", "en"):
        counts = [
            sum(record["language"] == language for _, record in read_records(tmp_path / "out" / f"{part}.jsonl"))
            for part in PARTS
        ]
        assert [round(count / sum(counts), 1) for count in counts] in (
            [0.5, 0.2, 0.2],
            [0.5, 0.2, 0.3],
            [0.5, 0.3, 0.2],
        )


def test_lines_are_copied_as_they_are(tmp_path: Path) -> None:
    source = corpus(tmp_path / "all.jsonl")
    split([source], tmp_path / "out")
    copied = [line for part in PARTS for line in (tmp_path / "out" / f"{part}.jsonl").read_text("utf-8").splitlines()]
    assert sorted(copied) == sorted(source.read_text("utf-8").splitlines())


def test_near_duplicates_stay_together_so_that_nothing_leaks(tmp_path: Path) -> None:
    split([corpus(tmp_path / "all.jsonl")], tmp_path / "out", ratios=(0.34, 0.33, 0.33))
    found = parts(tmp_path / "out")
    home = {name: part for part, ids in found.items() for name in ids}
    assert all(home[f"{number}-0"] == home[f"{number}-1"] for number in range(0, 60, 10))
    files = [tmp_path / "out" / f"{part}.jsonl" for part in PARTS]
    assert {problem.check for problem in check(files)} == {"near-duplicate"}


def test_the_split_depends_on_the_seed_and_not_on_the_order(tmp_path: Path) -> None:
    source = corpus(tmp_path / "all.jsonl")
    lines = source.read_text("utf-8").splitlines()
    turned = tmp_path / "turned.jsonl"
    turned.write_text("\n".join(reversed(lines)), encoding="utf-8")
    for name, path, seed in (("a", source, 5), ("b", turned, 5), ("c", source, 6)):
        split([path], tmp_path / name, seed=seed)
    assert parts(tmp_path / "a") == parts(tmp_path / "b") != parts(tmp_path / "c")


def test_documents_of_a_group_stay_together(tmp_path: Path) -> None:
    split([corpus(tmp_path / "all.jsonl")], tmp_path / "out", ratios=(0.4, 0.3, 0.3), group="batch")
    batches = [{record["batch"] for _, record in read_records(tmp_path / "out" / f"{part}.jsonl")} for part in PARTS]
    assert not (batches[0] & batches[1] or batches[0] & batches[2] or batches[1] & batches[2])


@pytest.mark.parametrize("ratios", [(0.8, 0.2), (0.8, 0.3, 0.1), (1.2, -0.1, -0.1)])
def test_ratios_are_three_shares(ratios: tuple[float, ...], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"ratios: expected three shares that sum to 1, got"):
        split([corpus(tmp_path / "all.jsonl")], tmp_path / "out", ratios=ratios)


def test_a_record_without_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "x", "events": []}\n', encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.jsonl:1: expected a labelled article with id and text"):
        split([tmp_path / "a.jsonl"], tmp_path / "out")
