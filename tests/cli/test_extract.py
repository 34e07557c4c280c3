"""`quintuple extract` from the outside, with a network that tags by rule."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quintuple.cli.app import app
from quintuple.events import SettingsError
from quintuple.extract import Extractor
from quintuple.settings import Settings


@pytest.fixture
def runner(extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    def load(model: str | None, *, settings: Settings) -> Extractor:
        return Extractor(extractor.classifier, settings)

    # By module: the dotted name would lead to the public function.
    monkeypatch.setattr(importlib.import_module("quintuple.extract"), "load", load)
    return CliRunner()


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("甲购乙5%股份。", encoding="utf-8")
    return path


def test_json_lines_in_a_pipe(runner: CliRunner, article: Path) -> None:
    result = runner.invoke(app, ["extract", str(article), "--published", "2022-01-10"])
    assert result.exit_code == 0, result.stderr
    record = json.loads(result.stdout)
    assert (record["id"], record["published"], len(record["events"])) == ("a", "2022-01-10", 1)
    assert "1 articles, 1 events, 0 failed" in result.stderr


def test_table(runner: CliRunner, article: Path) -> None:
    result = runner.invoke(app, ["extract", str(article), "--table"])
    assert result.exit_code == 0
    assert "acquire" in result.stdout
    assert "5 %" in result.stdout


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_output_file(article: Path, tmp_path: Path, tiny_model: Path, suffix: str) -> None:
    target = tmp_path / f"out{suffix}"
    result = CliRunner().invoke(app, ["extract", str(article), "-o", str(target), "--model", str(tiny_model)])
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "events: acquire 1" in result.stderr
    lines = target.read_text(encoding="utf-8").splitlines()
    row = next(csv.DictReader(lines)) if suffix == ".csv" else json.loads(lines[0])
    assert row["id"] == "a"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", target.name]


def test_reports_for_programs(article: Path, tmp_path: Path, tiny_model: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    chosen = ["--model", str(tiny_model), "--errors", str(tmp_path / "errors.csv"), "--log-json", "--changed-only"]
    result = CliRunner().invoke(app, ["extract", str(tmp_path), "-o", str(tmp_path / "out.jsonl"), *chosen])
    assert result.exit_code == 1
    notes = [json.loads(line) for line in result.stderr.splitlines()]
    assert [note["note"] for note in notes] == ["planned", "file", "file", "summary"]
    assert (notes[3]["articles"], notes[3]["types"]) == (1, {"acquire": 1})
    (row,) = csv.DictReader((tmp_path / "errors.csv").read_text(encoding="utf-8").splitlines())
    assert Path(row["path"]).name == "empty.txt"
    assert "expected text, got an empty file" in row["reason"]
    assert (tmp_path / "out.jsonl.shards").is_dir()


def test_errors_of_a_pipe(runner: CliRunner, article: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    result = runner.invoke(app, ["extract", str(tmp_path), "--errors", str(tmp_path / "errors.jsonl"), "--log-json"])
    assert result.exit_code == 1
    (row,) = map(json.loads, (tmp_path / "errors.jsonl").read_text(encoding="utf-8").splitlines())
    assert Path(row["path"]).name == "empty.txt"
    assert [json.loads(line)["note"] for line in result.stderr.splitlines()] == ["planned", "file", "file", "summary"]


@pytest.mark.parametrize("option", ["--changed-only", "--keep-state", "--watch", "--dedupe"])
def test_what_needs_an_output_says_so(runner: CliRunner, article: Path, option: str) -> None:
    result = runner.invoke(app, ["extract", str(article), option])
    assert result.exit_code == 2
    assert option in result.stderr
    assert "needs files and --output" in result.stderr


def test_standard_input(runner: CliRunner) -> None:
    result = runner.invoke(app, ["extract", "-"], input=b"Tencent buys Sea.")
    assert json.loads(result.stdout)["events"][0]["target"]["text"] == "Sea"


def test_a_failed_input_gives_exit_code_1_and_its_reason(runner: CliRunner, article: Path) -> None:
    (article.parent / "empty.txt").write_bytes(b"")
    result = runner.invoke(app, ["extract", str(article.parent)])
    assert result.exit_code == 1
    assert "empty.txt" in result.stderr
    assert json.loads(result.stdout)["id"] == "a"


def test_confidence_and_language_options(runner: CliRunner, article: Path) -> None:
    result = runner.invoke(app, ["extract", str(article), "--min-confidence", "1", "--language", "en", "--no-text"])
    record = json.loads(result.stdout)
    assert (record["language"], record["events"]) == ("en", [])
    assert "text" not in record


def test_wrong_use_is_named(runner: CliRunner, article: Path, tmp_path: Path) -> None:
    result = runner.invoke(app, ["extract", str(article), "--published", "tomorrow"])
    assert result.exit_code == 2
    assert "expected a day as YYYY-MM-DD" in result.stderr
    (tmp_path / "bad.toml").write_text("[classify]\nwindou = 3\n", encoding="utf-8")
    result = runner.invoke(app, ["extract", str(article), "--config", str(tmp_path / "bad.toml")])
    assert isinstance(result.exception, SettingsError)
    assert "classify.windou" in str(result.exception)


@pytest.mark.parametrize("command", [[], ["extract"], ["info"], ["train"], ["prepare"], ["fit"], ["export"]])
def test_help(command: list[str]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Example" in result.stdout
