"""Every format is read from a small file in its exact shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.train.data.check import check
from quintuple.train.data.convert import FORMATS, convert
from quintuple.train.data.convert.locate import locate, occurrences

FILES = Path(__file__).parent / "files"


def read(source: str, name: str, tmp_path: Path) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """Convert an example file and return its records by id, and what was left out."""
    output = tmp_path / "out.jsonl"
    conversion = convert(FILES / source, output, source_format=name)
    assert check([output], ignore=("company", "duplicate-text")) == ()
    return {record["id"]: record for _, record in read_records(output)}, conversion.losses


def brief(record: dict[str, Any]) -> list[tuple[str | None, ...]]:
    """Return the texts of each event: company, action, type, target, percentages, date, status."""

    def text(slot: dict[str, Any] | None) -> str | None:
        return slot and slot["text"]

    return [
        (
            text(event["company"]),
            event["action"]["text"],
            event["action"]["type"],
            text(event["target"]),
            text(event["percentage"]),
            text(event["date"]),
            event["status"],
        )
        for event in record["events"]
    ]


def test_fewfc_collapses_equal_events_and_drops_those_without_a_company(tmp_path: Path) -> None:
    records, losses = read("fewfc.jsonl", "fewfc", tmp_path)
    assert brief(records["f1"]) == [
        ("晨光电缆", "收购", "acquire", "东岭铜业", "60%", "2024年3月", "occurred"),
    ]
    assert records["f1"]["events"][0]["percentage"]["values"] == [60.0]
    assert brief(records["f2"]) == [("法院", "判令", "rule", "青禾乳业", None, None, "occurred")]
    assert records["f3"]["events"] == []
    assert "repurchase" in records["f1"]["exhaustive"]
    assert losses == (f"1 × event without the company that its type needs (first: {FILES / 'fewfc.jsonl'}:3)",)


def test_duee_fin_arguments_are_located_in_the_sentence_of_their_trigger(tmp_path: Path) -> None:
    records, losses = read("duee-fin.jsonl", "duee-fin", tmp_path)
    first = records["d1"]
    assert brief(first) == [("林予安", "减持", "reduce_stake", "海棠制药", "1.2%", "6月1日", "occurred")]
    # The title and the last sentence say 减持 too; the arguments stand in the second.
    assert first["events"][0]["action"]["start"] == first["text"].index("减持公司股份")
    assert first["title"] == "海棠制药股东减持股份"
    assert brief(records["d2"]) == [("雪峰能源", "上市", "list", None, None, None, "planned")]
    assert (records["d3"]["events"], records["d4"]["events"]) == ([], [])
    assert [line.split(" (")[0] for line in losses] == [
        "1 × argument that the text does not hold",
        "1 × event of the type 亏损",
    ]


def test_chfinann_triggers_are_found_by_their_words(tmp_path: Path) -> None:
    records, losses = read("chfinann.json", "chfinann", tmp_path)
    first = records["1204883921"]
    assert brief(first) == [("周亦凡", "质押", "pledge", "华东证券", None, "2023年5月4日", "occurred")]
    # The headline says 质押 twice, the last sentence belongs to another event.
    assert first["events"][0]["action"]["start"] == first["text"].index("质押给华东证券")
    assert brief(records["1204883922"]) == [
        ("周亦凡", "解除质押", "release_pledge", "北岸银行", None, None, "occurred")
    ]
    assert [line.split(" (")[0] for line in losses] == ["1 × event of the type EquityFreeze"]


def test_doccano_relations_join_in_either_direction(tmp_path: Path) -> None:
    records, losses = read("doccano.jsonl", "doccano", tmp_path)
    event = ("Norvia", "cut", "reduce_stake", "Brightwell", "21% to 18%", "next year", "planned")
    assert brief(records["77"]) == [event]
    assert [span["text"] for span in records["77"]["events"][0]["percentage"]["spans"]] == ["21%", "18%"]
    assert [line.split(" (")[0] for line in losses] == ["1 × TARGET that belongs to no trigger"]


def test_doccano_without_relations_gives_arguments_to_the_nearest_trigger(tmp_path: Path) -> None:
    records, _ = read("doccano-plain.jsonl", "doccano", tmp_path)
    assert brief(records["5"]) == [
        ("金穗粮油", "回购", "repurchase", None, None, None, "occurred"),
        ("远帆物流", "中标", "win_bid", "港口项目", None, None, "occurred"),
        ("蓝杉传媒", "推出", "launch", "新刊", None, None, "occurred"),
    ]


def test_label_studio_offsets_in_code_points_and_in_utf16_units_mean_the_same(tmp_path: Path) -> None:
    records, losses = read("label-studio.json", "label-studio", tmp_path)
    expected = [("远帆物流", "收购", "acquire", "Kelp 🌿 GmbH", None, None, "rumoured")]
    assert brief(records["1"]) == brief(records["2"]) == expected
    assert [line.split(" (")[0] for line in losses] == ["1 × task that nobody annotated"]


def test_prodigy_relations_refer_to_spans_by_copy_or_by_any_token(tmp_path: Path) -> None:
    records, losses = read("prodigy.jsonl", "prodigy", tmp_path)
    assert brief(records["prodigy-1"]) == [
        ("Larkfield", "buys", "acquire", "Tern", None, None, "occurred"),
        ("Larkfield", "buys", "acquire", "Wren Labs", None, None, "occurred"),
    ]
    assert [line.split(" (")[0] for line in losses] == ["1 × task that was not accepted"]


def test_brat_events_pieces_attributes_names_notes_and_relations(tmp_path: Path) -> None:
    records, losses = read("brat", "brat", tmp_path)
    record = records["reports/foods"]
    assert brief(record) == [
        ("Tamsin Foods", "raised\nits stake", "increase_stake", "Orrin Dairy", "12%, to 15 %", None, "planned"),
        ("董事会", "任命", "appoint", "何知微", None, None, "denied"),
    ]
    assert record["events"][0]["target"]["name"] == "Orrin Dairy Holdings plc"
    assert record["events"][0]["percentage"]["values"] == [12.0, 15.0]
    assert records["reports/quiet"]["events"] == []
    assert [line.split(" (")[0] for line in losses] == ["1 × .txt without an .ann"]


def test_brat_reads_a_single_file(tmp_path: Path) -> None:
    records, _ = read("brat/reports/foods.ann", "brat", tmp_path)
    assert list(records) == ["foods"]


def test_conll_sentences_keep_their_text_or_are_joined_by_script(tmp_path: Path) -> None:
    records, _ = read("sentences.conll", "conll", tmp_path)
    assert records["wire-7"]["text"] == "Kestrel Bank (KSB) acquired  Plover."
    assert brief(records["wire-7"]) == [("Kestrel Bank", "acquired", "acquire", "Plover", None, None, "occurred")]
    assert records["sentences-2"]["text"] == "松果科技推出Pine Pro手机"
    assert brief(records["sentences-2"]) == [("松果科技", "推出", "launch", "Pine Pro手机", None, None, "occurred")]


def test_conll_documents_attach_arguments_within_their_sentence(tmp_path: Path) -> None:
    records, _ = read("documents.conll", "conll", tmp_path)
    assert [record["text"] for record in records.values()] == ["Finch sued Heron .\nIt also hired Ida Moss", "Quiet"]
    assert brief(records["documents-1"]) == [
        ("Finch", "sued", "sue", "Heron", None, None, "occurred"),
        ("It", "hired", "appoint", "Ida Moss", None, None, "occurred"),
    ]


GOOD = '"text": "Ada sued Bea."'
SUED = '{"text": "sued", "start": 4, "end": 8, "type": "sue"}'
FEWFC_MISFIT = json.dumps(
    {
        "id": 1,
        "content": "他收购了",
        "events": [{"type": "收购", "trigger": {"span": [0, 2], "word": "收购"}, "args": {}}],
    }
)
LABEL_STUDIO_MISFIT = json.dumps(
    [
        {
            "data": {"text": "Ada sued Bea."},
            "annotations": [
                {
                    "result": [
                        {
                            "id": "r",
                            "type": "labels",
                            "value": {"start": 4, "end": 8, "text": "Ada", "labels": ["sue"]},
                        }
                    ]
                }
            ],
        }
    ]
)
PRODIGY_LOOSE = json.dumps(
    {
        "text": "Ada sued Bea.",
        "tokens": [{"start": 0, "end": 3}],
        "spans": [{"start": 4, "end": 8, "label": "sue"}],
        "relations": [{"head": 0, "child": 0, "label": "TARGET"}],
    }
)
MALFORMED = [
    ("quintuple", "a.jsonl", "{}\nnot json\n", r"a\.jsonl:1: id: expected a name"),
    ("quintuple", "a.jsonl", '{"id": 1, "text": "x", "events": [{}]}', r"a\.jsonl:1: event 1: action: expected"),
    ("quintuple", "a.jsonl", "\nnot json\n", r"a\.jsonl:2: expected JSON, got: Expecting value"),
    (
        "quintuple",
        "a.jsonl",
        f'{{"id": 1, {GOOD}, "events": [{{"action": {SUED}, "status": "no"}}]}}',
        r"a\.jsonl:1: event 1: expected one of occurred, planned, .* got 'no'",
    ),
    ("quintuple", "a.jsonl", '{"schema_version": 9}', r"a\.jsonl:1: expected schema_version 1, got 9"),
    (
        "fewfc",
        "a.jsonl",
        '{"id": "1", "content": "x"}',
        r"a\.jsonl:1: expected a FewFC record, got: KeyError\('events'\)",
    ),
    (
        "fewfc",
        "a.jsonl",
        FEWFC_MISFIT,
        r"a\.jsonl:1: \[0:2\] is '他收' in the text, labelled '收购'",
    ),
    ("duee-fin", "a.jsonl", "[" * 100_000, r"a\.jsonl:1: expected JSON, got: maximum recursion depth"),
    ("chfinann", "a.json", "[" * 100_000, r"a\.json: expected JSON, got: maximum recursion depth"),
    ("duee-fin", "a.jsonl", "[1]", r"a\.jsonl:1: expected a JSON object, got list"),
    ("duee-fin", "a.jsonl", '{"id": "1", "text": "x", "event_list": [{}]}', r"a\.jsonl:1: expected a DuEE-fin record"),
    ("chfinann", "a.json", '[\n["1",]\n]', r"a\.json:2: expected JSON"),
    (
        "chfinann",
        "a.json",
        '[["1", {}]]',
        r"a\.json: \$\[0\]: expected a ChFinAnn document, got: KeyError\('sentences'\)",
    ),
    (
        "chfinann",
        "a.json",
        '[["1", {"sentences": ["甲回购"], "ann_mspan2dranges": {"乙": [[0, 0, 1]]}}]]',
        r"a\.json: \$\[0\]\[1\]\.ann_mspan2dranges\['乙'\]: \[0:1\] of sentence 0 is '甲' in the text",
    ),
    (
        "doccano",
        "a.jsonl",
        f"{{{GOOD}}}",
        r"a\.jsonl:1: expected a doccano example with spans, got: KeyError\('labels'\)",
    ),
    ("doccano", "a.jsonl", f'{{{GOOD}, "label": [[4, 99, "sue"]]}}', r"a\.jsonl:1: expected offsets into a text of 13"),
    (
        "doccano",
        "a.jsonl",
        f'{{{GOOD}, "label": [[4, 8, null]]}}',
        r"a\.jsonl:1: expected a span with a label, got None",
    ),
    (
        "doccano",
        "a.jsonl",
        '{"text": "🚀", "label": [[0, 1, "sue"]]}',
        r"a\.jsonl:1: .* of 2 UTF-16 units, .* got 0 and 1",
    ),
    (
        "doccano",
        "a.jsonl",
        f'{{{GOOD}, "entities": [], "relations": [{{"from_id": 1, "to_id": 2, "type": "COMPANY"}}]}}',
        r"a\.jsonl:1: expected a relation between labelled spans, got one with '1'",
    ),
    ("label-studio", "a.json", "{}", r"a\.json: \$: expected an array of tasks, got dict"),
    (
        "label-studio",
        "a.json",
        LABEL_STUDIO_MISFIT,
        r"a\.json: \$\[0\]\.annotations\[0\]\.result\[0\]\.value: \[4:8\] is 'sued' in the text, labelled 'Ada'",
    ),
    (
        "label-studio",
        "a.json",
        '[{"data": {}, "annotations": [{"result": []}]}]',
        r"a\.json: \$\[0\]\.data: text: expected a text, got None",
    ),
    ("label-studio", "a.json", '[{"text": "x", "label": []}]', r"a\.json: \$\[0\]: .*export as JSON, not as JSON-MIN"),
    (
        "label-studio",
        "a.json",
        f'[{{"data": {{{GOOD}}}, "annotations": [{{"result": [{{"id": "r", "type": "labels", "value": {SUED}}}]}}]}}]',
        r"a\.json: \$\[0\]: expected a Label Studio task on a text, got: KeyError\('labels'\)",
    ),
    ("prodigy", "a.jsonl", '{"spans": []}', r"a\.jsonl:1: text: expected a text, got None"),
    (
        "prodigy",
        "a.jsonl",
        f'{{{GOOD}, "spans": [{{"start": 4, "end": 8}}]}}',
        r"a\.jsonl:1: expected a span with a label",
    ),
    (
        "prodigy",
        "a.jsonl",
        f'{{{GOOD}, "tokens": [], "spans": [], "relations": [{{"head": -1, "child": 0}}]}}',
        r"a\.jsonl:1: head: expected one of 0 tokens, got -1",
    ),
    (
        "prodigy",
        "a.jsonl",
        PRODIGY_LOOSE,
        r"a\.jsonl:1: expected a span at token 0 of a relation, got none",
    ),
    ("brat", "a.ann", "T1 sue 4 8 sued\n", r"a\.ann:1: expected an annotation"),
    ("brat", "a.ann", "T1\tsue 4 8\tsued\nE1\tsue\n", r"a\.ann:2: expected a well-formed line of the kind E, got"),
    ("brat", "a.ann", "T1\tsue 4 9\tsued\nT2\tTARGET 9 12\tAda\n", r"a\.ann:2: TARGET \[9 12\] is 'Bea' in the text"),
    ("brat", "a.ann", "T1\tsue 4 8\tsued\nA1\tStatus T1 maybe\n", r"a\.ann:2: expected one of the statuses .*'maybe'"),
    ("brat", "a.ann", "E1\tsue:T1\n", r"a\.ann:1: expected a span for the trigger T1 of E1, got none"),
    ("brat", "a.ann", "T1\tsue 4 8\tsued\nE1\tsue:T1 TARGET:T9\n", r"a\.ann:2: expected .* the argument T9 of E1"),
    ("brat", "a.ann", "T1\tsue 4 8\tsued\nR1\tTARGET Arg1:T1 Arg2:T8\n", r"a\.ann:2: .* T8 for a relation, got none"),
    ("brat", "a.ann", "T1\tsue 4 8\tsued\nA1\tStatus E7 planned\n", r"a\.ann:2: .* E7 for a status, got none"),
    ("brat", "a.ann", "T1\tsue 4 8\tsued\nT1\tTARGET 9 12\tBea\n", r"a\.ann:2: .* own, got 'T1' of line 1"),
    (
        "conll",
        "a.conll",
        "Ada B-COMPANY\nsued\n",
        r"a\.conll:2: expected a token and its tag \(O, B-… or I-…\), got 'sued'",
    ),
    ("conll", "a.conll", "# text = Ada sued.\nBea O\n", r"a\.conll:2: expected the token 'Bea' in the sentence's text"),
]


@pytest.mark.parametrize(("name", "file", "content", "message"), MALFORMED)
def test_a_malformed_file_is_refused_in_one_line_with_its_place(
    name: str, file: str, content: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / file).write_text(content, encoding="utf-8")
    (tmp_path / "a.txt").write_text("Ada sued Bea.", encoding="utf-8")
    with pytest.raises(DataError, match=message) as caught:
        convert(tmp_path / file, tmp_path / "out.jsonl", source_format=name)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.jsonl").exists()


def test_every_format_has_malformed_examples() -> None:
    assert {name for name, *_ in MALFORMED} == set(FORMATS)


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "brat"])
def test_a_missing_file_and_one_that_is_not_utf8_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none: expected (a text file|JSON Lines) in UTF-8"):
        convert(tmp_path / "none", tmp_path / "out", source_format=name)
    (tmp_path / "gbk").write_bytes(b"\n" + "收购".encode("gbk"))
    with pytest.raises(DataError, match=r"gbk:2: expected (a text file|JSON Lines) in UTF-8, got the byte 0x"):
        convert(tmp_path / "gbk", tmp_path / "out", source_format=name)


def test_an_empty_brat_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected a folder with \.txt and \.ann files, got none"):
        convert(tmp_path, tmp_path / "out.jsonl", source_format="brat")


def test_a_brat_source_lacks_nothing(tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"nowhere: expected a folder with \.txt and \.ann files, .* got no such folder"
    ):
        convert(tmp_path / "nowhere", tmp_path / "out.jsonl", source_format="brat")
    for name in ("a.txt", "a.ann", "b.ann"):
        (tmp_path / name).write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=r"b\.ann: expected its text in b\.txt beside it, got no such file"):
        convert(tmp_path, tmp_path / "out.jsonl", source_format="brat")


def test_what_is_not_read_is_told(tmp_path: Path) -> None:
    region = {"id": "a", "type": "hypertextlabels", "value": {"startOffset": 4, "endOffset": 8}}
    tasks = [{"data": {"text": "Ada sued Bea."}, "annotations": [{"result": [region]}]}]
    (tmp_path / "a.json").write_text(json.dumps(tasks), encoding="utf-8")
    told = convert(tmp_path / "a.json", tmp_path / "out.jsonl", source_format="label-studio").losses
    assert told == (
        f"1 × region of the type hypertextlabels (first: {tmp_path / 'a.json'}: $[0].annotations[0].result)",
    )
    event = {"type": "不明", "trigger": {"span": [1, 3], "word": "收购"}, "args": {}}
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": 1, "content": "甲收购乙", "events": [event]}), encoding="utf-8")
    told = convert(tmp_path / "a.jsonl", tmp_path / "out.jsonl", source_format="fewfc").losses
    assert told == (f"1 × event of the type 不明 (first: {tmp_path / 'a.jsonl'}:1)",)


def test_unknown_and_unwritable_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected one of quintuple, fewfc, .* got 'spacy'"):
        convert(FILES / "fewfc.jsonl", tmp_path / "out", source_format="spacy")
    with pytest.raises(DataError, match="expected one of quintuple, doccano, label-studio, prodigy, brat, got 'fewfc'"):
        convert(FILES / "fewfc.jsonl", tmp_path / "out", source_format="fewfc", target_format="fewfc")


@pytest.mark.parametrize("text", ["🚀 Note.\r\nAda sued Bea 🚀 Ltd.", "注🚀。\r\n\r\n甲sued乙🚀Ltd。"])
@pytest.mark.parametrize("encoding", ["utf-32-le", "utf-16-le"])
def test_label_studio_counts_without_carriage_returns(text: str, encoding: str, tmp_path: Path) -> None:
    def count(piece: str) -> int:
        return len(piece.replace("\r", "").encode(encoding)) // len("a".encode(encoding))

    def region(name: str, word: str, label: str) -> dict[str, Any]:
        start = count(text[: text.index(word)])
        value = {"start": start, "end": start + count(word), "text": word, "labels": [label]}
        return {"id": name, "type": "labels", "value": value}

    target = text[text.index("sued") + 4 : -1].strip()
    regions = [
        region("1", "sued", "sue"),
        region("2", target, "TARGET"),
        {"type": "relation", "from_id": "1", "to_id": "2"},
    ]
    task = {"data": {"text": text}, "annotations": [{"result": regions}]}
    (tmp_path / "a.json").write_text(json.dumps([task]), encoding="utf-8")
    convert(tmp_path / "a.json", tmp_path / "out.jsonl", source_format="label-studio")
    ((_, record),) = read_records(tmp_path / "out.jsonl")
    assert record["text"] == text
    assert brief(record) == [(None, "sued", "sue", target, None, None, "occurred")]


def test_a_trigger_in_the_sentence_of_its_arguments_beats_a_nearer_one() -> None:
    text = "甲公司拟减持。乙股东于六月一日完成计划内的减持。"
    words = {"company": "乙股东", "date": "六月一日", "absent": "丙"}
    found = locate(text, occurrences(text, "减持"), {name: occurrences(text, word) for name, word in words.items()})
    assert found.trigger == (text.rindex("减持"), len(text) - 1)
    assert {name: text[slice(*place)] for name, place in found.arguments.items()} == {
        "company": "乙股东",
        "date": "六月一日",
    }
