"""Every command and every Python block of the pages runs, and prints what the page says it prints.

Commands run as they are written, on a desk of small stand-ins under the names that the pages use. What cannot run so
is named in ``commands.toml``, with what runs in its place and why. In the output that a page shows, an ellipsis stands
for anything; what is shown must come, line by line, in that order. Int8 arithmetic differs between processors: in a row
of a table, one cell may say something else, and confidences lie near each other only. What stands in a ``text`` block
came from the full data and is not compared. A file that a page shows with ``cat``, or as a
block with a title, is on the desk as shown.
"""

from __future__ import annotations

import logging
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FAST = [ROOT / "README.md", ROOT / "docs/get-started.md"]
SLOW = sorted(path for path in (ROOT / "docs").glob("*.md") if path not in FAST)
PAGES = [
    *(pytest.param(page, id=page.name) for page in FAST),
    *(pytest.param(page, id=page.name, marks=pytest.mark.slow) for page in SLOW),
]
TABLE = tomllib.loads((Path(__file__).parent / "commands.toml").read_text(encoding="utf-8"))
#: Seconds that a command may take before it is held to hang.
PATIENCE = 900
#: Columns of the terminal that commands with shown output print on.
COLUMNS = 120
#: How far confidences of the same event lie apart on two processors, at most.
NEAR = 0.15
LOG = logging.getLogger(__name__)

_FENCE = re.compile(r"^( *)```(\w+)([^\n]*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: its language, its title, its text, and the line of the page where that begins."""

    language: str
    title: str | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Command:
    """A command, with the output that the page shows for it, if any."""

    text: str
    shown: tuple[str, ...]
    line: int


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_python_block_runs(page: Path, desk: Path, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(desk, folder, symlinks=True)
    failed = []
    for block in blocks(page):
        for line, text, problem in run_block(block, folder):
            failed.append(f"{page.name}:{line}: {text}\n{problem}")
    if program := python_program(page):
        lay(folder / "page.py", program)
        if problem := run(Command("python page.py", (), 0), folder):
            failed.append(f"{page.name}: the Python blocks\n{problem}")
    assert not failed, "\n\n".join(failed)


def test_what_is_replaced_is_there() -> None:
    found = [command.text for page in [*FAST, *SLOW] for block in blocks(page) for command in commands(block)]
    for entry in [*TABLE["instead"], *TABLE["until"]]:
        pattern = entry["command"]
        assert any(re.fullmatch(pattern, plain(text)) for text in found), f"commands.toml: no page has {pattern!r}"


def test_commands_are_read_with_their_output(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# T\n```console\n$ a b\nout\n\n$ c\n```\n```sh\nd \\\n  -e  # why\n# alone\n\nf\n```\n", encoding="utf-8"
    )
    found = [command for block in blocks(page) for command in commands(block)]
    assert found == [
        Command("a b", ("out",), 3),
        Command("c", (), 6),
        Command("d \\\n  -e  # why", (), 9),
        Command("f", (), 13),
    ]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (" a   Tencent   sell   JD.com   5 %   0.64 ", True),
        (" a   Tencent   sell   JD.com   5 %   0.71 ", True),
        (" a   Tencent   sell   –   5 %   0.64 ", True),
        (" a   Tencent   sell   –   6 %   0.64 ", False),
        (" a   Tencent   sell   –   5 %   0.11 ", False),
        (" a   Tencent   sell   5 %   0.64 ", False),
    ],
)
def test_what_a_processor_may_change(printed: str, expected: bool) -> None:
    shown = " a   Tencent   sell   JD.com   5 %   0.64 "
    assert agree(shown, printed) is expected
    assert (missing((shown,), f"before\n{printed}\nafter") is None) is expected


def run_block(block: Block, folder: Path) -> Iterator[tuple[int, str, str]]:
    """Run the commands of a block; yield those that fail. What runs until it is stopped runs to the block's end."""
    if block.title:
        lay(folder / block.title, block.text)
        return
    with ExitStack() as running:
        for command in commands(block):
            if command.shown and (named := re.fullmatch(r"cat (\S+)", command.text)):
                lay(folder / named[1], "\n".join(command.shown) + "\n")
            prints = awaited(command)
            began = time.monotonic()
            problem = running.enter_context(started(command, folder, prints)) if prints else run(command, folder)
            LOG.info("%5.1f s  %s", time.monotonic() - began, command.text)
            if problem:
                yield command.line, command.text, problem


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page, in order."""
    source = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(source):
        title = _TITLE.search(found[3])
        indent, line = len(found[1]), source.count("\n", 0, found.start(4)) + 1
        text = "".join(row[indent:] if row.strip() else row for row in found[4].splitlines(keepends=True))
        yield Block(found[2], title[1] if title else None, text, line)


def commands(block: Block) -> Iterator[Command]:
    """Yield the commands of a block; ``console`` blocks mark them with a dollar sign and show what they print."""
    if block.language == "console":
        yield from _prompted(block)
    elif block.language in ("sh", "bash"):
        yield from _plain(block)


def python_program(page: Path) -> str:
    """Return the Python blocks of a page as one program, each on its lines of the page, so that errors name them."""
    program = ""
    for block in blocks(page):
        if block.language == "python":
            program += "\n" * (block.line - 1 - program.count("\n")) + block.text
    return program


def _prompted(block: Block) -> Iterator[Command]:
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        if line.startswith("$ "):
            found.append((number, [line[2:]]))
        else:
            assert found, f"line {number}: expected a command after '$ ', got {line!r}"
            found[-1][1].append(line)
    for number, (text, *shown) in found:
        yield Command(text, tuple(line for line in shown if line.strip()), number)


def _plain(block: Block) -> Iterator[Command]:
    lines: list[str] = []
    for number, line in enumerate(block.text.splitlines(), block.line):
        lines.append(line)
        if not line.endswith("\\"):
            text = "\n".join(lines)
            if text.strip() and not text.lstrip().startswith("#"):
                yield Command(text, (), number - len(lines) + 1)
            lines = []


def lay(path: Path, text: str) -> None:
    """Put a file on the desk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(command: Command, folder: Path) -> str | None:
    """Run a command on the desk; return what went wrong, or None."""
    shell = ["bash", "-o", "pipefail", "-c", replaced(command.text)]
    # Programs print tables on a terminal and lines of JSON into a pipe. Bars are for terminals too: not asked for.
    with (folder / "errors.log").open("w", encoding="utf-8") as errors, terminal(bool(command.shown)) as (stdout, read):
        process = subprocess.Popen(
            shell, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, stdout=stdout, stderr=errors
        )
        output = read(process)
    output += (folder / "errors.log").read_text(encoding="utf-8", errors="replace")
    if process.returncode:
        return f"exit code {process.returncode}\n{output[-3000:]}"
    return missing(command.shown, output)


@contextmanager
def terminal(wanted: bool) -> Iterator[tuple[int, Callable[[subprocess.Popen[bytes]], str]]]:
    """Yield what a program prints to, a terminal or a pipe, and what reads it to its end."""
    reading, writing = pty.openpty() if wanted else os.pipe()
    if wanted:
        termios.tcsetwinsize(writing, (50, COLUMNS))
    parts: list[bytes] = []

    def collect() -> None:
        # A terminal whose other side is gone is an error on Linux, an end elsewhere.
        with suppress(OSError):
            while part := os.read(reading, 1 << 16):
                parts.append(part)

    def read(process: subprocess.Popen[bytes]) -> str:
        os.close(writing)
        collector = threading.Thread(target=collect)
        collector.start()
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        collector.join()
        return b"".join(parts).decode("utf-8", "replace")

    try:
        yield writing, read
    finally:
        os.close(reading)


@contextmanager
def started(command: Command, folder: Path, prints: str) -> Iterator[str | None]:
    """Start a program, wait until it prints what is awaited, and stop it in the end as Ctrl-C does."""
    log = folder / f"until-{command.line}.log"
    with log.open("w", encoding="utf-8") as stream:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command.text}"],
            cwd=folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and prints not in log.read_text(encoding="utf-8") and time.monotonic() < deadline:
        time.sleep(0.1)
    output = log.read_text(encoding="utf-8")
    yield None if prints in output else f"expected {prints!r} in the output, got\n{output[-3000:]}"
    process.send_signal(signal.SIGINT)
    # It finishes the shard in hand, which takes its time beside other work.
    process.wait(timeout=PATIENCE)


def awaited(command: Command) -> str | None:
    """Return what a program prints that runs until it is stopped; None for those that end by themselves."""
    text = plain(command.text)
    return next((str(entry["prints"]) for entry in TABLE["until"] if re.fullmatch(entry["command"], text)), None)


def replaced(text: str) -> str:
    """Return what runs in place of a command: mostly itself."""
    for entry in TABLE["instead"]:
        if found := re.fullmatch(entry["command"], plain(text)):
            python = Path(sys.executable)
            places = {"root": ROOT, "python": python, "venv": python.parents[1]}
            return str(entry["run"].format(*found.groups(), **places))
    return text


def plain(text: str) -> str:
    """Return a command without its comment, on one line."""
    return re.sub(r"\s+", " ", re.sub(r"\s+#\s.*", "", text).replace("\\\n", " ")).strip()


def environment() -> dict[str, str]:
    """The environment of a user on an English terminal, with our interpreter first and no browser to open."""
    own = Path(sys.executable).parent
    known = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_", "PYTEST"))}
    return known | {
        "PATH": f"{own}{os.pathsep}{os.environ['PATH']}",
        "BROWSER": "true",
        "COLUMNS": str(COLUMNS),
        "TERM": "xterm",
        "NO_COLOR": "1",
        "HF_HUB_OFFLINE": "1",
        "PYTHONUTF8": "1",
        "TOKENIZERS_PARALLELISM": "false",
    }


def missing(shown: tuple[str, ...], output: str) -> str | None:
    """Return the first shown line that the output lacks, with the output; None if it has all of them, in order."""
    lines, place = _ESCAPE.sub("", output).splitlines(), 0
    for line in shown:
        if line.strip() in ("…", "..."):
            continue
        found = next((n for n, each in enumerate(lines[place:], place) if agree(line, each)), None)
        if found is None:
            return f"expected the line {line!r} in the output, got\n{output[-3000:]}"
        place = found + 1
    return None


def agree(shown: str, printed: str) -> bool:
    """Whether a printed line is the one shown; in a row of a table, all cells but one must be."""
    if same(spaced(shown), spaced(printed)):
        return True
    pairs = [re.split(r"\s{2,}", line.strip()) for line in (shown, printed)]
    if len(pairs[0]) != len(pairs[1]) or len(pairs[0]) < 5:
        return False
    return sum(same(one, other) for one, other in zip(*pairs, strict=True)) >= len(pairs[0]) - 1


def same(shown: str, printed: str) -> bool:
    """Whether two texts are the same, an ellipsis standing for anything, or two shares near each other."""
    if all(re.fullmatch(r"[01]\.\d\d", text) for text in (shown, printed)):
        return abs(float(shown) - float(printed)) <= NEAR
    return re.fullmatch(".*".join(re.escape(part) for part in shown.split("…")), printed) is not None


def spaced(line: str) -> str:
    """Return a line with one space for several, and one rule for a longer one."""
    return re.sub(r"─+", "─", re.sub(r"\s+", " ", line)).strip()
