"""The head of masked language modelling, and its loss in pieces that fit into memory."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

HEAD_FILE = "mlm_head.safetensors"


class MaskedHead(nn.Module):
    """Turns hidden states into logits over the vocabulary; the decoder is the embedding matrix itself."""

    def __init__(self, embedding: nn.Embedding) -> None:
        super().__init__()
        size, vocabulary = embedding.embedding_dim, embedding.num_embeddings
        self.transform, self.norm = nn.Linear(size, size), nn.LayerNorm(size)
        self.bias = nn.Parameter(torch.zeros(vocabulary))
        # In a list, so that the tied matrix is no parameter of the head.
        self._embedding = [embedding]
        nn.init.eye_(self.transform.weight)
        nn.init.zeros_(self.transform.bias)

    def forward(self, hidden: Tensor) -> Tensor:
        """Map (positions, hidden) to logits (positions, vocabulary)."""
        hidden = self.norm(nn.functional.gelu(self.transform(hidden)))
        return nn.functional.linear(hidden, self._embedding[0].weight, self.bias)


def load_head(embedding: nn.Embedding, folder: Path) -> MaskedHead:
    """Make a head, with the weights of ``folder/mlm_head.safetensors`` if it is there."""
    from safetensors.torch import load_file

    head = MaskedHead(embedding)
    if (folder / HEAD_FILE).is_file():
        head.load_state_dict({name: value.float() for name, value in load_file(str(folder / HEAD_FILE)).items()})
    return head


def save_head(head: MaskedHead, folder: Path) -> None:
    """Write ``mlm_head.safetensors`` in half precision."""
    from safetensors.torch import save_file

    weights = {name: value.detach().half().cpu().contiguous() for name, value in head.state_dict().items()}
    save_file(weights, str(folder / "mlm_head.tmp"), metadata={"format": "pt"})
    (folder / "mlm_head.tmp").replace(folder / HEAD_FILE)


def backward(
    head: nn.Module, hidden: Tensor, targets: Tensor, *, chunk: int, autocast: AbstractContextManager[None]
) -> float:
    """Add the gradients of the mean cross-entropy to all parameters; return the loss.

    Every chunk of ``hidden`` (positions, size) goes forward and back before the next one starts, so that
    the logits of all positions never exist at once.
    """
    leaf = hidden.detach().requires_grad_()
    total = torch.zeros((), device=hidden.device)
    for states, answers in zip(torch.split(leaf, chunk), torch.split(targets, chunk), strict=True):
        with autocast:
            logits = head(states)
        loss = nn.functional.cross_entropy(logits.float(), answers, reduction="sum") / max(1, len(targets))
        loss.backward()  # type: ignore[no-untyped-call]
        total += loss.detach()
    hidden.backward(leaf.grad)  # type: ignore[no-untyped-call]
    return total.item()


@torch.no_grad()
def score(head: nn.Module, hidden: Tensor, targets: Tensor, *, chunk: int) -> tuple[float, int]:
    """Return the summed cross-entropy and the number of positions restored rightly."""
    loss, right = 0.0, 0
    for states, answers in zip(torch.split(hidden, chunk), torch.split(targets, chunk), strict=True):
        logits = cast(Tensor, head(states)).float()
        loss += nn.functional.cross_entropy(logits, answers, reduction="sum").item()
        right += int((logits.argmax(-1) == answers).sum())
    return loss, right
