"""Floors that scores must not fall below."""

from __future__ import annotations

from pathlib import Path

import pytest

from quintuple.evaluate import Evaluation, broken_floors, read_gate
from quintuple.evaluate.scores import Figure
from quintuple.events import SettingsError


def result(**scores: float) -> Evaluation:
    figures = {name: {"core": Figure(f1, f1, f1, f1, f1, 1, 1, 1)} for name, f1 in scores.items()}
    return Evaluation(scheme="quintuple", documents=1, missing=0, scores=figures, digest="sha256:1")


def gate(folder: Path, text: str) -> Path:
    path = folder / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("scope", ["all", "zh", "en"])
def test_a_broken_floor_is_named(scope: str, tmp_path: Path) -> None:
    floors = read_gate(gate(tmp_path, f"[{scope}]\ncore = 0.45\n"))
    assert broken_floors(floors, result(**{scope: 0.4499})) == [
        f"{scope} core: expected F1 of at least 0.4500, got 0.4499"
    ]
    assert broken_floors(floors, result(**{scope: 0.45})) == []


def test_types_and_sources_are_tables_of_their_own(tmp_path: Path) -> None:
    floors = read_gate(gate(tmp_path, '[type."质押"]\ncore = 0.9\n[source.wire]\ncore = 1\n'))
    broken = broken_floors(floors, result(**{"type.质押": 0.5, "source.wire": 1.0}))
    assert [line.split(":")[0] for line in broken] == ["type.质押 core"]


def test_other_data_breaks_a_pinned_gate(tmp_path: Path) -> None:
    floors = read_gate(gate(tmp_path, 'digest = "sha256:2"\n[all]\ncore = 0.1\n'))
    assert broken_floors(floors, result(all=0.5)) == ["digest: expected the data sha256:2, got sha256:1"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[zh", "expected a TOML file"),
        ("", "expected at least one floor"),
        ("core = 0.4", r"core: expected SCOPE\.MEASURE between 0 and 1, got 0\.4"),
        ("[zh]\ncore = 45", r"zh\.core: expected SCOPE\.MEASURE between 0 and 1, got 45"),
        ("[zh]\ncore = true", r"zh\.core: .* got True"),
        ('[zh]\ncore = "high"', r"zh\.core: .* got 'high'"),
        ("digest = 3\n[zh]\ncore = 0.1", "digest: expected a string, got 3"),
    ],
)
def test_a_wrong_gate_names_its_key(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=message):
        read_gate(gate(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[fr]\ncore = 0.4", "expected a scope of all, zh, got 'fr'"),
        ("[zh]\nkore = 0.4", r"zh\.kore: expected a measure of core, got 'kore'"),
    ],
)
def test_a_floor_of_something_not_scored_is_an_error(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=message):
        broken_floors(read_gate(gate(tmp_path, text)), result(all=1.0, zh=1.0))
