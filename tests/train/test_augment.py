"""Augmented copies keep every label on its words."""

from __future__ import annotations

import string
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quintuple.events import SettingsError
from quintuple.train.augment import Swaps, collect_fillers, make_pool
from quintuple.train.config import load_config
from quintuple.train.data.record import argument_places, make_event, make_record

pytest.importorskip("torch", reason="training needs the extra [train]")

from quintuple.train.arrays import Arrays
from quintuple.train.prepare import prepare

from .conftest import Write

Record = dict[str, Any]

PIECES = ["天河", "天河电子", "收购", "Orla", "Orla Foods", "cut", "21.5%", "三成", "May 6", " ", "。", "🚀", "\r\n"]
POOL = {
    "en company": ["Fenn Group", "Orla"],
    "zh company": ["远帆", "天河"],
    "zh authority": ["法院"],
    "number 0.0%": ["8.2%", "100.0%"],
    "number 一成": ["四成", "九成"],
    "en date A 0": ["June 30"],
}


def record(text: str, *events: tuple[str, str, dict[str, list[str]]], language: str = "en") -> Record:
    """A record from the first occurrences of words."""

    def place(word: str) -> tuple[int, int]:
        return text.index(word), text.index(word) + len(word)

    made = [
        make_event(text, place(trigger), kind, {slot: [place(word) for word in words] for slot, words in slots.items()})
        for trigger, kind, slots in events
    ]
    return make_record(text, made, id="a", language=language)


@st.composite
def records(draw: st.DrawFn) -> Record:
    text = "".join(draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12)))
    starts = st.integers(0, len(text) - 1)

    def place() -> tuple[int, int]:
        start = draw(starts)
        # Half of the labels are whole words of the text, the others anything.
        words = [word for word in PIECES if text.startswith(word, start)]
        length = len(draw(st.sampled_from(words))) if words and draw(st.booleans()) else draw(st.integers(1, 12))
        return start, min(start + length, len(text))

    events = []
    for _ in range(draw(st.integers(0, 3))):
        slots = {slot: [place()] for slot in ("company", "target", "date", "counterparty") if draw(st.booleans())}
        slots["percentage"] = [place() for _ in range(draw(st.integers(0, 2)))]
        events.append(make_event(text, place(), draw(st.sampled_from(["acquire", "rule"])), slots))
    return make_record(text, events, id="a", language=draw(st.sampled_from(["zh", "en"])))


@given(made=records(), seed=st.integers(0, 5))
@settings(max_examples=200, deadline=None)
def test_every_label_holds_the_text_at_its_offsets(made: Record, seed: int) -> None:
    for copy in Swaps(2, seed, POOL).of(made):
        assert [event["action"]["type"] for event in copy["events"]] == [e["action"]["type"] for e in made["events"]]
        for event, before in zip(copy["events"], made["events"], strict=True):
            assert [slot for slot, _ in argument_places(event)] == [slot for slot, _ in argument_places(before)]
            for slot in ("company", "target", "counterparty", "date", "percentage", "action"):
                for span in [event[slot], *event[slot].get("spans", ())] if event[slot] else []:
                    assert 0 <= span["start"] < span["end"] <= len(copy["text"])
                    assert copy["text"][span["start"] : span["end"]] == span["text"]


def test_names_dates_and_numbers_find_others_of_their_kind() -> None:
    text = "Orla Foods cut its stake in Fenn from 9% to 7.5% on May 6. Orla Foods fell."
    slots = {"company": ["Orla Foods"], "target": ["Fenn"], "date": ["May 6"], "percentage": ["9%", "7.5%"]}
    other = record("Kestrel bought Fenn.", ("bought", "acquire", {"company": ["Kestrel"], "target": ["Fenn"]}))
    third = record(
        "Tern sold 3% and 8.2% on June 30.",
        ("sold", "dispose", {"company": ["Tern"], "date": ["June 30"], "percentage": ["3%", "8.2%"]}),
    )
    made = record(text, ("cut", "reduce_stake", slots))
    pool = make_pool(filler for each in (made, other, third) for filler in collect_fillers(each))
    copies = {copy["text"] for copy in Swaps(20, 1, pool).of(made)}
    # Fenn is nobody's company in these articles: it may be a product, and stays.
    tail = "cut its stake in Fenn from 3% to 8.2% on June 30."
    assert copies == {f"{name} {tail} {name} fell." for name in ("Kestrel", "Tern")}


def test_what_is_no_name_of_its_own_stays() -> None:
    text = "公司收购远帆，法院判决天河赔偿。"
    made = record(
        text,
        ("收购", "acquire", {"company": ["公司"], "target": ["远帆"]}),
        ("判决", "rule", {"company": ["法院"], "target": ["天河"]}),
        language="zh",
    )
    made["events"][0]["company"]["name"] = "天河电子"
    pool = {"zh company": ["远帆", "Orla"], "zh authority": ["仲裁委"]}
    (copy,) = Swaps(1, 1, pool).of(made)
    assert copy["text"] == "公司收购Orla，仲裁委判决天河赔偿。"
    assert copy["events"][1]["action"]["start"] == copy["text"].index("判决")


def test_a_name_inside_another_label_takes_that_label_along() -> None:
    made = record("Orla bought Orla Foods.", ("bought", "acquire", {"company": ["Orla"], "target": ["Orla Foods"]}))
    (copy,) = Swaps(1, 1, {"en company": ["Fenn Group"]}).of(made)
    assert copy["text"] == "Fenn Group bought Orla Foods."
    nested = record("Orla Foods bought out.", ("Foods bought", "acquire", {"company": ["Orla Foods"]}))
    assert next(iter(Swaps(1, 1, {"en company": ["Fenn"]}).of(nested)))["text"] == nested["text"]


def test_copies_depend_on_seed_and_article_alone() -> None:
    made = record(
        f"Orla bought {string.ascii_letters}.", ("bought", "acquire", {"company": ["Orla"], "target": ["abc"]})
    )
    pool = {"en company": [f"Name{number}" for number in range(50)]}
    one, two = ([copy["text"] for copy in Swaps(4, 7, pool).of(made)] for _ in range(2))
    assert one == two
    assert len(set(one)) > 1
    assert one != [copy["text"] for copy in Swaps(4, 8, pool).of(made)]


def test_prepare_adds_copies(trained: Path, write_config: Write, tmp_path: Path) -> None:
    for processes in (1, 2):
        changes = [("passes = 40", "augment = 2\npasses = 40"), ("processes = 1", f"processes = {processes}")]
        if processes == 2:
            changes.append(("cache = ", f"cache = {str(tmp_path / 'cache')!r} # "))
        prepare(load_config(write_config(tmp_path / "augmented.toml", *changes)), tmp_path / str(processes))
    plain, one, two = (
        Arrays.load(folder / "train.npz") for folder in (trained / "prepared", tmp_path / "1", tmp_path / "2")
    )
    assert len(one) == 3 * len(plain)
    assert all((getattr(one, name) == getattr(two, name)).all() for name in Arrays.__slots__)
    assert _examples(plain) < _examples(one)


def _examples(arrays: Arrays) -> set[bytes]:
    return {arrays.ids[begin:end].tobytes() for begin, end in pairwise(arrays.bounds)}


def test_only_quintuples_can_be_augmented(write_config: Write, tmp_path: Path) -> None:
    path = write_config(tmp_path / "bad.toml", ("passes = 40", 'format = "fewfc"\naugment = 1\npasses = 40'))
    with pytest.raises(SettingsError, match=r"data\.0: .*augment: expected the format quintuple, got fewfc"):
        load_config(path)
