"""Records and their plain forms."""

import pytest

from quintuple.events import Action, Article, Date, Event, Evidence, Extraction, Party, Percentage, describe_date

TEXT = "At the beginning of this year, Tencent said it would reduce its stake in Sea from 21.3% to 18.7%."


def part(text: str) -> tuple[str, int, int]:
    return text, TEXT.index(text), TEXT.index(text) + len(text)


EVENT = Event(
    company=Party(*part("Tencent"), name="Tencent", id="tencent"),
    action=Action(*part("reduce"), type="reduce_stake"),
    target=Party(*part("Sea"), name="Sea Limited"),
    percentage=Percentage(
        *part("21.3% to 18.7%"), (Evidence(*part("21.3%")), Evidence(*part("18.7%"))), (21.3, 18.7), 21.3, 18.7
    ),
    date=Date(*part("At the beginning of this year"), "2022-01", "2022-01-01", "2022-01-31"),
    status="planned",
    sentence=(0, len(TEXT)),
)


def test_as_tuple() -> None:
    assert EVENT.as_tuple() == ("Tencent", "reduce_stake", "Sea Limited", (21.3, 18.7), "2022-01")


def test_repr_shows_the_quintuple() -> None:
    assert repr(EVENT) == "Event(Tencent, reduce_stake, Sea Limited, 21.3→18.7 %, 2022-01, planned)"


def test_to_dict_has_the_shape_of_the_output() -> None:
    record = EVENT.to_dict()
    assert record["percentage"]["from"] == 21.3
    assert record["percentage"]["spans"][1] == {"text": "18.7%", "start": 91, "end": 96}
    assert record["sentence"] == [0, len(TEXT)]
    assert record["counterparty"] is None
    assert "confidence" not in record["date"]


def test_an_event_without_slots() -> None:
    event = Event(None, Action("fined", 0, 5, "penalize"))
    assert event.as_tuple() == (None, "penalize", None, None, None)
    assert repr(event) == "Event(–, penalize, –, –, –, occurred)"


@pytest.mark.parametrize(
    ("edtf", "shown"),
    [
        ("2024-33", "2024 Q1"),
        ("2024-36", "2024 Q4"),
        ("2024-41", "2024 H2"),
        ("2021-22", "2021 summer"),
        ("2020-34/2021-35", "2020 Q2/2021 Q3"),
        ("2024-12-21", "2024-12-21"),
        ("2024-12", "2024-12"),
        ("../2024-03", "../2024-03"),
        (None, "近日"),
    ],
)
def test_dates_are_shown_with_the_parts_of_a_year_by_name(edtf: str | None, shown: str) -> None:
    assert describe_date(Date("近日", 0, 2, edtf)) == shown


def test_no_date_is_shown_as_none() -> None:
    assert describe_date(None) is None


def test_extraction_leaves_out_the_text_on_request() -> None:
    extraction = Extraction(Article("a1", TEXT, "en", published="2022-01-10"), (EVENT,))
    assert extraction.to_dict()["text"] == TEXT
    assert "text" not in extraction.to_dict(text=False)
