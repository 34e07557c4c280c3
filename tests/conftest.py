"""Fixtures: a tiny random encoder with its tokenizer, so that no test needs the shipped weights."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from quintuple.classify.labels import Labels
from quintuple.settings import Settings, load_settings

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def pytest_configure() -> None:
    """Keep every library off the network."""
    import os

    os.environ.update({"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"})


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The default settings."""
    return load_settings()


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """A word-piece tokenizer over letters, digits, marks and Chinese characters."""
    letters = string.ascii_lowercase + string.digits
    pieces = [
        *SPECIAL,
        *letters,
        *(f"##{letter}" for letter in letters),
        *string.punctuation,
        *"，。：；？！（）“”《》【】、%",
    ]
    pieces += [chr(code) for code in range(0x4E00, 0xA000)]
    made = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(dict.fromkeys(pieces))}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


@pytest.fixture(scope="session")
def labels() -> Labels:
    """Two action types and the quintuple roles."""
    return Labels(("acquire", "reduce_stake"))


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A folder with a random one-layer encoder and its tokenizer, as a `base` to train from."""
    torch = pytest.importorskip("torch", reason="training needs the extra [train]")
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("encoder")
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder
