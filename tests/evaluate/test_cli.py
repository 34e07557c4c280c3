"""`quintuple evaluate`, end to end with a fake model."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from quintuple.cli import evaluate as command
from quintuple.evaluate import files
from quintuple.events import DataError, SettingsError

from .conftest import PARTIES, SECOND, TEXTS, FakeExtractor, gold_record, output_event

Write = Callable[..., Path]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, extractor: FakeExtractor) -> typer.Typer:
    monkeypatch.setattr(files, "load", lambda model, settings: extractor)
    monkeypatch.setenv("COLUMNS", "100")
    app = typer.Typer()
    # A single command would take the place of its group.
    app.callback()(lambda: None)
    command.register(app)
    return app


def run(app: typer.Typer, *args: object) -> Result:
    result = CliRunner().invoke(app, ["evaluate", *map(str, args)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def gold(write: Write) -> list[Path]:
    return [write(f"{language}.gold.jsonl", gold_record(language)) for language in ("zh", "en")]


def test_a_model_is_scored_per_language_and_type(app: typer.Typer, gold: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "scores.json"
    result = run(app, "tiny", *gold, "--json", out)
    assert result.exit_code == 0, result.output
    for words in ("2 documents", "Events", "By source", "wire", "By type", "reduce_stake", "ECE"):
        assert words in result.stdout
    record = json.loads(out.read_text(encoding="utf-8"))
    assert (record["model"], record["baseline"], record["documents"], record["missing"]) == ("tiny", None, 2, 0)
    assert set(record["scores"]) == {"all", "zh", "en", "source.wire", "type.acquire", "type.reduce_stake"}
    core = record["scores"]["zh"]["core"]
    assert (core["correct"], core["predicted"], core["gold"]) == (1, 1, 2)
    assert record["scores"]["all"]["tuple"]["f1"] == 0.0
    assert record["calibration"]["core"]["ece"] == pytest.approx(0.1)


def test_predictions_stand_in_for_a_model_and_a_baseline(app: typer.Typer, gold: list[Path], write: Write) -> None:
    both = [
        {
            "id": f"{language}-1",
            "text": TEXTS[language],
            "events": [
                output_event(language, PARTIES[language], "acquire"),
                output_event(language, SECOND[language], "reduce_stake"),
            ],
        }
        for language in ("zh", "en")
    ]
    result = run(app, write("out.jsonl", *both), *gold, "--baseline", "tiny")
    assert result.exit_code == 0, result.output
    assert "Against tiny" in result.stdout
    assert "+0.333" in result.stdout


def test_a_broken_gate_fails_and_says_which(app: typer.Typer, gold: list[Path], tmp_path: Path) -> None:
    gate = tmp_path / "gate.toml"
    gate.write_text("[zh]\ncore = 0.9\n[en]\ncore = 0.1\n", encoding="utf-8")
    result = run(app, "tiny", *gold, "--gate", gate)
    assert result.exit_code == 1
    assert result.stderr == "gate: zh core: expected F1 of at least 0.9000, got 0.6667\n"
    gate.write_text("[zh]\ncore = 0.6\n", encoding="utf-8")
    assert run(app, "tiny", *gold, "--gate", gate).exit_code == 0


def test_the_report_is_written(app: typer.Typer, gold: list[Path], tmp_path: Path) -> None:
    report = tmp_path / "misses.html"
    assert run(app, "tiny", *gold, "--report", report).exit_code == 0
    html = report.read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert SECOND["zh"][0] in html
    with pytest.raises(SettingsError, match="expected a place to write to"):
        run(app, "tiny", *gold, "--report", tmp_path / "no" / "misses.html")


@pytest.mark.parametrize("scheme", [(), ("--scheme", "casee")])
def test_casee_scores_the_classifier_itself(
    app: typer.Typer, write: Write, extractor: FakeExtractor, scheme: tuple[str, ...]
) -> None:
    event = {
        "type": "质押",
        "trigger": {"span": [2, 4], "word": "质押"},
        "args": {"sub": [{"span": [0, 2], "word": "甲方"}]},
    }
    data = write("fewfc.jsonl", {"id": "s", "content": "甲方质押股份。", "events": [event]})
    result = run(app, "tiny", data, *scheme, "--baseline", data)
    assert result.exit_code == 0, result.output
    for name in ("TI", "TC", "AI", "AC", "质押", "-1.000"):
        assert name in result.stdout
    assert extractor.seen == []


def test_a_report_in_the_casee_scheme_is_refused(app: typer.Typer, gold: list[Path], tmp_path: Path) -> None:
    result = run(app, "tiny", *gold, "--scheme", "casee", "--report", tmp_path / "a.html")
    assert result.exit_code == 2
    assert "expected --scheme quintuple" in result.stderr


def test_missing_gold_is_an_error_of_its_own(app: typer.Typer, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.jsonl: expected JSON Lines"):
        run(app, "tiny", tmp_path / "gone.jsonl")


def test_the_program_has_the_command() -> None:
    from quintuple.cli.app import app as program

    assert "evaluate" in {each.name for each in program.registered_commands}
