"""Masking: what may be hidden, that words go whole, and how often."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from quintuple.train.encoder.config import MaskingConfig
from quintuple.train.encoder.masking import Masked, Pieces, mask, word_numbers

NUMERALS = "〇零一二三四五六七八九十百千万亿两"
OPTIONS = MaskingConfig(rate=0.3, extend=(0.6, 0.4), longest=6, hide=0.8, swap=0.1, numerals=NUMERALS)
ALPHABET = [*"abz09,.", "##a", "##1", "甲", "乙", "，", "三", "百", "万", "[SEP]", "[CLS]", "[UNK]", "buys"]


@pytest.fixture(scope="module")
def pieces(tokenizer: Tokenizer) -> Pieces:
    return Pieces.of(tokenizer, numerals=NUMERALS)


def ids_of(tokenizer: Tokenizer, names: list[str]) -> torch.Tensor:
    return torch.tensor([[tokenizer.token_to_id(name) for name in names]])


def masked(ids: torch.Tensor, pieces: Pieces, seed: int = 0, options: MaskingConfig = OPTIONS) -> Masked:
    return mask(ids, pieces, options, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("buys ##a ##a b", [0, 0, 0, 1]),
        ("甲 乙 ， 甲", [0, 1, 2, 3]),
        ("甲 三 百 万 乙", [0, 1, 1, 1, 2]),
        ("1 ##2 . 5 万 甲", [0, 0, 0, 0, 0, 1]),
        ("1 , 0 ##0 a", [0, 0, 0, 0, 1]),
        ("a , 0", [0, 1, 2]),
        ("0 . a", [0, 1, 2]),
        ("三 , 百", [0, 1, 2]),
        ("[CLS] ##a ##b [SEP] ##1", [0, 1, 1, 2, 3]),
    ],
)
def test_a_word_or_number_is_one_unit(tokenizer: Tokenizer, pieces: Pieces, names: str, words: list[int]) -> None:
    assert word_numbers(ids_of(tokenizer, names.split()), pieces).tolist() == [words]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=40), st.integers(0, 1000))
def test_words_are_hidden_whole_and_special_tokens_never(
    tokenizer: Tokenizer, pieces: Pieces, names: list[str], seed: int
) -> None:
    ids = ids_of(tokenizer, names)
    result = masked(ids, pieces, seed)
    words, chosen = word_numbers(ids, pieces)[0].tolist(), result.chosen[0].tolist()
    for word in set(words):
        own = {chosen[place] for place, number in enumerate(words) if number == word}
        assert len(own) == 1
        if words.count(word) > OPTIONS.longest:
            assert own == {False}
    assert not (result.chosen & ~pieces.ordinary[ids]).any()
    assert torch.equal(result.inputs[~result.chosen], ids[~result.chosen])
    assert pieces.ordinary[result.inputs[result.chosen & (result.inputs != pieces.mask_id)]].all()


def test_the_shares_are_those_of_the_options(tokenizer: Tokenizer, pieces: Pieces) -> None:
    ids = ids_of(tokenizer, ["甲", "乙", "a", "b"] * 32).repeat(200, 1)
    options = OPTIONS.model_copy(update={"rate": 0.105})
    result = masked(ids, pieces, options=options)
    # Starts, second and third words, less where runs meet: 1 - (1 - .105)(1 - .063)(1 - .0252).
    assert result.chosen.float().mean().item() == pytest.approx(0.182, abs=0.01)
    hidden = (result.inputs == pieces.mask_id).sum() / result.chosen.sum()
    changed = ((result.inputs != ids) & (result.inputs != pieces.mask_id)).sum() / result.chosen.sum()
    assert (hidden.item(), changed.item()) == (pytest.approx(0.8, abs=0.02), pytest.approx(0.1, abs=0.02))


def test_the_same_seed_hides_the_same_and_another_does_not(tokenizer: Tokenizer, pieces: Pieces) -> None:
    ids = ids_of(tokenizer, ["甲", "乙", "buys", "a"] * 16)
    assert torch.equal(masked(ids, pieces, 3).inputs, masked(ids, pieces, 3).inputs)
    assert not torch.equal(masked(ids, pieces, 3).inputs, masked(ids, pieces, 4).inputs)
