"""doccano JSON Lines: spans with relations (``entities``, ``relations``), or spans alone (``label``, ``labels``).

Offsets are UTF-16 units, those of its JavaScript, unless a project counts grapheme clusters: that option must be off
for texts with emoji. A trigger's label is its action type, with the status behind a slash unless it occurred; an
argument's label is its role, and a relation of that type leads to it from the trigger. doccano carries other
fields through as metadata, so the field ``quintuple`` brings back what its own fields cannot hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.train.data.convert.frames import (
    Label,
    attach,
    carried,
    check_ids,
    check_label,
    check_text,
    link,
    status_label,
    to_events,
    to_frames,
)
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.convert.units import place_of, unit_starts, utf16_width
from quintuple.train.data.lines import Record, write_objects
from quintuple.train.data.record import Place, make_record


def read(source: Path, losses: Losses) -> Iterator[Record]:
    """Yield the examples of a doccano export.

    Raises:
        DataError: a line is no such example; names file and line.
    """
    for where, example in read_records(source):
        try:
            yield _record(example, f"{source.stem}-{where.rpartition(':')[2]}", where, losses)
        except (KeyError, TypeError, ValueError, AttributeError) as exc:
            raise DataError(f"{where}: expected a doccano example with spans, got: {exc!r}") from exc


def write(records: Iterable[Record], output: Path) -> None:
    """Write records for doccano's relation extraction (project type Sequence Labeling, "use relation labeling")."""
    write_objects(output, map(_example, records))


def _record(example: Mapping[str, Any], default: str, where: str, losses: Losses) -> Record:
    text = check_text(example, "text", where)
    starts = unit_starts(text, utf16_width)
    known = dict(example.get("quintuple") or (example.get("meta") or {}).get("quintuple") or {})
    if "entities" in example:
        check_ids((str(entity["id"]) for entity in example["entities"]), where)
        labels = {str(entity["id"]): _label(starts, entity, where) for entity in example["entities"]}
        relations = example.get("relations") or []
        links = [(str(one["from_id"]), str(one["to_id"]), one.get("type")) for one in relations]
        frames = list(link(labels, links, where=where, losses=losses).values())
    else:
        spans = example["label"] if "label" in example else example["labels"]
        keys = ("start_offset", "end_offset", "label")
        plain = [_label(starts, dict(zip(keys, span, strict=True)), where) for span in spans]
        frames = attach(text, plain, where=where, losses=losses)
    events = to_events(text, frames, where=where, losses=losses, originals=known.pop("events", ()))
    name = str(known.pop("id", None) or example.get("id") or default)
    return make_record(text, events, id=name, **known)


def _label(starts: Sequence[int], entity: Mapping[str, Any], where: str) -> Label:
    start, end = entity["start_offset"], entity["end_offset"]
    place = place_of(starts, start, end) if type(start) is int and type(end) is int else None
    if place is None:
        size = f"a text of {starts[-1]} UTF-16 units, between its characters"
        raise DataError(f"{where}: expected offsets into {size}, got {start!r} and {end!r}")
    return Label(place, check_label(entity.get("label"), where))


def _example(record: Record) -> Record:
    starts = unit_starts(record["text"], utf16_width)
    entities: list[Record] = []
    relations: list[Record] = []
    for frame in to_frames(record):
        head = len(entities)
        entities.append(_entity(head, starts, frame.trigger, status_label(frame)))
        for slot, place in frame.arguments:
            relations.append({"id": len(relations), "from_id": head, "to_id": len(entities), "type": slot.upper()})
            entities.append(_entity(len(entities), starts, place, slot.upper()))
    return {"text": record["text"], "entities": entities, "relations": relations, "quintuple": carried(record)}


def _entity(number: int, starts: Sequence[int], place: Place, label: str) -> Record:
    start, end = place
    return {"id": number, "label": label, "start_offset": starts[start], "end_offset": starts[end]}
