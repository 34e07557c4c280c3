"""JSON Lines: one object per article, as EVENTS.md fixes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, TextIO

from quintuple.events import Extraction


class JsonLinesWriter:
    """Writes one article a line, in UTF-8, keys in a fixed order."""

    failures = (OSError,)

    def __init__(self, stream: TextIO, text: bool = True) -> None:
        """Write to ``stream``, with the article's text unless ``text`` is false."""
        self._stream, self._text = stream, text

    def write(self, extraction: Extraction) -> None:
        """Write one article with its events."""
        self.write_record(extraction.to_dict(text=self._text))

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Write one article, given as the JSON object of its line; fields that we do not know are kept."""
        kept = {key: value for key, value in record.items() if self._text or key != "text"}
        self._stream.write(json.dumps(kept, ensure_ascii=False) + "\n")

    def finish(self) -> None:
        """Close the stream."""
        self._stream.close()

    abandon = finish


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one line."""
    schema: dict[str, Any] = json.loads((files("quintuple.writers") / "schema.json").read_text(encoding="utf-8"))
    return schema
