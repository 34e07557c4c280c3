"""Figures of labelled data, and the agreement of two annotations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quintuple.events import DataError
from quintuple.train.data.agreement import agree, cohen_kappa
from quintuple.train.data.record import make_event, make_record
from quintuple.train.data.settings import data_settings
from quintuple.train.data.stats import describe
from quintuple.train.data.twins import find_twins, normalize

EN = "Orla buys Fenn and hires Ida Moss."
ZH = "天河电子收购芬恩。"


def event(text: str, trigger: str, action: str, *, status: str = "occurred", **slots: str) -> dict[str, Any]:
    def place(word: str) -> tuple[int, int]:
        return text.index(word), text.index(word) + len(word)

    places = {slot: [place(word)] for slot, word in slots.items()}
    return make_event(text, place(trigger), action, places, status=status)


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    buys = event(EN, "buys", "acquire", status="planned", company="Orla", target="Fenn")
    hires = event(EN, "hires", "appoint", company="Orla", target="Ida Moss")
    return write(
        tmp_path / "left.jsonl",
        make_record(EN, [buys, hires], id="1", source="wire"),
        make_record(ZH, [event(ZH, "收购", "acquire", company="天河电子")], id="2"),
        make_record("Markets were calm.", [], id="3", source="wire"),
    )


def test_counts_lengths_labels_and_filled_slots(labelled: Path) -> None:
    stats = describe([labelled])
    assert (stats.articles, stats.without_events, stats.events) == (3, 1, 3)
    assert stats.languages == {"en": 2, "zh": 1}
    assert stats.sources == {"wire": 2, "-": 1}
    assert stats.types == {"acquire": {"en": 1, "zh": 1}, "appoint": {"en": 1}}
    assert stats.statuses == {"occurred": 2, "planned": 1}
    assert stats.filled == {"company": 1.0, "target": 2 / 3, "percentage": 0.0, "date": 0.0, "counterparty": 0.0}
    assert (stats.lengths["en"].shortest, stats.lengths["en"].longest, stats.lengths["en"].median) == (18, 34, 26.0)
    assert stats.lengths["zh"].mean == len(ZH)


@pytest.mark.parametrize(
    "broken",
    [
        {"action": "cut"},
        {"action": {"text": "x", "start": 0, "type": "sue"}},
        {"action": {"text": "x", "start": 0, "end": 1, "type": 5}},
        {"action": {"text": "x", "start": 0, "end": "1", "type": "sue"}},
        {"action": {"text": "x", "start": 0, "end": 1, "type": "sue"}, "company": "x"},
        {"action": {"text": "x", "start": 0, "end": 1, "type": "sue"}, "company": {"text": "x"}},
    ],
)
def test_a_record_that_cannot_be_counted_is_named(tmp_path: Path, broken: dict[str, Any]) -> None:
    path = write(tmp_path / "a.jsonl", {"id": 1, "text": "x", "events": [broken]})
    with pytest.raises(DataError, match=r"a\.jsonl:1: expected (events with a typed action|a labelled article)"):
        describe([path])
    with pytest.raises(DataError, match=r"a\.jsonl:1: "):
        agree(path, path)


def test_an_annotation_agrees_with_itself(labelled: Path) -> None:
    agreement = agree(labelled, labelled)
    assert (agreement.texts, agreement.only, agreement.type_kappa) == (3, (0, 0), 1.0)
    assert {slot.f1 for slot in agreement.slots.values()} == {1.0}
    assert (agreement.slots["company"].kappa, agreement.slots["date"].kappa) == (1.0, None)


def test_two_annotations_are_compared_slot_by_slot(labelled: Path, tmp_path: Path) -> None:
    buys = event(EN, "buys", "invest", company="Orla", target="Fenn and")
    other = write(
        tmp_path / "right.jsonl",
        make_record(EN, [buys], id="9"),
        make_record(ZH, [event(ZH, "收购", "acquire", company="天河电子")], id="8"),
        make_record("Another text.", [], id="7"),
    )
    agreement = agree(labelled, other)
    assert (agreement.texts, agreement.only) == (2, (1, 1))
    trigger, action, target = (agreement.slots[slot] for slot in ("trigger", "action", "target"))
    assert (trigger.left, trigger.right, trigger.both, trigger.f1) == (3, 2, 2, 0.8)
    assert (action.both, action.f1) == (1, 0.4)
    assert (target.left, target.right, target.both) == (2, 1, 0)
    # Two shared triggers, types (acquire, invest) and (acquire, acquire): chance agreement 1/2, observed 1/2.
    assert agreement.type_kappa == 0.0
    # Of 17 tokens both call one B, the right an I that the left leaves out, the left two that the right leaves out.
    assert target.kappa == cohen_kappa([("B", "B"), ("O", "I"), ("B", "O"), ("I", "O"), *[("O", "O")] * 13])


def test_files_without_a_common_text_cannot_be_compared(labelled: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "right.jsonl", make_record("Another text.", [], id="7"))
    with pytest.raises(DataError, match=r"expected texts that are in .* too, got none"):
        agree(labelled, other)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        # Observed 35 of 50; by chance (25 · 30 + 25 · 20) / 50², a half.
        ([("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15, 0.4),
        ([("y", "n"), ("n", "y")], -1.0),
        ([("y", "y")] * 3, 1.0),
        ([], None),
    ],
)
def test_kappa(pairs: list[tuple[str, str]], kappa: float | None) -> None:
    assert cohen_kappa(pairs) == pytest.approx(kappa)


@pytest.mark.parametrize(("one", "other"), [("Orla Ｂｕｙｓ Fenn!", "orla buys: FENN"), ("收购，芬恩。", "收购 芬恩")])
def test_width_case_and_marks_do_not_tell_texts_apart(one: str, other: str) -> None:
    assert normalize(one) == normalize(other) != ""
    (twins,) = find_twins([one, "something else", other], settings=data_settings().twins)
    assert (twins.first, twins.second, twins.similarity) == (0, 2, 1.0)


def test_short_texts_that_differ_are_no_twins() -> None:
    assert list(find_twins(["净利增9%", "净利增8%", ""], settings=data_settings().twins)) == []
