"""FewFC (CCKS-2020): sentences with triggers, typed arguments and offsets, mapped by ``configs/fewfc.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.train.data.convert.frames import check_place, check_text
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.convert.scheme import distinct, events_of, mapping
from quintuple.train.data.lines import Record
from quintuple.train.data.record import Place, make_record
from quintuple.train.fewfc import target_scheme


def read(source: Path, losses: Losses) -> Iterator[Record]:
    """Yield the records of a FewFC file as quintuples.

    Raises:
        DataError: a line is no FewFC record, or a span does not match the text; names file and line.
    """
    for where, record in read_records(source):
        try:
            text = check_text(record, "content", where)
            events = [new for event in record["events"] for new in _events(text, event, where, losses)]
            name = str(record["id"])
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise DataError(f"{where}: expected a FewFC record, got: {exc!r}") from exc
        exhaustive = mapping("fewfc.toml")["exhaustive"]
        yield make_record(text, distinct(events), id=name, language="zh", source="fewfc", exhaustive=exhaustive)


def _events(text: str, event: Mapping[str, Any], where: str, losses: Losses) -> list[Record]:
    if event["type"] not in mapping("fewfc.toml")["types"]:
        losses.add(f"event of the type {event['type']}", where)
        return []
    action, roles = target_scheme(event)
    trigger = _place(text, event["trigger"], where)
    arguments = [
        (roles[role].lower(), _place(text, argument, where))
        for role, found in event["args"].items()
        if role in roles
        for argument in found
    ]
    return events_of(text, trigger, action, arguments, status="occurred", where=where, losses=losses)


def _place(text: str, span: Mapping[str, Any], where: str) -> Place:
    first, last = span["span"]
    start, end = check_place(text, first, last, where)
    if text[start:end] != span["word"]:
        raise DataError(f"{where}: [{start}:{end}] is {text[start:end]!r} in the text, labelled {span['word']!r}")
    return start, end
