"""English glosses of Chinese characters, from the Unicode Han database (Unihan)."""

from __future__ import annotations

import re
from pathlib import Path

from quintuple.events import DataError

_LINE = re.compile(r"U\+(?P<code>[0-9A-F]{4,6})\tkDefinition\t(?P<gloss>.+)")
# Cross-references such as "(same as U+4E18 ...)" and "(Cant.)" say nothing of the meaning.
_ASIDE = re.compile(r"\([^)]*\)|U\+[0-9A-F]+")
_WORD = re.compile(r"[A-Za-z]+")


def read_glosses(path: Path) -> dict[str, str]:
    """Return the English words of each character's kDefinition, from a ``Unihan_Readings.txt``.

    Source: Unihan.zip of the Unicode Character Database, described in UAX #38.

    Raises:
        DataError: the file is missing, not UTF-8, or defines no character.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as exc:
        raise DataError(f"{path}: expected a Unihan_Readings.txt, got: {exc}") from exc
    found = [match for line in lines if (match := _LINE.fullmatch(line))]
    if not found:
        raise DataError(f"{path}: expected lines 'U+4E00<tab>kDefinition<tab>one', got none in {len(lines)} lines")
    return {chr(int(match["code"], 16)): " ".join(_WORD.findall(_ASIDE.sub(" ", match["gloss"]))) for match in found}
