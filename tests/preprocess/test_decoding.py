"""Bytes become the text that was meant, or an error; never nonsense."""

from __future__ import annotations

import codecs

import pytest

from quintuple.events import ArticleError
from quintuple.preprocess.decoding import decode


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "gb18030"])
@pytest.mark.parametrize("text", ["simplified", "traditional", "english"])
def test_unicode_encodings_round_trip(text: str, encoding: str, request: pytest.FixtureRequest) -> None:
    expected = request.getfixturevalue(text)
    if encoding == "gb18030" and text == "english":
        expected = expected.replace("é", "e")  # one accent makes a rare pair that only a declaration could explain
    assert decode(expected.encode(encoding), where="a") == expected


@pytest.mark.parametrize(("text", "encoding"), [("simplified", "gbk"), ("traditional", "big5"), ("english", "cp1252")])
def test_national_encodings_round_trip(text: str, encoding: str, request: pytest.FixtureRequest) -> None:
    expected = request.getfixturevalue(text)
    assert decode(expected.encode(encoding), where="a") == expected


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_every_sentence_of_a_few_characters_is_told_apart(encoding: str, simplified: str, traditional: str) -> None:
    text = simplified if encoding == "gb18030" else traditional
    pieces = [text[start : start + 8] for start in range(0, len(text) - 8, 8)]
    assert [decode(piece.encode(encoding), where="a") for piece in pieces] == pieces


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("公司公告", "gb18030"),
        ("公司公告", "big5"),
        ("减持5%股权", "gb18030"),
        ("減持5%股權", "big5"),
        ("Alpha Corp 收购 Beta", "gb18030"),
        ("Alpha Corp 收購 Beta", "big5"),
        ("第一行\r\n第二行\r\n", "gb18030"),
    ],
)
def test_short_chinese_texts(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), where="a") == text


@pytest.mark.parametrize(
    "text",
    [
        "Société Générale a réduit sa participation dans la société à 5,2 %.",
        "The “smart” quotes – and a dash – of Alpha’s £5 million deal",
        "Müller und Söhne übernehmen die Mehrheit an der Größe AG.",
    ],
)
def test_western_text_is_not_taken_for_chinese(text: str) -> None:
    assert decode(text.encode("cp1252"), where="a") == text


def test_big5_bytes_that_gb18030_accepts_too(traditional: str) -> None:
    data = traditional.encode("big5")
    assert data.decode("gb18030") != traditional  # no error: only the characters tell
    assert decode(data, where="a") == traditional


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("gb2312", "gb18030", "收购"),
        ("big5", "big5", "收購"),
        ("utf-8", "utf-8", "收购"),
        ("iso-8859-1", "utf-8", "收购"),
    ],
)
def test_declared_encoding_of_markup(declared: str, encoding: str, text: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body>{text}</body></html>'
    assert decode(page.encode(encoding), where="a", markup=True) == page


@pytest.mark.parametrize("declared", ["utf-16", "rot13", "unicode_escape", "no-such-code", "base64"])
def test_impossible_declarations_are_ignored(declared: str) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>收购 \\u0041'
    assert decode(page.encode(), where="a", markup=True) == page


def test_declaration_wins_where_the_text_is_too_short_to_tell() -> None:
    page = "<?xml version='1.0' encoding='gbk'?><p>鑫</p>"
    assert decode(page.encode("gbk"), where="a", markup=True) == page


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04\x00\x00", "x.txt: expected text, got a ZIP archive or an Office file"),
        (b"a\0b", "x.txt: expected text, got binary content .*NUL byte at 1"),
        (b"\x01\x02\x03\x04\x05 text", "x.txt: expected text, got binary content .*control characters"),
        (codecs.BOM_UTF16_LE + b"a", "x.txt: expected utf-16 as the byte order mark says"),
        (codecs.BOM_UTF16_LE + b"a\0\0\0", "x.txt: expected text, got binary content .*NUL character at 1"),
        ("公司拟收购股权".encode()[:-1], "x.txt: expected UTF-8, got: unexpected end of data at byte 18"),
        ("Alpha’s deal".encode() + b" \x92 closed", "x.txt: expected UTF-8, got: invalid start byte at byte 15"),
        (bytes(range(0x80, 0xA0)) * 4, "x.txt: expected text in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(ArticleError, match=message):
        decode(data, where="x.txt")


def test_line_ends_are_kept() -> None:
    assert decode(b"a\r\nb\rc\n", where="a") == "a\r\nb\rc\n"
