"""Fits a token classifier to prepared arrays. Needs torch, transformers, numpy and safetensors alone.

A run is a fixed list of steps, so a run that was killed goes on from its last checkpoint and ends with the
weights of an unbroken one.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from quintuple.classify.labels import Labels
from quintuple.train.arrays import Arrays
from quintuple.train.batches import Batch, training_steps
from quintuple.train.curve import draw_curve
from quintuple.train.device import choose_device, describe_machine, supports_bf16
from quintuple.train.network import TorchBackend, build, save_weights, weights
from quintuple.train.objective import Objective
from quintuple.train.plan import Plan, base_folder, make_folder
from quintuple.train.scoring import Dev
from quintuple.train.state import State, held_interrupts, identify, read_metrics, write_text

Report = Callable[[dict[str, Any]], None]
Say = Callable[[str], None]

#: The score that weights are chosen by.
CHOSEN_BY = "tuples"

# Points of the loss curve in a run without interruption.
_POINTS = 100

# What `export` needs of the prepared folder.
_KEPT = ("labels.json", "tokenizer.json", "plan.json", "data.json", "dev.npz")


@dataclass(frozen=True)
class _Run:
    """Everything that stays the same during a run."""

    plan: Plan
    steps: list[list[Batch]]
    dev: Dev
    objective: Objective
    output: Path
    identity: str
    device: torch.device
    say: Say

    def over(self, state: State) -> bool:
        """Return whether all steps are done, or nothing has got better for ``patience`` evaluations."""
        return state.step >= len(self.steps) or 0 < self.plan.patience <= state.waited


def _unsaid(_: object) -> None:
    """Take what nobody asked for."""


def fit(prepared: Path, output: Path, *, report: Report = _unsaid, say: Say = _unsaid) -> dict[str, float]:
    """Train on ``prepared`` and leave the best weights in ``output``; return their step and dev scores.

    Resumes from ``output/checkpoint.pt`` when it is there; Ctrl-C writes one. ``report`` gets a record with
    step, steps, loss (the mean since the last line of ``metrics.jsonl``), seconds and, after an evaluation,
    the dev scores.

    Raises:
        ModelError: ``prepared`` lacks a file or is of another version, or the base is missing.
        SettingsError: ``output`` holds a run of other data or another plan.
    """
    run, state = _start(prepared, output, say)
    with held_interrupts(say) as release:
        while not run.over(state):
            record = _advance(run, state)
            try:
                report(record)
                release()
            except KeyboardInterrupt:
                state.save(output, identity=run.identity)
                say(f"stopped at step {state.step} of {len(run.steps)}; the same command goes on from there")
                raise
    if state.step < len(run.steps):
        say(f"stopped early at step {state.step}: {state.waited} evaluations without a better one")
    best: dict[str, float] = json.loads((output / "best.json").read_text(encoding="utf-8"))
    return best


def _start(prepared: Path, output: Path, say: Say) -> tuple[_Run, State]:
    plan, train, dev = Plan.load(prepared), Arrays.load(prepared / "train.npz"), Dev.load(prepared)
    if plan.threads:
        torch.set_num_threads(plan.threads)
    device = choose_device()
    if plan.precision == "bf16" and not supports_bf16(device):
        say(f"precision: {device.type} multiplies no bfloat16 here; training in fp32, which is slower")
        plan = replace(plan, precision="fp32")
    torch.manual_seed(plan.seed)
    built = build(plan, prepared)
    network = built.network.to(device)
    actions = len(Labels.load(prepared).actions)
    objective = Objective(plan, train, built, actions=actions, device=device)
    identity = identify(prepared, Path(base_folder(plan.base)))
    make_folder(output)
    state = State(network, _optimizer(network, plan), {n: p.detach().clone() for n, p in network.named_parameters()})
    if state.load(output, identity=identity, device=device):
        say(f"resuming at step {state.step} from {output / 'checkpoint.pt'}")
    for name in _KEPT:
        shutil.copy(prepared / name, output / name)
    write_text(output / "environment.json", json.dumps(describe_machine(device), indent=1) + "\n")
    return _Run(plan, training_steps(train, plan), dev, objective, output, identity, device, say), state


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


def _advance(run: _Run, state: State) -> dict[str, Any]:
    """Do one step, with the evaluation that is due after it; return its record."""
    began = time.monotonic() - state.seconds
    state.losses.append(_train_step(run, state))
    loss, left = float(np.mean(state.losses)), len(run.steps) - state.step
    record = {"step": state.step, "steps": len(run.steps), "seconds": 0.0, "loss": loss}
    # The last evaluation is not worth another just before it.
    evaluated = left == 0 or (state.step % run.plan.eval_every == 0 and 2 * left >= run.plan.eval_every)
    if evaluated:
        record |= _evaluate(run, state)
    state.seconds = time.monotonic() - began
    record["seconds"] = state.seconds
    if evaluated or state.step % max(1, len(run.steps) // _POINTS) == 0:
        state.losses = []
        with (run.output / "metrics.jsonl").open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(record) + "\n")
    if evaluated:
        state.save(run.output, identity=run.identity)
        say = run.say if run.over(state) else _unsaid
        draw_curve(read_metrics(run.output), run.output / "curve.png", say=say)
    return record


def _train_step(run: _Run, state: State) -> float:
    plan = run.plan
    # The random state depends on the step alone, so that a resumed run repeats an unbroken one.
    torch.manual_seed(plan.seed * 1_000_003 + state.step)
    done = (state.step + 1) / len(run.steps)
    rate = min(done / plan.warmup if plan.warmup else 1.0, max(0.0, 1 - done) / max(1e-9, 1 - plan.warmup))
    for group in state.optimizer.param_groups:
        group["lr"] = group["peak"] * rate
    state.network.train()
    state.optimizer.zero_grad(set_to_none=True)
    batches, total = run.steps[state.step], 0.0
    tokens = run.objective.tokens(batches)
    for batch in batches:
        loss = run.objective(state.network, batch, tokens=tokens)
        loss.backward()  # type: ignore[no-untyped-call]
        total += loss.item()
    nn.utils.clip_grad_norm_(state.network.parameters(), plan.clip)
    state.optimizer.step()
    state.step += 1
    # A short run's average must not remember the start: the decay grows with the steps.
    decay = min(plan.ema, state.step / (state.step + 10))
    with torch.no_grad():
        for name, parameter in state.network.named_parameters():
            state.average[name].lerp_(parameter, 1 - decay)
    return total


def _evaluate(run: _Run, state: State) -> dict[str, float]:
    """Score the averaged weights on dev, and keep them if they are the best so far."""
    with weights(state.network, state.average) as network:
        scores = run.dev.score(TorchBackend(network, run.device, precision=run.plan.precision))
        state.waited += 1
        if scores[CHOSEN_BY] >= state.best:
            state.best, state.waited = scores[CHOSEN_BY], 0
            save_weights(network, run.output)
            write_text(run.output / "best.json", json.dumps({"step": state.step} | scores) + "\n")
    return scores
