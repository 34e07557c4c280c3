"""Runs a program in a process of its own and notes how long it took and how much memory it had."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

# Seconds between two looks; a look costs the watched processes time, for the system counts their pages.
_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Run:
    """Output, seconds, and the largest resident memory of the process and its children together, in bytes."""

    output: str
    seconds: float
    peak: int


def run(*command: str | Path) -> Run:
    """Run a Python program to its end.

    Raises:
        RuntimeError: it ended with an error.
    """
    began = time.perf_counter()
    process = _start(command)
    sampled: list[int] = []
    watcher = threading.Thread(target=_watch, args=(process, sampled))
    watcher.start()
    output, errors = process.communicate()
    seconds = time.perf_counter() - began
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: expected exit code 0, got {process.returncode}\n{errors}")
    return Run(output, seconds, max(sampled))


def first_line(*command: str | Path, given: str, expected: str) -> float:
    """Return the seconds from the start of a program to its first line of output, ``given`` as standard input.

    Raises:
        RuntimeError: ``expected`` is not in that line.
    """
    began = time.perf_counter()
    process = _start(command)
    assert process.stdin
    assert process.stdout
    process.stdin.write(given)
    process.stdin.close()
    line = process.stdout.readline()
    seconds = time.perf_counter() - began
    process.stdout.close()
    errors = process.stderr.read() if process.stderr else ""
    process.wait()
    if expected not in line:
        raise RuntimeError(
            f"{' '.join(map(str, command))}: expected {expected!r} in the output, got {line!r}\n{errors}"
        )
    return seconds


def _start(command: Sequence[str | Path]) -> subprocess.Popen[str]:
    # An installed package has its byte code; a setting of this shell must not take it away.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, *map(str, command)],
        env=environment,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        text=True,
        encoding="utf-8",
    )


def _watch(process: subprocess.Popen[str], sampled: list[int]) -> None:
    root = psutil.Process(process.pid)
    while process.poll() is None:
        sampled.append(_peak_of(root))
        time.sleep(_PAUSE)


def _peak_of(root: psutil.Process) -> int:
    """The memory of a process and its children now; of a process alone, the most it ever had, where that is told."""
    try:
        children = root.children(recursive=True)
        if not children:
            return max(int(root.memory_info().rss), _high_water(root.pid))
        return sum(_share(process) for process in [root, *children])
    except psutil.Error:
        return 0


def _share(process: psutil.Process) -> int:
    """The memory of one of several processes; what they share is counted once, where that is told."""
    try:
        memory = process.memory_full_info()
        return int(getattr(memory, "pss", 0) or memory.rss)
    except psutil.Error:
        return 0


def _high_water(pid: int) -> int:
    """What Linux tells; elsewhere samples alone must do."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0
