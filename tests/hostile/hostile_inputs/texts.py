"""Text, in encodings right and wrong, and packed."""

from __future__ import annotations

import gzip
import random

from hostile_inputs.cases import CHINESE, ENGLISH, Case, bad, good

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64)
#: A PDF all in ASCII, which is text as far as its bytes go.
ASCII_PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" + ENGLISH.encode()
_OVERLONG = b"Tencent cut its stake in \xe0\x80\xafSea\xe0\x80\xaf and \xc0\xaf\xc0\xae."


def cases(limit: int) -> list[Case]:
    """Return the cases; inputs of more than ``limit`` bytes are refused."""
    return [*_read(), *_empty(), *_undecodable(), *_misnamed(), *_packed(limit)]


def _read() -> list[Case]:
    spread = "\u200b".join(ENGLISH.split(" "))
    return [
        good("plain-en.txt", ENGLISH.encode()),
        good("plain-zh.md", CHINESE.encode(), "腾讯"),
        good("gb18030.txt", CHINESE.encode("gb18030"), "腾讯"),
        good("mark-utf8.txt", ENGLISH.encode("utf-8-sig")),
        good("mark-utf16.txt", CHINESE.encode("utf-16"), "腾讯"),
        good("mark-utf32.txt", CHINESE.encode("utf-32"), "腾讯"),
        good("line-ends.txt", f"{ENGLISH}\r{ENGLISH}\r\n{ENGLISH}\u2028{ENGLISH}\x0b{ENGLISH}\x85".encode()),
        good("zero-width.txt", f"{spread}\n{ENGLISH}".encode(), "\u200b"),
        good("bidi.txt", f"\u202e{ENGLISH}\u202c\u2066{CHINESE}\u2069".encode(), "\u202e"),
        good("combining.txt", (ENGLISH + " " + "".join(char + "\u0335\u0489" * 40 for char in ENGLISH)).encode()),
        good("astral.txt", f"🚀🚀 {ENGLISH} 𠀀𠀀 {CHINESE}".encode(), "𠀀"),
        good("utf7.txt", f"+ADw-script+AD4- {ENGLISH}".encode(), "+ADw-"),
        good("one-word.txt", b"a" * 300_000 + b" " + ENGLISH.encode()),
        good("one-number.txt", b"7" * 300_000 + b" " + ENGLISH.encode()),
        good("spaces.txt", b" " * 300_000 + ENGLISH.encode()),
        good("empty-lines.txt", b"\n" * 100_000 + ENGLISH.encode()),
        good("false-front-matter.txt", b"---\n" * 200 + ENGLISH.encode()),
    ]


def _empty() -> list[Case]:
    return [
        bad("empty.txt", b"", "expected text, got an empty file"),
        bad("white.txt", " \n\t\u3000\u2028\r\n".encode(), "expected text, got white space only"),
        bad("only-a-mark.txt", b"\xef\xbb\xbf", "expected text, got white space only"),
        bad("only-zero-width.txt", "\u200b\u200d\ufeff\u2060".encode(), "expected text, got punctuation only"),
        bad("only-punctuation.txt", "……！？、。".encode() * 500, "expected text, got punctuation only"),
        bad("only-front-matter.md", b"---\ntitle: Tencent\n---\n", "expected text, got front matter only"),
    ]


def _undecodable() -> list[Case]:
    mixed = CHINESE.encode("gb18030") * 20 + "\n腾讯减持京东股份\n".encode()
    return [
        bad(
            "nul.txt",
            ENGLISH.encode() + b"\0" + ENGLISH.encode(),
            "expected text, got binary content .a NUL byte at 72",
        ),
        bad("controls.txt", bytes(range(1, 32)) * 50, "expected text, got binary content"),
        bad("random.txt", random.Random(1).randbytes(5000), "expected text, got"),
        bad("cut-utf8.txt", CHINESE.encode()[:-1], "expected UTF-8, got: unexpected end of data at byte 6"),
        bad("overlong-utf8.txt", _OVERLONG, "expected UTF-8, got: invalid continuation byte"),
        bad("halves-utf8.txt", b"Tencent \xed\xa0\xbd\xed\xb0\x80", "expected UTF-8, got: invalid continuation byte"),
        bad("mixed-encodings.txt", mixed, "expected one encoding, got UTF-8 in line 2 and another elsewhere"),
        bad("mixed-latin.txt", CHINESE.encode() + "\nSociété".encode("cp1252"), "expected UTF-8, got"),
        bad("unmarked-utf16.txt", CHINESE.encode("utf-16-le"), "expected text, got binary content"),
        bad("unmarked-utf32.txt", ENGLISH.encode("utf-32-be"), "expected text, got binary content"),
        bad("han-utf16.txt", "晨星公告拟减持远山".encode("utf-16-le"), "expected text"),
        bad("odd-utf16.txt", b"\xff\xfe" + b"T\0e", "expected utf-16 as the byte order mark says, got: truncated data"),
        bad(
            "nul-utf16.txt", "Tencent\0Sea".encode("utf-16"), "expected text, got binary content .a NUL character at 7"
        ),
    ]


def _misnamed() -> list[Case]:
    return [
        bad("pdf.txt", ASCII_PDF, "expected text, got a PDF"),
        bad("page.txt", b"\n<!DOCTYPE html><p>" + ENGLISH.encode(), "expected plain text, got HTML or XML"),
        bad("rich.md", rb"{\rtf1\ansi " + ENGLISH.encode() + b"}", "expected text, got RTF"),
        bad("program.txt", b"\x7fELF\x02\x01\x01", "expected text, got a program"),
        bad("image.html", PNG, "expected text, got a PNG image"),
        bad("archive.html", b"PK\x03\x04" + bytes(60), "expected text, got a ZIP archive or an Office file"),
        bad("database.jsonl", b"SQLite format 3\0" + bytes(60), "expected text, got an SQLite database"),
        bad("text.pdf", ENGLISH.encode(), "expected a PDF, got text"),
        bad("web-page.pdf", b"<html><p>" + ENGLISH.encode(), "expected a PDF, got HTML or XML"),
        bad("image.docx", PNG, "expected a DOCX file, got a PNG image"),
        bad("pdf.docx", ASCII_PDF, "expected a DOCX file, got a PDF"),
        bad("text.docx", ENGLISH.encode(), "expected a DOCX file, got text"),
        bad(
            "locked.docx",
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
            "got an old Office file, or one with a password",
        ),
        bad("text.txt.gz", ENGLISH.encode(), "expected gzip, got: Not a gzipped file"),
    ]


def _packed(limit: int) -> list[Case]:
    whole = gzip.compress(ENGLISH.encode(), mtime=0)
    bomb = gzip.compress(bytes(limit * 20), mtime=0)
    return [
        good("packed.txt.gz", whole),
        good("packed-in-pieces.txt.gz", gzip.compress(b"", mtime=0) * 20_000 + whole),
        bad("twice.txt.gz", gzip.compress(whole, mtime=0), "expected text, got gzip"),
        bad("cut.txt.gz", whole[:-9], "expected gzip, got: Compressed file ended"),
        bad("damaged.txt.gz", whole[:-5] + bytes(5), "expected gzip, got: CRC check failed"),
        bad("tail.txt.gz", whole + ENGLISH.encode(), "expected gzip, got: Not a gzipped file"),
        bad("bomb.txt.gz", bomb, r"expected at most \d+ bytes unpacked .max_bytes., got more"),
        bad("bomb-in-bomb.txt.gz", gzip.compress(bomb, mtime=0), "expected text, got gzip"),
        bad("huge.txt", b"a" * (limit + 1), r"expected at most \d+ bytes .max_bytes., got \d+"),
    ]
