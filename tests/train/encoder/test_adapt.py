"""Vocabulary adaptation: which pieces stay and come, and where their vectors come from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from typer.testing import CliRunner

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from quintuple.cli.app import app
from quintuple.events import DataError, ModelError, SettingsError
from quintuple.resources import config_path
from quintuple.train.encoder.adapt import Vectors, adapt, with_vocabulary
from quintuple.train.encoder.base import base_network, base_tokenizer
from quintuple.train.encoder.config import AdaptConfig, load_adapt_config
from quintuple.train.encoder.glosses import read_glosses

UNIHAN = (
    "# Unihan_Readings.txt\n"
    "U+7532\tkMandarin\tjiǎ\n"
    "U+7532\tkDefinition\t(same as U+4E59 乙) to buy\n"
    "U+4E59\tkDefinition\t(Cant.)\n"
)
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abuyto.,()", "##u", "##y", "##o", "buys", "sells", "丙"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A tiny English encoder that knows one Chinese character, 丙."""
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("english")
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    network = BertModel(BertConfig(vocab_size=len(PIECES), max_position_embeddings=32, **sizes), False)
    network.half().save_pretrained(folder)
    with_vocabulary(tokenizer, PIECES).save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def config(base: Path, tmp_path: Path) -> AdaptConfig:
    (tmp_path / "zh.txt").write_text("甲乙丙，甲乙丙。甲乙丙丁（甲）\n", encoding="utf-8")
    (tmp_path / "en.txt").write_text("buys to buy\n", encoding="utf-8")
    (tmp_path / "Unihan_Readings.txt").write_text(UNIHAN, encoding="utf-8")
    return AdaptConfig(
        base=str(base),
        cache=str(tmp_path / "cache"),
        text=(str(tmp_path / "zh.txt"), str(tmp_path / "en.txt")),
        glosses=str(tmp_path / "Unihan_Readings.txt"),
        piece_count=1,
        character_count=2,
        markers=2,
        marks={"，": ",", "。": ".", "《": "“"},
    )


def vectors(folder: str | Path) -> tuple[Tokenizer, Vectors]:
    return base_tokenizer(str(folder)), base_network(str(folder)).get_input_embeddings().weight.detach().numpy()


def test_pieces_are_those_the_text_needs(config: AdaptConfig, tmp_path: Path) -> None:
    lines: list[str] = []
    vocabulary = adapt(config, tmp_path / "out", say=lines.append)
    assert vocabulary.markers == ("[unused1]", "[unused2]")
    # "sells" occurs nowhere; single ASCII characters stay, occurring or not.
    assert vocabulary.kept == (*"abuyto.,()", "##u", "##y", "##o", "buys")
    assert vocabulary.marks == ("，", "。", "《")
    # By count, then code point; 丁 occurs once.
    assert vocabulary.characters == ("甲", "丙", "乙")
    assert (tmp_path / "out" / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1] == list(vocabulary.pieces)
    assert lines[-1].endswith("14 kept of 21, 3 marks, 3 characters (1 with a gloss)")


def test_vectors_are_kept_or_made_from_the_gloss(config: AdaptConfig, tmp_path: Path) -> None:
    vocabulary = adapt(config, tmp_path / "out")
    (before, old), (after, new) = vectors(config.base), vectors(tmp_path / "out")
    assert len(new) == after.get_vocab_size() == len(vocabulary.pieces)

    def was(*names: str) -> Vectors:
        return old[[before.token_to_id(name) for name in names]].mean(0)

    expected = {piece: was(piece) for piece in (*vocabulary.kept, "丙", "[MASK]")}
    # 甲 is glossed "to buy", 乙 only with an aside; the base has no piece for 《 to start from.
    mean = was(*vocabulary.kept)
    expected |= {"甲": was("t", "##o", "b", "##u", "##y"), "，": was(","), "。": was(".")}
    expected |= {"乙": mean, "《": mean, "[unused1]": mean}
    for piece, vector in expected.items():
        np.testing.assert_allclose(new[after.token_to_id(piece)], vector, atol=1e-4, err_msg=piece)


def test_the_rest_of_the_network_stays(config: AdaptConfig, tmp_path: Path) -> None:
    adapt(config, tmp_path / "out")
    old, new = base_network(config.base).state_dict(), base_network(str(tmp_path / "out")).state_dict()
    for name in set(old) - {"embeddings.word_embeddings.weight"}:
        assert torch.equal(old[name], new[name]), name


@pytest.mark.parametrize(
    ("text", "pieces"),
    [("丙，甲", ["[CLS]", "丙", "，", "甲", "[SEP]"]), ("Buys to丁", ["[CLS]", "buys", "t", "##o", "[UNK]", "[SEP]"])],
)
def test_the_tokenizer_reads_both_languages(config: AdaptConfig, tmp_path: Path, text: str, pieces: list[str]) -> None:
    adapt(config, tmp_path / "out")
    assert base_tokenizer(str(tmp_path / "out")).encode(text).tokens == pieces


def test_without_glosses_characters_start_from_the_mean(config: AdaptConfig, tmp_path: Path) -> None:
    vocabulary = adapt(config.model_copy(update={"glosses": ""}), tmp_path / "out")
    (before, old), (after, new) = vectors(config.base), vectors(tmp_path / "out")
    mean = old[[before.token_to_id(name) for name in vocabulary.kept]].mean(0)
    np.testing.assert_allclose(new[after.token_to_id("甲")], mean, atol=1e-4)


def test_glosses_are_words_without_asides(tmp_path: Path) -> None:
    (tmp_path / "unihan.txt").write_text(UNIHAN + "U+20000\tkDefinition\tto well-wish; 3rd\n", encoding="utf-8")
    assert read_glosses(tmp_path / "unihan.txt") == {"甲": "to buy", "乙": "", "\U00020000": "to well wish rd"}


@pytest.mark.parametrize("content", ["", "U+7532\tkMandarin\tjiǎ\n"])
def test_a_file_without_glosses_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "unihan.txt").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"unihan\.txt: expected lines 'U\+4E00<tab>kDefinition<tab>one', got none"):
        read_glosses(tmp_path / "unihan.txt")
    with pytest.raises(DataError, match=r"none\.txt: expected a Unihan_Readings\.txt, got: .*No such file"):
        read_glosses(tmp_path / "none.txt")


def test_a_tokenizer_of_another_kind_is_refused(tokenizer: Tokenizer) -> None:
    from tokenizers import models

    with pytest.raises(ModelError, match="expected a WordPiece tokenizer, got WordLevel"):
        with_vocabulary(Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]")), PIECES)


def test_a_base_without_bert_tokens_is_refused(config: AdaptConfig, tmp_path: Path) -> None:
    from tokenizers import models

    Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]")).save(str(tmp_path / "tokenizer.json"))
    with pytest.raises(ModelError, match=r"got one without \['\[PAD\]', '\[CLS\]', '\[SEP\]', '\[MASK\]'\]"):
        adapt(config.model_copy(update={"base": str(tmp_path)}), tmp_path / "out")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("character_count = 0", r"adapt\.toml: character_count: .*greater than 0, got 0"),
        ("charcter_count = 8", r"adapt\.toml: character_count: Field required"),
        ("character_count = 8\nglos = 1", r"adapt\.toml: glos: Extra inputs"),
    ],
)
def test_a_wrong_config_names_the_key(tmp_path: Path, line: str, message: str) -> None:
    text = config_path("adapt.toml").read_text(encoding="utf-8")
    (tmp_path / "adapt.toml").write_text(text.replace("character_count = 8 ", f"{line}\n#"), encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_adapt_config(tmp_path / "adapt.toml")


def test_the_command_adapts_and_says_where(config: AdaptConfig, tmp_path: Path) -> None:
    lines = [f"{key} = {value!r}" for key, value in config.model_dump(exclude={"text", "marks"}).items()]
    marks = ", ".join(f'"{mark}" = "{piece}"' for mark, piece in config.marks.items())
    lines += [f"text = {list(config.text)}", f"marks = {{ {marks} }}"]
    (tmp_path / "adapt.toml").write_text("\n".join(lines), encoding="utf-8")
    result = CliRunner().invoke(app, ["encoder", "adapt", str(tmp_path / "adapt.toml"), "-o", str(tmp_path / "out")])
    assert result.exit_code == 0, result.output
    assert f"encoder: {tmp_path / 'out'}" in result.output
    assert (tmp_path / "out" / "model.safetensors").is_file()


def test_the_shipped_config_is_valid() -> None:
    assert load_adapt_config(config_path("adapt.toml")).markers == 99
