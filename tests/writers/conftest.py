"""Two articles with events: one with every slot, one with the least there may be."""

from __future__ import annotations

import pytest

from quintuple.events import Action, Article, Date, Event, Evidence, Extraction, Party, Percentage

TEXT = "=腾讯年初将Sea持股从21.3%降至18.7%。"


def span(text: str) -> tuple[str, int, int]:
    return text, TEXT.index(text), TEXT.index(text) + len(text)


def make_extraction(number: int = 1) -> Extraction:
    event = Event(
        Party(*span("腾讯"), name="腾讯", id="tencent"),
        Action(*span("降至"), type="reduce_stake"),
        Party(*span("Sea"), name="Sea"),
        Percentage(
            *span("21.3%降至18.7%"),
            (Evidence(*span("21.3%")), Evidence(*span("18.7%"))),
            (21.3, 18.7),
            21.3,
            18.7,
            None,
            "stake",
        ),
        Date(*span("年初"), "2022-01", "2022-01-01", "2022-01-31"),
        status="planned",
        confidence=0.94321,
        sentence=(0, len(TEXT)),
    )
    return Extraction(Article(f"a/{number}", TEXT, "zh", path="a/1.txt", published="2022-01-10"), (event,))


@pytest.fixture(scope="session")
def full() -> Extraction:
    return make_extraction()


@pytest.fixture(scope="session")
def bare() -> Extraction:
    return Extraction(Article("b", "罚款", "zh"), (Event(None, Action("罚款", 0, 2, "penalize"), sentence=(0, 2)),))
