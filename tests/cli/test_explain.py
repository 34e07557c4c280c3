"""`quintuple extract --explain` and `--companies`, with a network that tags by rule."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quintuple.cli.app import app
from quintuple.extract import Extractor
from quintuple.settings import Settings

HEADER = "id,kind,zh,en,ticker,aliases\n"


@pytest.fixture
def runner(extractor: Extractor, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    def load(model: str | None, *, settings: Settings) -> Extractor:
        return Extractor(extractor.classifier, settings)

    monkeypatch.setattr(importlib.import_module("quintuple.extract"), "load", load)
    return CliRunner()


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text("甲购乙5%股份。", encoding="utf-8")
    return path


def test_people_read_spans_scores_and_rules(runner: CliRunner, article: Path) -> None:
    result = runner.invoke(app, ["extract", str(article), "--explain", "--table"])
    assert result.exit_code == 0, result.stderr
    assert "percentage   '5%'  [3:5]" in result.stdout
    assert "set_percentage: Read the values of the percentages" in result.stdout


def test_a_pipe_gets_the_rules_of_each_event(runner: CliRunner, article: Path) -> None:
    result = runner.invoke(app, ["extract", str(article), "--explain", "--no-text"])
    record = json.loads(result.stdout)
    assert "text" not in record
    (event,) = record["events"]
    assert {"set_percentage", "set_company"} <= set(event["rules"])


def test_an_article_without_events_says_so(runner: CliRunner, tmp_path: Path) -> None:
    path = tmp_path / "none.txt"
    path.write_text("Nothing happened.", encoding="utf-8")
    result = runner.invoke(app, ["extract", str(path), "--explain", "--table"])
    assert "(no events)" in result.stdout


def test_an_explanation_goes_into_no_file(runner: CliRunner, article: Path, tmp_path: Path) -> None:
    result = runner.invoke(app, ["extract", str(article), "--explain", "-o", str(tmp_path / "out.jsonl")])
    assert result.exit_code == 2


def test_own_companies_are_named(runner: CliRunner, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text(HEADER + "tc,company,,Tencent Own,,Tencent\n", "utf-8")
    path = tmp_path / "a.txt"
    path.write_text("Tencent buys Sea.", encoding="utf-8")
    result = runner.invoke(app, ["extract", str(path), "--companies", str(table)])
    assert result.exit_code == 0, result.stderr
    companies = [event["company"] for event in json.loads(result.stdout)["events"]]
    assert [(company["name"], company["id"]) for company in companies] == [("Tencent Own", "tc")]
