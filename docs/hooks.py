"""Puts into the pages what stands elsewhere, so that it is written once: types, settings, scores."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Fill the marks ``{{ name }}`` of a page."""
    return re.sub(r"\{\{ (\w+) \}\}", lambda found: PARTS[found[1]](), markdown)


def action_types() -> str:
    """Return the table of action types."""
    table = tomllib.loads((ROOT / "configs/actions.toml").read_text(encoding="utf-8"))
    rows = [
        f"| `{name}` | {entry['meaning']} | {' '.join(entry['zh'])} | {', '.join(entry['en'])} | {entry['target']} |"
        for name, entry in table.items()
    ]
    return "\n".join(
        ["| type | meaning | Chinese, e.g. | English, e.g. | target |", "| --- | --- | --- | --- | --- |", *rows]
    )


def default_settings() -> str:
    """Return the default settings, without the long list of patterns."""
    text = (ROOT / "configs/default.toml").read_text(encoding="utf-8")
    return "```toml\n" + re.sub(r"(?s)boilerplate = \[.*?\n\]", "boilerplate = [ … ]", text).strip() + "\n```"


def scores() -> str:
    """Return the scores of the shipped model, from its card."""
    card = (ROOT / "models/quintuple-base/README.md").read_text(encoding="utf-8")
    found = re.search(r"(?ms)^## Scores\n(.*?)(?=^## |\Z)", card)
    assert found, "models/quintuple-base/README.md: expected a section 'Scores'"
    return re.sub(r"\[([^\]]*)\]\((?!https?:)[^)]*\)", r"\1", found[1].strip())


PARTS: dict[str, Callable[[], str]] = {
    "action_types": action_types,
    "default_settings": default_settings,
    "scores": scores,
}
