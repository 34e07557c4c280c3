"""The file of reviewed articles: labelled JSON Lines, one article a line, replaced by id."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path

from quintuple.evaluate.jsonl import parse_object
from quintuple.events import DataError
from quintuple.train.data.lines import numbered_lines, whole_file
from quintuple.web.records import Record


@dataclass(frozen=True, slots=True)
class Totals:
    """How many articles a file of reviewed articles holds, and how many corrections were made in them."""

    articles: int
    corrections: int


class ReviewedFile:
    """Reads and writes one file; the records in it that are not saved anew stay as they are."""

    def __init__(self, path: Path) -> None:
        """Take the file at ``path``, which may not exist yet.

        Raises:
            DataError: the file is there but no JSON Lines, or cannot be read.
        """
        self.path = path
        self._lock = threading.Lock()
        self._records = self._read()

    @property
    def totals(self) -> Totals:
        """What the file holds."""
        records = self._records.values()
        return Totals(len(records), sum(_corrections(record) for record in records))

    def get(self, id_: str) -> Record | None:
        """Return the reviewed record of an article, None if it was not saved."""
        return self._records.get(id_)

    def save(self, record: Record) -> Totals:
        """Add a record, or put it in the place of the one with its id; the file changes whole or not at all.

        Raises:
            DataError: the file was damaged meanwhile, or cannot be written.
        """
        with self._lock:
            # Read again: somebody may have edited the file, or another page may save to it.
            records = self._read() | {str(record["id"]): record}
            try:
                with whole_file(self.path) as stream:
                    for one in records.values():
                        stream.write(json.dumps(one, ensure_ascii=False) + "\n")
            except OSError as exc:
                raise DataError(f"{self.path}: expected room to write, got: {exc}") from exc
            self._records = records
        return self.totals

    def _read(self) -> dict[str, Record]:
        if not self.path.exists():
            return {}
        records = {}
        for number, line in numbered_lines(self.path):
            where = f"{self.path}:{number}"
            record = parse_object(line, where)
            if "id" not in record:
                raise DataError(f"{where}: expected a reviewed article with an id, got none")
            if str(record["id"]) in records:
                raise DataError(f"{where}: expected every id once, got {str(record['id'])!r} again")
            records[str(record["id"])] = record
        return records


def _corrections(record: Record) -> int:
    review = record.get("review")
    count = review.get("corrections") if isinstance(review, dict) else 0
    return count if isinstance(count, int) else 0
