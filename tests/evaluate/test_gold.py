"""Gold in both shapes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quintuple.evaluate.flat import SlotSpan, When
from quintuple.evaluate.gold import digest_files, read_gold

from .conftest import PARTIES, TEXTS, each_language, evidence, gold_record, output_event

Write = Callable[..., Path]


@each_language
def test_name_lists_are_read_as_they_stand(language: str, write: Write) -> None:
    (document,) = read_gold([write("gold.jsonl", gold_record(language, published="2024-05-06"))])
    first, second = document.events
    assert (document.id, document.language, document.source) == (f"{language}-1", language, "wire")
    assert (first.action, first.company, first.percentage) == ("acquire", (PARTIES[language][0],), (51.0,))
    assert first.date and first.date.earliest is None
    assert (second.date, second.percentage, second.optional) == (None, (), False)
    assert document.published == "2024-05-06"


@each_language
def test_labelled_records_accept_mention_and_name(language: str, write: Write) -> None:
    company = evidence(TEXTS[language], PARTIES[language][0], name="Bluelake Holdings")
    share = {"text": "51%", "values": [51.0], "spans": [evidence(TEXTS[language], "51%")]}
    event = output_event(language, PARTIES[language], "acquire", company=company, percentage=share)
    record = {"id": 7, "text": TEXTS[language], "events": [event]}
    (document,) = read_gold([write("made.jsonl", record)])
    (read,) = document.events
    assert document.id == "7"
    assert document.source == "made"
    assert read.company == (PARTIES[language][0], "Bluelake Holdings")
    at = TEXTS[language].index("51%")
    assert SlotSpan("percentage", at, at + 3) in read.spans
    assert read.percentage == (51.0,)


@pytest.mark.parametrize(("wording", "values"), [("三成", (30.0,)), ("12.5 percent", (12.5,))])
def test_spans_without_values_are_read(wording: str, values: tuple[float, ...], write: Write) -> None:
    event = {"action": {"text": "x", "type": "list"}, "percentage": [{"text": wording, "start": 0, "end": 1}]}
    (document,) = read_gold([write("a.jsonl", {"id": "a", "events": [event]})])
    assert document.events[0].percentage == pytest.approx(values)


@each_language
def test_mentions_of_one_event_are_merged(language: str, write: Write) -> None:
    company, verb, target = PARTIES[language]
    day = {"text": "5/6", "earliest": "2024-05-06", "latest": "2024-05-06"}
    pronoun = {"text": "it", "name": company}
    headline = output_event(language, PARTIES[language], "acquire", target=None)
    body = output_event(language, PARTIES[language], "acquire", company=pronoun, date=day)
    (document,) = read_gold([write("a.jsonl", {"id": "a", "text": TEXTS[language], "events": [headline, body]})])
    (event,) = document.events
    assert event.company == (company, "it")
    assert (event.target, event.date) == ((target,), When("5/6", "2024-05-06", "2024-05-06"))
    assert event.triggers == (verb,)


@each_language
@pytest.mark.parametrize(
    "change",
    [
        {"status": "planned"},
        {"percentage": {"text": "9%", "values": [9.0]}},
        {"date": {"text": "June", "earliest": "2024-06-01", "latest": "2024-06-30"}},
        {"company": {"text": "the company", "name": "Quite Another"}},
    ],
)
def test_what_contradicts_is_not_merged(language: str, change: dict[str, Any], write: Write) -> None:
    first = {
        "percentage": {"text": "5%", "values": [5.0]},
        "date": {"text": "May", "earliest": "2024-05-01", "latest": "2024-05-31"},
        "company": {"text": "the company", "name": PARTIES[language][0]},
    }
    events = [output_event(language, PARTIES[language], "acquire", **each) for each in (first, first | change)]
    (document,) = read_gold([write("a.jsonl", {"id": "a", "events": events})])
    assert len(document.events) == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "b"', r"gold\.jsonl:2: expected JSON"),
        ("[1]", r"gold\.jsonl:2: expected a JSON object, got list"),
        ('{"events": []}', r"gold\.jsonl:2: expected a gold document, got: KeyError\('id'\)"),
        ('{"id": "b", "events": [{"action": {"text": "x"}}]}', r"gold\.jsonl:2: .*KeyError\('type'\)"),
        ('{"id": "b", "events": 3}', r"gold\.jsonl:2: expected a gold document"),
        ('{"id": "b", "schema_version": 2, "events": []}', r"gold\.jsonl:2: expected schema_version 1, got 2"),
        ('{"id": "a", "events": []}', r"gold\.jsonl:2: expected an id of its own, got 'a' of .*gold\.jsonl:1"),
    ],
)
def test_broken_gold_names_file_and_line(line: str, message: str, tmp_path: Path) -> None:
    from quintuple.events import DataError

    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "events": []}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_gold([path])


def test_missing_and_empty_files_are_refused(tmp_path: Path) -> None:
    from quintuple.events import DataError

    with pytest.raises(DataError, match=r"none\.jsonl: expected JSON Lines"):
        read_gold([tmp_path / "none.jsonl"])
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"empty\.jsonl: expected at least one document, got none"):
        read_gold([tmp_path / "empty.jsonl"])


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "text": "one\u2028two", "events": []}\n', encoding="utf-8")
    assert read_gold([path])[0].text == "one\u2028two"


def test_the_digest_follows_content_alone(tmp_path: Path) -> None:
    for name, content in (("a", b"1\n"), ("b", b"2\r\n"), ("c", b"1\r\n"), ("d", b"2\n")):
        (tmp_path / name).write_bytes(content)
    one, same, other = (digest_files([tmp_path / name for name in names]) for names in ("ab", "dc", "ac"))
    assert one == same != other
