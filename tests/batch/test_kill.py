"""Runs of the program that are killed at random points, or interrupted, and end as if they had not been."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

FILES = 90


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    chance = random.Random(7)
    (tmp_path / "in").mkdir()
    for number in range(FILES):
        text = "。".join(chance.choice(("甲购乙5%股份", "甲减乙", "会议开始了")) for _ in range(chance.randint(1, 9)))
        (tmp_path / f"in/{number:03d}.txt").write_text(f"{number}。{text}。", encoding="utf-8")
    (tmp_path / "in/077.txt").write_bytes(b"")
    (tmp_path / "small.toml").write_text("[batch]\nshard_files = 3\nworkers = 1\n", encoding="utf-8")
    return tmp_path


def start(folder: Path, model: Path, output: str, *more: str) -> subprocess.Popen[bytes]:
    options = ["--model", str(model), "--config", "small.toml", "--log-json", "-o", output, *more]
    command = [sys.executable, "-m", "quintuple", "extract", "in", *options]
    return subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE)


def done(folder: Path) -> int:
    """Count the files that the manifest says are done; the last line may be half written."""
    lines = manifest(folder).split(b"\n")[:-1]
    return sum(len(line["inputs"]) for line in map(json.loads, lines) if "done" in line)


def manifest(folder: Path) -> bytes:
    try:
        return (folder / "out.jsonl.shards/manifest.ndjson").read_bytes()
    except OSError:
        return b""


def kept(errors: bytes) -> int:
    notes = [json.loads(line) for line in errors.splitlines()]
    return next((note["kept"] for note in notes if note["note"] == "planned"), 0)


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
def test_a_run_that_is_killed_again_and_again_ends_with_the_same_records(
    folder: Path, tiny_model: Path, kills: int
) -> None:
    chance = random.Random(kills)
    unbroken = start(folder, tiny_model, "whole.jsonl")
    assert b"empty file" in unbroken.communicate()[1]
    assert unbroken.returncode == 1
    hit = reached = 0
    while hit < kills:
        process = start(folder, tiny_model, "out.jsonl")
        target = reached + chance.randint(0, max(0, 2 * (FILES - reached) // (kills - hit)))
        while process.poll() is None and done(folder) < target:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.03)
        process.kill()
        errors = process.communicate()[1]
        if process.returncode in (0, 1) or b'"finished"' in manifest(folder):
            # Too late: the run had come to its end.
            (folder / "out.jsonl").unlink()
            shutil.rmtree(folder / "out.jsonl.shards")
            reached = 0
            continue
        hit += 1
        # Nothing that was done is done again.
        assert kept(errors) in (0, reached)
        reached = done(folder)
    last = start(folder, tiny_model, "out.jsonl")
    assert kept(last.communicate()[1]) == reached
    assert (folder / "out.jsonl").read_bytes() == (folder / "whole.jsonl").read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="sends the signal of Ctrl-C")
def test_an_interrupt_says_how_to_go_on_and_ends_a_watch(folder: Path, tiny_model: Path) -> None:
    process = start(folder, tiny_model, "out.jsonl")
    while done(folder) < 20:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert b"the same command goes on" in process.communicate()[1]
    assert process.returncode == 130
    assert not (folder / "out.jsonl").exists()
    (folder / "in/077.txt").unlink()
    watch = start(folder, tiny_model, "out.jsonl", "--watch")
    for number in (FILES - 1, FILES):
        while lines(folder / "out.jsonl") < number:
            assert watch.poll() is None
            time.sleep(0.05)
        (folder / "in/new.txt").write_text("甲购乙。", encoding="utf-8")
    watch.send_signal(signal.SIGINT)
    notes = [json.loads(line) for line in watch.communicate()[1].splitlines()]
    assert watch.returncode == 0
    assert [note["extracted"] for note in notes if note["note"] == "summary"][1:] == [1]


def lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0
