"""Prodigy JSON Lines, as its relations interface holds them: ``text``, ``tokens``, ``spans``, ``relations``.

Offsets are code points; ``token_end`` is the last token, inclusive. ``head`` and ``child`` of a relation are tokens,
``head_span`` and ``child_span`` repeat the spans they stand for. Prodigy holds one span per place and label, so events
of one trigger are merged, and taken apart again on the way back. Its interface shows no spans that overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.train.data.convert.frames import (
    Frame,
    Label,
    attach,
    carried,
    check_label,
    check_place,
    check_text,
    link,
    status_label,
    to_events,
    to_frames,
)
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.lines import Record, write_objects
from quintuple.train.data.record import Place, make_record

#: A word of an alphabet, a number, any other single character that is no blank, or a run of blanks.
_TOKEN = re.compile(r"[^\W_\u3005-\U000323af]+|\S|\s+")


def read(source: Path, losses: Losses) -> Iterator[Record]:
    """Yield the accepted tasks of a Prodigy export (`prodigy db-out`).

    Raises:
        DataError: a line is no such task; names file and line.
    """
    for where, task in read_records(source):
        if task.get("answer", "accept") != "accept":
            losses.add(f"task that was not accepted ({task['answer']})", where)
            continue
        try:
            yield _record(task, f"{source.stem}-{where.rpartition(':')[2]}", where, losses)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as exc:
            raise DataError(f"{where}: expected a Prodigy task with spans, got: {exc!r}") from exc


def write(records: Iterable[Record], output: Path) -> None:
    """Write records as tasks for Prodigy's relations interface."""
    write_objects(output, map(_task, records))


def _record(task: Mapping[str, Any], default: str, where: str, losses: Losses) -> Record:
    text = check_text(task, "text", where)
    known = dict((task.get("meta") or {}).get("quintuple") or task.get("quintuple") or {})
    labels = {_key(span): _label(text, span, where) for span in task.get("spans") or []}
    if task.get("relations") is not None:
        links = [
            (_end(one, "head", task, where), _end(one, "child", task, where), one.get("label"))
            for one in task["relations"]
        ]
        frames = list(link(labels, links, where=where, losses=losses).values())
    else:
        frames = attach(text, labels.values(), where=where, losses=losses)
    originals = known.pop("events", ())
    events = to_events(text, frames, where=where, losses=losses, originals=originals, merged=True)
    return make_record(text, events, id=str(known.pop("id", None) or default), **known)


def _key(span: Mapping[str, Any]) -> str:
    return f"{span['start']}:{span['end']}:{span.get('label')}"


def _label(text: str, span: Mapping[str, Any], where: str) -> Label:
    return Label(check_place(text, span["start"], span["end"], where), check_label(span.get("label"), where))


def _end(relation: Mapping[str, Any], side: str, task: Mapping[str, Any], where: str) -> str:
    """Return the key of the span at one end of a relation; without a copy of it, that of the span at its token."""
    keys = {_key(span) for span in task["spans"]}
    copy = relation.get(f"{side}_span")
    if copy and _key(copy) in keys:
        return _key(copy)
    if type(relation[side]) is not int or not 0 <= relation[side] < len(task["tokens"]):
        raise DataError(f"{where}: {side}: expected one of {len(task['tokens'])} tokens, got {relation[side]!r}")
    token = task["tokens"][relation[side]]
    inside = [span for span in task["spans"] if span["start"] <= token["start"] and token["end"] <= span["end"]]
    if not inside:
        raise DataError(f"{where}: expected a span at token {relation[side]} of a relation, got none")
    return _key(inside[0])


def _task(record: Record) -> Record:
    text, frames = record["text"], to_frames(record)
    labels = {(place, label) for frame in frames for place, label in _labels(frame)}
    tokens = _tokens(text, [place for place, _ in labels])
    first = {token["start"]: token["id"] for token in tokens}
    last = {token["end"]: token["id"] for token in tokens}
    spans = {
        (place, label): {
            "start": place[0],
            "end": place[1],
            "token_start": first[place[0]],
            "token_end": last[place[1]],
            "label": label,
        }
        for place, label in sorted(labels)
    }
    links = {(head, child): None for frame in frames for head, *rest in [_labels(frame)] for child in rest}
    relations = [_relation(spans[head], spans[child]) for head, child in links]
    meta = {"quintuple": carried(record)}
    return {"text": text, "tokens": tokens, "spans": list(spans.values()), "relations": relations, "meta": meta}


def _labels(frame: Frame) -> list[tuple[Place, str]]:
    """Return the places and labels of a frame's spans, the trigger first."""
    return [(frame.trigger, status_label(frame)), *((place, slot.upper()) for slot, place in frame.arguments)]


def _relation(head: Record, child: Record) -> Record:
    ends = {"head": head["token_end"], "child": child["token_end"], "label": child["label"]}
    return ends | {"head_span": dict(head), "child_span": dict(child)}


def _tokens(text: str, places: Sequence[Place]) -> list[Record]:
    """Return tokens that no span cuts; a single space behind a token belongs to it as its ``ws``."""
    starts, ends = {start for start, _ in places}, {end for _, end in places}
    cuts = sorted(starts | ends | {edge for match in _TOKEN.finditer(text) for edge in match.span()})

    def is_space(start: int, end: int) -> bool:
        behind = start > 0 and not text[start - 1].isspace()
        return text[start:end] == " " and behind and start not in starts and end not in ends

    pieces = list(pairwise(cuts))
    kept = [piece for piece in pieces if not is_space(*piece)]
    spaces = set(pieces) - set(kept)
    return [
        {"text": text[start:end], "start": start, "end": end, "id": number, "ws": (end, end + 1) in spaces}
        for number, (start, end) in enumerate(kept)
    ]
