"""Resampling of documents."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.evaluate import bootstrap
from quintuple.evaluate.bootstrap import f1, intervals, paired_differences, resampled_f1


def documents(correct: list[int]) -> bootstrap.Ints:
    """Return counts of one measure: a document each, of one predicted and one gold event."""
    return np.array([[[right, 1, 1]] for right in correct], dtype=np.int64)


def test_f1_of_counts() -> None:
    assert f1(np.array([[2, 3, 5], [0, 0, 0]])) == pytest.approx([0.5, 0.0])


def test_the_interval_holds_the_figure_and_narrows_with_more_documents() -> None:
    few, many = documents([1, 0, 1, 1] * 5), documents([1, 0, 1, 1] * 100)
    (low, high), (lower, upper) = intervals(few), intervals(many)
    assert low[0] < 0.75 < high[0]
    assert upper[0] - lower[0] < high[0] - low[0]


def test_the_interval_is_that_of_a_share() -> None:
    # With one event a document F1 is the share of right ones: 1.96 standard errors on each side.
    low, high = intervals(documents([1] * 200 + [0] * 200))
    assert (low[0], high[0]) == pytest.approx((0.451, 0.549), abs=0.01)


def test_it_repeats_itself_and_does_not_hang_on_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = documents([1, 0, 0] * 10)
    before = resampled_f1(counts)
    assert np.array_equal(before, resampled_f1(counts))
    monkeypatch.setattr(bootstrap, "_BLOCK", 1)
    assert np.array_equal(before, resampled_f1(counts))


@given(st.lists(st.integers(0, 1), min_size=1, max_size=20))
def test_equal_models_do_not_differ(correct: list[int]) -> None:
    (row,) = paired_differences(documents(correct), documents(correct))
    assert (row.difference, row.low, row.high, row.p) == (0, 0, 0, 1)


def test_a_clear_difference_is_significant_and_a_slight_one_is_not() -> None:
    base = [1, 0] * 100
    (clear,) = paired_differences(documents([1] * 200), documents(base))
    (slight,) = paired_differences(documents([0, 1, *base[2:198], 1, 1]), documents(base))
    assert clear.difference == pytest.approx(0.5)
    assert clear.low > 0.4
    assert clear.p < 0.01
    assert slight.difference == pytest.approx(0.005)
    assert slight.p > 0.2


def test_a_worse_model_is_as_significant_as_a_better_one() -> None:
    one, other = documents([1] * 60), documents([1, 0] * 30)
    (better,), (worse,) = paired_differences(one, other), paired_differences(other, one)
    assert worse.difference == -better.difference
    assert worse.p == better.p
