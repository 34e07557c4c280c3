"""What counts in the loss, and how much."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from torch import Tensor, nn

from quintuple.train.arrays import Arrays
from quintuple.train.batches import training_steps
from quintuple.train.network import Built
from quintuple.train.objective import Objective
from quintuple.train.plan import Plan, Source

# Two actions and one role: tags B-a I-a B-b I-b B-R I-R.
TAGS = 6


class _Fixed(nn.Module):
    """A network that says the same of every token; ``bias`` holds a logit per tag."""

    def __init__(self, logits: list[float]) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.tensor(logits))

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Any:
        return type("Output", (), {"logits": self.bias.expand(*input_ids.shape, len(self.bias))})


def _arrays(**fields: Any) -> Arrays:
    """Two first-pass examples of two tokens and one of the second pass; in the first, token 1 is a trigger of a."""
    plain: dict[str, Any] = {
        "ids": np.array([1, 5, 6, 2, 1, 5, 6, 2, 1, 9, 6, 2], dtype=np.int32),
        "bounds": np.array([0, 4, 8, 12]),
        "valid": np.array([0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0], dtype=np.bool_),
        "gold": np.array([[0, 1, 0], [2, 2, 4]], dtype=np.int32),
        "either": np.zeros((0, 3), dtype=np.int32),
        "known": np.array([[1, 1, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1]], dtype=np.bool_),
        "known_of": np.array([0, 0, 1], dtype=np.int32),
        "second": np.array([0, 0, 1], dtype=np.bool_),
        "source": np.array([0, 0, 0], dtype=np.int32),
    }
    return Arrays(**(plain | fields))


@pytest.fixture
def plan(trained: Path) -> Plan:
    return replace(
        Plan.load(trained / "prepared"),
        sources=(Source("a", passes=1, until=1, weight=1),),
        token_dropout=0.0,
        positive_weight=1.0,
    )


def _loss(
    plan: Plan, arrays: Arrays, logits: list[float], *, batch: list[int], old: tuple[int, ...] = (), **more: Any
) -> float:
    built = Built(_Fixed(more.get("start", [0.0] * TAGS)), old, more.get("markers", ()))
    objective = Objective(plan, arrays, built, actions=2, device=torch.device("cpu"))
    batches = [np.array(batch)]
    return objective(_Fixed(logits), batches[0], tokens=objective.tokens(batches)).item()


def _absent(logit: float) -> float:
    return float(np.log1p(np.exp(logit)))


def _present(logit: float) -> float:
    return _absent(-logit)


def test_only_known_tags_of_the_articles_tokens_count(plan: Plan) -> None:
    # Two tokens: all four action tags are absent, but for the trigger; the role tags are unknown.
    expected = (7 * _absent(1.0) + _present(1.0)) / 2
    assert _loss(plan, _arrays(), [1.0] * 4 + [7.0, 7.0], batch=[0]) == pytest.approx(expected)


def test_a_label_counts_even_where_its_type_is_not_exhaustive(plan: Plan) -> None:
    known = np.array([[0, 0, 1, 1, 0, 0], [0, 0, 0, 0, 1, 1]], dtype=np.bool_)
    found = _loss(plan, _arrays(known=known), [1.0] * TAGS, batch=[0])
    assert found == pytest.approx((4 * _absent(1.0) + _present(1.0)) / 2)


def test_one_of_two_tags_is_enough(plan: Plan) -> None:
    either = np.array([[0, 1, 0], [0, 1, 2]], dtype=np.int32)
    for logits in ([9.0, -9, -9, -9, 0, 0], [-9.0, -9, 9, -9, 0, 0]):
        # The other token is no trigger, and there the tag that is present costs.
        assert _loss(plan, _arrays(either=either), logits, batch=[0]) == pytest.approx(_absent(9.0) / 2, abs=1e-3)
    nothing = _loss(plan, _arrays(either=either), [-9.0] * TAGS, batch=[0])
    assert nothing == pytest.approx(-np.log(2 / (1 + np.exp(9))) / 2, rel=1e-2)


def test_rarer_types_weigh_more_and_the_mean_stays(plan: Plan) -> None:
    gold = np.array([[0, 1, 0], [0, 2, 0], [1, 1, 0], [1, 2, 2]], dtype=np.int32)
    weighted = replace(plan, class_weight=1.0)
    both = [_loss(each, _arrays(gold=gold), [-20.0] * TAGS, batch=[0, 1]) for each in (plan, weighted)]
    assert both[0] == pytest.approx(both[1])
    of_a, of_b = (_loss(weighted, _arrays(gold=gold), [-20.0] * TAGS, batch=[k]) for k in (0, 1))
    # a occurs three times, b once: weights 2/3 and 2.
    assert (of_a, of_b) == (pytest.approx(20 * (2 / 3)), pytest.approx(20 * (2 / 3 + 2) / 2))


def test_smoothing_pulls_certainty_back(plan: Plan) -> None:
    smooth = replace(plan, label_smoothing=0.1)
    logits = [8.0, -8, -8, -8, 0, 0]
    gold = np.array([[0, 1, 0], [0, 2, 0]], dtype=np.int32)
    assert _loss(smooth, _arrays(gold=gold), logits, batch=[0]) > _loss(plan, _arrays(gold=gold), logits, batch=[0])


def test_r_drop_costs_nothing_without_dropout(plan: Plan) -> None:
    logits = [0.5] * TAGS
    same = _loss(replace(plan, r_drop=3.0), _arrays(), logits, batch=[0])
    assert same == pytest.approx(_loss(plan, _arrays(), logits, batch=[0]))
    torch.manual_seed(0)
    ids = replace(plan, r_drop=3.0, token_dropout=0.5)
    # Hidden tokens make no difference to a network that reads none.
    network = _Fixed(logits)
    network.config = type("Config", (), {"quintuple_mask_id": 3})  # type: ignore[assignment]
    objective = Objective(ids, _arrays(), Built(network, (), ()), actions=2, device=torch.device("cpu"))
    assert objective(network, np.array([0]), tokens=2).item() == pytest.approx(same)


def test_keep_holds_the_old_tags_to_the_start(plan: Plan) -> None:
    keeping = replace(plan, keep=1.0)
    start = [2.0, -2, -2, -2, 0, 0]
    options: dict[str, Any] = {"batch": [1], "old": (0, 1), "start": start}
    plain = _loss(plan, _arrays(), start, batch=[1])
    assert _loss(keeping, _arrays(), start, **options) == pytest.approx(plain, abs=1e-6)
    moved = [-2.0, -2, 5, -2, 0, 0]
    share = 1 / (1 + np.exp(-2))
    divergence = share * np.log(share / (1 - share)) + (1 - share) * np.log((1 - share) / share)
    cost = _loss(keeping, _arrays(), moved, **options) - _loss(plan, _arrays(), moved, batch=[1])
    # Over two tokens, averaged over them; the tags of b are new and free.
    assert cost == pytest.approx(divergence, rel=1e-4)


@pytest.mark.parametrize(
    ("arrays", "batch", "markers", "tokens"),
    [
        # A new label on one of two tokens frees that one.
        (_arrays(gold=np.array([[0, 1, 2]], dtype=np.int32)), [0], (), 1),
        (_arrays(either=np.array([[0, 1, 0], [0, 1, 2]], dtype=np.int32)), [0], (), 1),
        # A new marker frees its whole example.
        (_arrays(), [2], (9,), 0),
        (_arrays(), [2], (), 1),
    ],
)
def test_keep_lets_go_of_what_is_new(
    plan: Plan, arrays: Arrays, batch: list[int], markers: tuple[int, ...], tokens: int
) -> None:
    logits, start = [0.0] * TAGS, [3.0] + [0.0] * 5
    share = 1 / (1 + np.exp(-3))
    divergence = share * np.log(2 * share) + (1 - share) * np.log(2 * (1 - share))
    options: dict[str, Any] = {"batch": batch, "old": (0, 1, 4, 5), "start": start, "markers": markers}
    cost = _loss(replace(plan, keep=1.0), arrays, logits, **options) - _loss(plan, arrays, logits, batch=batch)
    valid = 2 if batch == [0] else 1
    assert cost == pytest.approx(tokens * divergence / valid, abs=1e-5)


def test_accumulated_batches_are_one_large_batch(plan: Plan) -> None:
    arrays = _arrays()
    steps = training_steps(arrays, replace(plan, batch_tokens=4, accumulate=2))
    assert [len(step) for step in steps] == [2, 1]
    objective = Objective(plan, arrays, Built(_Fixed([0.0] * TAGS), (), ()), actions=2, device=torch.device("cpu"))
    network = _Fixed([0.3, -1, 0.2, 1, 2, -2])
    tokens = objective.tokens(steps[0])
    apart = sum(objective(network, batch, tokens=tokens).item() for batch in steps[0])
    assert apart == pytest.approx(objective(network, np.concatenate(steps[0]), tokens=tokens).item(), rel=1e-5)


def test_few_examples_are_read_until_the_run_is_long_enough(plan: Plan) -> None:
    assert len(training_steps(_arrays(), replace(plan, batch_tokens=4, least_steps=30))) == 30


def test_a_share_of_the_empty_windows_is_read(plan: Plan) -> None:
    sources = (Source("a", passes=200, until=1, weight=1),)
    steps = training_steps(_arrays(), replace(plan, sources=sources, batch_tokens=4, empty_share=0.25))
    counts = np.bincount([int(number) for step in steps for batch in step for number in batch])
    assert (counts[0], counts[2]) == (200, 200)
    assert 20 < counts[1] < 80
