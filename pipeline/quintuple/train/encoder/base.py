"""Loads the encoder that a config names as its base: a local folder, or a name on the Hugging Face hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from quintuple.classify.classifier import load_tokenizer
from quintuple.events import ModelError
from quintuple.train.plan import first_line

#: The special tokens of a BERT vocabulary, in the order of their ids.
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def base_tokenizer(base: str) -> Tokenizer:
    """Return the base's tokenizer.

    Raises:
        ModelError: it has no BERT special tokens.
    """
    if (Path(base) / "tokenizer.json").is_file():
        tokenizer = load_tokenizer(Path(base))
    else:
        from transformers import AutoTokenizer

        tokenizer = _from_hub(base, AutoTokenizer).backend_tokenizer
    if missing := [token for token in SPECIAL if tokenizer.token_to_id(token) is None]:
        raise ModelError(f"{base}: expected a tokenizer with {', '.join(SPECIAL)}, got one without {missing}")
    return tokenizer


def pieces_of(tokenizer: Tokenizer) -> list[str]:
    """Return the pieces of a tokenizer in the order of their ids."""
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=vocabulary.__getitem__)


def save_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Write ``tokenizer.json`` and, for other programs, ``vocab.txt``."""
    tokenizer.save(str(folder / "tokenizer.json"))
    lines = "".join(f"{piece}\n" for piece in pieces_of(tokenizer))
    (folder / "vocab.txt").write_text(lines, encoding="utf-8")


def base_network(base: str, *, attention: str = "eager") -> Any:
    """Return the base as a BERT model in float32, without its pooling layer.

    Raises:
        ModelError: there is no such encoder.
    """
    from transformers import AutoModel

    options = {"add_pooling_layer": False, "attn_implementation": attention}
    return _from_hub(base, AutoModel, dtype="float32", **options)


def positions(base: str) -> int | None:
    """Return how many tokens the base reads at once, None where its config does not say.

    Raises:
        ModelError: there is no such encoder.
    """
    from transformers import AutoConfig

    return getattr(_from_hub(base, AutoConfig), "max_position_embeddings", None)


def _from_hub(base: str, kind: Any, **options: Any) -> Any:
    try:
        return kind.from_pretrained(base, **options)
    except (OSError, ValueError) as exc:
        raise ModelError(
            f"base: expected the folder or hub name of an encoder, got {base!r}: {first_line(exc)}"
        ) from exc
