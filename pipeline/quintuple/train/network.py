"""The network: any Hugging Face encoder under one linear head with a sigmoid per BIO tag."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from quintuple.train.arrays import Arrays
from quintuple.train.batches import Batch
from quintuple.train.plan import Plan

# Most tags are absent most of the time; starting there saves the first hundred steps.
_RARE = -4.0


def build(plan: Plan, prepared: Path) -> nn.Module:
    """Load the base as a token classifier for the prepared labels, its vocabulary grown by the markers.

    A base that already has these labels (a warm start) keeps its head. Reads ``labels.json`` and
    ``vocabulary.json`` of ``prepared``.
    """
    from transformers import AutoConfig, AutoModelForTokenClassification

    names = json.loads((prepared / "labels.json").read_text(encoding="utf-8"))
    tags = [f"{prefix}-{name}" for name in [*names["actions"], *names["roles"]] for prefix in "BI"]
    vocabulary = json.loads((prepared / "vocabulary.json").read_text(encoding="utf-8"))
    config = AutoConfig.from_pretrained(plan.base)
    warm = list((getattr(config, "id2label", None) or {}).values()) == tags
    network = AutoModelForTokenClassification.from_pretrained(
        plan.base,
        dtype=torch.float32,
        attn_implementation="eager",
        id2label=dict(enumerate(tags)),
        label2id={tag: number for number, tag in enumerate(tags)},
        hidden_dropout_prob=plan.hidden_dropout,
        attention_probs_dropout_prob=plan.attention_dropout,
        ignore_mismatched_sizes=True,
    )
    network.resize_token_embeddings(vocabulary["size"], mean_resizing=False)
    if not warm:
        nn.init.constant_(network.classifier.bias, _RARE)
    network.config.quintuple_mask_id = vocabulary["mask"]
    module: nn.Module = network
    return module


def forward(
    network: Any,
    arrays: Arrays,
    batch: Batch,
    device: torch.device,
    *,
    precision: str,
    token_dropout: float = 0.0,
) -> tuple[Tensor, Tensor]:
    """Run a batch; return logits (batch, length, tags) in float32 and which positions are article tokens.

    ``token_dropout`` hides that share of the article's tokens behind the mask token.
    """
    rows = [slice(arrays.bounds[number], arrays.bounds[number + 1]) for number in batch]
    length = max(row.stop - row.start for row in rows)
    ids = np.zeros((len(rows), length), dtype=np.int64)
    mask, valid = np.zeros_like(ids), np.zeros(ids.shape, dtype=np.bool_)
    for number, row in enumerate(rows):
        size = row.stop - row.start
        ids[number, :size], mask[number, :size], valid[number, :size] = arrays.ids[row], 1, arrays.valid[row]
    inputs, shown = torch.from_numpy(ids).to(device), torch.from_numpy(valid).to(device)
    if token_dropout:
        hide = shown & (torch.rand(inputs.shape, device=device) < token_dropout)
        inputs = inputs.masked_fill(hide, int(network.config.quintuple_mask_id))
    with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
        logits = network(input_ids=inputs, attention_mask=torch.from_numpy(mask).to(device)).logits
    return logits.float(), shown


def save_weights(network: Any, folder: Path) -> None:
    """Write ``config.json`` and half-precision ``model.safetensors``."""
    from safetensors.torch import save_file

    weights = {name: value.detach().half().cpu().contiguous() for name, value in network.state_dict().items()}
    save_file(weights, str(folder / "model.tmp"), metadata={"format": "pt"})
    (folder / "model.tmp").replace(folder / "model.safetensors")
    network.config.save_pretrained(folder)
