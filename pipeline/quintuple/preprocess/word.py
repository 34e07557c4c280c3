"""Reads DOCX with python-docx: paragraphs and tables in their order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from quintuple.events import FormatError
from quintuple.preprocess.documents import Document, Found, Source, blank, count_elements
from quintuple.preprocess.messages import reason
from quintuple.preprocess.signatures import any_kind


def read_docx(source: Source) -> Iterator[Found]:
    """Yield the document of a DOCX file: a blank line between paragraphs, a tab between the cells of a table row.

    Raises:
        FormatError: the file is damaged, too large unpacked, or holds no text.
    """
    try:
        _refuse_bomb(source)
        file = _opened(source)
        text = "\n\n".join(block for block in _blocks(file) if block)
        title = str(file.core_properties.title or "").strip()
    except (FormatError, MemoryError):
        raise
    except Exception as exc:
        # zipfile, lxml and python-docx each have errors of their own for damaged files.
        raise FormatError(f"{source.where}: expected a DOCX file, got: {reason(exc)}") from exc
    if blank(text):
        raise FormatError(f"{source.where}: expected a DOCX file with text, got none")
    yield Document(text, title=title or None)


def _opened(source: Source) -> Any:
    import docx

    try:
        return docx.Document(io.BytesIO(source.data))
    except ValueError as exc:
        # Its message names the stream, not the file.
        raise FormatError(f"{source.where}: expected a DOCX file, got an Office file of another kind") from exc


def _refuse_bomb(source: Source) -> None:
    limit = source.settings.max_bytes
    if not zipfile.is_zipfile(io.BytesIO(source.data)):
        got = "a damaged one" if source.data.startswith(b"PK") else any_kind(source.data)
        raise FormatError(f"{source.where}: expected a DOCX file, got {got}")
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        members = archive.infolist()
        # zipfile never unpacks more of a member than its header says.
        if (size := sum(member.file_size for member in members)) > limit:
            raise FormatError(f"{source.where}: expected at most {limit} bytes unpacked (max_bytes), got {size}")
        tags = (archive.read(member).count(b"<") for member in members if member.filename.endswith((".xml", ".rels")))
        count_elements(source, sum(tags), "tags")


def _blocks(file: Any) -> Iterator[str]:
    for block in file.iter_inner_content():
        if hasattr(block, "rows"):
            yield "\n".join(row for row in map(_row_text, block.rows) if row)
        else:
            yield block.text.strip()


def _row_text(row: Any) -> str:
    from docx.table import _Cell

    # Not row.cells: that gives a merged cell once for each column it says it covers, be it a thousand million.
    cells = (" ".join(_blocks(_Cell(cell, row.table))) for cell in row._tr.tc_lst)
    return "\t".join(" ".join(text.split()) for text in cells).strip()
