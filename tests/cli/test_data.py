"""`quintuple data` parses, calls one library function and prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quintuple.cli.app import app
from quintuple.train.data.convert import FORMATS

GOOD: dict[str, Any] = {"id": "a", "language": "en", "text": "Orla buys Fenn.", "events": []}
GOOD["events"] = [
    {
        "company": {"text": "Orla", "start": 0, "end": 4, "name": "Orla"},
        "action": {"text": "buys", "start": 5, "end": 9, "type": "acquire"},
        "target": {"text": "Fenn", "start": 10, "end": 14, "name": "Fenn"},
        "percentage": None,
        "date": None,
        "status": "occurred",
    }
]


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.jsonl"
    path.write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
    return path


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["data", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_check_ends_with_1_when_there_is_a_problem(good: Path, tmp_path: Path) -> None:
    assert run("check", good) == (0, "", "problems: 0; files: 1\n")
    bad = tmp_path / "bad.jsonl"
    bad.write_text(json.dumps(GOOD).replace("acquire", "recall") + "\n", encoding="utf-8")
    code, out, err = run("check", bad)
    assert (code, err) == (1, "problems: 1; files: 1\n")
    assert out == f"{bad}:1: type: event 1: unknown type 'recall' at [5:9] 'buys'\n"
    assert run("check", bad, "--types", "any")[0] == run("check", bad, "--ignore", "type")[0] == 0


def test_convert_out_and_back(good: Path, tmp_path: Path) -> None:
    tasks, back = tmp_path / "tasks.json", tmp_path / "back.jsonl"
    code, _, err = run("convert", "--to", "label-studio", good, "-o", tasks)
    assert (code, err) == (0, f"1 articles, 1 events -> {tasks}\n")
    assert '<Label value="reduce_stake"/>' in (tmp_path / "tasks.config.xml").read_text("utf-8")
    assert run("convert", "--from", "label-studio", tasks, "-o", back)[0] == 0
    assert json.loads(back.read_text("utf-8"))["events"] == GOOD["events"]


def test_convert_says_what_is_left_out(tmp_path: Path) -> None:
    source = tmp_path / "a.jsonl"
    source.write_text(
        '{"text": "Orla", "entities": [{"id": 1, "label": "COMPANY", "start_offset": 0, "end_offset": 4}]}\n'
    )
    _, _, err = run("convert", "--from", "doccano", source, "-o", tmp_path / "out.jsonl")
    assert err.startswith(f"left out: 1 × COMPANY that belongs to no trigger (first: {source}:1)\n")


def test_split_and_stats(good: Path, tmp_path: Path) -> None:
    code, _, err = run("split", good, "-o", tmp_path / "parts", "--ratios", "1,0,0")
    assert (code, err) == (0, f"train 1, dev 0, test 0 -> {tmp_path / 'parts'}\n")
    assert (tmp_path / "parts" / "train.jsonl").read_text("utf-8") == good.read_text("utf-8")
    assert run("split", good, "-o", tmp_path / "parts", "--ratios", "most")[0] == 2
    code, out, _ = run("stats", good)
    assert code == 0
    assert out.startswith("1 articles, 0 without events; 1 events\n")
    assert "acquire   1" in out
    assert json.loads(run("stats", good, "--json")[1])["filled"]["target"] == 1.0


def test_agreement(good: Path) -> None:
    code, out, _ = run("stats", good, "--against", good)
    assert code == 0
    assert "kappa of the types of shared triggers: 1.000" in out
    assert run("stats", good, good, "--against", good)[0] == 2


def test_help_names_every_format_and_has_examples() -> None:
    for command in ("check", "convert", "split", "stats"):
        assert "quintuple data " + command in " ".join(run(command, "--help")[1].split())
    text = run("convert", "--help")[1]
    assert all(name in text for name in FORMATS)


def test_the_program_starts_without_loading_the_library() -> None:
    code = (
        "import sys, quintuple.cli.data; sys.exit(any(name in sys.modules for name in ('numpy', 'pydantic', 'spacy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
