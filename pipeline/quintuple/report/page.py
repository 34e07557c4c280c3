"""Puts the data, the style and the scripts together to one page."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from quintuple import __version__
from quintuple.evaluate.jsonl import read_records
from quintuple.events import Language, SettingsError
from quintuple.report.collect import Collector, collect
from quintuple.report.settings import report_settings
from quintuple.writers.rows import writable

#: The parts of the script, in the order they run.
SCRIPTS = (
    "core.js",
    "filters.js",
    "bars.js",
    "timeline.js",
    "layout.js",
    "graph.js",
    "stakes.js",
    "table.js",
    "main.js",
)

# What could end a script element or start another; JSON lets each be written as an escape.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def build_report(results: Iterable[Path], *, title: str | None = None, language: Language | None = None) -> str:
    """Return results files (JSON Lines, as `quintuple extract` writes them) as one HTML page that fetches nothing.

    ``title`` is the heading instead of the files' names; ``language`` that of the interface at first, by default
    that of most articles. Text from the results is data to the page, never markup.

    Raises:
        DataError: a file is missing, or a line is no article as EVENTS.md writes it; names file and line.
    """
    paths = list(results)
    records = chain.from_iterable(read_records(path) for path in paths)
    collector = collect(records, evidence=report_settings().limits.evidence)
    heading = writable(title or ", ".join(path.name for path in paths))
    return _render(collector, heading, language or collector.language())


def write_report(
    results: Iterable[Path], output: Path, *, title: str | None = None, language: Language | None = None
) -> None:
    """Write the page of ``build_report`` to a file, which appears whole.

    Raises:
        DataError: as ``build_report``.
        SettingsError: the file cannot be written.
    """
    page = build_report(results, title=title, language=language)
    part = output.with_name(output.name + ".part")
    try:
        part.write_text(page, encoding="utf-8")
        part.replace(output)
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise SettingsError(f"{output}: expected a place to write to, got: {exc}") from exc


def _render(collector: Collector, title: str, language: Language) -> str:
    style = _asset("report.css")
    script = "\n".join(_asset(name) for name in SCRIPTS)
    words = {key: getattr(value, language) for key, value in report_settings().words.items()}
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_asset("page.html")).render(
        title=title,
        language=language,
        words=words,
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
        data=Markup(_inline_json(_data(collector, language))),
    )


def _data(collector: Collector, language: Language) -> Mapping[str, Any]:
    settings = report_settings().model_dump(mode="json")
    return collector.data() | settings | {"language": language, "version": __version__}


def _inline_json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _hash(text: str) -> str:
    """Return what a Content-Security-Policy knows an inline element by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return (files("quintuple.report") / "assets" / name).read_text(encoding="utf-8")
