"""Sentences tile the text and end where readers say they do."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quintuple.preprocess.sentences import split_sentences

MARKS = list("。！？；…，、：“”「」【】（）()\"'.!?;,\n\r\t \u3000\u2028\ufeff\x1c\0🚀")
WORDS = ["公司", "减持", "said", "Ltd.", "U.S.", "J. ", "No. 5", "21.3%", "\r\n", "\n\n", "e\u0301", "https://a.b/c?d"]
PARTS = st.sampled_from(MARKS + WORDS)


def split(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in split_sentences(text, language="zh")]


def assert_tiles(text: str) -> None:
    end = 0
    for sentence in split_sentences(text, language="zh"):
        assert not text[end : sentence.start].strip()
        assert sentence.end > sentence.start >= end
        piece = text[sentence.start : sentence.end]
        assert piece == piece.strip()
        end = sentence.end
    assert not text[end:].strip()


@settings(deadline=None)
@given(st.lists(PARTS, max_size=60).map("".join))
def test_sentences_tile_business_text(text: str) -> None:
    assert_tiles(text)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_sentences_tile_any_text(text: str) -> None:
    assert_tiles(text)


@pytest.mark.parametrize(
    "sentences",
    [
        ["晨星电子宣布减持远山软件。", "交易尚待批准！", "何时完成？", "未知……", "完。"],
        ["营业收入增长12.5%；", "净利润下降3%。"],
        ["【晨星电子：拟收购远山软件。全部股权】", "晨星电子公告，拟收购远山软件（详见公告。附件一），总价三亿元。"],
        ["他表示：“我们不会减持。”", "随后股价上涨。"],
        ["公司喊出“稳住！别慌！”的口号。", "员工响应。"],
        ["“公司不会出售业务。”陈某表示，目前没有计划。", "会议结束。"],
        ["公告称『交易完成。』", "下一步待定。"],
        ["公司决定收购.", "交易待批?", "是的。"],
        ["晨星持股降至3．5％。", "远山回应。"],
    ],
)
def test_chinese(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["Alpha Holdings Ltd. said it cut its stake in Beta Ltd (BT. N) to 18.7%.", "Shares fell 3.5 pct."],
        ["Mr. Lee of J. P. Marlow joined Alpha Inc. in Jan. 2021.", "He left."],
        ["The U.S. unit of Gamma Corp. was sold.", "It had No. 5 rank."],
        ["Alpha bought Beta Inc.", "The price was not given."],
        ["Profit rose 5 pct.", "Analysts had expected less."],
        ["Will it sell?", "No!", "“We keep it,” she said.", '"We grow."', "Then it ended."],
        ["Yahoo! Inc. sold its stake vs. a plan to hold it.", "3M Co. did not."],
        ["He wrote (see p. 5. of the filing) that it would sell.", "(Reporting by A. Doe.)"],
        ["Visit https://example.com/a.b?c=D.", "The page is new."],
        ["Sales fell to 1,234.5 mln dlrs.", "Costs rose e.g. for oil."],
        ["Wait... what happened at JD.com?", "Nothing."],
        ["1. Alpha buys Beta.", "Then it sells."],
    ],
)
def test_english(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


def test_scripts_may_change_within_a_text() -> None:
    text = "晨星收购远山。Alpha bought Beta. 交易完成。"
    found = split_sentences(text, language="zh")
    assert [sentence.language for sentence in found] == ["zh", "en", "zh"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sentence_without_letters_takes_the_language_of_its_article(language: str) -> None:
    (sentence,) = split_sentences("12.5 %", language=language)  # type: ignore[arg-type]
    assert sentence.language == language


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_headings_lists_and_paragraphs_end_sentences(newline: str) -> None:
    lines = [
        "# Alpha buys Beta",
        "Alpha bought Beta",
        "- first point",
        "- second point",
        "",
        "A [link](http://a.b/c.d)",
    ]
    assert split(newline.join(lines)) == [line for line in lines if line]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_hard_wrapped_english_goes_on(newline: str) -> None:
    text = newline.join(
        [
            "Alpha Holdings said on Tuesday that it would lower the",
            "stake it has held in Beta Software since 2015. The two",
            "Firms will keep working together on cloud services for",
            "banks.",
        ]
    )
    assert [piece.count(newline) for piece in split(text)] == [1, 2]


def test_hard_wrapped_chinese_goes_on() -> None:
    line = "晨星电子董事会今天批准了一项为期三年的股份回购计划"
    text = f"{line}\n{line}\n{line}\n完成。\n下一步待定。"
    assert [piece.count("\n") for piece in split(text)] == [3, 0]


def test_short_lines_are_paragraphs() -> None:
    assert split("晨星减持远山\n晨星电子昨日公告") == ["晨星减持远山", "晨星电子昨日公告"]


@pytest.mark.parametrize(
    "char", ["a", "公", "!", "。", '"', "(", " a", "\n", "'. ", "9.", "……a", "】", "A.", "-", "“。"]
)
def test_long_text_without_sentences_takes_linear_time(char: str) -> None:
    text = char * (120_000 // len(char))
    start = time.perf_counter()
    assert_tiles(text)
    assert time.perf_counter() - start < 5
    assert all(sentence.end - sentence.start <= 2000 for sentence in split_sentences(text, language="en"))


@pytest.mark.parametrize(
    "text",
    [
        "晨星电子公告，拟收购远山软件51%股权，总价不超过三亿元。\n" * 70,
        "Alpha Ltd. bought 51% of Beta Corp. for cash.\n" * 45,
    ],
)
def test_an_article_takes_milliseconds(text: str) -> None:
    split(text)
    start = time.perf_counter()
    for _ in range(10):
        split(text)
    assert (time.perf_counter() - start) / 10 < 0.05
