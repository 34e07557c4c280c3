"""The help of every command has an example of it, and shells complete commands and options."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from quintuple.cli.app import app


def _paths(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the words of every command that does something."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path
    for name, child in (below or {}).items():
        yield from _paths(child, (*path, name))


COMMANDS = [*_paths(get_command(app))]


def test_every_command_is_found() -> None:
    assert {("extract",), ("data", "convert"), ("encoder", "pretrain"), ("review",)} <= set(COMMANDS)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_help_has_an_example(path: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "100"})
    assert result.exit_code == 0
    assert re.search(rf"(?s)Examples?:.*quintuple {' '.join(path)}\b", result.output), result.output


@pytest.mark.parametrize(
    ("line", "expected"),
    [("quintuple ex", ["extract", "export"]), ("quintuple data c", ["check", "convert"]), ("quintuple review --p", [])],
)
def test_bash_completes(line: str, expected: list[str]) -> None:
    words = {"COMP_WORDS": line, "COMP_CWORD": str(len(line.split()) - 1), "_QUINTUPLE_COMPLETE": "complete_bash"}
    program = "import sys; sys.argv = ['quintuple']; from quintuple.cli.app import app; app(prog_name='quintuple')"
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | words, capture_output=True, text=True, check=False
    )
    offered = done.stdout.split()
    assert sorted(offered) == sorted(expected or ["--port"]), done.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs bash")
def test_completion_is_installed_for_bash(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "quintuple", "--install-completion", "bash"]
    here = os.environ | {"HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "bash_completions" in (tmp_path / ".bashrc").read_text(encoding="utf-8")
