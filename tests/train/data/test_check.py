"""The checker names every problem with its place, and finds none in what is right."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from quintuple.events import TYPES_WITHOUT_COMPANY, Action, Article, DataError, Event, Evidence, Extraction, Party
from quintuple.events import Percentage as Share
from quintuple.resources import config_path
from quintuple.train.data.check import CHECKS, Problem, check
from quintuple.train.data.record import make_event, make_record
from quintuple.train.data.rules import RULES
from quintuple.train.data.settings import action_types
from quintuple.writers.jsonl import JsonLinesWriter

EN = "Orla Foods will cut its stake in Fenn from 9% to 7% next year."
ZH = "天河电子拟于明年将芬恩持股由9%减持至7%。"

Record = dict[str, Any]


def sample(language: str = "en") -> Record:
    """Return a correct record in a language."""
    text = EN if language == "en" else ZH
    words = ("Orla Foods", "cut", "Fenn", "next year") if language == "en" else ("天河电子", "减持", "芬恩", "明年")
    company, trigger, target, date = ((text.index(word), text.index(word) + len(word)) for word in words)
    shares = [(text.index(word), text.index(word) + 2) for word in ("9%", "7%")]
    slots = {"company": [company], "target": [target], "date": [date], "percentage": shares}
    event = make_event(text, trigger, "reduce_stake", slots, status="planned")
    return make_record(text, [event], id=f"a-{language}", language=language)


def write(path: Path, *records: Record | str) -> Path:
    lines = [record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def problems(path: Path, *records: Record | str) -> list[tuple[int, str]]:
    return [(problem.line, problem.check) for problem in check([write(path, *records)])]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.jsonl"


def test_right_records_have_no_problems(path: Path) -> None:
    none = make_record("大盘窄幅震荡，成交清淡。", [], id="c", language="zh", published="2024-02-29")
    assert problems(path, sample("en"), "", sample("zh"), none) == []


def test_what_extract_writes_is_right(path: Path) -> None:
    company, target = Party("Orla Foods", 0, 10, "Orla Foods"), Party("Fenn", 33, 37, "Fenn plc", kind="company")
    spans = (Evidence("9%", 43, 45), Evidence("7%", 49, 51))
    share = Share("9% to 7%", 43, 51, spans, (9.0, 7.0), from_=9.0, to=7.0, kind="stake", confidence=0.8)
    event = Event(
        company, Action("cut", 16, 19, "reduce_stake", 0.9), target, share, status="planned", sentence=(0, 62)
    )
    with path.open("w", encoding="utf-8", newline="") as stream:
        JsonLinesWriter(stream).write(Extraction(Article("a", EN, "en", path="a.txt"), (event,)))
    assert check([path]) == ()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_offset_that_does_not_match_names_file_line_and_span(path: Path, language: str) -> None:
    record = sample(language)
    target = record["events"][0]["target"]
    target["start"] += 1
    (problem,) = check([write(path, "", record)])
    assert (problem.path, problem.line, problem.check) == (path, 2, "offset")
    assert (problem.start, problem.end) == (target["start"], target["end"])
    short = target["text"][1:]
    assert str(problem) == (
        f"{path}:2: offset: event 1: target: [{target['start']}:{target['end']}] is {short!r}, "
        f"labelled {target['text']!r}"
    )


@pytest.mark.parametrize(("start", "end"), [(5, 5), (-3, 4), (60, 99)])
def test_a_range_outside_the_text_is_no_span(path: Path, start: int, end: int) -> None:
    record = sample()
    record["events"][0]["company"] |= {"start": start, "end": end}
    (problem,) = check([write(path, record)], ignore=("percentage",))
    assert "is no range of a text of 62 characters" in problem.message


def test_every_span_of_a_percentage_is_checked(path: Path) -> None:
    record = sample()
    record["events"][0]["percentage"]["spans"][1]["text"] = "8%"
    assert problems(path, record) == [(1, "offset")]


def test_unknown_types_are_refused_unless_any_is_allowed(path: Path) -> None:
    record = sample()
    record["events"][0]["action"]["type"] = "recall"
    (problem,) = check([write(path, record)])
    assert "type: event 1: unknown type 'recall' at [16:19] 'cut'" in str(problem)
    assert check([path], types="any") == ()


@pytest.mark.parametrize(
    ("slot", "value", "message"),
    [
        ("company", {"text": "Orla Foods", "start": 0, "end": 10, "name": 5}, "events[0].company.name: expected text"),
        ("company", [{"text": "Orla Foods", "start": 0, "end": 10}], "event 1: company: expected text, start and end"),
        ("sentence", [0, "x"], "events[0].sentence[1]: expected a number, got 'x'"),
    ],
)
def test_what_training_would_refuse_is_found(path: Path, slot: str, value: object, message: str) -> None:
    record = sample()
    record["events"][0][slot] = value
    (problem,) = check([write(path, record)])
    assert problem.check == "shape"
    assert message in problem.message


def test_unknown_statuses_are_refused(path: Path) -> None:
    record = sample()
    record["events"][0]["status"] = "maybe"
    (problem,) = check([write(path, record)])
    assert problem.message.endswith("expected one of occurred, planned, rumoured, cancelled, denied, got 'maybe'")


@pytest.mark.parametrize("action", action_types())
def test_a_company_may_lack_where_the_type_allows_it(path: Path, action: str) -> None:
    record = sample()
    record["events"][0] |= {"company": None}
    record["events"][0]["action"]["type"] = action
    assert problems(path, record) == ([] if action in TYPES_WITHOUT_COMPANY else [(1, "company")])


def test_spans_of_one_slot_may_not_overlap_for_one_trigger(path: Path) -> None:
    record = sample()
    other = json.loads(json.dumps(record["events"][0]))
    other["company"] |= {"text": "Orla", "end": 4}
    record["events"].append(other)
    (problem,) = check([write(path, record)])
    assert problem.check == "overlap"
    assert "company of reduce_stake at [16:19] 'cut': [0:4] 'Orla' and [0:10] 'Orla Foods' overlap" in problem.message


def test_spans_of_different_slots_and_triggers_may_overlap(path: Path) -> None:
    record = sample()
    event = record["events"][0]
    event["counterparty"] = {"text": "Orla", "start": 0, "end": 4, "name": "Orla", "id": None, "kind": "company"}
    record["events"].append(event | {"action": {"text": "stake", "start": 24, "end": 29, "type": "reduce_stake"}})
    record["events"][1]["company"] = event["counterparty"]
    assert problems(path, record) == []


def test_triggers_of_one_type_may_not_overlap(path: Path) -> None:
    record = sample()
    event = record["events"][0]
    wider = {"text": "will cut", "start": 11, "end": 19, "type": "reduce_stake"}
    record["events"].append(event | {"action": wider})
    assert problems(path, record) == [(1, "overlap")]
    wider["type"] = "dispose"
    assert problems(path, record) == []


def test_a_percentage_runs_over_its_spans_in_their_order(path: Path) -> None:
    record = sample()
    share = record["events"][0]["percentage"]
    share["spans"].reverse()
    assert problems(path, record) == [(1, "percentage")]
    share["spans"].reverse()
    share |= {"text": "9%", "end": share["start"] + 2}
    assert problems(path, record) == [(1, "percentage")]


def test_an_event_is_said_once_but_one_mention_may_name_two_parties(path: Path) -> None:
    record = sample()
    twice = json.loads(json.dumps(record["events"][0]))
    record["events"].append(twice)
    assert problems(path, record) == [(1, "repeated-event")]
    twice["company"]["name"] = "Orla Drinks"
    assert problems(path, record) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": None}, "text: expected the article's text, got None"),
        ({"id": ""}, "id: expected a name, got ''"),
        ({"language": "de"}, "language: expected one of zh, en, got 'de'"),
        ({"published": "last week"}, "published: expected a day as YYYY-MM-DD, got 'last week'"),
        ({"events": {}}, "events: expected a list, got {}"),
        ({"events": [3]}, "event 1: expected an object, got 3"),
        ({"events": [{"action": "cut"}]}, "event 1: action: expected text, start, end and type, got 'cut'"),
    ],
)
def test_a_record_of_another_shape_is_told_by_key(path: Path, change: Record, message: str) -> None:
    (problem,) = check([write(path, sample() | change)])
    assert (problem.check, problem.message) == ("shape", message)


def test_broken_lines_do_not_stop_the_check(path: Path) -> None:
    bad = sample()
    bad["events"][0]["status"] = None
    assert problems(path, "{", "[]", '{"schema_version": 2}', bad) == [
        (1, "json"),
        (2, "json"),
        (3, "json"),
        (4, "status"),
    ]


def test_ids_and_texts_occur_once(path: Path) -> None:
    again = sample() | {"id": 1}
    found = check([write(path, sample(), again, sample("zh") | {"id": "1"})])
    assert [(problem.line, problem.check) for problem in found] == [(2, "duplicate-text"), (3, "duplicate-id")]
    assert str(found[1]).endswith(f"a.jsonl:3: duplicate-id: id '1' is also at {path}:2")


def test_equal_and_nearly_equal_texts_in_two_files_leak(tmp_path: Path) -> None:
    long = EN + " The group said on Monday that the sale would pay for two new plants in the north."
    first = write(tmp_path / "train.jsonl", sample(), make_record(long, [], id="l", language="en"))
    second = write(
        tmp_path / "test.jsonl",
        make_record(EN.upper().replace(" ", "  "), [], id="m", language="en"),
        make_record(long.replace("Monday", "Friday"), [], id="n", language="en"),
        make_record("Nothing of the kind was said about the other company yet.", [], id="o", language="en"),
    )
    found = check([first, second])
    assert [(problem.path, problem.line, problem.check) for problem in found] == [
        (second, 1, "leakage"),
        (second, 2, "leakage"),
    ]
    assert f"the same text as {first}:1" in found[0].message
    assert f"shared with {first}:2" in found[1].message
    assert check([first, second], ignore=("leakage",)) == ()


def test_nearly_equal_texts_in_one_file_are_near_duplicates(path: Path) -> None:
    text = "海岳集团公告称，公司拟以自有资金回购部分社会公众股份，用于员工持股计划，回购期限为六个月。"
    one = make_record(text, [], id="1", language="zh")
    other = make_record(text.replace("六个月", "十二个月"), [], id="2", language="zh")
    assert problems(path, one, other) == [(2, "near-duplicate")]


def test_a_check_that_does_not_exist_cannot_be_ignored(path: Path) -> None:
    with pytest.raises(DataError, match=r"ignore: expected some of json, shape, .*, got spelling"):
        check([write(path, sample())], ignore=("spelling",))


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="none: expected a text file in UTF-8"):
        check([tmp_path / "none"])


def test_every_rule_is_a_check() -> None:
    assert set(RULES) < set(CHECKS)
    assert str(Problem(Path("a"), 3, "type", "wrong")) == "a:3: type: wrong"


def test_the_action_types_are_described_in_both_languages() -> None:
    table = tomllib.loads(config_path("actions.toml").read_text(encoding="utf-8"))
    assert len(table) == len(action_types()) == 35
    assert set(table) >= TYPES_WITHOUT_COMPANY
    for name, entry in table.items():
        assert set(entry) == {"meaning", "target", "zh", "en"}, name
        assert name == "other" or (entry["zh"] and entry["en"]), name
