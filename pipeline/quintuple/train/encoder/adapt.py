"""Vocabulary adaptation: a base encoder learns Chinese characters and loses the pieces nobody uses."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, processors

from quintuple.events import ModelError
from quintuple.train.encoder.base import SPECIAL, base_network, base_tokenizer, pieces_of, save_tokenizer
from quintuple.train.encoder.config import AdaptConfig
from quintuple.train.encoder.corpus import documents, token_ids
from quintuple.train.encoder.glosses import read_glosses

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Vocabulary:
    """The pieces of the new vocabulary, in the order of their ids after the special tokens."""

    markers: tuple[str, ...]
    kept: tuple[str, ...]
    marks: tuple[str, ...]
    characters: tuple[str, ...]

    @property
    def pieces(self) -> tuple[str, ...]:
        """All pieces, the special tokens first."""
        return (*SPECIAL, *self.markers, *self.kept, *self.marks, *self.characters)


def adapt(config: AdaptConfig, output: Path, *, say: Callable[[str], None] = lambda _: None) -> Vocabulary:
    """Write the adapted encoder into ``output``: config.json, tokenizer.json, vocab.txt, model.safetensors.

    Raises:
        DataError: a text file or the glosses are missing or wrong.
        ModelError: the base is missing or no BERT encoder with word pieces.
    """
    glosses = read_glosses(Path(config.glosses)) if config.glosses else {}
    tokenizer = base_tokenizer(config.base)
    vocabulary = choose(config, tokenizer, say=say)
    adapted = with_vocabulary(tokenizer, vocabulary.pieces)
    network = base_network(config.base)
    old = network.get_input_embeddings().weight.detach().numpy()
    vectors = new_vectors(vocabulary, tokenizer, old, glosses=glosses, marks=config.marks)
    output.mkdir(parents=True, exist_ok=True)
    _save(network, vectors, output)
    save_tokenizer(adapted, output)
    glossed = sum(bool(glosses.get(character)) for character in vocabulary.characters)
    say(
        f"{len(vocabulary.pieces):,} pieces: {len(vocabulary.kept):,} kept of {tokenizer.get_vocab_size():,}, "
        f"{len(vocabulary.marks):,} marks, {len(vocabulary.characters):,} characters ({glossed:,} with a gloss)"
    )
    return vocabulary


def choose(config: AdaptConfig, tokenizer: Tokenizer, *, say: Callable[[str], None] = lambda _: None) -> Vocabulary:
    """Choose the pieces by what occurs in the config's text.

    Pieces of one ASCII character always stay, so that every English word can still be spelt.
    """
    names = pieces_of(tokenizer)
    seen, characters = np.zeros(len(names), dtype=np.int64), Counter[str]()
    for path in map(Path, config.text):
        ids = token_ids(path, tokenizer, cache=Path(config.cache), report=say)
        seen += np.bincount(ids, minlength=len(names))
        for text in documents(path):
            characters.update(text)
    kept = [
        name
        for name, count in zip(names, seen, strict=True)
        if (count >= config.piece_count or _is_ascii_character(name))
        and not (_is_reserved(name) or _has_chinese(name) or name in config.marks)
    ]
    common = [(-count, char) for char, count in characters.items() if count >= config.character_count]
    return Vocabulary(
        markers=tuple(f"[unused{number}]" for number in range(1, config.markers + 1)),
        kept=tuple(kept),
        marks=tuple(config.marks),
        characters=tuple(char for _, char in sorted(common) if _has_chinese(char) and char not in config.marks),
    )


def with_vocabulary(tokenizer: Tokenizer, pieces: Sequence[str]) -> Tokenizer:
    """Return a tokenizer that normalises and splits like ``tokenizer`` and knows ``pieces`` alone.

    Raises:
        ModelError: ``tokenizer`` is no word-piece tokenizer.
    """
    table: dict[str, Any] = json.loads(tokenizer.to_str())
    if table["model"]["type"] != "WordPiece":
        raise ModelError(f"base: expected a WordPiece tokenizer, got {table['model']['type']}")
    table["model"]["vocab"] = {piece: number for number, piece in enumerate(pieces)}
    table |= {"added_tokens": [], "post_processor": None, "truncation": None, "padding": None}
    adapted = Tokenizer.from_str(json.dumps(table))
    adapted.add_special_tokens(list(SPECIAL))
    ends = [(name, pieces.index(name)) for name in ("[SEP]", "[CLS]")]
    adapted.post_processor = processors.BertProcessing(*ends)
    return adapted


def new_vectors(
    vocabulary: Vocabulary,
    tokenizer: Tokenizer,
    old: Vectors,
    *,
    glosses: Mapping[str, str],
    marks: Mapping[str, str],
) -> Vectors:
    """Return the vectors of the new vocabulary, shape (pieces, hidden), made from ``old`` of ``tokenizer``.

    A piece that the base knows keeps its vector. A new mark starts as the piece ``marks`` gives it, a new
    character as the mean of the pieces of its gloss, all else as the mean of the kept pieces.
    """
    known = tokenizer.get_vocab()
    mean = old[[known[piece] for piece in vocabulary.kept]].mean(0)

    def origins(piece: str) -> list[int]:
        for name in (piece, marks.get(piece)):
            if name in known:
                return [known[name]]
        ids = tokenizer.encode(glosses.get(piece, ""), add_special_tokens=False).ids
        return [number for number in ids if number != known["[UNK]"]]

    rows = [old[ids].mean(0) if (ids := origins(piece)) else mean for piece in vocabulary.pieces]
    return np.stack(rows).astype(np.float32)


def _save(network: Any, vectors: Vectors, output: Path) -> None:
    import torch

    from quintuple.train.network import save_weights

    network.resize_token_embeddings(len(vectors), mean_resizing=False)
    with torch.no_grad():
        network.get_input_embeddings().weight.copy_(torch.from_numpy(vectors))
    network.config.pad_token_id = SPECIAL.index("[PAD]")
    save_weights(network, output)


def _is_reserved(name: str) -> bool:
    return name in SPECIAL or name.startswith("[unused")


def _is_ascii_character(name: str) -> bool:
    bare = name.removeprefix("##")
    return len(bare) == 1 and bare.isascii()


def _has_chinese(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in text)
