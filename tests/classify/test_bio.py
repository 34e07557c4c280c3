"""Tags to spans."""

import numpy as np
import pytest

from quintuple.classify.bio import bio_spans


def tags(*rows: str) -> np.ndarray:
    """One string per name, one character per position: B, I, X (both) or a dot."""
    columns = []
    for row in rows:
        columns.append([0.9 if tag in "BX" else 0.05 for tag in row])
        columns.append([0.8 if tag in "IX" else 0.05 for tag in row])
    return np.array(columns, dtype=np.float32).T


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((".BII.",), [(1, 3, 0)]),
        ((".BB..",), [(1, 1, 0), (2, 2, 0)]),
        (("..II.",), []),
        ((".BI.B",), [(1, 2, 0), (4, 4, 0)]),
        ((".B...", ".BI.."), [(1, 1, 0), (1, 2, 1)]),
        (("....B",), [(4, 4, 0)]),
    ],
)
def test_spans(rows: tuple[str, ...], expected: list[tuple[int, int, int]]) -> None:
    probabilities = tags(*rows)
    found = bio_spans(probabilities, np.ones(len(probabilities), dtype=bool), threshold=0.5)
    assert [(span.first, span.last, span.name) for span in found] == expected


def test_positions_outside_the_article_hold_no_span() -> None:
    probabilities = tags("BIBI")
    valid = np.array([False, False, True, False])
    assert [(span.first, span.last) for span in bio_spans(probabilities, valid, threshold=0.5)] == [(2, 2)]


def test_score_is_the_mean_of_the_tags() -> None:
    (span,) = bio_spans(tags(".BII"), np.ones(4, dtype=bool), threshold=0.5)
    assert span.score == pytest.approx((0.9 + 0.8 + 0.8) / 3, abs=1e-6)


def test_a_weak_tag_neither_breaks_a_name_nor_cuts_its_end() -> None:
    inside = np.array([0.05, 0.8, 0.4, 0.9, 0.45, 0.9])
    begin = np.array([0.9, 0.1, 0.3, 0.05, 0.05, 0.05])
    probabilities = np.stack([begin, inside], axis=1).astype(np.float32)
    (span,) = bio_spans(probabilities, np.ones(6, dtype=bool), threshold=0.5)
    assert (span.first, span.last) == (0, 5)


def test_a_start_split_between_two_words_counts_if_the_rest_is_sure() -> None:
    probabilities = np.array([[0.4, 0.05], [0.55, 0.35], [0.02, 0.95], [0.02, 0.95]], dtype=np.float32)
    (span,) = bio_spans(probabilities, np.ones(4, dtype=bool), threshold=0.65)
    assert (span.first, span.last) == (1, 3)


def test_a_span_below_the_threshold_does_not_count() -> None:
    probabilities = np.array([[0.6, 0.05], [0.05, 0.6]], dtype=np.float32)
    valid = np.ones(2, dtype=bool)
    assert [span.first for span in bio_spans(probabilities, valid, threshold=0.55)] == [0]
    assert not list(bio_spans(probabilities, valid, threshold=0.65))
