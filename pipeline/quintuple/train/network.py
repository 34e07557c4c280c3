"""The network: any Hugging Face encoder under one linear head with a sigmoid per BIO tag."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from quintuple.classify.labels import Labels
from quintuple.events import ModelError
from quintuple.train.arrays import Arrays
from quintuple.train.batches import Batch
from quintuple.train.plan import Plan, base_folder, first_line

# Most tags are absent most of the time; starting there saves the first hundred steps.
_RARE = -4.0


@dataclass(frozen=True)
class Built:
    """A network with the numbers of the tags its base knew already, and the ids of the markers new to it."""

    network: nn.Module
    old_tags: tuple[int, ...]
    new_markers: tuple[int, ...]


def build(plan: Plan, prepared: Path) -> Built:
    """Load the base as a token classifier for the prepared labels, its vocabulary grown by the markers.

    A base that is a model keeps what it knows: its head's rows for the labels that go on, and its markers; a
    new marker starts as the mean of those on its side. Reads ``labels.json`` and ``vocabulary.json`` of
    ``prepared``.

    Raises:
        ModelError: the base is missing or no encoder.
    """
    tags = list(Labels.load(prepared).tags)
    vocabulary = json.loads((prepared / "vocabulary.json").read_text(encoding="utf-8"))
    network = _load(
        plan.base,
        id2label=dict(enumerate(tags)),
        label2id={tag: number for number, tag in enumerate(tags)},
        hidden_dropout_prob=plan.hidden_dropout,
        attention_probs_dropout_prob=plan.attention_dropout,
    )
    network.resize_token_embeddings(vocabulary["size"], mean_resizing=False)
    nn.init.constant_(network.classifier.bias, _RARE)
    old = _keep_rows(network.classifier, plan.base, tags)
    new = {int(marker): origins for marker, origins in vocabulary["new"].items()}
    _start_markers(network.get_input_embeddings().weight, new)
    network.config.quintuple_mask_id = vocabulary["mask"]
    return Built(network, old, tuple(new))


def _load(base: str, **options: Any) -> Any:
    from transformers import AutoModelForTokenClassification

    try:
        with quiet_transformers():
            return AutoModelForTokenClassification.from_pretrained(
                base_folder(base),
                dtype=torch.float32,
                attn_implementation="eager",
                ignore_mismatched_sizes=True,
                **options,
            )
    except (OSError, ValueError) as exc:
        raise ModelError(
            f"base: expected the folder or hub name of an encoder, got {base!r}: {first_line(exc)}"
        ) from exc


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep the library's bar and its warning of a head of another size off the terminal: that is what is wanted."""
    from transformers.utils.logging import (
        disable_progress_bar,
        enable_progress_bar,
        get_verbosity,
        is_progress_bar_enabled,
        set_verbosity,
    )

    level, bar = get_verbosity(), is_progress_bar_enabled()
    set_verbosity(logging.ERROR)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        set_verbosity(level)
        if bar:
            enable_progress_bar()  # type: ignore[no-untyped-call]


@torch.no_grad()
def _keep_rows(head: nn.Linear, base: str, tags: Sequence[str]) -> tuple[int, ...]:
    """Copy the rows of the base's own head for the tags that it has; return their numbers."""
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(base_folder(base))
    known = {tag: row for row, tag in (getattr(config, "id2label", None) or {}).items() if tag in tags}
    if not known:
        return ()
    own = _load(base).classifier
    for number, tag in enumerate(tags):
        if tag in known:
            head.weight[number], head.bias[number] = own.weight[known[tag]], own.bias[known[tag]]
    return tuple(number for number, tag in enumerate(tags) if tag in known)


@torch.no_grad()
def _start_markers(embeddings: Tensor, new: dict[int, list[int]]) -> None:
    for marker, origins in new.items():
        if origins:
            embeddings[marker] = embeddings[origins].mean(0)


@dataclass(frozen=True)
class Inputs:
    """A padded batch, each of shape (batch, length): ids, which are there, which are tokens of the article."""

    ids: Tensor
    mask: Tensor
    valid: Tensor


def make_inputs(arrays: Arrays, batch: Batch, device: torch.device) -> Inputs:
    """Pad the examples of a batch."""
    rows = [slice(arrays.bounds[number], arrays.bounds[number + 1]) for number in batch]
    length = max(row.stop - row.start for row in rows)
    ids = np.zeros((len(rows), length), dtype=np.int64)
    mask, valid = np.zeros_like(ids), np.zeros(ids.shape, dtype=np.bool_)
    for number, row in enumerate(rows):
        size = row.stop - row.start
        ids[number, :size], mask[number, :size], valid[number, :size] = arrays.ids[row], 1, arrays.valid[row]
    return Inputs(*(torch.from_numpy(each).to(device) for each in (ids, mask, valid)))


def forward(network: Any, inputs: Inputs, *, precision: str, token_dropout: float = 0.0) -> Tensor:
    """Return the logits of a batch, shape (batch, length, tags), in float32.

    ``token_dropout`` hides that share of the article's tokens behind the mask token.
    """
    ids = inputs.ids
    if token_dropout:
        hide = inputs.valid & (torch.rand(ids.shape, device=ids.device) < token_dropout)
        ids = ids.masked_fill(hide, int(network.config.quintuple_mask_id))
    with torch.autocast(ids.device.type, torch.bfloat16, enabled=precision == "bf16"):
        logits: Tensor = network(input_ids=ids, attention_mask=inputs.mask).logits
    return logits.float()


class TorchBackend:
    """A network as a classifier's backend."""

    def __init__(self, network: nn.Module, device: torch.device, *, precision: str) -> None:
        self._network, self._device, self._precision = network, device, precision

    @torch.no_grad()
    def logits(self, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return logits of shape (batch, length, tags) for ids and mask of shape (batch, length)."""
        given = [torch.from_numpy(each).to(self._device) for each in (ids, mask)]
        inputs = Inputs(given[0], given[1], given[1].bool())
        found: npt.NDArray[np.float32] = forward(self._network, inputs, precision=self._precision).cpu().numpy()
        return found


@contextmanager
def weights(network: nn.Module, other: dict[str, Tensor]) -> Iterator[nn.Module]:
    """Lend a network other weights, in evaluation mode; its own come back at the end."""
    own = {name: parameter.detach().clone() for name, parameter in network.named_parameters()}
    network.load_state_dict(other, strict=False)
    network.eval()
    try:
        yield network
    finally:
        network.load_state_dict(own, strict=False)


def save_weights(network: Any, folder: Path) -> None:
    """Write ``config.json`` and half-precision ``model.safetensors``."""
    from safetensors.torch import save_file

    weights = {name: value.detach().half().cpu().contiguous() for name, value in network.state_dict().items()}
    save_file(weights, str(folder / "model.tmp"), metadata={"format": "pt"})
    (folder / "model.tmp").replace(folder / "model.safetensors")
    network.config.save_pretrained(folder)
