"""Events as annotation tools hold them: a span for the trigger, linked to one span per argument.

A record goes out as frames, one per event, and with them, out of the annotator's sight, its original events. What
comes back is compared with those: an event that nobody touched is restored as it was, with its normal forms; one that
was changed keeps the details of every span that is still there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from quintuple.events import DataError
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.lines import Record
from quintuple.train.data.record import SLOTS, STATUSES, Place, argument_places, evidence, make_slot

#: The roles of arguments, as tools label them, with their slots.
ROLES = {slot.upper(): slot for slot in SLOTS}

#: Fields of a record that tools carry along unseen.
_CARRIED = ("id", "path", "language", "title", "published", "source", "exhaustive", "events")

Argument = tuple[str, Place]


@dataclass(frozen=True, slots=True)
class Frame:
    """A trigger with its arguments (slot and place each); ``status`` None where the tool says nothing of it."""

    trigger: Place
    action: str
    arguments: tuple[Argument, ...] = ()
    status: str | None = None

    @property
    def key(self) -> tuple[Place, str]:
        """What two frames of one trigger have in common."""
        return self.trigger, self.action


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled span of a tool, before it is known to be a trigger or an argument."""

    place: Place
    name: str

    @property
    def slot(self) -> str | None:
        """The slot of an argument, None for a trigger."""
        return ROLES.get(self.name.upper())


def to_frames(record: Record) -> tuple[Frame, ...]:
    """Return one frame per event of a record."""
    return tuple(_frame(event) for event in record["events"])


def carried(record: Record) -> Record:
    """Return what travels with the text so that nothing is lost."""
    return {key: record[key] for key in _CARRIED if key in record}


def to_events(
    text: str,
    frames: Iterable[Frame],
    *,
    where: str,
    losses: Losses,
    originals: Sequence[Record] = (),
    merged: bool = False,
) -> list[Record]:
    """Return the events that frames stand for, restored from ``originals`` where they are unchanged.

    A frame with several companies or targets gives one event each. ``merged`` says that the tool held one frame per
    trigger, whatever the number of its events.
    """
    pool: defaultdict[tuple[Place, str], list[Record]] = defaultdict(list)
    for event in originals:
        pool[_frame(event).key].append(event)
    details = {argument: event for event in originals for argument in _slots(event)}
    events: list[Record] = []
    for frame in frames:
        unchanged = _unchanged(frame, pool[frame.key], merged=merged)
        fresh = unchanged or list(_expand(text, frame, details, where, losses))
        events += [event | {"status": frame.status or event.get("status", "occurred")} for event in fresh]
    return events


def link(
    labels: Mapping[str, Label], links: Iterable[tuple[str, str, str | None]], *, where: str, losses: Losses
) -> dict[str, Frame]:
    """Return the frames of the triggers among labelled spans, by id, with the arguments joined to them.

    Links are (id, id, the link's own name), in either direction. An argument's slot is its link's name where that is
    a role, else its label. Arguments of no trigger, and links between two spans of a kind, are left out.
    """
    found: dict[str, list[Argument]] = {id_: [] for id_, label in labels.items() if label.slot is None}
    used: set[str] = set()
    for source, target, name in links:
        for id_ in (source, target):
            if id_ not in labels:
                raise DataError(f"{where}: expected a relation between labelled spans, got one with {id_!r}")
        trigger, argument = (source, target) if source in found else (target, source)
        slot = ROLES.get((name or "").upper()) or labels[argument].slot
        if trigger not in found or argument in found or slot is None:
            losses.add("relation that does not join a trigger and an argument", where)
            continue
        found[trigger].append((slot, labels[argument].place))
        used.add(argument)
    for id_, label in labels.items():
        if id_ not in found and id_ not in used:
            losses.add(f"{label.name.upper()} that belongs to no trigger", where)
    return {id_: _labelled_frame(labels[id_], arguments) for id_, arguments in found.items()}


def attach(text: str, labels: Iterable[Label], *, where: str, losses: Losses) -> list[Frame]:
    """Return the frames of spans without links: every argument goes to the nearest trigger of its line.

    Formats without relations do not say what belongs together; with one trigger in a line this is right.
    """
    labels = list(labels)
    triggers = [label for label in labels if label.slot is None]
    found: dict[Label, list[Argument]] = {label: [] for label in triggers}
    for label in labels:
        if label.slot is None:
            continue
        near = [trigger for trigger in triggers if "\n" not in _between(text, label.place, trigger.place)]
        if near:
            nearest = min(near, key=lambda trigger: len(_between(text, label.place, trigger.place)))
            found[nearest].append((label.slot, label.place))
        else:
            losses.add(f"{label.name.upper()} without a trigger in its line", where)
    return [_labelled_frame(label, arguments) for label, arguments in found.items()]


def status_label(frame: Frame) -> str:
    """Return a trigger's label for tools that know no attributes: ``reduce_stake``, or ``reduce_stake/planned``."""
    return frame.action if frame.status in (None, "occurred") else f"{frame.action}/{frame.status}"


def each(places: Sequence[Place]) -> list[list[Place]]:
    """Return each place on its own, or one time none: what a slot holds in each of the events that share it."""
    return [[place] for place in places] or [[]]


def check_text(holder: Mapping[str, Any], key: str, where: str) -> str:
    """Return a text that stands under a key.

    Raises:
        DataError: none does.
    """
    if isinstance(text := holder.get(key), str):
        return text
    raise DataError(f"{where}: {key}: expected a text, got {text!r}")


def check_label(name: object, where: str) -> str:
    """Return the name of a label.

    Raises:
        DataError: it is none.
    """
    if isinstance(name, str) and name.strip():
        return name
    raise DataError(f"{where}: expected a span with a label, got {name!r}")


def check_ids(names: Iterable[str], where: str) -> None:
    """Check that nothing is named twice.

    Raises:
        DataError: something is.
    """
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise DataError(f"{where}: expected ids that differ, got {name!r} twice")
        seen.add(name)


def check_place(text: str, start: object, end: object, where: str) -> Place:
    """Return a place in the text.

    Raises:
        DataError: it is none.
    """
    if type(start) is int and type(end) is int and 0 <= start < end <= len(text):
        return start, end
    raise DataError(f"{where}: expected offsets into a text of {len(text)} characters, got {start!r} and {end!r}")


def _labelled_frame(label: Label, arguments: Sequence[Argument]) -> Frame:
    action, _, status = label.name.rpartition("/")
    if action and status in STATUSES:
        return Frame(label.place, action, tuple(arguments), status)
    return Frame(label.place, label.name, tuple(arguments))


def _frame(event: Mapping[str, Any]) -> Frame:
    action = event["action"]
    places = tuple(argument_places(event))
    return Frame((action["start"], action["end"]), action["type"], places, event.get("status", "occurred"))


def _unchanged(frame: Frame, pool: list[Record], *, merged: bool) -> list[Record]:
    """Take from the pool the original events that a frame still equals: one, or all that its tool merged into it."""
    arguments = [frozenset(argument_places(event)) for event in pool]
    if merged and pool and frozenset().union(*arguments) == frozenset(frame.arguments):
        taken, pool[:] = list(pool), []
        return taken
    for number, known in enumerate(arguments):
        if known == frozenset(frame.arguments):
            return [pool.pop(number)]
    return []


def _slots(event: Record) -> Iterator[tuple[str, tuple[Place, ...]]]:
    for slot in SLOTS:
        places = tuple(place for name, place in argument_places(event) if name == slot)
        if places:
            yield slot, places


def _expand(
    text: str, frame: Frame, details: Mapping[tuple[str, tuple[Place, ...]], Record], where: str, losses: Losses
) -> Iterator[Record]:
    places = {slot: sorted({place for name, place in frame.arguments if name == slot}) for slot in SLOTS}

    def filled(slot: str, chosen: Sequence[Place]) -> Record | None:
        known = details.get((slot, tuple(chosen)))
        return known[slot] if known else make_slot(text, slot, chosen) if chosen else None

    for slot in ("date", "counterparty"):
        for _ in places[slot][1:]:
            losses.add(f"further {slot} of an event that takes one", where)
    for company, target in product(each(places["company"]), each(places["target"])):
        event: Record = {
            "company": filled("company", company),
            "action": evidence(text, frame.trigger) | {"type": frame.action},
            "target": filled("target", target),
            "percentage": filled("percentage", places["percentage"]),
        }
        event |= {slot: filled(slot, places[slot][:1]) for slot in ("date", "counterparty")}
        yield event | {"status": "occurred"}


def _between(text: str, one: Place, other: Place) -> str:
    first, second = sorted((one, other))
    return text[first[1] : second[0]]
