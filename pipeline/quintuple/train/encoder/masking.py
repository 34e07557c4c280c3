"""Dynamic masking: runs of whole words, where a number is one word however many pieces spell it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import torch
from tokenizers import Tokenizer
from torch import Tensor

from quintuple.train.encoder.base import pieces_of
from quintuple.train.encoder.config import MaskingConfig

_SPECIAL = re.compile(r"\[[^\[\]]+\]")
_POINTS = frozenset(".,")


@dataclass(frozen=True)
class Pieces:
    """What masking knows of a vocabulary: masks of shape (vocabulary,), and the ids of the ordinary pieces."""

    ordinary: Tensor
    continuing: Tensor
    digits: Tensor
    numerals: Tensor
    points: Tensor
    ordinary_ids: Tensor
    mask_id: int

    @classmethod
    def of(cls, tokenizer: Tokenizer, *, numerals: str, device: torch.device | str = "cpu") -> Pieces:
        """Sort the pieces of a word-piece tokenizer; ``numerals`` are the characters that write numbers."""
        names = pieces_of(tokenizer)
        bare = [name.removeprefix("##") for name in names]

        def table(values: list[bool]) -> Tensor:
            return torch.tensor(values, device=device)

        ordinary = table([_SPECIAL.fullmatch(name) is None for name in names])
        return cls(
            ordinary=ordinary,
            continuing=table([name.startswith("##") for name in names]),
            digits=table([name.isascii() and name.isdigit() for name in bare]),
            numerals=table([name != "" and set(name) <= set(numerals) for name in bare]),
            points=table([name in _POINTS for name in names]),
            ordinary_ids=ordinary.nonzero().flatten(),
            mask_id=names.index("[MASK]"),
        )


@dataclass(frozen=True)
class Masked:
    """What the network reads, and which positions it must restore; shapes (batch, length)."""

    inputs: Tensor
    chosen: Tensor


def mask(ids: Tensor, pieces: Pieces, options: MaskingConfig, *, generator: torch.Generator) -> Masked:
    """Hide runs of words of ``ids`` (batch, length); the same generator state gives the same masks."""
    words = word_numbers(ids, pieces)
    chosen = _chosen_words(ids, words, pieces, options, generator).gather(1, words)
    draw = torch.rand(ids.shape, generator=generator, device=ids.device)
    other = torch.randint(len(pieces.ordinary_ids), ids.shape, generator=generator, device=ids.device)
    inputs = ids.masked_fill(chosen & (draw < options.hide), pieces.mask_id)
    swapped = chosen & (draw >= 1 - options.swap)
    return Masked(torch.where(swapped, pieces.ordinary_ids[other], inputs), chosen)


def word_numbers(ids: Tensor, pieces: Pieces) -> Tensor:
    """Number the words of each row from 0, one number per position; a special token is a word of its own."""
    digit, number = pieces.digits[ids], pieces.digits[ids] | pieces.numerals[ids]
    inner = torch.zeros_like(digit)
    inner[:, 1:-1] = pieces.points[ids][:, 1:-1] & digit[:, :-2] & digit[:, 2:]
    number = number | inner
    joined = torch.zeros_like(digit)
    joined[:, 1:] = pieces.continuing[ids][:, 1:] | (number[:, 1:] & number[:, :-1])
    ordinary = pieces.ordinary[ids]
    joined[:, 1:] &= ordinary[:, 1:] & ordinary[:, :-1]
    return (~joined).long().cumsum(1) - 1


def _chosen_words(
    ids: Tensor, words: Tensor, pieces: Pieces, options: MaskingConfig, generator: torch.Generator
) -> Tensor:
    """Draw the hidden words; shape (batch, length), of which a row uses as many columns as it has words."""
    sizes = torch.zeros_like(ids).scatter_add_(1, words, torch.ones_like(ids))
    able = torch.zeros_like(ids, dtype=torch.bool).scatter_(1, words, pieces.ordinary[ids])
    # Rows of figures, as in tables, form one endless number: hiding it would teach nothing.
    able &= sizes <= options.longest
    last = able & (torch.rand(ids.shape, generator=generator, device=ids.device) < options.rate)
    chosen = last.clone()
    for chance in options.extend:
        grown = torch.zeros_like(last)
        grown[:, 1:] = last[:, :-1]
        last = grown & able & (torch.rand(ids.shape, generator=generator, device=ids.device) < chance)
        chosen |= last
    return chosen
