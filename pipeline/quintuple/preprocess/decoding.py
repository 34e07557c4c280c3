"""Turns bytes into text: byte order mark, declaration, UTF-8, GB18030 or Big5, and what charset-normalizer finds."""

from __future__ import annotations

import codecs
import re

from quintuple.events import DecodingError, FormatError
from quintuple.preprocess.commonness import is_chinese, score
from quintuple.preprocess.signatures import known_kind
from quintuple.preprocess.tables import tables

# UTF-32 comes first: its little-endian mark starts with the one of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GB18030_MARK = b"\x84\x31\x95\x33"
_DECLARATION = re.compile(
    rb"""<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""", re.I
)
_DECLARATION_WITHIN = 4096
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b")
_CONTROL_SHARE = 0.01
_C1 = re.compile("[\x80-\x9f]")
_MULTIBYTE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_MULTIBYTE_RUN = re.compile(rb"(?:[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}){3,}")
_CHINESE = ("gb18030", "big5hkscs", "cp950")
_SAMPLE = 200_000


def decode(data: bytes, *, where: str, markup: bool = False) -> str:
    """Return the text of some bytes; ``markup`` says that they may declare their encoding as HTML or XML does.

    Raises:
        DecodingError: the bytes are binary, damaged, or of no known encoding; names ``where``.
        FormatError: they are a file of another kind.
    """
    marked = _by_mark(data, where)
    if marked is not None:
        return marked
    _refuse_binary(data, where)
    return _unmarked(data, where, markup=markup)


def _unmarked(data: bytes, where: str, *, markup: bool) -> str:
    text = _declared(data) if markup else None
    if text is None:
        text = _strict(data, "utf-8")
    if text is None:
        text = _chinese(data)
        if text is None:
            _refuse_broken_utf8(data, where)
            text = _guessed(data)
        else:
            _refuse_mixture(data, where)
    if text is None:
        raise DecodingError(
            f"{where}: expected text in UTF-8, UTF-16, GB18030, Big5 or a Latin encoding, got bytes of none"
        )
    return text


def _by_mark(data: bytes, where: str) -> str | None:
    if data.startswith(_GB18030_MARK):
        data, name = data[len(_GB18030_MARK) :], "gb18030"
    else:
        name = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if not name:
        return None
    try:
        text = data.decode(name)
    except UnicodeDecodeError as exc:
        raise DecodingError(
            f"{where}: expected {name} as the byte order mark says, got: {exc.reason} at byte {exc.start}"
        ) from exc
    if "\0" in text:
        raise DecodingError(f"{where}: expected text, got binary content (a NUL character at {text.index(chr(0))})")
    return text


def _refuse_binary(data: bytes, where: str) -> None:
    if kind := known_kind(data):
        raise FormatError(f"{where}: expected text, got {kind}")
    if b"\0" in data:
        raise DecodingError(f"{where}: expected text, got binary content (a NUL byte at {data.index(0)})")
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > 1 and controls > _CONTROL_SHARE * len(data):
        raise DecodingError(f"{where}: expected text, got binary content ({controls} control characters)")


def _refuse_broken_utf8(data: bytes, where: str) -> None:
    """Refuse damaged UTF-8, which the later guesses would turn into nonsense without an error.

    Sequences of three bytes hardly ever come up by chance.
    """
    if not _MULTIBYTE.search(data):
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise DecodingError(f"{where}: expected UTF-8, got: {exc.reason} at byte {exc.start}") from exc


def _refuse_mixture(data: bytes, where: str) -> None:
    """Refuse GB18030 or Big5 with pieces of UTF-8 in it, which would come out as rare characters without an error."""
    for found in _MULTIBYTE_RUN.finditer(data):
        rival = _strict(found[0], "utf-8")
        if rival and all(score(rival) > score(found[0].decode(name, "replace")) for name in _CHINESE):
            line = data.count(b"\n", 0, found.start()) + 1
            raise DecodingError(f"{where}: expected one encoding, got UTF-8 in line {line} and another elsewhere")


def _declared(data: bytes) -> str | None:
    """Return the text in the encoding that the bytes declare, unless they are UTF-8 with more sense in it."""
    found = _DECLARATION.search(data, 0, _DECLARATION_WITHIN)
    if not found:
        return None
    name = (found[1] or found[2]).decode("ascii", "replace").lower()
    try:
        name = codecs.lookup(tables().decoding.aliases.get(name, name)).name
        text = data.decode(name) if name in tables().decoding.declarable else None
    except (LookupError, UnicodeError):
        return None
    rival = _strict(data, "utf-8")
    # Pages that were converted to UTF-8 often keep their old declaration.
    return text if rival is None or (text is not None and score(text) > score(rival)) else rival


def _chinese(data: bytes) -> str | None:
    """Return the likelier of GB18030 and Big5, or None when neither reads like Chinese."""
    texts = [text for name in _CHINESE if (text := _strict(data, name)) is not None]
    # cp950 knows some symbols that big5hkscs lacks; max() keeps the first of equals.
    best = max(texts, key=score, default=None)
    return best if best is not None and is_chinese(best) else None


def _guessed(data: bytes) -> str | None:
    """Return what charset-normalizer is reasonably sure of."""
    from charset_normalizer import from_bytes

    table = tables().decoding
    matches = from_bytes(data[:_SAMPLE], cp_isolation=list(table.others), preemptive_behaviour=False)
    # Encodings that give the same text come as one match.
    names = {name for match in matches if match.chaos <= table.max_chaos for name in match.could_be_from_charset}
    name = next((name for name in table.others if name in names), None)
    text = _strict(data, name) if name else None
    return None if text is None or _C1.search(text) else text


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except UnicodeError:
        return None
