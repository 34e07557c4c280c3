"""DOCX: bombs, entities, links to the outside, and tables without end."""

from __future__ import annotations

import io
import zipfile

import docx

from hostile_inputs.cases import ENGLISH, Case, bad, good

_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_P = f"<w:p><w:r><w:t>{ENGLISH}</w:t></w:r></w:p>"
_RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"


def cases(limit: int, elements: int, url: str) -> list[Case]:
    """Return the cases; what unpacks to more than ``limit`` bytes or ``elements`` tags is refused."""
    whole = _word()
    laughs = "".join(f'<!ENTITY {name} "{f"&{of};" * 100}">' for name, of in zip("bcdef", "abcde", strict=True))
    template = (
        f'<Relationship Id="r1" Type="{_KIND.format("attachedTemplate")}" Target="{url}/t" TargetMode="External"/>'
    )
    image = f'<Relationship Id="r1" Type="{_KIND.format("image")}" Target="../../../../etc/passwd"/>'
    below = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{url}/entity"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return [
        good("word.docx", whole),
        good("outside.docx", _word(**{"word/_rels/document.xml.rels": _RELATIONS.format(template)})),
        good("entities.docx", _body(f"{_P}<w:p><w:r><w:t>&e;&f;</w:t></w:r></w:p>", head=below)),
        good("grid-span.docx", _body(_table(_cell('<w:gridSpan w:val="2147483647"/>')))),
        good(
            "merged-rows.docx",
            _body(_table(_cell("<w:vMerge/>"), rows=1) + _table(_cell("<w:vMerge/>", "<w:p/>"), rows=3000)),
        ),
        good("nested.docx", _body("<w:tbl><w:tr><w:tc>" * 60 + _P + "</w:tc></w:tr></w:tbl><w:p/>" * 60)),
        bad("bomb.docx", _word(**{"word/media/image.png": bytes(limit + 1)}), r"expected at most \d+ bytes unpacked"),
        bad(
            "laughs.docx",
            _body("<w:p>&f;</w:p>", head=f'<!DOCTYPE x [<!ENTITY a "ha">{laughs}]>'),
            "expected a DOCX file, got",
        ),
        bad("deep.docx", _body("<w:tbl><w:tr><w:tc>" * 5000), "expected a DOCX file, got: Excessive depth"),
        bad("many-tags.docx", _body("<w:p/>" * elements), r"expected at most \d+ tags .max_elements., got \d+"),
        bad(
            "path.docx",
            _word(**{"word/_rels/document.xml.rels": _RELATIONS.format(image)}),
            "no item named 'etc/passwd'",
        ),
        bad("cut.docx", whole[:5000], "expected a DOCX file, got a damaged one"),
        bad("other.docx", _zip({"a.txt": ENGLISH}), "expected a DOCX file, got: .There is no item named"),
        bad(
            "sheet.docx",
            _word(**{"[Content_Types].xml": _sheet(whole)}),
            "expected a DOCX file, got an Office file of another kind",
        ),
        bad("no-text.docx", _body("<w:p/>"), "expected a DOCX file with text, got none"),
    ]


def _word(**parts: str | bytes) -> bytes:
    """Return a DOCX file with some of its parts replaced, or added."""
    file, out = docx.Document(), io.BytesIO()
    file.add_paragraph(ENGLISH)
    file.save(out)
    with zipfile.ZipFile(out) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    return _zip(members | parts)


def _zip(members: dict[str, str] | dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _body(xml: str, *, head: str = "") -> bytes:
    return _word(**{"word/document.xml": f"{head}<w:document {_SPACES}><w:body>{xml}</w:body></w:document>"})


def _cell(properties: str, content: str = _P) -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def _table(cell: str, *, rows: int = 1) -> str:
    return "<w:tbl>" + f"<w:tr>{cell}</w:tr>" * rows + "</w:tbl>"


def _sheet(whole: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        types = archive.read("[Content_Types].xml")
    return types.replace(b"wordprocessingml.document.main", b"spreadsheetml.sheet.main")
