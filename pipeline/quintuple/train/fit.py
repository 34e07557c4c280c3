"""Fits a token classifier to prepared arrays. Needs torch, transformers, numpy and safetensors alone.

A run is a fixed list of batches, so a run that was killed goes on from its last checkpoint and ends with
the weights of an unbroken one.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from quintuple.train.arrays import Arrays
from quintuple.train.batches import Batch, training_batches
from quintuple.train.network import build, forward, save_weights
from quintuple.train.plan import Plan
from quintuple.train.scoring import span_scores

_log = logging.getLogger(__name__)

Report = Callable[[dict[str, Any]], None]


@dataclass
class _State:
    """Everything that changes during a run."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    average: dict[str, Tensor]
    step: int = 0
    best: float = -1.0


def fit(prepared: Path, output: Path, *, report: Report | None = None) -> dict[str, float]:
    """Train on ``prepared`` and leave the best weights in ``output``; return their dev scores.

    Resumes from ``output/checkpoint.pt`` when it is there. ``report`` gets a record with step, steps, loss,
    seconds and, after an evaluation, the dev scores.
    """
    plan = Plan.load(prepared)
    train, dev = Arrays.load(prepared / "train.npz"), Arrays.load(prepared / "dev.npz")
    output.mkdir(parents=True, exist_ok=True)
    if plan.threads:
        torch.set_num_threads(plan.threads)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    batches = training_batches(train, plan.sources, budget=plan.batch_tokens, seed=plan.seed)
    state = _start(plan, prepared, output, device)
    began, scores, losses = time.monotonic(), {}, []
    while state.step < len(batches):
        losses.append(_train_step(state, plan, train, batches, device))
        record: dict[str, Any] = {"step": state.step, "steps": len(batches), "seconds": time.monotonic() - began}
        if state.step % plan.eval_every == 0 or state.step == len(batches):
            scores = _evaluate(state, plan, dev, output, device)
            record |= {"loss": float(np.mean(losses))} | scores
            _append(output / "metrics.jsonl", record)
            losses = []
        if report:
            report(record)
    best: dict[str, float] = json.loads((output / "best.json").read_text(encoding="utf-8"))
    return best


def _start(plan: Plan, prepared: Path, output: Path, device: torch.device) -> _State:
    torch.manual_seed(plan.seed)
    network = build(plan, prepared).to(device)
    state = _State(network, _optimizer(network, plan), {n: p.detach().clone() for n, p in network.named_parameters()})
    checkpoint = output / "checkpoint.pt"
    if checkpoint.is_file():
        stored = torch.load(checkpoint, map_location=device, weights_only=True)
        network.load_state_dict(stored["network"])
        state.optimizer.load_state_dict(stored["optimizer"])
        state.average, state.step, state.best = stored["average"], stored["step"], stored["best"]
        _log.info("resuming at step %d from %s", state.step, checkpoint)
    return state


def _optimizer(network: nn.Module, plan: Plan) -> torch.optim.Optimizer:
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        groups.setdefault((name.startswith("classifier"), parameter.ndim > 1), []).append(parameter)
    options = [
        {
            "params": parameters,
            "peak": plan.learning_rate * (plan.head_factor if head else 1),
            "weight_decay": plan.weight_decay if matrix else 0.0,
        }
        for (head, matrix), parameters in sorted(groups.items())
    ]
    return torch.optim.AdamW(options, lr=plan.learning_rate, betas=(0.9, 0.98), eps=1e-6, fused=True)


def _train_step(state: _State, plan: Plan, train: Arrays, batches: list[Batch], device: torch.device) -> float:
    # The random state depends on the step alone, so that a resumed run repeats an unbroken one.
    torch.manual_seed(plan.seed * 1_000_003 + state.step)
    done = (state.step + 1) / len(batches)
    rate = min(done / plan.warmup if plan.warmup else 1.0, max(0.0, 1 - done) / max(1e-9, 1 - plan.warmup))
    for group in state.optimizer.param_groups:
        group["lr"] = group["peak"] * rate
    state.network.train()
    loss = _loss(state.network, plan, train, batches[state.step], device)
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(state.network.parameters(), plan.clip)
    state.optimizer.step()
    state.step += 1
    # A short run's average must not remember the start: the decay grows with the steps.
    decay = min(plan.ema, state.step / (state.step + 10))
    with torch.no_grad():
        for name, parameter in state.network.named_parameters():
            state.average[name].lerp_(parameter, 1 - decay)
    return loss.item()


def _loss(network: nn.Module, plan: Plan, train: Arrays, batch: Batch, device: torch.device) -> Tensor:
    """Binary cross-entropy over the known tags of the article's tokens, summed over tags, averaged over tokens."""
    logits, valid = forward(network, train, batch, device, precision=plan.precision, token_dropout=plan.token_dropout)
    gold = gold_tags(train, batch, logits.shape, device)
    known = torch.from_numpy(train.known[train.known_of[batch]]).to(device)
    weights = torch.tensor([plan.sources[k].weight for k in train.source[batch]], device=device)
    losses = nn.functional.binary_cross_entropy_with_logits(
        logits, gold, pos_weight=torch.tensor(plan.positive_weight, device=device), reduction="none"
    )
    losses = losses * known[:, None, :] * valid[:, :, None] * weights[:, None, None]
    return losses.sum() / valid.sum()


def gold_tags(arrays: Arrays, batch: Batch, shape: torch.Size, device: torch.device) -> Tensor:
    """Return the gold tags of a batch as zeros and ones of ``shape`` (batch, length, tags)."""
    gold = np.zeros(shape, dtype=np.float32)
    for row, number in enumerate(batch):
        begin, end = np.searchsorted(arrays.gold[:, 0], [number, number + 1])
        positions = arrays.gold[begin:end]
        gold[row, positions[:, 1], positions[:, 2]] = 1
    return torch.from_numpy(gold).to(device)


def _evaluate(state: _State, plan: Plan, dev: Arrays, output: Path, device: torch.device) -> dict[str, float]:
    """Score the averaged weights on dev, keep them if they are the best so far, and write a checkpoint."""
    own = {name: parameter.detach().clone() for name, parameter in state.network.named_parameters()}
    state.network.load_state_dict(state.average, strict=False)
    scores = span_scores(state.network, dev, device, budget=4 * plan.batch_tokens, precision=plan.precision)
    if scores["dev"] >= state.best:
        state.best = scores["dev"]
        save_weights(state.network, output)
        _write(output / "best.json", json.dumps({"step": state.step} | scores) + "\n")
    state.network.load_state_dict(own, strict=False)
    stored = {
        "network": state.network.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "average": state.average,
        "step": state.step,
        "best": state.best,
    }
    torch.save(stored, output / "checkpoint.tmp")
    (output / "checkpoint.tmp").replace(output / "checkpoint.pt")
    return scores


def _append(path: Path, record: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(record) + "\n")


def _write(path: Path, text: str) -> None:
    path.with_suffix(".tmp").write_text(text, encoding="utf-8")
    path.with_suffix(".tmp").replace(path)
