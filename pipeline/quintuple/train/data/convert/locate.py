"""Finds the places of arguments that a data set names without offsets.

Every occurrence of the trigger is tried. Of an argument, the occurrence nearest to it counts, one in the trigger's
own sentence before any other. The trigger whose sentence holds most of the arguments wins, then the one with the
shortest way to all of them, then the first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quintuple.train.data.record import Place
from quintuple.train.data.settings import data_settings


@dataclass(frozen=True, slots=True)
class Located:
    """A trigger's place with one place for each argument that the text holds."""

    trigger: Place
    arguments: dict[str, Place]


def occurrences(text: str, word: str) -> list[Place]:
    """Return all places of a word, without overlaps."""
    return [match.span() for match in re.finditer(re.escape(word), text)] if word else []


def locate(text: str, triggers: Sequence[Place], arguments: Mapping[str, Sequence[Place]]) -> Located:
    """Return the best of the trigger's places and, for each argument, the best of its own.

    ``triggers`` holds at least one place; an argument without any is absent from the result.
    """
    ends = [match.end() for match in re.finditer(f"[{re.escape(data_settings().locate.sentence_ends)}]", text)]

    def rank(trigger: Place) -> tuple[int, int, Place]:
        found = _nearest(trigger, arguments, ends)
        inside = sum(_sentence(ends, place) == _sentence(ends, trigger) for place in found.values())
        return -inside, sum(_distance(trigger, place) for place in found.values()), trigger

    trigger = min(triggers, key=rank)
    return Located(trigger, _nearest(trigger, arguments, ends))


def _nearest(trigger: Place, arguments: Mapping[str, Sequence[Place]], ends: Sequence[int]) -> dict[str, Place]:
    home = _sentence(ends, trigger)

    def rank(place: Place) -> tuple[bool, int, Place]:
        return _sentence(ends, place) != home, _distance(trigger, place), place

    return {name: min(places, key=rank) for name, places in arguments.items() if places}


def _sentence(ends: Sequence[int], place: Place) -> int:
    return sum(end <= place[0] for end in ends)


def _distance(one: Place, other: Place) -> int:
    return max(one[0] - other[1], other[0] - one[1], 0)
