"""brat standoff: a folder of ``.txt`` files, each with an ``.ann`` file of annotations beside it.

Offsets are code points of the ``.txt``, line ends included; a span in pieces is ``0 5;16 23``. A trigger and its
event (``T``, ``E``) carry the action type, arguments are ``ROLE:T3``; the attribute ``Status``, or a note that is just
a status, holds the status; a normalisation (``N``) names a party. Of a span in pieces the percentage takes every one,
another slot the first, unless line breaks alone lie between them. Relations (``R``) may stand for events.
``annotation.conf`` is written for brat, ``quintuple.jsonl`` for what standoff cannot hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

from quintuple.evaluate.jsonl import read_records
from quintuple.events import DataError
from quintuple.train.data.convert.brat_lines import Annotations, Pieces, parse
from quintuple.train.data.convert.frames import (
    ROLES,
    Frame,
    Label,
    carried,
    check_place,
    link,
    to_events,
    to_frames,
)
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.lines import Record, read_text, whole_file, write_objects
from quintuple.train.data.record import STATUSES, Place, make_record
from quintuple.train.data.settings import action_types

_SIDECAR = "quintuple.jsonl"
_BREAKS = re.compile(r"[\r\n]+")


def read(source: Path, losses: Losses) -> Iterator[Record]:
    """Yield the annotated documents of a folder, or the one of an ``.ann`` or ``.txt`` file.

    Raises:
        DataError: there is none, or a line is malformed or does not match the text; names file and line.
    """
    folder = source if source.is_dir() else source.parent
    paths = _texts(source)
    sidecar = folder / _SIDECAR
    known = {line.get("file"): line for _, line in read_records(sidecar)} if sidecar.is_file() else {}
    for path in paths:
        if not path.with_suffix(".ann").is_file():
            losses.add(".txt without an .ann", str(path))
            continue
        name = path.relative_to(folder).with_suffix("").as_posix()
        try:
            yield _record(path, known.get(name, {}), name, losses)
        except (KeyError, TypeError, AttributeError) as exc:
            raise DataError(f"{sidecar}: expected a record for each file, got for {name}: {exc!r}") from exc


def write(records: Iterable[Record], output: Path) -> None:
    """Write a folder that brat can serve.

    Raises:
        DataError: two records have one id.
    """
    written: dict[str, Record] = {}
    types: set[str] = set()
    for record in records:
        name = _file_name(str(record["id"]))
        if name in written:
            raise DataError(f"{output}: expected ids that differ, got {record['id']!r} twice")
        frames = to_frames(record)
        types.update(frame.action for frame in frames)
        written[name] = {"file": name} | carried(record)
        for suffix, content in ((".txt", record["text"]), (".ann", _standoff(record["text"], frames))):
            with whole_file(output / (name + suffix)) as stream:
                stream.write(content)
    write_objects(output / _SIDECAR, written.values())
    with whole_file(output / "annotation.conf") as stream:
        stream.write(_configuration(dict.fromkeys((*action_types(), *sorted(types)))))


def _texts(source: Path) -> list[Path]:
    """Return the ``.txt`` files of a source."""
    if not source.is_dir():
        if source.suffix not in (".ann", ".txt"):
            raise DataError(f"{source}: expected a folder with .txt and .ann files, or one of them, got no such folder")
        return [source.with_suffix(".txt")]
    paths = sorted(source.rglob("*.txt"))
    known = set(paths)
    for path in sorted(source.rglob("*.ann")):
        if path.with_suffix(".txt") not in known:
            raise DataError(f"{path}: expected its text in {path.with_suffix('.txt').name} beside it, got no such file")
    if not paths:
        raise DataError(f"{source}: expected a folder with .txt and .ann files, got none")
    return paths


def _record(path: Path, sidecar: Record, name: str, losses: Losses) -> Record:
    text, ann = read_text(path), path.with_suffix(".ann")
    found = parse(ann, text)
    known = {key: value for key, value in sidecar.items() if key != "file"}
    frames = [*_events(text, found, str(ann), losses), *_relations(text, found, str(ann), losses)]
    events = to_events(text, frames, where=str(ann), losses=losses, originals=known.pop("events", ()))
    _name_parties(events, found)
    return make_record(text, events, id=str(known.pop("id", None) or name), **known)


def _events(text: str, found: Annotations, where: str, losses: Losses) -> Iterator[Frame]:
    for name, (action, trigger, arguments) in found.events.items():
        places: list[tuple[str, Place]] = []
        for role, target in arguments:
            slot = ROLES.get(role.upper())
            if slot is None or target not in found.spans:
                losses.add("argument that is another event, or of a role of another scheme", where)
                continue
            places += [(slot, place) for place in _places(text, found.spans[target][1], slot, where, losses)]
        (start,) = _places(text, found.spans[trigger][1], "action", where, losses)
        yield Frame(start, action, tuple(places), found.statuses.get(name) or found.statuses.get(trigger))


def _relations(text: str, found: Annotations, where: str, losses: Losses) -> Iterator[Frame]:
    """Yield the frames of triggers that no event line uses: linked by relations, or bare."""
    used = {trigger for _, trigger, _ in found.events.values()}
    used |= {target for *_, arguments in found.events.values() for _, target in arguments}
    labels = {
        id_: Label(place, name)
        for id_, (name, pieces) in found.spans.items()
        if id_ not in used or any(id_ in (one, other) for _, one, other in found.relations)
        for place in _places(text, pieces, "action", where, losses)[:1]
    }
    links = [(one, other, role) for role, one, other in found.relations]
    for id_, frame in link(labels, links, where=where, losses=losses).items():
        if id_ not in used:
            yield Frame(frame.trigger, frame.action, frame.arguments, found.statuses.get(id_) or frame.status)


def _places(text: str, pieces: Pieces, slot: str, where: str, losses: Losses) -> list[Place]:
    """Return the places that the pieces of a span stand for: pieces of one line break after another are one."""
    joined = [check_place(text, *pieces[0], where)]
    for start, end in pieces[1:]:
        if _BREAKS.fullmatch(text[joined[-1][1] : start]):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    if slot == "percentage":
        return joined
    for _ in joined[1:]:
        losses.add(f"further piece of a {slot}", where)
    return joined[:1]


def _name_parties(events: list[Record], found: Annotations) -> None:
    """Give parties the names of their normalisations."""
    names = {pieces[0][0]: found.names[id_] for id_, (_, pieces) in found.spans.items() if id_ in found.names}
    for event in events:
        for slot in ("company", "target", "counterparty"):
            party = event.get(slot)
            if party and party["start"] in names:
                event[slot] = party | {"name": names[party["start"]]}


def _file_name(name: str) -> str:
    """Return an id as a relative path that any file system takes."""
    parts = [quote(part, safe=" ,;=+@()") for part in name.split("/")]
    return "/".join(part if part.strip(". ") else "_" + part.replace(".", "%2E") for part in parts)


def _standoff(text: str, frames: Iterable[Frame]) -> str:
    spans: dict[tuple[Place, str], str] = {}
    lines: list[str] = []

    def span(place: Place, label: str) -> str:
        if (place, label) not in spans:
            spans[place, label] = f"T{len(spans) + 1}"
            pieces = ";".join(f"{start} {end}" for start, end in _pieces(text, place))
            lines.append(f"{spans[place, label]}\t{label} {pieces}\t{_BREAKS.sub(' ', text[slice(*place)])}")
        return spans[place, label]

    for number, frame in enumerate(frames, 1):
        arguments = [f"{frame.action}:{span(frame.trigger, frame.action)}"]
        counts: dict[str, int] = {}
        for slot, place in frame.arguments:
            role = slot.upper()
            counts[role] = counts.get(role, 0) + 1
            arguments.append(f"{role}{counts[role] if counts[role] > 1 else ''}:{span(place, role)}")
        lines.append(f"E{number}\t{' '.join(arguments)}")
        lines.append(f"A{number}\tStatus E{number} {frame.status or 'occurred'}")
    return "".join(line + "\n" for line in lines)


def _pieces(text: str, place: Place) -> list[Place]:
    """Return a span cut at line breaks, as brat stores it; one that begins or ends with a break stays whole."""
    start, end = place
    breaks = [(start + match.start(), start + match.end()) for match in _BREAKS.finditer(text[start:end])]
    if any(first == start or last == end for first, last in breaks):
        return [place]
    edges = [start, *(edge for pair in breaks for edge in pair), end]
    return list(zip(edges[::2], edges[1::2], strict=True))


def _configuration(types: Iterable[str]) -> str:
    roles = ", ".join(f"{role}{'*' if role == 'PERCENTAGE' else '?'}:{role}" for role in ROLES)
    events = "\n".join(f"{name}\t{roles}" for name in types)
    status = f"Status\tArg:<EVENT>, Value:{'|'.join(STATUSES)}"
    return "\n".join(["[entities]", *ROLES, "[relations]", "[events]", events, "[attributes]", status, ""])
