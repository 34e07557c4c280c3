"""Files are found in folders in one order, without loops."""

from __future__ import annotations

from pathlib import Path

import pytest

from quintuple.preprocess import find_inputs

TEXT = [".htm", ".html", ".json", ".jsonl", ".md", ".txt"]
SUFFIXES = sorted([*TEXT, *(f"{suffix}.gz" for suffix in TEXT), ".docx", ".pdf"])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ["b.txt", "a.md", "sub/c.jsonl.gz", "sub/D.HTML", "e.xyz", "f.pdf.gz", ".hidden.txt", ".git/g.txt"]:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"text")
    return tmp_path


def test_folders_are_searched(folder: Path) -> None:
    inputs = find_inputs([folder])
    assert [file.relative_to(root).as_posix() for file, root in inputs.files] == [
        "a.md",
        "b.txt",
        "sub/D.HTML",
        "sub/c.jsonl.gz",
    ]
    assert {root for _, root in inputs.files} == {folder}
    assert (inputs.skipped, inputs.errors) == (2, ())


def test_a_file_named_twice_comes_once(folder: Path) -> None:
    inputs = find_inputs([folder / "b.txt", folder / "sub", folder / "b.txt", folder])
    names = [file.name for file, _ in inputs.files]
    assert sorted(names) == sorted(set(names))
    assert len(names) == 4


def test_named_paths_that_cannot_be_read(folder: Path) -> None:
    inputs = find_inputs([folder / "none.txt", folder / "e.xyz", folder / "b.txt"])
    assert [str(error).split(": ", 1)[1] for error in inputs.errors] == [
        "expected a file or folder, got none there",
        f"expected one of the suffixes {', '.join(SUFFIXES)}, got '.xyz'",
    ]
    assert inputs.files == ((folder / "b.txt", folder),)


def test_link_loops_end(folder: Path) -> None:
    try:
        (folder / "sub" / "loop").symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("this system gives no right to make links")
    assert len(find_inputs([folder]).files) == 4
