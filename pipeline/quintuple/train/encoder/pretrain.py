"""Masked-language-model training of an encoder on raw text.

What a step reads and hides depends on the seed and the step alone, so a run that is counted in steps and was
killed goes on from its last checkpoint and ends with the weights of an unbroken one.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from quintuple.events import SettingsError
from quintuple.train.encoder.base import base_network, base_tokenizer, save_tokenizer
from quintuple.train.encoder.batches import Text, counts, held_out_batch, training_batch
from quintuple.train.encoder.config import LengthConfig, PretrainConfig
from quintuple.train.encoder.corpus import corpus_digest, token_ids
from quintuple.train.encoder.head import MaskedHead, backward, load_head, save_head, score
from quintuple.train.encoder.masking import Pieces, mask
from quintuple.train.network import save_weights

_log = logging.getLogger(__name__)

# Held-out sequences scored together.
_SCORED = 64

Report = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class _Run:
    """Everything that stays the same during a run."""

    config: PretrainConfig
    output: Path
    identity: str
    texts: tuple[Text, ...]
    pieces: Pieces
    first: int
    device: torch.device
    bf16: bool

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    def generator(self, *numbers: int) -> torch.Generator:
        seed = int(np.random.SeedSequence(self.config.fit.seed, spawn_key=numbers).generate_state(1)[0])
        return torch.Generator(self.device).manual_seed(seed)


@dataclass
class _State:
    """Everything that changes during a run; ``seconds`` are those of all its sessions."""

    network: nn.Module
    head: MaskedHead
    optimizer: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0

    def parameters(self) -> list[nn.Parameter]:
        return [*self.network.parameters(), *self.head.parameters()]


def pretrain(
    config: PretrainConfig, output: Path, *, report: Report | None = None, say: Callable[[str], None] = lambda _: None
) -> Path:
    """Train the config's base on its text; return ``output/encoder``, a folder to use as a ``base``.

    Resumes from ``output/checkpoint.pt`` when it is there, and appends to ``output/metrics.jsonl`` at every
    evaluation. ``report`` gets a record with step, steps (estimated when the run is counted in minutes) and
    seconds, with the losses after an evaluation.

    Raises:
        DataError: a text file is missing, wrong or too short.
        ModelError: the base is missing or no BERT encoder.
        SettingsError: ``output`` holds a run of another config.
    """
    if config.fit.threads:
        torch.set_num_threads(config.fit.threads)
    tokenizer = base_tokenizer(config.base)
    run = _prepare(config, output, tokenizer, say)
    state = _start(run)
    output.mkdir(parents=True, exist_ok=True)
    losses: list[float] = []
    before = time.monotonic() - state.seconds
    while (done := progress(config.length, step=state.step, seconds=state.seconds)) < 1:
        losses.append(_train_step(state, run, done))
        state.seconds = time.monotonic() - before
        done = progress(config.length, step=state.step, seconds=state.seconds)
        record = {"step": state.step, "steps": round(state.step / done), "seconds": state.seconds}
        if state.step % config.fit.eval_every == 0 or done >= 1:
            record |= {"loss": float(np.mean(losses))} | _scores(state, run)
            losses = []
            _keep(state, run, record)
        if report:
            report(record)
    return _write(state, run, tokenizer)


def progress(length: LengthConfig, *, step: int, seconds: float) -> float:
    """Return which share of a run lies behind it, at most 1."""
    if length.steps is not None:
        return min(1.0, step / length.steps)
    return min(1.0, seconds / (60 * (length.minutes or 0)))


def supports_bf16(device: torch.device) -> bool:
    """Return whether a device multiplies bfloat16 matrices in hardware."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    # Added to torch after 2.4; without it, float32 is the safe answer.
    capabilities: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return any(capabilities.get(name, False) for name in ("amx_bf16", "avx512_bf16"))


def _prepare(config: PretrainConfig, output: Path, tokenizer: Tokenizer, say: Callable[[str], None]) -> _Run:
    fit, cache = config.fit, Path(config.cache)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    held_out, paths = fit.held_out * (fit.sequence - 1), [Path(text.path) for text in config.text]
    shares = counts([text.share for text in config.text], fit.batch)
    identity = hashlib.sha256(config.model_dump_json(exclude={"cache"}).encode())
    texts = []
    for path, count in zip(paths, shares, strict=True):
        texts.append(Text(path.name, token_ids(path, tokenizer, cache=cache, report=say), count, held_out))
        identity.update(corpus_digest(path, tokenizer).encode())
    bf16 = fit.precision == "bf16" or (fit.precision == "auto" and supports_bf16(device))
    pieces = Pieces.of(tokenizer, numerals=config.masking.numerals, device=device)
    first = tokenizer.get_vocab()["[CLS]"]
    return _Run(config, output, identity.hexdigest(), tuple(texts), pieces, first, device, bf16)


def _start(run: _Run) -> _State:
    base, fit = run.config.base, run.config.fit
    network = base_network(base, attention="sdpa" if run.device.type == "cuda" else "eager")
    for module in network.modules():
        if isinstance(module, nn.Dropout):
            module.p = fit.dropout
    head = load_head(network.get_input_embeddings(), Path(base)).to(run.device)
    state = _State(network.to(run.device), head, _optimizer([*network.parameters(), *head.parameters()], run))
    checkpoint = run.output / "checkpoint.pt"
    if checkpoint.is_file():
        stored = torch.load(checkpoint, map_location=run.device, weights_only=True)
        if stored["identity"] != run.identity:
            raise SettingsError(f"{run.output}: holds a run of another config or text; name an empty folder instead")
        network.load_state_dict(stored["network"])
        head.load_state_dict(stored["head"])
        state.optimizer.load_state_dict(stored["optimizer"])
        state.step, state.seconds = stored["step"], stored["seconds"]
        _log.info("resuming at step %d from %s", state.step, checkpoint)
    return state


def _optimizer(parameters: list[nn.Parameter], run: _Run) -> torch.optim.Optimizer:
    fit = run.config.fit
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": fit.weight_decay},
        {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=fit.learning_rate, betas=(0.9, 0.98), fused=True)


def _train_step(state: _State, run: _Run, done: float) -> float:
    fit = run.config.fit
    torch.manual_seed(run.generator(state.step, 1).initial_seed())
    for group in state.optimizer.param_groups:
        group["lr"] = fit.learning_rate * min(1.0, (state.step + 1) / max(1, fit.warmup)) * (1 - done)
    state.network.train()
    ids = training_batch(run.texts, sequence=fit.sequence, first=run.first, seed=fit.seed, step=state.step)
    state.optimizer.zero_grad(set_to_none=True)
    hidden, targets = _hidden(state, run, ids, run.generator(state.step))
    loss = backward(state.head, hidden, targets, chunk=fit.chunk, autocast=run.autocast())
    nn.utils.clip_grad_norm_(state.parameters(), fit.clip)
    state.optimizer.step()
    state.step += 1
    return loss


def _hidden(state: _State, run: _Run, ids: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Hide words of ``ids``; return the network's states (positions, hidden) there, and what was hidden."""
    ids = ids.to(run.device)
    masked = mask(ids, run.pieces, run.config.masking, generator=generator)
    with run.autocast():
        states: Tensor = state.network(input_ids=masked.inputs).last_hidden_state
    return states[masked.chosen].float(), ids[masked.chosen]


@torch.no_grad()
def _scores(state: _State, run: _Run) -> dict[str, float]:
    """Return loss and accuracy on each file's held-out end, always masked in the same way."""
    state.network.eval()
    scores: dict[str, float] = {}
    for text in run.texts:
        loss, right, total = 0.0, 0, 0
        rows = held_out_batch(text, sequence=run.config.fit.sequence, first=run.first)
        for number, ids in enumerate(torch.split(rows, _SCORED)):
            hidden, targets = _hidden(state, run, ids, run.generator(0, 0, number))
            with run.autocast():
                part, hits = score(state.head, hidden, targets, chunk=run.config.fit.chunk)
            loss, right, total = loss + part, right + hits, total + len(targets)
        scores |= {f"{text.name} loss": loss / max(1, total), f"{text.name} accuracy": right / max(1, total)}
    return scores


def _keep(state: _State, run: _Run, record: dict[str, Any]) -> None:
    """Write the checkpoint, then the metrics."""
    stored = {
        "identity": run.identity,
        "network": state.network.state_dict(),
        "head": state.head.state_dict(),
        "optimizer": state.optimizer.state_dict(),
        "step": state.step,
        "seconds": state.seconds,
    }
    torch.save(stored, run.output / "checkpoint.tmp")
    (run.output / "checkpoint.tmp").replace(run.output / "checkpoint.pt")
    fit = run.config.fit
    tokens = state.step * fit.sequence * sum(text.count for text in run.texts)
    with (run.output / "metrics.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(record | {"tokens": tokens}) + "\n")


def _write(state: _State, run: _Run, tokenizer: Tokenizer) -> Path:
    """Write the encoder in half precision with its tokenizer and head."""
    folder = run.output / "encoder"
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(state.network, folder)
    save_head(state.head, folder)
    save_tokenizer(tokenizer, folder)
    return folder
