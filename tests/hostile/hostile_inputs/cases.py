"""What a hostile input is, and what must come of it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ENGLISH = "Tencent said on Tuesday it had cut its stake in Sea from 21.3% to 18.7%."
CHINESE = "2021年12月，腾讯将所持京东股份由17%减持至2.3%。"


@dataclass(frozen=True)
class Case:
    """An input: where it lies, what is in it or how it is put there, and what must come of it.

    ``articles`` are extracted, each with ``text`` in it; each of ``reasons`` is found in one error, and there are no
    others. ``needs`` names what the system must be able to do, else the case is left out.
    """

    name: str | bytes
    content: bytes | Callable[[Path], None]
    articles: int = 0
    reasons: tuple[str, ...] = ()
    text: str = ""
    needs: str = ""

    def put(self, folder: Path) -> Path:
        """Make the input below a folder and return its path."""
        path = folder / os.fsdecode(self.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(self.content, bytes):
            path.write_bytes(self.content)
        else:
            self.content(path)
        return path


def good(name: str | bytes, content: bytes | Callable[[Path], None], text: str = "Tencent", **more: str) -> Case:
    """Return an input that must be extracted."""
    return Case(name, content, articles=1, text=text, **more)  # type: ignore[arg-type]


def bad(name: str | bytes, content: bytes | Callable[[Path], None], reason: str, **more: str) -> Case:
    """Return an input that must be refused, for a reason."""
    return Case(name, content, reasons=(reason,), **more)  # type: ignore[arg-type]
