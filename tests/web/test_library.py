"""The list of articles: filters, order, ids, and what is forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from quintuple.web.library import Library, Query
from quintuple.web.records import Record, event_facts
from quintuple.web.sources import Item


def event(company: str, type_: str = "acquire", **fields: Any) -> dict[str, Any]:
    action = {"text": "x", "start": 0, "end": 1, "type": type_}
    return {"company": {"text": company, "name": company}, "action": action, "status": "occurred"} | fields


def item(id_: str, *events: dict[str, Any], **fields: Any) -> Item:
    record: Record = {"id": id_, "language": "en", "text": f"Text of {id_}", "events": list(events)} | fields
    return Item(record, lambda: record)


def dated(earliest: str | None, latest: str | None) -> dict[str, Any]:
    return {"date": {"text": "d", "earliest": earliest, "latest": latest}}


@pytest.fixture
def library() -> Library:
    made = Library(snippet=20, max_opened=2)
    problems = made.fill(
        [
            item("sure", event("Aldermere", confidence=0.9, **dated("2022-01-01", "2022-01-31"))),
            item("unsure", event("Finch", "sue", confidence=0.3, status="planned"), event("Kestrel", confidence=0.8)),
            "a.jsonl:3: expected JSON",
            item("quiet"),
            item("zh", event("甲集团", "merge", confidence=0.6, **dated(None, "2021-12-31")), language="zh"),
            Item({"id": "unread", "title": "raw.txt", "events": None}, dict),
        ]
    )
    assert problems == ["a.jsonl:3: expected JSON"]
    return made


def ids(library: Library, **wanted: Any) -> list[str]:
    return [entry.id for entry in library.find(Query(**wanted))]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["unsure", "zh", "sure", "quiet", "unread"]),
        ({"order": "file"}, ["sure", "unsure", "quiet", "zh", "unread"]),
        ({"company": "aldermere"}, ["sure"]),
        ({"company": "甲"}, ["zh"]),
        ({"type": "sue"}, ["unsure"]),
        ({"status": "planned"}, ["unsure"]),
        ({"most": 0.7}, ["unsure", "zh"]),
        ({"least": 0.85}, ["sure"]),
        ({"language": "zh"}, ["zh"]),
        ({"earliest": "2022-01-31"}, ["sure"]),
        ({"latest": "2021-12-31"}, ["zh"]),
        ({"earliest": "2021-01-01", "latest": "2022-12-31"}, ["zh", "sure"]),
        ({"company": "finch", "type": "acquire"}, []),  # the conditions are of one event
        ({"state": "reviewed"}, []),
    ],
)
def test_filters(library: Library, wanted: dict[str, Any], found: list[str]) -> None:
    assert ids(library, **wanted) == found


def test_what_is_reviewed_comes_last_and_is_found_by_its_new_events(library: Library) -> None:
    library.mark_reviewed(1, (event_facts(event("Torvale", "launch")),))
    assert ids(library)[-1] == "unsure"
    assert ids(library, state="reviewed") == ids(library, company="Torvale") == ["unsure"]
    assert ids(library, company="Finch") == []


def test_equal_ids_are_told_apart(library: Library) -> None:
    library.fill([item("sure"), item("sure")])
    assert {"sure", "sure#2", "sure#3"} <= set(ids(library))
    key = next(entry.key for entry in library.entries() if entry.id == "sure#3")
    assert library.load(key)["id"] == "sure#3"


def test_only_the_latest_opened_articles_are_kept(library: Library) -> None:
    keys = [library.open(item(f"pasted-{number}")).key for number in range(4)]
    assert [library.entry(key) is None for key in keys] == [True, True, False, False]
    with pytest.raises(KeyError):
        library.load(keys[0])
    assert len(library) == 7
    # The same article once more takes its old place.
    assert library.open(item("pasted-3")).key == keys[3]
    # An article of the path is not displaced by a dropped one of its name.
    assert library.open(item("sure")).id == "sure#2"


def test_extracted_events_are_kept_for_the_filters(library: Library) -> None:
    key = next(entry.key for entry in library.entries() if entry.id == "unread")
    assert library.entry(key).confidence is None
    library.keep(key, {"id": "unread", "title": "raw.txt", "text": "t", "events": [event("Finch", confidence=0.1)]})
    assert ids(library)[0] == "unread"
    assert library.load(key)["text"] == "t"


def test_a_label_is_short_and_on_one_line(library: Library) -> None:
    entry = library.open(item("x", text="One\n\n  two\tthree four five six seven eight"))
    assert entry.label == "One two three four f"


def test_wrong_kinds_count_as_absent() -> None:
    facts = event_facts({"action": 5, "company": "x", "date": {"earliest": 7}, "confidence": "high"})
    assert (facts.names, facts.earliest, facts.confidence) == ("", None, 1.0)
