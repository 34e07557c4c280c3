"""What lies in folders beside files, and files with names that nobody would choose."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

from hostile_inputs.cases import ENGLISH, Case, bad, good

_GOOD = ENGLISH.encode()


def cases() -> list[Case]:
    """Return the cases."""
    return [
        good("folder.txt/inside.txt", _GOOD),
        good("deep/" + "d/" * 600 + "deep.txt", _GOOD, needs="depth"),
        good("line\nend.txt", _GOOD, needs="names"),
        good(b"byte\xff.txt", _GOOD, needs="bytes"),
        good(b"byte\xfe.txt", _GOOD, needs="bytes"),
        good("\u202etxt.exe.txt", _GOOD, needs="names"),
        good("-o.txt", _GOOD),
        good("n" * 250 + ".txt", _GOOD, needs="depth"),
        Case("loop", lambda path: path.symlink_to(path.parent, target_is_directory=True), needs="links"),
        Case("same.txt", lambda path: path.symlink_to("-o.txt"), needs="links"),
        Case("unknown.xyz", b"x"),
        bad(
            "broken-link.txt",
            lambda path: path.symlink_to("nothing"),
            "expected a file, got a broken link",
            needs="links",
        ),
        bad("link-to-itself.txt", lambda path: path.symlink_to(path.name), "expected a file, got", needs="links"),
        bad("zero.txt", lambda path: path.symlink_to("/dev/zero"), "expected a file, got a device", needs="devices"),
        bad("pipe.txt", _pipe, "expected a file, got a named pipe", needs="pipes"),
        bad("pipe\n.txt.gz", _pipe, "expected a file, got a named pipe", needs="pipes"),
        bad("socket.jsonl", _socket, "expected a file, got a socket", needs="sockets"),
        bad("forbidden.txt", _forbidden, "expected a readable file, got: Permission denied", needs="permissions"),
        bad("sparse.txt", lambda path: _sparse(path, 1 << 34), r"expected at most \d+ bytes", needs="sparse"),
        bad(b"byte\xff.pdf", b"x", "expected a PDF, got text", needs="bytes"),
    ]


def abilities(folder: Path) -> frozenset[str]:
    """Return what this system can do, of what cases need."""
    posix = os.name == "posix"
    able = {"links": _can(lambda: (folder / "link").symlink_to("x")), "names": posix, "sockets": posix, "pipes": posix}
    able["bytes"] = posix and _can(lambda: Path(os.fsdecode(os.fsencode(folder / "byte") + b"\xff")).write_bytes(b""))
    able["devices"] = Path("/dev/zero").exists()
    able["sparse"] = posix
    # macOS and Windows know no paths of more than 1024 characters.
    able["depth"] = sys.platform == "linux"
    able["permissions"] = posix and os.geteuid() != 0
    return frozenset(name for name, is_able in able.items() if is_able)


def _can(act) -> bool:
    try:
        act()
    except OSError:
        return False
    return True


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    # The path of a socket must be short.
    before = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(before)


def _forbidden(path: Path) -> None:
    path.write_bytes(_GOOD)
    path.chmod(0)


def _sparse(path: Path, size: int) -> None:
    with path.open("wb") as file:
        file.truncate(size)
