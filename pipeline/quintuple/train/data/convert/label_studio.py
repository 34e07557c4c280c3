"""Label Studio JSON: an array of tasks with regions, relations, and per-region choices for the status.

Offsets count code points (its own tests say so); old versions counted UTF-16 units, and a browser may drop the
carriage returns of CRLF. A region carries its own text, so the counting under which all regions of a task fit is the
one that is used. Records are written as predictions: people open a task with them and correct them. Next to the
file stands the labelling interface for it, ``<name>.config.xml``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from quintuple.events import DataError
from quintuple.train.data.convert.frames import (
    ROLES,
    Label,
    carried,
    check_ids,
    check_label,
    check_place,
    check_text,
    link,
    to_events,
    to_frames,
)
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.convert.units import place_of, unit_starts, utf16_width
from quintuple.train.data.lines import Record, read_json, whole_file
from quintuple.train.data.record import STATUSES, Place, evidence, make_record
from quintuple.train.data.settings import action_types

_Region = Mapping[str, Any]

#: The kinds of regions that are read.
_REGIONS = ("labels", "choices", "relation")

#: Ways to count a text: how wide each of its characters is.
_COUNTINGS: tuple[Callable[[str], int], ...] = (
    lambda _: 1,
    utf16_width,
    lambda char: char != "\r",
    lambda char: 0 if char == "\r" else utf16_width(char),
)

#: A line break in a text, or as Label Studio writes it into the text of a region.
_BREAK = re.compile(r"\\n|[\r\n]")

_INTERFACE = """<View>
  <Style>.htx-text {{ white-space: pre-wrap; }}</Style>
  <Relations>
{relations}
  </Relations>
  <Labels name="label" toName="text">
{labels}
  </Labels>
  <Choices name="status" toName="text" perRegion="true" choice="single" whenTagName="label" whenLabelValue={types}>
{statuses}
  </Choices>
  <Text name="text" value="$text" granularity="symbol"/>
</View>
"""


def read(source: Path, losses: Losses) -> Iterator[Record]:
    """Yield the tasks of an export that hold an annotation, or else a prediction.

    Of several annotations the ground truth counts, else the last that was not cancelled.

    Raises:
        DataError: the file is no array of tasks, or a region does not match its text; names the JSON path.
    """
    tasks = read_json(source)
    if not isinstance(tasks, list):
        raise DataError(f"{source}: $: expected an array of tasks, got {type(tasks).__name__}")
    for number, task in enumerate(tasks):
        where = f"{source}: $[{number}]"
        try:
            chosen = _choose(task)
            if chosen is None:
                losses.add("task that nobody annotated", where)
            else:
                yield _record(task, *chosen, f"{source.stem}-{number + 1}", where, losses)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as exc:
            raise DataError(f"{where}: expected a Label Studio task on a text, got: {exc!r}") from exc


def write(records: Iterable[Record], output: Path) -> None:
    """Write records as tasks to import, and the labelling interface that shows them."""
    types: set[str] = set()
    with whole_file(output) as stream:
        stream.write("[")
        for number, record in enumerate(records):
            types.update(event["action"]["type"] for event in record["events"])
            stream.write(",\n" if number else "\n")
            json.dump(_task(record), stream, ensure_ascii=False)
        stream.write("\n]\n")
    with whole_file(output.with_suffix(".config.xml")) as stream:
        stream.write(_interface(dict.fromkeys((*action_types(), *sorted(types)))))


def _choose(task: Mapping[str, Any]) -> tuple[Sequence[_Region], str] | None:
    if "data" not in task:
        raise ValueError("no field data; export as JSON, not as JSON-MIN")
    made = [(one, f"annotations[{at}]") for at, one in enumerate(task.get("annotations") or [])]
    kept = [pair for pair in made if not pair[0].get("was_cancelled")]
    truth = [pair for pair in kept if pair[0].get("ground_truth")]
    guessed = [] if made else [(one, f"predictions[{at}]") for at, one in enumerate(task.get("predictions") or [])]
    chosen = (truth or kept or guessed)[-1:]
    return (chosen[0][0]["result"], f"{chosen[0][1]}.result") if chosen else None


def _record(
    task: Mapping[str, Any], regions: Sequence[_Region], path: str, default: str, where: str, losses: Losses
) -> Record:
    data, at = task["data"], f"{where}.{path}"
    text, known = check_text(data, "text", f"{where}.data"), dict(data.get("quintuple") or {})
    for region in regions:
        if region["type"] not in _REGIONS:
            losses.add(f"region of the type {region['type']}", at)
    labels = _labels(text, regions, at, losses)
    frames = link(labels, map(_link, _of_type(regions, "relation")), where=at, losses=losses)
    for choice in _of_type(regions, "choices"):
        if choice.get("id") in frames:
            frames[choice["id"]] = replace(frames[choice["id"]], status=_status(choice["value"]["choices"][0], at))
    events = to_events(text, frames.values(), where=at, losses=losses, originals=known.pop("events", ()))
    return make_record(text, events, id=str(known.pop("id", None) or task.get("id") or default), **known)


def _of_type(regions: Sequence[_Region], name: str) -> list[_Region]:
    return [region for region in regions if region["type"] == name]


def _link(relation: _Region) -> tuple[str, str, str | None]:
    return relation["from_id"], relation["to_id"], next(iter(relation.get("labels") or []), None)


def _status(name: str, where: str) -> str:
    if name not in STATUSES:
        raise DataError(f"{where}: expected one of the statuses {', '.join(STATUSES)}, got {name!r}")
    return name


def _labels(text: str, regions: Sequence[_Region], where: str, losses: Losses) -> dict[str, Label]:
    numbered = [(number, region) for number, region in enumerate(regions) if region["type"] == "labels"]
    values = [region["value"] for _, region in numbered]
    check_ids((region["id"] for _, region in numbered), where)
    counted = (_count(text, values, width) for width in _COUNTINGS)
    places = next((places for places in counted if places is not None), None)
    if places is None:
        raise _misfit(text, numbered, where)
    labels = {}
    for place, (number, region) in zip(places, numbered, strict=True):
        name, *more = region["value"]["labels"] or [None]
        labels[region["id"]] = Label(place, check_label(name, f"{where}[{number}].value"))
        for _ in more:
            losses.add("further label of a region", where)
    return labels


def _count(text: str, values: Sequence[_Region], width: Callable[[str], int]) -> list[Place] | None:
    """Return the places of regions under one way of counting, None unless all of them fit their texts."""
    starts = unit_starts(text, width)
    found = [(place_of(starts, value["start"], value["end"]), value) for value in values]
    places = [place for place, value in found if place and _fits(text, place, value)]
    return places if len(places) == len(values) else None


def _fits(text: str, place: Place, value: Mapping[str, Any]) -> bool:
    return value.get("text") is None or _BREAK.sub("", text[slice(*place)]) == _BREAK.sub("", value["text"])


def _misfit(text: str, numbered: Sequence[tuple[int, _Region]], where: str) -> DataError:
    for number, region in numbered:
        value = region["value"]
        start, end = check_place(text, value["start"], value["end"], f"{where}[{number}].value")
        if not _fits(text, (start, end), value):
            found = f"[{start}:{end}] is {text[start:end]!r} in the text, labelled {value['text']!r}"
            return DataError(f"{where}[{number}].value: {found}")
    return DataError(f"{where}: expected regions that all count the text alike, got several ways of counting")


def _task(record: Record) -> Record:
    text = record["text"]
    result: list[Record] = []
    for number, frame in enumerate(to_frames(record)):
        head = f"e{number}"
        result.append(_region(head, text, frame.trigger, "labels", [frame.action]))
        result.append(_region(head, text, frame.trigger, "choices", [frame.status or "occurred"], control="status"))
        for at, (slot, place) in enumerate(frame.arguments):
            tail, role = f"{head}a{at}", slot.upper()
            result.append(_region(tail, text, place, "labels", [role]))
            link = {"from_id": head, "to_id": tail, "type": "relation", "direction": "right", "labels": [role]}
            result.append(link)
    data = {"text": text, "quintuple": carried(record)}
    return {"data": data, "predictions": [{"model_version": "quintuple", "result": result}]}


def _region(name: str, text: str, place: Place, kind: str, names: Sequence[str], *, control: str = "label") -> Record:
    value = evidence(text, place) | {kind: list(names)}
    return {"id": name, "from_name": control, "to_name": "text", "type": kind, "value": value}


def _interface(types: Iterable[str]) -> str:
    def tags(tag: str, values: Iterable[str]) -> str:
        return "\n".join(f"    <{tag} value={quoteattr(value)}/>" for value in values)

    types = list(types)
    return _INTERFACE.format(
        relations=tags("Relation", ROLES),
        labels=tags("Label", [*types, *ROLES]),
        types=quoteattr(",".join(types)),
        statuses=tags("Choice", STATUSES),
    )
