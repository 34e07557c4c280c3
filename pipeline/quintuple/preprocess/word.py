"""Reads DOCX with python-docx: paragraphs and tables in their order."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from quintuple.events import FormatError
from quintuple.preprocess.documents import Document, Found, Source


def read_docx(source: Source) -> Iterator[Found]:
    """Yield the document of a DOCX file: a blank line between paragraphs, a tab between the cells of a table row.

    Raises:
        FormatError: the file is damaged, too large unpacked, or holds no text.
    """
    import docx

    try:
        _refuse_bomb(source)
        file = docx.Document(io.BytesIO(source.data))
        text = "\n\n".join(block for block in _blocks(file) if block)
        title = str(file.core_properties.title or "").strip()
    except FormatError:
        raise
    except Exception as exc:
        # zipfile, lxml and python-docx each have errors of their own for damaged files.
        raise FormatError(f"{source.where}: expected a DOCX file, got: {exc or type(exc).__name__}") from exc
    if not text:
        raise FormatError(f"{source.where}: expected a DOCX file with text, got none")
    yield Document(text, title=title or None)


def _refuse_bomb(source: Source) -> None:
    limit = source.settings.max_bytes
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        # zipfile never unpacks more of a member than its header says.
        size = sum(member.file_size for member in archive.infolist())
    if size > limit:
        raise FormatError(f"{source.where}: expected at most {limit} bytes unpacked (max_bytes), got {size}")


def _blocks(file: Any) -> Iterator[str]:
    for block in file.iter_inner_content():
        if hasattr(block, "rows"):
            yield "\n".join(row for row in map(_row_text, block.rows) if row)
        else:
            yield block.text.strip()


def _row_text(row: Any) -> str:
    # A merged cell is given once for each column it covers.
    cells = {id(cell._tc): cell.text for cell in row.cells}
    return "\t".join(_one_line(cells.values())).strip()


def _one_line(texts: Iterable[str]) -> Iterator[str]:
    return (" ".join(text.split()) for text in texts)
