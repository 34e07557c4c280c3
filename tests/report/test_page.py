"""The page as a file: self-contained, and no text of an article is markup in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quintuple.cli.app import app
from quintuple.events import DataError, SettingsError
from quintuple.report import build_report
from quintuple.report.settings import report_settings


class Reader(HTMLParser):
    """Collects the tags of a page, and the text of each script and style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append((self.tags[-1][0] if self.tags else "", data))

    def data(self) -> dict[str, Any]:
        """Return the inline JSON."""
        (text,) = (text for tag, text in self.texts if tag == "script" and text.startswith("{"))
        read: dict[str, Any] = json.loads(text)
        return read


def test_ten_thousand_events_fit_in_a_small_page(results: Callable[..., Path]) -> None:
    page = build_report([results(10_000)])
    assert len(page.encode()) < 4e6
    data = Reader(page).data()
    assert (len(data["events"]), len(data["articles"])) == (10_000, 2000)


def test_the_page_holds_all_it_needs(results: Callable[..., Path]) -> None:
    page = build_report([results(5)])
    reader = Reader(page)
    assert not [found for _, found in reader.tags if "src" in found or "href" in found]
    # The namespace of SVG is a name, not a place.
    assert set(re.findall(r"https?://[^\"' ]+", page)) == {"http://www.w3.org/2000/svg"}
    (policy,) = (found["content"] for _, found in reader.tags if found.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_hostile_text_is_no_markup(hostile: Path, results: Callable[..., Path]) -> None:
    harmless, page = Reader(build_report([results(5)])), build_report([hostile])
    reader = Reader(page)
    assert [tag for tag, _ in reader.tags] == [tag for tag, _ in harmless.tags]
    data = reader.data()
    written = [json.loads(line)["text"] for line in hostile.read_text(encoding="utf-8").splitlines()]
    assert data["sentences"] == written
    assert [article[0] for article in data["articles"]] == written
    assert "\u2028" not in page
    assert "&lt;b&gt;hostile&amp;amp;.jsonl" in page


def test_the_heading_and_the_language_can_be_given(results: Callable[..., Path]) -> None:
    path = results(5, chinese=1)
    assert '<html lang="zh">' in build_report([path])
    page = build_report([path, path], title="<i>", language="en")
    assert '<html lang="en">' in page
    assert '<h1 dir="auto">&lt;i&gt;</h1>' in page
    assert len(Reader(page).data()["events"]) == 10


def test_the_script_asks_for_no_word_that_is_missing(results: Callable[..., Path]) -> None:
    page = build_report([results(5)])
    asked = set(re.findall(r'word\("(\w+)"|data-(?:word|hint)="(\w+)"|word: "(\w+)"', page))
    used = {name for names in asked for name in names if name}
    known = set(report_settings().words)
    assert used <= known
    # Asked for by what the data says: units, slots, and what the template writes itself.
    computed = {
        "by_month",
        "by_quarter",
        "by_year",
        "articles",
        "events",
        "companies",
        "period",
        "title",
        "script",
        "theme",
        "repeats_none",
        "repeats_only",
    }
    # Seasons, quarters and halves, by their number in EDTF.
    computed |= {f"part_{code}" for code in (*range(21, 25), *range(33, 37), 40, 41)}
    assert computed <= known
    assert known - used - computed <= {"action", "date", "counterparty", "percentage", "language"}


def test_an_empty_file_gives_an_empty_page(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("", encoding="utf-8")
    assert Reader(build_report([tmp_path / "none.jsonl"])).data()["events"] == []


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js to check the script with")
def test_the_script_is_sound(tmp_path: Path, results: Callable[..., Path]) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", build_report([results(5)]), re.DOTALL)
    (tmp_path / "report.js").write_text(script, encoding="utf-8")
    subprocess.run(["node", "--check", tmp_path / "report.js"], check=True)


def test_command(results: Callable[..., Path], tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    done = CliRunner().invoke(
        app, ["report", str(results(5)), "-o", str(target), "--title", "Ours", "--language", "zh"]
    )
    assert done.exit_code == 0, done.stderr
    assert "out.html: 0.0 MB" in done.stderr or "out.html: 0.1 MB" in done.stderr
    assert "<title>事件报告 – Ours</title>" in target.read_text(encoding="utf-8")
    assert not list(tmp_path.glob("*.part"))


def test_command_help_has_examples() -> None:
    done = CliRunner().invoke(app, ["report", "--help"])
    assert done.exit_code == 0
    assert "quintuple report 2023.jsonl 2024.jsonl -o years.html" in done.stdout


def test_wrong_use_is_named(results: Callable[..., Path], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", str(tmp_path / "missing.jsonl")])
    assert isinstance(done.exception, DataError)
    assert "missing.jsonl: expected JSON Lines in UTF-8" in str(done.exception)
    done = CliRunner().invoke(app, ["report", str(results(5)), "-o", str(tmp_path / "no" / "out.html")])
    assert isinstance(done.exception, SettingsError)
    assert "expected a place to write to" in str(done.exception)
