"""Tokens, windows and the layout of both passes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from quintuple.classify.encode import Tokens, first_pass, second_pass, tokenize, windows
from quintuple.events import Article, Sentence, TaggedSpan


def article(*sentences: str) -> Article:
    text, spans = "", []
    for sentence in sentences:
        spans.append(Sentence(len(text), len(text) + len(sentence), "en"))
        text += sentence + " "
    return Article("a", text, "en", tuple(spans))


def marked(tokenizer: Tokenizer) -> Tokenizer:
    copy = Tokenizer.from_str(tokenizer.to_str())
    copy.add_special_tokens(["<acquire>", "</acquire>"])
    return copy


def test_offsets_are_code_points_of_the_original(tokenizer: Tokenizer) -> None:
    source = article("騰訊😀減持２１．３％", "Ünïon")
    tokens = tokenize(source, tokenizer)
    pieces = [source.text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    assert pieces[:5] == ["騰", "訊", "😀", "減", "持"]
    assert "".join(pieces) == source.text.replace(" ", "")


@given(st.lists(st.text(alphabet="ab1 甲乙。，é$\n", min_size=1, max_size=12), max_size=12))
def test_a_long_text_is_cut_where_no_token_is(sentences: list[str]) -> None:
    source, own = article(*sentences), _tokenizer()
    whole = tokenize(source, own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("quintuple.classify.encode._SLICE", 5)
        sliced = tokenize(source, own)
    for name in ("ids", "starts", "ends", "continues"):
        assert getattr(sliced, name).tolist() == getattr(whole, name).tolist()
    assert sliced.sentences == whole.sentences


def _tokenizer() -> Tokenizer:
    pieces = ["[UNK]", *"ab1e甲乙。，$", "##a", "##b", "##1", "##e", "##$"]
    made = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


def test_letters_of_one_word_are_glued_and_chinese_characters_are_not(tokenizer: Tokenizer) -> None:
    tokens = tokenize(article("cut 3.5 减持"), tokenizer)
    assert tokens.continues.tolist() == [False, True, True, False, False, False, False, False]


def fake(*lengths: int) -> Tokens:
    ends = np.cumsum(lengths)
    count = int(ends[-1])
    index = np.arange(count, dtype=np.int32)
    sentences = tuple((int(end - length), int(end)) for end, length in zip(ends, lengths, strict=True))
    return Tokens(index, index, index + 1, np.zeros(count, dtype=bool), sentences)


@pytest.mark.parametrize(
    ("lengths", "expected"),
    [
        ((3, 4, 5), [(0, 7), (7, 12)]),
        ((10,), [(0, 10)]),
        ((10, 10), [(0, 10), (10, 20)]),
        ((4, 14, 3), [(0, 4), (4, 14), (9, 18), (18, 21)]),
    ],
)
def test_windows(lengths: tuple[int, ...], expected: list[tuple[int, int]]) -> None:
    assert list(windows(fake(*lengths), limit=10)) == expected


@given(st.lists(st.integers(1, 60), min_size=1, max_size=20), st.integers(9, 40))
def test_windows_cover_every_token_and_cut_only_long_sentences(lengths: list[int], limit: int) -> None:
    tokens = fake(*lengths)
    found = list(windows(tokens, limit=limit))
    assert set().union(*(range(*window) for window in found)) == set(range(sum(lengths)))
    assert all(0 < stop - begin <= limit for begin, stop in found)
    for first, last in tokens.sentences:
        if last - first <= limit and all(b - a <= limit for a, b in tokens.sentences):
            assert any(begin <= first and last <= stop for begin, stop in found)


def test_first_pass_frames_the_window(tokenizer: Tokenizer) -> None:
    tokens = tokenize(article("abc", "de"), tokenizer)
    piece = first_pass(tokens, (3, 5), tokenizer)
    assert [tokenizer.id_to_token(int(number)) for number in piece.ids] == ["[CLS]", "d", "##e", "[SEP]"]
    assert piece.tokens.tolist() == [-1, 3, 4, -1]


def test_second_pass_marks_the_trigger_and_keeps_its_context(tokenizer: Tokenizer) -> None:
    tokens = tokenize(article("甲公司收购乙公司"), tokenizer)
    piece = second_pass(tokens, TaggedSpan(3, 5, "acquire", 1.0), marked(tokenizer), context=2)
    shown = [marked(tokenizer).id_to_token(int(number)) for number in piece.ids]
    assert shown == ["[CLS]", "公", "司", "<acquire>", "收", "购", "</acquire>", "乙", "公", "[SEP]"]
    assert piece.tokens.tolist() == [-1, 1, 2, -1, 3, 4, -1, 5, 6, -1]


def test_second_pass_reads_the_sentence_of_the_trigger_and_two_before_it(tokenizer: Tokenizer) -> None:
    tokens = tokenize(article("甲。", "乙。", "丙。", "丁收购戊。", "己。"), tokenizer)
    start = len("甲。 乙。 丙。 丁")
    piece = second_pass(tokens, TaggedSpan(start, start + 2, "acquire", 1.0), marked(tokenizer), context=96)
    shown = "".join(marked(tokenizer).id_to_token(int(number)) for number in piece.ids)
    assert shown == "[CLS]乙。丙。丁<acquire>收购</acquire>戊。[SEP]"


def test_second_pass_reads_every_sentence_that_a_trigger_reaches_into(tokenizer: Tokenizer) -> None:
    tokens = tokenize(article("甲收", "购乙", "丙"), tokenizer)
    piece = second_pass(tokens, TaggedSpan(1, 4, "acquire", 1.0), marked(tokenizer), context=96)
    assert "".join(marked(tokenizer).id_to_token(int(number)) for number in piece.ids) == (
        "[CLS]甲<acquire>收购</acquire>乙[SEP]"
    )


def test_second_pass_reads_on_both_sides_where_there_are_no_sentences(tokenizer: Tokenizer) -> None:
    tokens = tokenize(replace(article("甲收购乙"), sentences=()), tokenizer)
    piece = second_pass(tokens, TaggedSpan(1, 3, "acquire", 1.0), marked(tokenizer), context=96)
    assert piece.tokens.tolist() == [-1, 0, -1, 1, 2, -1, 3, -1]
