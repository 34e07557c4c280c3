"""The labelled corpus is what its datasheet says, and passes our own checks."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from quintuple.evaluate.jsonl import read_records
from quintuple.train.data.check import check
from quintuple.train.data.settings import action_types

CORPUS = Path(__file__).parents[1] / "corpus"
PARTS = ("train", "dev", "test")
#: Rows of the datasheet: files, what they hold, records, events.
ROWS = re.findall(
    r"^\| (.*`\S+\.jsonl`) \| (.*?) \| (\d+) \| (\d+) \|$",
    (CORPUS / "README.md").read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)

Record = dict[str, Any]


def records(*names: str) -> list[Record]:
    return [record for name in names for _, record in read_records(CORPUS / name)]


def all_parts(language: str) -> list[Record]:
    return records(*(f"{language}.{part}.jsonl" for part in PARTS))


def is_whole(record: Record) -> bool:
    """Tell an article of 200 to 600 words, or as many Chinese characters, from a passage."""
    text = record["text"]
    return 200 <= (len(text) if record["language"] == "zh" else len(text.split())) <= 600


def test_the_datasheet_counts_the_records_and_events() -> None:
    assert len(ROWS) == 8
    for names, what, documents, events in ROWS:
        name = re.findall(r"`(\S+\.jsonl)`", names)[-1]
        found = records(*(path.relative_to(CORPUS).as_posix() for path in CORPUS.glob(re.sub(r"\{[^}]*\}", "*", name))))
        assert (len(found), sum(len(each["events"]) for each in found)) == (int(documents), int(events)), name
        if whole := re.search(r"(\d+) whole articles", what):
            assert sum(map(is_whole, found)) == int(whole[1]), name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_passages_articles_and_negatives_are_enough(language: str) -> None:
    found = all_parts(language)
    passages = [record for record in found if not is_whole(record)]
    assert len(passages) >= 400
    assert len(found) - len(passages) >= 15
    assert sum(not record["events"] for record in found) >= len(found) / 4
    assert {record["source"] for record in found} >= {"announcement", "wire", "feature", "translation"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_type_occurs_twelve_times_and_every_status(language: str) -> None:
    events = [event for record in all_parts(language) for event in record["events"]]
    types = Counter(event["action"]["type"] for event in events)
    assert {name: types[name] for name in action_types() if types[name] < 12} == {}
    assert {event["status"] for event in events} == {"occurred", "planned", "rumoured", "cancelled", "denied"}


def test_the_quickstart_is_half_negatives_in_both_languages() -> None:
    for language in ("zh", "en"):
        found = records(*(f"quickstart/{language}.{part}.jsonl" for part in PARTS))
        recalls = sum(any(event["action"]["type"] == "recall" for event in record["events"]) for record in found)
        assert (len(found), recalls) == (60, 30)


def test_no_file_has_a_problem_and_nothing_leaks() -> None:
    assert check([CORPUS / f"{language}.{part}.jsonl" for language in ("zh", "en") for part in PARTS]) == ()
    quickstart = sorted((CORPUS / "quickstart").glob("*.jsonl"))
    assert check(quickstart, types="any") == ()
