"""Round trips keep every offset: Chinese, English, emoji, line ends."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quintuple.evaluate.jsonl import read_records
from quintuple.train.data.convert import convert
from quintuple.train.data.lines import read_json, write_objects
from quintuple.train.data.record import argument_places, make_event, make_record

PIECES = [
    "天河电子",
    "收购",
    "三成",
    "，",
    "。",
    "\r\n",
    "\n",
    " ",
    "  ",
    "\t",
    "Orla",
    "cut",
    "21.5%",
    "’s",
    ".",
    "🚀",
    "👩‍🔬",
    "𠮷",
    "é",
    "\u3000",
]
TYPES = ["acquire", "reduce_stake", "launch"]
STATUSES = ["occurred", "planned", "denied"]
TOOLS = {"doccano": "out.jsonl", "label-studio": "out.json", "prodigy": "out.jsonl", "brat": "folder"}

Record = dict[str, Any]
Link = tuple[Any, ...]


@st.composite
def places(draw: st.DrawFn, length: int) -> tuple[int, int]:
    start = draw(st.integers(0, length - 1))
    return start, draw(st.integers(start + 1, min(start + 12, length)))


@st.composite
def events(draw: st.DrawFn, text: str) -> Record:
    place = places(len(text))
    slots = {slot: [draw(place)] for slot in ("company", "target", "date", "counterparty") if draw(st.booleans())}
    percentage = draw(st.lists(place, max_size=3, unique=True))
    if percentage:
        slots["percentage"] = percentage
    status = draw(st.sampled_from(STATUSES))
    return make_event(text, draw(place), draw(st.sampled_from(TYPES)), slots, status=status)


@st.composite
def records(draw: st.DrawFn) -> list[Record]:
    made = []
    for number in range(draw(st.integers(1, 3))):
        text = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=20)))
        found = draw(st.lists(events(text), max_size=3, unique_by=lambda event: event["action"]["start"]))
        name = draw(st.sampled_from(["news/{}", "第 {} 篇", "..{}", "a:b?{}"])).format(number)
        made.append(make_record(text, found, id=name, language=draw(st.sampled_from(["zh", "en"])), title="T"))
    return made


def trip(made: list[Record], tool: str, touch: Callable[[Path], None] = lambda _: None) -> list[Record]:
    """Write records for a tool, let ``touch`` change the file, and read them back in their order."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, middle, back = folder / "in.jsonl", folder / TOOLS[tool], folder / "back.jsonl"
        write_objects(source, made)
        convert(source, middle, source_format="quintuple", target_format=tool)
        touch(middle)
        convert(middle, back, source_format=tool)
        found = [record for _, record in read_records(back)]
    order = {record["text"]: number for number, record in enumerate(made)}
    return sorted(found, key=lambda record: order[record["text"]])


def strip(path: Path) -> None:
    """Take away what tools carry unseen, so that only their own spans and links remain."""
    if path.is_dir():
        (path / "quintuple.jsonl").unlink()
    elif path.suffix == ".json":
        tasks = read_json(path)
        path.write_text(
            json.dumps([task | {"data": {"text": task["data"]["text"]}} for task in tasks]), encoding="utf-8"
        )
    else:
        lines = [
            {key: value for key, value in line.items() if key not in ("quintuple", "meta")}
            for _, line in read_records(path)
        ]
        write_objects(path, lines)


def links(record: Record) -> set[Link]:
    """Return every trigger with its status, and every argument of it, by offsets."""
    found: set[Link] = set()
    for event in record["events"]:
        action = event["action"]
        head = (action["start"], action["end"], action["text"], action["type"], event["status"])
        found |= {(*head, None, None)} | {(*head, slot, place) for slot, place in argument_places(event)}
    return found


@pytest.mark.parametrize("tool", TOOLS)
@given(made=records())
@settings(max_examples=40, deadline=None)
def test_what_nobody_touched_comes_back_whole(tool: str, made: list[Record]) -> None:
    def distinct(record: Record) -> Record:
        return record | {"events": sorted(json.dumps(event, sort_keys=True) for event in record["events"])}

    by_id = {record["id"]: record for record in trip(made, tool)}
    assert [distinct(by_id[record["id"]]) for record in made] == [distinct(record) for record in made]


@pytest.mark.parametrize("tool", TOOLS)
@given(made=records())
@settings(max_examples=40, deadline=None)
def test_spans_and_links_alone_keep_every_offset(tool: str, made: list[Record]) -> None:
    back = trip(made, tool, strip)
    assert sorted(record["text"] for record in back) == sorted(record["text"] for record in made)
    known = {json.dumps([record["text"], sorted(map(str, links(record)))]) for record in made}
    assert {json.dumps([record["text"], sorted(map(str, links(record)))]) for record in back} == known


@given(made=records())
@settings(max_examples=40, deadline=None)
def test_prodigy_tokens_spell_the_text_and_bound_every_span(made: list[Record]) -> None:
    seen = []

    def look(path: Path) -> None:
        seen.extend(task for _, task in read_records(path))

    trip(made, "prodigy", look)
    for task in seen:
        tokens = task["tokens"]
        assert "".join(token["text"] + " " * token["ws"] for token in tokens) == task["text"]
        assert all(task["text"][token["start"] : token["end"]] == token["text"] for token in tokens)
        for span in task["spans"]:
            assert (tokens[span["token_start"]]["start"], tokens[span["token_end"]]["end"]) == (
                span["start"],
                span["end"],
            )


@given(made=records())
@settings(max_examples=40, deadline=None)
def test_doccano_counts_the_units_of_javascript(made: list[Record]) -> None:
    seen = []

    def look(path: Path) -> None:
        seen.extend(example for _, example in read_records(path))

    trip(made, "doccano", look)
    for example, record in zip(seen, made, strict=True):
        units = example["text"].encode("utf-16-le")
        spans = {
            units[2 * each["start_offset"] : 2 * each["end_offset"]].decode("utf-16-le") for each in example["entities"]
        }
        places = [place for event in record["events"] for _, place in argument_places(event)]
        triggers = [event["action"]["text"] for event in record["events"]]
        assert spans == {record["text"][slice(*place)] for place in places} | set(triggers)


def read_back(name: str, content: str, file: str = "in.jsonl") -> list[Record]:
    with tempfile.TemporaryDirectory() as folder:
        source, back = Path(folder) / file, Path(folder) / "back.jsonl"
        source.write_bytes(content.encode())
        convert(source, back, source_format=name)
        return [record for _, record in read_records(back)]


texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=20).map("".join)


@given(data=st.data(), text=texts)
@settings(max_examples=60, deadline=None)
def test_fewfc_keeps_every_offset(data: st.DataObject, text: str) -> None:
    spans = [data.draw(places(len(text))) for _ in range(3)]
    trigger, company, target = ({"span": list(span), "word": text[slice(*span)]} for span in spans)
    event = {"type": "起诉", "trigger": trigger, "args": {"sub-org": [company], "obj-org": [target]}}
    (record,) = read_back("fewfc", json.dumps({"id": "x", "content": text, "events": [event]}))
    (found,) = record["events"]
    assert record["text"] == text
    assert [(found[slot]["start"], found[slot]["end"]) for slot in ("action", "company", "target")] == spans


@given(data=st.data(), text=texts)
@settings(max_examples=60, deadline=None)
def test_duee_fin_places_hold_the_words_they_were_looked_up_for(data: st.DataObject, text: str) -> None:
    words = [text[slice(*data.draw(places(len(text))))] for _ in range(3)]
    arguments = [{"role": "收购方", "argument": words[1]}, {"role": "被收购方", "argument": words[2]}]
    event = {"event_type": "企业收购", "trigger": words[0], "arguments": arguments}
    (record,) = read_back("duee-fin", json.dumps({"id": "x", "title": "", "text": text, "event_list": [event]}))
    (found,) = record["events"]
    for slot, word in zip(("action", "company", "target"), words, strict=True):
        assert text[found[slot]["start"] : found[slot]["end"]] == found[slot]["text"] == word


sentences = st.lists(texts.map(lambda text: text.replace("\n", "").replace("\r", "") or "空"), min_size=1, max_size=4)


@given(data=st.data(), lines=sentences)
@settings(max_examples=60, deadline=None)
def test_chfinann_sentence_offsets_become_text_offsets(data: st.DataObject, lines: list[str]) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    start, end = data.draw(places(len(lines[at])))
    mention = lines[at][start:end]
    content = {
        "sentences": [*lines, "公司回购"],
        "ann_mspan2dranges": {mention: [[at, start, end]]},
        "recguid_eventname_eventdict_list": [[0, "EquityRepurchase", {"CompanyName": mention, "ClosingDate": None}]],
    }
    (record,) = read_back("chfinann", json.dumps([["x", content]]), "in.json")
    company = record["events"][0]["company"]
    assert record["text"] == "\n".join([*lines, "公司回购"])
    assert company["start"] == sum(len(line) + 1 for line in lines[:at]) + start
    assert record["text"][company["start"] : company["end"]] == company["text"] == mention


@given(
    tokens=st.lists(
        st.sampled_from(["天", "河", "Orla", "cut", "21.5%", "🚀", "𠮷", "．", "#"]), min_size=3, max_size=12
    ),
    end=st.sampled_from(["\n", "\r\n"]),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_conll_tags_become_the_text_of_their_tokens(tokens: list[str], end: str, data: st.DataObject) -> None:
    cut = sorted(data.draw(st.lists(st.integers(0, len(tokens)), min_size=2, max_size=2, unique=True)))
    tags = ["O"] * len(tokens)
    tags[cut[0] : cut[1]] = ["B-launch", *["I-launch"] * (cut[1] - cut[0] - 1)]
    lines = [f"{token}\t{tag}" for token, tag in zip(tokens, tags, strict=True)]
    (record,) = read_back("conll", end.join(lines) + end, "in.conll")
    (event,) = record["events"]
    action = event["action"]
    assert record["text"].replace(" ", "") == "".join(tokens)
    assert record["text"][action["start"] : action["end"]].replace(" ", "") == "".join(tokens[slice(*cut)])


@pytest.mark.parametrize("text", ["Orla cut its stake in Fenn from 9% to 7%.", "天河电子将芬恩持股由9%降至7%。"])
@pytest.mark.parametrize("tool", TOOLS)
def test_a_changed_event_keeps_the_details_of_spans_that_stayed(tool: str, text: str) -> None:
    def place(word: str) -> tuple[int, int]:
        return text.index(word), text.index(word) + len(word)

    zh = text.startswith("天")
    trigger, target = place("降至" if zh else "cut"), place("芬恩" if zh else "Fenn")
    slots = {
        "target": [target],
        "company": [place("天河电子" if zh else "Orla")],
        "percentage": [place("9%"), place("7%")],
    }
    event = make_event(text, trigger, "reduce_stake", slots, status="planned")
    event["target"]["name"] = "Fenn plc"
    event["percentage"] |= {"from": 9.0, "to": 7.0}

    def drop_company(path: Path) -> None:
        content = path if path.is_file() else next(path.rglob("*.ann"))
        if tool == "brat":
            content.write_text(content.read_text(encoding="utf-8").replace(" COMPANY:T2", ""), encoding="utf-8")
            return
        task = read_json(path)[0] if tool == "label-studio" else next(read_records(path))[1]
        holder = task["predictions"][0] if tool == "label-studio" else task
        key = "result" if tool == "label-studio" else "relations"
        holder[key] = [
            one for one in holder[key] if "COMPANY" not in (one.get("type"), one.get("label"), *one.get("labels", ()))
        ]
        path.write_text(json.dumps([task] if tool == "label-studio" else task) + "\n", encoding="utf-8")

    (record,) = trip([make_record(text, [event], id="a")], tool, drop_company)
    (found,) = record["events"]
    assert found["company"] is None
    assert (found["target"]["name"], found["status"]) == ("Fenn plc", "planned")
    assert (found["percentage"]["from"], found["percentage"]["to"]) == (9.0, 7.0)


@pytest.mark.parametrize(
    "text", ["Orla and Fenn bought Bree and Cove respectively.", "甲公司、乙公司分别收购丙厂、丁厂。"]
)
@pytest.mark.parametrize("tool", TOOLS)
def test_two_events_of_one_trigger_stay_two(tool: str, text: str) -> None:
    zh = text.startswith("甲")
    words = ["甲公司", "乙公司", "丙厂", "丁厂", "收购"] if zh else ["Orla", "Fenn", "Bree", "Cove", "bought"]
    one, other, first, second, trigger = ((text.index(word), text.index(word) + len(word)) for word in words)
    made = [
        make_event(text, trigger, "acquire", {"company": [company], "target": [target]})
        for company, target in ((one, first), (other, second))
    ]
    (record,) = trip([make_record(text, made, id="a")], tool)
    assert record["events"] == made
