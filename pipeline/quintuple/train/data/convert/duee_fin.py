"""DuEE-fin: financial articles with triggers and arguments but no offsets, mapped by ``configs/duee-fin.toml``.

A line is ``{"id", "title", "text", "event_list": [{"event_type", "trigger", "arguments": [{"role", "argument"}]}]}``.
Places are looked up as ``locate`` describes; what the text does not hold is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.train.data.convert.frames import check_text
from quintuple.train.data.convert.locate import locate, occurrences
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.convert.scheme import distinct, events_of, mapping, slot_arguments, slot_roles
from quintuple.train.data.lines import Record
from quintuple.train.data.record import make_record


def read(source: Path, losses: Losses) -> Iterator[Record]:
    """Yield the records of a DuEE-fin file as quintuples.

    Raises:
        DataError: a line is no DuEE-fin record; names file and line.
    """
    table = mapping("duee-fin.toml")
    for where, record in read_records(source):
        try:
            text, name = check_text(record, "text", where), str(record["id"])
            title = str(record["title"]) if record.get("title") else None
            found = [new for event in record.get("event_list", []) for new in _events(text, event, where, losses)]
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise DataError(f"{where}: expected a DuEE-fin record, got: {exc!r}") from exc
        known = {"title": title, "source": "duee-fin", "exhaustive": table["exhaustive"]}
        yield make_record(text, distinct(found), id=name, language="zh", **known)


def _events(text: str, event: Mapping[str, Any], where: str, losses: Losses) -> list[Record]:
    table, kind, word = mapping("duee-fin.toml"), event["event_type"], event["trigger"]
    pairs = [(argument["role"], argument["argument"]) for argument in event["arguments"]]
    action, status = _action(table, kind, word, pairs)
    triggers = occurrences(text, word)
    if action is None or not triggers:
        losses.add("trigger that the text does not hold" if action else f"event of the type {kind}", where)
        return []
    roles = slot_roles(table, kind, action)
    wanted = {(role, value): occurrences(text, value) for role, value in pairs if role in roles}
    located = locate(text, triggers, {f"{role}\t{value}": places for (role, value), places in wanted.items()})
    for places in wanted.values():
        if not places:
            losses.add("argument that the text does not hold", where)
    arguments = [(name.split("\t")[0], place) for name, place in located.arguments.items()]
    chosen = slot_arguments(roles, arguments)
    return events_of(text, located.trigger, action, chosen, status=status, where=where, losses=losses)


def _action(table: Mapping[str, Any], kind: str, word: str, pairs: list[tuple[str, str]]) -> tuple[str | None, str]:
    """Return the action and status of an event: its type's, unless its trigger or an enumerated value says more."""
    words: Mapping[str, str] = table["words"].get(kind, {})
    action = next((action for cue, action in words.items() if cue in word), table["types"].get(kind))
    status = "occurred"
    for role, value in pairs:
        said = table["enums"].get(role, {}).get(value, {})
        action, status = said.get("type", action), said.get("status", status)
    return action, status
