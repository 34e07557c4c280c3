"""The formats that can be read: a table from suffix to reader."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePath
from types import MappingProxyType

from quintuple.events import FormatError
from quintuple.preprocess.documents import Found, Source
from quintuple.preprocess.messages import reason
from quintuple.preprocess.pdf import read_pdf
from quintuple.preprocess.plain import read_plain
from quintuple.preprocess.records import read_json, read_jsonl
from quintuple.preprocess.webpage import read_html
from quintuple.preprocess.word import read_docx

Reader = Callable[[Source], Iterator[Found]]
_TEXT_READERS: dict[str, Reader] = {
    ".txt": read_plain,
    ".md": read_plain,
    ".html": read_html,
    ".htm": read_html,
    ".json": read_json,
    ".jsonl": read_jsonl,
}


def _unpacked(reader: Reader) -> Reader:
    """Return a reader of the gzip form of what ``reader`` reads."""

    def read(source: Source) -> Iterator[Found]:
        return reader(replace(source, data=_gunzip(source)))

    return read


def _gunzip(source: Source) -> bytes:
    limit = source.settings.max_bytes
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(source.data)) as file:
            # One byte more than allowed is enough to know, so a bomb stops here.
            data = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as exc:
        raise FormatError(f"{source.where}: expected gzip, got: {reason(exc)}") from exc
    if len(data) > limit:
        raise FormatError(f"{source.where}: expected at most {limit} bytes unpacked (max_bytes), got more")
    return data


#: Reader of each suffix, in lower case; a reader raises ArticleError when it can read nothing.
READERS: Mapping[str, Reader] = MappingProxyType(
    _TEXT_READERS
    | {f"{suffix}.gz": _unpacked(reader) for suffix, reader in _TEXT_READERS.items()}
    | {".pdf": read_pdf, ".docx": read_docx}
)


def suffix_of(path: PurePath) -> str:
    """Return the suffix of a path in lower case, with the one before ``.gz``; "" if it has none."""
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    return "".join(suffixes) if suffixes[-1:] == [".gz"] else "".join(suffixes[-1:])


def expected_suffixes() -> str:
    """Return the known suffixes for messages."""
    return ", ".join(sorted(READERS))
