"""Agreement between two annotations of the same texts: span F1 by slot, and Cohen's kappa (1960)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from quintuple.events import DataError
from quintuple.train.data.lines import Record
from quintuple.train.data.record import SLOTS, Place, argument_places
from quintuple.train.data.stats import read_labelled

#: A token is a word of an alphabet, or any other single character that is no blank.
_TOKEN = re.compile(r"[^\W_\u3005-\U000323af]+|\S")

Span = tuple[Place, str]


@dataclass(frozen=True, slots=True)
class SlotAgreement:
    """How far two annotations agree on a slot; ``kappa`` is over the BIO tags of tokens, None when both tag nothing."""

    left: int
    right: int
    both: int
    f1: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement on the texts that both files hold.

    ``slots`` has ``trigger`` (the span alone), ``action`` (span and type) and the argument slots; ``type_kappa`` is
    over the types of the triggers whose spans both have, None without any. ``only`` counts texts of one file alone.
    """

    texts: int
    only: tuple[int, int]
    slots: dict[str, SlotAgreement]
    type_kappa: float | None


def agree(left: Path, right: Path) -> Agreement:
    """Compare two labelled files text by text.

    Raises:
        DataError: a line is no labelled article, or the files share no text.
    """
    first, second = ({record["text"]: record for record in read_labelled(path)} for path in (left, right))
    shared = [text for text in first if text in second]
    if not shared:
        raise DataError(f"{right}: expected texts that are in {left} too, got none")
    pairs = [(first[text], second[text]) for text in shared]
    slots = {slot: _slot_agreement(pairs, slot) for slot in ("trigger", "action", *SLOTS)}
    only = (len(first) - len(shared), len(second) - len(shared))
    return Agreement(len(shared), only, slots, _type_kappa(pairs))


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return the agreement of two raters beyond chance, 1 when both always say the same; None without items."""
    if not pairs:
        return None
    observed = sum(one == other for one, other in pairs) / len(pairs)
    left, right = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(left[name] * right[name] for name in left) / len(pairs) ** 2
    return 1.0 if chance == 1 else (observed - chance) / (1 - chance)


def _slot_agreement(pairs: Sequence[tuple[Record, Record]], slot: str) -> SlotAgreement:
    left = right = both = 0
    tags: list[tuple[Hashable, Hashable]] = []
    for one, other in pairs:
        ours, theirs = _spans(one, slot), _spans(other, slot)
        left, right, both = left + len(ours), right + len(theirs), both + len(ours & theirs)
        tags += zip(_bio(one["text"], ours), _bio(one["text"], theirs), strict=True)
    f1 = 2 * both / (left + right) if left + right else 1.0
    return SlotAgreement(left, right, both, f1, cohen_kappa(tags) if left + right else None)


def _spans(record: Record, slot: str) -> set[Span]:
    """Return the distinct spans of a slot in a record, whichever event they belong to."""
    spans: set[Span] = set()
    for event in record["events"]:
        action = event["action"]
        place = (action["start"], action["end"])
        if slot in ("trigger", "action"):
            spans.add((place, action["type"] if slot == "action" else slot))
        else:
            spans.update((span, slot) for name, span in argument_places(event) if name == slot)
    return spans


def _bio(text: str, spans: Iterable[Span]) -> list[Hashable]:
    """Return the tags of each token, as a set: a token may carry the labels of several spans."""
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    tags: list[set[str]] = [set() for _ in tokens]
    for (start, end), label in spans:
        inside = [at for at, (first, last) in enumerate(tokens) if first < end and start < last]
        for at in inside:
            tags[at].add(("B-" if at == inside[0] else "I-") + label)
    return [frozenset(tag) for tag in tags]


def _type_kappa(pairs: Sequence[tuple[Record, Record]]) -> float | None:
    types: list[tuple[Hashable, Hashable]] = []
    for one, other in pairs:
        ours, theirs = _types(one), _types(other)
        types += [(ours[place], theirs[place]) for place in ours if place in theirs]
    return cohen_kappa(types)


def _types(record: Record) -> dict[Place, frozenset[str]]:
    types: dict[Place, frozenset[str]] = {}
    for place, name in _spans(record, "action"):
        types[place] = types.get(place, frozenset()) | {name}
    return types
