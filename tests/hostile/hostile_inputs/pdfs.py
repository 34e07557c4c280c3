"""PDF: damaged, cyclic, encrypted, and with promises it does not keep."""

from __future__ import annotations

import io
import zlib

from pypdf import PdfReader, PdfWriter

from hostile_inputs.cases import ENGLISH, Case, bad, good

_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_TEXT = b"BT /F1 12 Tf 50 700 Td (%s) Tj ET" % ENGLISH.encode()
_CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
_RESOURCES = b"<< /Font << /F1 4 0 R >> >>"


def cases() -> list[Case]:
    """Return the cases."""
    return [*_read(), *_broken(), *_large()]


def pdf(*objects: bytes, more: bytes = b"") -> bytes:
    """Return a PDF of some objects, numbered from 1; the first is the catalog."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out) + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        more,
        start,
    )


def page(content: bytes = _TEXT, *, kids: bytes = b"[3 0 R]", count: bytes = b"1", font: bytes = _FONT) -> list[bytes]:
    """Return the objects of a PDF with one page."""
    leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 5 0 R /Resources %s >>" % _RESOURCES
    return [_CATALOG, b"<< /Type /Pages /Kids %s /Count %s >>" % (kids, count), leaf, font, _stream(content)]


def encrypted(user: str, owner: str, algorithm: str) -> bytes:
    """Return a PDF encrypted with a password for users and one for its owner."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(*page()))))
    writer.encrypt(user, owner, algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _read() -> list[Case]:
    start = pdf(*page())
    loop = start.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % start.rindex(b"xref\n0"))
    script = b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.launchURL('http://x')) >> >>"
    return [
        good("whole.pdf", start),
        good("owner-rc4.pdf", encrypted("", "secret", "RC4-128")),
        good("owner-aes.pdf", encrypted("", "secret", "AES-256")),
        good("count.pdf", pdf(*page(count=b"2147483647"))),
        good("prev-loop.pdf", loop),
        good("script.pdf", pdf(script, *page()[1:])),
        good("inside.pdf", b"Subject: a mail\r\n\r\n" + start),
        good("form-in-itself.pdf", _forms(1, 2, itself=True)),
        good("widths.pdf", pdf(*page(font=_FONT[:-2] + b"/FirstChar 0 /LastChar 2147483647 /Widths [1] >>"))),
    ]


def _broken() -> list[Case]:
    whole, cyclic = pdf(*page()), "expected a PDF, got: Detected cycl"
    parent = page()
    parent[1] = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 2 0 R >>"
    parent[2] = b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R >>"
    chain = [*page(), b"7 0 R", b"6 0 R"]
    chain[2] = chain[2].replace(b"/Contents 5 0 R", b"/Contents 6 0 R")
    length = [*page()[:4], b"<< /Length 5 0 R >>\nstream\n" + _TEXT + b"\nendstream"]
    return [
        bad("locked-rc4.pdf", encrypted("key", "secret", "RC4-40"), "expected an open PDF, got one encrypted"),
        bad("locked-aes.pdf", encrypted("key", "secret", "AES-128"), "expected an open PDF, got one encrypted"),
        bad("cut.pdf", whole[:400], "expected a PDF, got: Stream has ended unexpectedly"),
        bad("head-only.pdf", b"%PDF-1.7\n", "expected a PDF, got: "),
        bad("scan.pdf", pdf(*page(b"q Q")), "expected a PDF with text, got pages without any"),
        bad("cyclic-kids.pdf", pdf(_CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), cyclic),
        bad("cyclic-parent.pdf", pdf(*parent), cyclic),
        bad("cyclic-reference.pdf", pdf(*chain), "expected a PDF with text, got pages without any"),
        bad("length-of-itself.pdf", pdf(*length), "expected a PDF, got: Detected loop"),
        bad("deep-array.pdf", pdf(*page(kids=b"[" * 20_000 + b"]" * 20_000)), "expected a PDF, got: "),
        bad("deep-dictionary.pdf", pdf(*page(kids=b"<</A " * 5000 + b"1" + b">>" * 5000)), "expected a PDF, got: "),
        bad("xref-size.pdf", whole.replace(b"xref\n0 6", b"xref\n0 99999999"), "expected a PDF, got: "),
        bad("brackets.pdf", b"%PDF-1.7\n1 0 obj\n" + b"(" * 100_000, "expected a PDF, got: "),
    ]


def _large() -> list[Case]:
    bomb = zlib.compress(zlib.compress(b" " * 90_000_000, 9), 9)
    wide = page(font=b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] >>")
    cid = b"<< /Type /Font /Subtype /CIDFontType2 /W [0 2147483647 500] >>"
    return [
        bad("bomb.pdf", pdf(*page()[:4], _stream(bomb, b"/Filter [/FlateDecode /FlateDecode]")), "Limit reached"),
        bad("pages.pdf", pdf(*page(b"q Q", kids=b"[" + b"3 0 R " * 2000 + b"]")), "got pages without any"),
        bad("forms.pdf", _forms(9, 10), "expected a PDF with text, got"),
        bad("cid-widths.pdf", pdf(*wide, cid), "expected a PDF, got: CID width range too large"),
    ]


def _forms(depth: int, width: int, *, itself: bool = False) -> bytes:
    """Return a page that draws a form that draws one ``width`` times, and so on; the last one draws itself, or text."""
    objects = page(b"/X Do" if not itself else _TEXT + b" /X Do")
    objects[2] = objects[2].replace(_RESOURCES, b"<< /Font << /F1 4 0 R >> /XObject << /X 6 0 R >> >>")
    for level in range(depth):
        last = level == depth - 1
        following = 6 + level if itself else 7 + level
        content = b"q Q" if last and not itself else b" /X Do" * width
        resources = b"<< /Font << /F1 4 0 R >> " + (
            b"" if last and not itself else b"/XObject << /X %d 0 R >>" % following
        )
        objects.append(
            _stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources " + resources + b" >>")
        )
    return pdf(*objects)


def _stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), more, data)
