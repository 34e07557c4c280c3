"""What the page shows of each event."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.report.collect import FIELDS, Collector, collect
from quintuple.report.evidence import SLOTS, find_passage
from quintuple.report.settings import report_settings
from quintuple.resources import config_path
from quintuple.settings import read_toml


def gather(*records: dict[str, Any]) -> Collector:
    return collect((("here", record) for record in records), evidence=100)


def fields(collector: Collector, number: int = 0) -> dict[str, Any]:
    return dict(zip(FIELDS, collector.data()["events"][number], strict=True))


def record(**fields: Any) -> dict[str, Any]:
    return {"id": "a", "language": "en", "events": []} | fields


def action(text: str, word: str = "buys", **slots: Any) -> dict[str, Any]:
    start = text.index(word)
    return {"action": {"text": word, "start": start, "end": start + len(word), "type": "acquire"}} | slots


def party(name: str, identity: str | None = None) -> dict[str, Any]:
    return {"text": name, "start": 0, "end": len(name), "name": name, "id": identity}


def marked(text: str, marks: tuple[int, ...]) -> list[tuple[str, str]]:
    """Return what a browser, which counts in UTF-16, would mark."""
    units = text.encode("utf-16-le")
    triples = zip(marks[::3], marks[1::3], marks[2::3], strict=True)
    return [(SLOTS[slot], units[2 * start : 2 * end].decode("utf-16-le")) for slot, start, end in triples]


def test_marks_are_what_the_slots_say(results: Callable[..., Path]) -> None:
    for _, found in read_records(results(40)):
        for event in found["events"]:
            passage = find_passage(found["text"], event, limit=500)
            assert passage is not None
            shares = [("percentage", piece["text"]) for piece in event["percentage"]["spans"]]
            parties = [(slot, event[slot]["text"]) for slot in ("company", "action", "target")]
            assert marked(passage.text, passage.marks) == [*parties, *shares, ("date", event["date"]["text"])]


def test_marks_count_in_utf16_behind_an_emoji() -> None:
    text = "😀😀 Alder buys it"
    passage = find_passage(text, action(text, sentence=[1, len(text)]), limit=100)
    assert passage is not None
    assert passage.text == "😀 Alder buys it"
    assert marked(passage.text, passage.marks) == [("action", "buys")]
    assert passage.marks[1] == passage.text.index("buys") + 1


@pytest.mark.parametrize("where", [0, 300, 996])
def test_a_long_sentence_is_cut_around_its_action(where: int) -> None:
    text = "x" * where + "buys" + "x" * (996 - where)
    passage = find_passage(text, action(text, sentence=[0, len(text)]), limit=100)
    assert passage is not None
    assert len(passage.text.strip("…")) == 100
    assert marked(passage.text, passage.marks) == [("action", "buys")]
    assert (passage.text[0] == "…", passage.text[-1] == "…") == (where > 0, where < 996)


def test_without_a_sentence_the_line_of_the_action_is_shown() -> None:
    text = "One line.\nAlder buys it.\nAnother."
    passage = find_passage(text, action(text, company=party("One")), limit=100)
    assert passage is not None
    assert passage.text == "Alder buys it."
    assert marked(passage.text, passage.marks) == [("action", "buys")]
    assert find_passage(None, action(text), limit=100) is None


def test_a_party_with_an_id_is_one_in_both_languages() -> None:
    event = action("buys", company=party("Alder", "alder"))
    chinese = action("buys", company=party("桤木", "alder"), target=party("Alder"))
    data = gather(record(events=[event]), record(language="zh", events=[chinese])).data()
    assert data["parties"] == [["桤木", "Alder"], ["Alder", None]]


@pytest.mark.parametrize(
    ("earliest", "latest", "published", "month"),
    [
        ("2022-01-05", "2022-01-05", "2022-03-01", "2022-01"),
        # A whole year would pile up in its January.
        ("2021-01-01", "2021-12-31", "2022-03-01", "2022-03"),
        ("2021-01-01", "2021-12-31", None, "2021-01"),
        (None, None, "2022-03-01", "2022-03"),
        (None, "2022-02-02", "2022-03-01", "2022-02"),
        (None, None, None, None),
        ("no day", None, "nor this", None),
    ],
)
def test_the_month_an_event_counts_in(
    earliest: str | None, latest: str | None, published: str | None, month: str | None
) -> None:
    date = {"text": "then", "start": 0, "end": 4, "edtf": None, "earliest": earliest, "latest": latest}
    collector = gather(record(published=published, events=[action("buys", date=date)]))
    assert fields(collector)["month"] == month


@pytest.mark.parametrize(("chinese", "english", "language"), [(2, 1, "zh"), (1, 1, "en"), (0, 0, "en")])
def test_the_language_of_most_articles(chinese: int, english: int, language: str) -> None:
    records = [record(language="zh")] * chinese + [record()] * english
    assert gather(*records).language() == language


def test_labelled_data_without_judgement_is_taken() -> None:
    row = fields(gather(record(text="Alder buys it", events=[action("Alder buys it")])))
    assert (row["status"], row["confidence"], row["company"], row["percentage"]) == ("occurred", None, None, None)


@pytest.mark.parametrize(
    "broken",
    [
        {"id": 7},
        {"language": "fr"},
        {"events": None, "text": 3},
        {"events": [{}]},
        {"events": ["text"]},
        {"events": [{"action": {"text": "buys", "type": "acquire"}}], "text": "buys"},
        {"events": [action("buys", company={"text": "x"})]},
    ],
)
def test_a_broken_record_is_named(broken: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"^here: expected an article"):
        gather(record(**broken))


def test_every_action_type_has_words_and_one_group() -> None:
    settings = report_settings()
    types = sorted(read_toml(config_path("actions.toml")))
    assert sorted(settings.types) == types
    assert sorted(kind for group in settings.groups.values() for kind in group.types) == types
