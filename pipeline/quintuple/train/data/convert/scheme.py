"""Turns the types and roles of another data set into quintuples by a mapping table of ``configs/``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from quintuple.events import TYPES_WITHOUT_COMPANY
from quintuple.resources import config_path
from quintuple.settings import read_toml
from quintuple.train.data.convert.frames import each
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.lines import Record
from quintuple.train.data.record import SLOTS, Place, make_event

Arguments = Sequence[tuple[str, Place]]


@cache
def mapping(name: str) -> dict[str, Any]:
    """Return a mapping table such as ``fewfc.toml``."""
    return read_toml(config_path(name))


def slot_roles(table: Mapping[str, Any], kind: str, action: str) -> dict[str, str]:
    """Return the slot of each role of an event type that becomes an action."""
    section = table["roles"].get(f"{kind}.{action}") or table["roles"].get(kind) or {}
    return {role: slot for slot, roles in section.items() for role in roles}


def slot_arguments(roles: Mapping[str, str], arguments: Arguments) -> list[tuple[str, Place]]:
    """Return the arguments that have a slot; of roles that share one, those named first in the table fill it.

    A slot of one role may hold several arguments: joint actors and several targets are separate events.
    """
    found: list[tuple[str, Place]] = []
    for slot in SLOTS:
        for role in (role for role, target in roles.items() if target == slot):
            places = [place for name, place in arguments if name == role]
            if places and (slot == "percentage" or not any(known == slot for known, _ in found)):
                found += [(slot, place) for place in places]
    return found


def events_of(
    text: str, trigger: Place, action: str, arguments: Arguments, *, status: str, where: str, losses: Losses
) -> list[Record]:
    """Return the events of one trigger, one per company and target; none where the company that it needs is missing."""
    places = {slot: sorted({place for name, place in arguments if name == slot}) for slot in SLOTS}
    if not places["company"] and action not in TYPES_WITHOUT_COMPANY:
        losses.add("event without the company that its type needs", where)
        return []
    for slot in ("date", "counterparty"):
        for _ in places[slot][1:]:
            losses.add(f"further {slot} of an event that takes one", where)
    return [
        make_event(text, trigger, action, places | {"company": company, "target": target}, status=status)
        for company in each(places["company"])
        for target in each(places["target"])
    ]


def distinct(events: Sequence[Record]) -> list[Record]:
    """Return events without repetitions: two types of a data set may become one action."""
    return [event for number, event in enumerate(events) if event not in events[:number]]
