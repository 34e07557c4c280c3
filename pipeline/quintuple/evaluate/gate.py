"""Floors that scores must not fall below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quintuple.events import SettingsError
from quintuple.settings import read_toml

if TYPE_CHECKING:
    from quintuple.evaluate.run import Evaluation


@dataclass(frozen=True, slots=True)
class Floor:
    """The least F1 that a measure of a scope must reach."""

    scope: str
    measure: str
    f1: float


@dataclass(frozen=True, slots=True)
class Gate:
    """The floors of a file, and the digest of the data they were set on, if it tells."""

    path: Path
    floors: tuple[Floor, ...]
    digest: str | None = None


def read_gate(path: Path) -> Gate:
    """Read floors from TOML: tables ``[all]``, ``[zh]``, ``[type.acquire]``, ``[source.wire]`` of measures.

    A top-level ``digest`` pins the data, as ``--json`` writes it.

    Raises:
        SettingsError: the file is missing or not TOML, or a floor is no number between 0 and 1.
    """
    table = read_toml(path)
    digest = table.pop("digest", None)
    if digest is not None and not isinstance(digest, str):
        raise SettingsError(f"{path}: digest: expected a string, got {digest!r}")
    floors = tuple(_floors(table, (), path))
    if not floors:
        raise SettingsError(f"{path}: expected at least one floor such as [zh] core = 0.45, got none")
    return Gate(path, floors, digest)


def broken_floors(gate: Gate, evaluation: Evaluation) -> list[str]:
    """Return a line for each floor that is broken.

    Raises:
        SettingsError: a floor names a scope or measure that was not scored.
    """
    broken = []
    if gate.digest not in (None, evaluation.digest):
        broken.append(f"digest: expected the data {gate.digest}, got {evaluation.digest}")
    for floor in gate.floors:
        reached = _reached(floor, evaluation, gate.path)
        if reached < floor.f1:
            broken.append(f"{floor.scope} {floor.measure}: expected F1 of at least {floor.f1:.4f}, got {reached:.4f}")
    return broken


def _reached(floor: Floor, evaluation: Evaluation, path: Path) -> float:
    if (figures := evaluation.scores.get(floor.scope)) is None:
        raise SettingsError(f"{path}: expected a scope of {', '.join(evaluation.scores)}, got {floor.scope!r}")
    if (figure := figures.get(floor.measure)) is None:
        key = f"{floor.scope}.{floor.measure}"
        raise SettingsError(f"{path}: {key}: expected a measure of {', '.join(figures)}, got {floor.measure!r}")
    return figure.f1


def _floors(table: Mapping[str, Any], scope: tuple[str, ...], path: Path) -> Iterator[Floor]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _floors(value, (*scope, key), path)
        elif not scope or isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            name = ".".join((*scope, key))
            raise SettingsError(f"{path}: {name}: expected SCOPE.MEASURE between 0 and 1, got {value!r}")
        else:
            yield Floor(".".join(scope), key, float(value))
