"""Files of every format become articles, and broken ones errors."""

from __future__ import annotations

import gzip
import io
import json
import time
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from quintuple.events import Article, ArticleError, DecodingError, FormatError
from quintuple.preprocess import make_article, read_bytes, read_path
from quintuple.preprocess.formats import READERS
from quintuple.preprocess.pdf import join_lines
from quintuple.settings import PreprocessSettings, load_settings

ENGLISH = "Alpha Holdings cut its stake in Beta Software. Shares fell."
CHINESE = "晨星电子公告，拟减持远山软件。交易尚待批准。"


def articles(data: bytes, suffix: str, settings: PreprocessSettings, **options: str) -> list[Article]:
    found = list(read_bytes(data, suffix=suffix, id="a", path=None, settings=settings, **options))  # type: ignore[arg-type]
    assert all(isinstance(item, Article) for item in found), found
    return [item for item in found if isinstance(item, Article)]


def error(data: bytes, suffix: str, settings: PreprocessSettings) -> ArticleError:
    (found,) = read_bytes(data, suffix=suffix, id="a", path=f"a{suffix}", settings=settings)
    assert isinstance(found, ArticleError)
    return found


def pdf(*pages: list[str], font: str = "Helvetica") -> bytes:
    if font == "STSong-Light":
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    file = io.BytesIO()
    canvas = Canvas(file)
    for page in pages:
        canvas.setFont(font, 12)
        for number, line in enumerate(page):
            canvas.drawString(50, 780 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def word() -> bytes:
    file = docx.Document()
    file.core_properties.title = "Alpha cuts stake"
    file.add_paragraph(ENGLISH)
    table = file.add_table(2, 2)
    for cell, text in zip(table._cells, ["Company", "Stake", "Beta", "18.7%"], strict=True):
        cell.text = text
    file.add_paragraph(CHINESE)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_plain_strings(text: str, language: str, settings: PreprocessSettings) -> None:
    article = make_article(text, id="x", settings=settings, title="t", published="2022/1/10")
    assert (article.text, article.language, article.published, article.title) == (text, language, "2022-01-10", "t")
    assert len(article.sentences) == 2


def test_empty_string_has_no_sentences(settings: PreprocessSettings) -> None:
    assert make_article("", id="x", settings=settings).sentences == ()


def test_language_can_be_set() -> None:
    chosen = load_settings(overrides={"preprocess.language": "zh"}).preprocess
    assert make_article(ENGLISH, id="x", settings=chosen).language == "zh"
    assert make_article(ENGLISH, id="x", settings=chosen, language="en").language == "en"


def test_half_characters_become_writable(settings: PreprocessSettings) -> None:
    (article,) = articles(rb'{"text": "Alpha \ud83d bought Beta.", "title": "\udc00"}', ".json", settings)
    assert (article.text, article.title) == ("Alpha \ufffd bought Beta.", "\ufffd")


@pytest.mark.parametrize("given_day", ["soon", "2022-13-40"])
def test_a_wrong_day_is_named(given_day: str, settings: PreprocessSettings) -> None:
    with pytest.raises(FormatError, match="x: published: expected a date such as 2022-01-10, got"):
        make_article(ENGLISH, id="x", settings=settings, published=given_day)


@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_front_matter_is_hidden(suffix: str, settings: PreprocessSettings) -> None:
    head = '---\r\ntitle: "Alpha cuts stake"\r\ndate: 2022-01-10\r\ntags:\r\n  - a\r\n---\r\n'
    (article,) = articles((head + ENGLISH).encode(), suffix, settings)
    assert (article.title, article.published, article.text) == ("Alpha cuts stake", "2022-01-10", head + ENGLISH)
    assert article.hidden == ((0, len(head) - 2),)


def test_rules_around_a_sentence_are_no_front_matter(settings: PreprocessSettings) -> None:
    (article,) = articles(f"---\n{ENGLISH}\n---\n{CHINESE}".encode(), ".txt", settings)
    assert article.hidden == ()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_gzip_and_encodings(encoding: str, settings: PreprocessSettings) -> None:
    (article,) = articles(gzip.compress(CHINESE.encode(encoding), mtime=0), ".txt.gz", settings)
    assert article.text == CHINESE


def test_record_with_fields(settings: PreprocessSettings) -> None:
    record = {"text": "", "content": CHINESE, "headline": "减持", "publish_time": 1641772800000, "id": 7}
    (article,) = articles(json.dumps(record).encode(), ".json", settings)
    assert (article.id, article.text, article.title, article.published) == ("7", CHINESE, "减持", "2022-01-10")


@pytest.mark.parametrize("wrap", ["{}", '{{"data": {}}}', '{{"articles": {}}}'])
def test_lists_of_records(wrap: str, settings: PreprocessSettings) -> None:
    records = json.dumps([{"text": ENGLISH}, {"body": CHINESE, "url": "u"}, {"text": ENGLISH}])
    assert [article.id for article in articles(wrap.format(records).encode(), ".json", settings)] == ["a#1", "u", "a#3"]


def test_broken_records_cost_only_themselves(settings: PreprocessSettings) -> None:
    lines = [json.dumps({"text": ENGLISH}), '{"text": ', "", "[1]", '{"text": 5}', '{"no": "text"}']
    data = (
        "\n".join([*lines, json.dumps({"text": CHINESE, "id": "z"}, ensure_ascii=False)]).encode()
        + b'\n{"text": "\xe6\x99"}\n'
    )
    found = list(read_bytes(data, suffix=".jsonl", id="a", path="d/a.jsonl", settings=settings))
    assert [item.id for item in found if isinstance(item, Article)] == ["a#1", "z"]
    messages = [str(item) for item in found if isinstance(item, ArticleError)]
    assert messages[0].startswith("d/a.jsonl:2: expected JSON, got: Expecting value")
    assert messages[1] == "d/a.jsonl:4: expected an object with a field text or content or body, got [1]"
    assert messages[2] == "d/a.jsonl:5: expected text in a field text or content or body, got 5"
    assert messages[3] == "d/a.jsonl:6: expected text in a field text or content or body, got the fields no"
    assert messages[4].startswith("d/a.jsonl:8: ")
    assert len(messages) == 5


def test_a_single_line_keeps_the_name_of_its_file(settings: PreprocessSettings) -> None:
    assert articles(json.dumps({"text": ENGLISH}).encode() + b"\n", ".jsonl", settings)[0].id == "a"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_web_page(encoding: str, settings: PreprocessSettings) -> None:
    paragraphs = "".join(f"<p>{CHINESE}第{number}段，公司将继续披露进展情况。</p>" for number in range(12))
    page = (
        f'<html><head><meta charset="{encoding}"><title>晨星减持远山</title>'
        '<meta property="article:published_time" content="2022-01-10T08:00:00+08:00"></head>'
        f"<body><nav><a href='/'>首页导航</a></nav><article><h1>晨星减持远山</h1>{paragraphs}</article>"
        "<script>var x;</script></body></html>"
    )
    (article,) = articles(page.encode(encoding), ".html", settings)
    assert (article.title, article.published) == ("晨星减持远山", "2022-01-10")
    assert article.text.count(CHINESE) == 12
    assert "首页导航" not in article.text


@pytest.mark.parametrize("page", ["<p>{}</p><p>{}</p>", "<title>t</title><body><nav>Home</nav><div>{}<br>{}</body>"])
def test_fragments_fall_back_to_all_text(page: str, settings: PreprocessSettings) -> None:
    (article,) = articles(page.format(ENGLISH, CHINESE).encode(), ".htm", settings)
    assert article.text == f"{ENGLISH}\n\n{CHINESE}"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("Alpha bought\nBeta", "Alpha bought Beta"),
        ("<p>Alpha <b>bought</b>\nBeta<i>\ntoday</i></p><p>x</p>", "Alpha bought Beta today\n\nx"),
    ],
)
def test_line_breaks_of_the_source_are_no_paragraphs(page: str, text: str, settings: PreprocessSettings) -> None:
    assert articles(page.encode(), ".html", settings)[0].text == text


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<", "</a ", "<div>x", "<meta charset="])
def test_broken_markup_takes_linear_time(piece: str, settings: PreprocessSettings) -> None:
    start = time.perf_counter()
    list(read_bytes((piece * 10_000).encode(), suffix=".html", id="a", path=None, settings=settings))
    assert time.perf_counter() - start < 5


def test_word_file(settings: PreprocessSettings) -> None:
    (article,) = articles(word(), ".docx", settings)
    assert article.text == f"{ENGLISH}\n\nCompany\tStake\nBeta\t18.7%\n\n{CHINESE}"
    assert (article.title, article.published) == ("Alpha cuts stake", None)


@pytest.mark.parametrize(("text", "font"), [(ENGLISH, "Helvetica"), (CHINESE, "STSong-Light")])
def test_pdf(text: str, font: str, settings: PreprocessSettings) -> None:
    cut = text.index("Beta") if font == "Helvetica" else 13
    (article,) = articles(pdf([text[:cut].strip(), text[cut:]], font=font), ".pdf", settings)
    assert article.text == text


def test_lines_of_pages_are_joined() -> None:
    pages = [
        ["Morning Wire 1", "Alpha Holdings said its acquisi-", "tion of Beta, a long-", "term plan, was done and", "1"],
        [
            "Morning Wire 2",
            "that the acquisition had closed.",
            "晨星电子公告，公司拟以自有资金收购",
            "远山软件。",
            "- 2 -",
        ],
        ["Morning Wire 3", "• first point", "• second point", "Page 3 of 3"],
    ]
    assert join_lines(["\n".join(page) for page in pages]).split("\n\n") == [
        "Alpha Holdings said its acquisition of Beta, a long-term plan, was done and that the acquisition had closed.",
        "晨星电子公告，公司拟以自有资金收购远山软件。",
        "• first point",
        "• second point",
    ]


def test_broken_pdfs(settings: PreprocessSettings, capfd: pytest.CaptureFixture[str]) -> None:
    whole = pdf([ENGLISH])
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(whole)))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    assert "expected an open PDF, got one encrypted with a password" in str(error(locked.getvalue(), ".pdf", settings))
    assert str(error(whole[:300], ".pdf", settings)).startswith("a.pdf: expected a PDF, got: ")
    assert "got pages without any (a scan?)" in str(error(pdf([]), ".pdf", settings))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("data", "suffix", "message"),
    [
        (b"", ".txt", "a.txt: expected text, got an empty file"),
        (b" \n", ".txt", "a.txt: expected text, got white space only"),
        (b"text", ".xyz", "a.xyz: expected one of the suffixes"),
        (b"text", ".txt.gz", "a.txt.gz: expected gzip, got: Not a gzipped file"),
        (gzip.compress(b"text" * 99, mtime=0)[:20], ".txt.gz", "a.txt.gz: expected gzip, got"),
        (b"[]", ".json", "a.json: expected at least one record"),
        (b"[" * 100_000, ".json", "a.json: expected JSON, got"),
        (b"9" * 5000, ".json", "a.json: expected JSON, got"),
        (b"<html><body></body></html>", ".html", "a.html: expected a page with text"),
        (b"PK\x03\x04", ".docx", "a.docx: expected a DOCX file, got"),
    ],
)
def test_bad_inputs_give_one_error(data: bytes, suffix: str, message: str, settings: PreprocessSettings) -> None:
    assert str(error(data, suffix, settings)).startswith(message)


@pytest.mark.parametrize("suffix", [".txt", ".txt.gz", ".docx"])
def test_large_inputs_are_refused(suffix: str) -> None:
    small = load_settings(overrides={"preprocess.max_bytes": 40_000}).preprocess
    bomb = {".txt": b"a" * 40_001, ".txt.gz": gzip.compress(b"a" * 10_000_000, mtime=0), ".docx": word()}[suffix]
    assert "(max_bytes)" in str(error(bomb, suffix, small))


def test_ids_and_paths(tmp_path: Path, settings: PreprocessSettings) -> None:
    file = tmp_path / "news" / "v1.2.TXT.GZ"
    file.parent.mkdir()
    file.write_bytes(gzip.compress(ENGLISH.encode(), mtime=0))
    (inside,) = read_path(file, settings=settings, root=tmp_path)
    (alone,) = read_path(file, settings=settings)
    assert isinstance(inside, Article)
    assert isinstance(alone, Article)
    assert (inside.id, alone.id, inside.path) == ("news/v1.2", "v1.2", file.as_posix())


def test_files_that_cannot_be_read(tmp_path: Path, settings: PreprocessSettings) -> None:
    (tmp_path / "b.txt").write_bytes(b"\0\1")
    (tmp_path / "folder.txt").mkdir()
    found = [
        error
        for name in ("none.txt", "folder.txt", "b.txt", "c.xyz")
        for error in read_path(tmp_path / name, settings=settings)
    ]
    assert [type(error) for error in found] == [ArticleError, ArticleError, DecodingError, FormatError]
    assert all(str(tmp_path.as_posix()) in str(error) for error in found)


def test_the_argument_goes_before_the_file(settings: PreprocessSettings) -> None:
    data = json.dumps({"text": "发布时间：2021-05-05\n正文。", "date": "2022-02-02"}).encode()
    assert articles(data, ".json", settings)[0].published == "2022-02-02"
    assert articles(data, ".json", settings, published="2023-03-03")[0].published == "2023-03-03"


@pytest.mark.parametrize("suffix", sorted(READERS))
@hypothesis_settings(deadline=None, max_examples=25)
@given(data=st.binary(max_size=300), text=st.text(max_size=100))
def test_nothing_raises_on_any_bytes(suffix: str, data: bytes, text: str) -> None:
    options = load_settings().preprocess
    heads = {".pdf": b"%PDF-1.7\n", ".docx": b"PK\x03\x04", ".json": b'{"text": "', ".html": b"<html><body><p>"}
    for body in (data, text.encode(), heads.get(suffix, b"") + data):
        packed = gzip.compress(body, mtime=0) if suffix.endswith(".gz") else body
        for found in read_bytes(packed, suffix=suffix, id="a", path=None, settings=options):
            assert isinstance(found, Article | ArticleError)
            if isinstance(found, Article):
                found.text.encode()


def test_an_article_is_read_in_milliseconds(settings: PreprocessSettings) -> None:
    data = (CHINESE * 90).encode()
    articles(data, ".txt", settings)
    start = time.perf_counter()
    for _ in range(10):
        articles(data, ".txt", settings)
    assert (time.perf_counter() - start) / 10 < 0.05
