"""Counts and the figures they add up to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.evaluate.align import Outcome, compare
from quintuple.evaluate.flat import FlatEvent
from quintuple.evaluate.scores import MEASURES, action_types, count_outcomes, split_tally

DEAL = FlatEvent("acquire", ("bought",), ("A1",), ("B2",), (51.0,))
SALE = FlatEvent("dispose", ("sold",), ("C3",), ("D4",))

events = st.builds(
    FlatEvent,
    action=st.sampled_from(["acquire", "dispose", "list"]),
    triggers=st.sampled_from([("bought",), ("sold",), ("listed",)]),
    company=st.sampled_from([("A1",), ("B2",), ()]),
    target=st.sampled_from([("B2",), ("C3",), ()]),
    percentage=st.sampled_from([(), (5.0,), (7.0,)]),
    optional=st.booleans(),
)


def test_figures_of_a_hand_made_case() -> None:
    # Document 1: one right, one spurious. Document 2: one with a wrong target, one missed.
    spurious = FlatEvent("list", ("listed",), ("X9",))
    outcomes = [compare([DEAL, spurious], [DEAL]), compare([replace(DEAL, target=())], [DEAL, SALE])]
    figures = count_outcomes(outcomes).figures()
    assert (figures["action"].correct, figures["action"].predicted, figures["action"].gold) == (2, 3, 3)
    assert figures["core"].precision == figures["core"].recall == figures["core"].f1 == pytest.approx(1 / 3)
    assert (figures["target"].precision, figures["target"].recall) == (1.0, 0.5)
    assert figures["company"].f1 == figures["percentage"].f1 == 1.0
    assert figures["date"].gold == figures["date"].predicted == 0
    assert figures["date"].f1 == 0.0


def test_a_wrong_type_costs_its_own_precision_and_the_other_recall() -> None:
    outcomes = [compare([replace(DEAL, action="invest")], [DEAL])]
    acquire, invest = (count_outcomes(outcomes, action=name).figures()["action"] for name in ("acquire", "invest"))
    assert (acquire.predicted, acquire.gold, acquire.correct) == (0, 1, 0)
    assert (invest.predicted, invest.gold, invest.correct) == (1, 0, 0)


@given(st.lists(st.tuples(st.lists(events, max_size=4), st.lists(events, max_size=4)), min_size=1, max_size=4))
def test_types_add_up_to_the_whole(documents: list[tuple[list[FlatEvent], list[FlatEvent]]]) -> None:
    outcomes = [compare(predicted, gold) for predicted, gold in documents]
    whole = count_outcomes(outcomes).counts
    parts = [count_outcomes(outcomes, action=name).counts for name in action_types(outcomes)]
    assert np.array_equal(sum(parts, np.zeros_like(whole)), whole)


@given(st.lists(events, max_size=5), st.lists(events, max_size=5))
def test_counts_never_exceed_what_is_there(predicted: list[FlatEvent], gold: list[FlatEvent]) -> None:
    counts = count_outcomes([compare(predicted, gold)]).counts[0]
    assert (counts[:, 0] <= counts[:, 1:].min(axis=1)).all()
    action = counts[MEASURES.index("action")]
    assert action[1] <= len(predicted)
    assert action[2] == sum(not event.optional for event in gold)


def test_splitting_keeps_each_document_in_its_group() -> None:
    right, missed = Outcome(DEAL, DEAL, frozenset({"action"})), Outcome(None, DEAL)
    split = split_tally(count_outcomes([[right], [missed], [missed]]), ["zh", "en", None], prefix="in.")
    figures = {name: tally.figures()["action"] for name, tally in split.items()}
    assert {name: (figure.correct, figure.gold) for name, figure in figures.items()} == {
        "in.en": (0, 1),
        "in.zh": (1, 1),
    }
