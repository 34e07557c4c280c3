"""The files of the page: nothing inline, nothing from elsewhere, no text read as HTML."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

ROOT = files("quintuple.web")
SCRIPTS = Path(str(ROOT / "static" / "js"))
FILES = [path for folder in ("static/js", "static/css", "templates") for path in Path(str(ROOT / folder)).iterdir()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    assert re.findall(r"https?://|//cdn|@import|url\(", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(SCRIPTS.iterdir()), ids=lambda path: path.name)
def test_scripts_never_read_text_as_html_or_code(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    unsafe = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|createContextualFragment"
    )
    assert re.findall(unsafe, text) == []
    assert re.findall(r"setAttribute\(['\"](?:on|style)", text) == []
    assert len(text.splitlines()) <= 300


@pytest.mark.parametrize("name", ["page.html", "login.html"])
def test_templates_hold_no_inline_script_or_style(name: str) -> None:
    text = (ROOT / "templates" / name).read_text(encoding="utf-8")
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", text) == []
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert "|safe" not in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_comes_in_both_languages(client: TestClient, language: str) -> None:
    asked = client.get(f"/?lang={language}").text
    preferred = client.get("/", headers={"accept-language": f"fr, {language}-XX;q=0.9"}).text
    assert asked == preferred
    assert f'<html lang="{language}">' in asked
    assert ("新文章" in asked) is (language == "zh")


def test_static_files_are_served_with_their_types(client: TestClient) -> None:
    for path, media in (("js/main.js", "javascript"), ("css/base.css", "css"), ("icon.svg", "svg")):
        answer = client.get(f"/static/{path}")
        assert (answer.status_code, media in answer.headers["content-type"]) == (200, True)
    assert client.get("/static/messages/zh.json").json()["title"] == "审阅事件"
    for path in ("/static/../app.py", "/static/%2e%2e/app.py", "/static/messages/fr.json", "/static/js/"):
        assert client.get(path).status_code in (404, 422), path


def _node() -> str | None:
    """Return a JavaScript runtime: the machine's, or the one that Playwright brings."""
    if found := shutil.which("node"):
        return found
    try:
        import playwright
    except ModuleNotFoundError:
        return None
    inside = Path(playwright.__file__).parent / "driver" / ("node.exe" if os.name == "nt" else "node")
    return str(inside) if inside.is_file() else None


NODE = _node()
needs_node = pytest.mark.skipif(NODE is None, reason="needs node, or Playwright, which brings it")
CHARACTERS = "a甲 \n\r\u200d\u0301\ufeff\u2028\uffff😀👨👩𠮷🇨🇳\U0010ffff"


def run_script(source: str, given: object, folder: Path) -> object:
    """Run a module with a value as its input; ``@js/`` stands for the folder of the scripts."""
    assert NODE is not None
    for script in SCRIPTS.iterdir():
        # Without a package.json, node takes only .mjs for modules.
        text = script.read_text(encoding="utf-8").replace(".js'", ".mjs'")
        (folder / script.with_suffix(".mjs").name).write_text(text, encoding="utf-8")
    (folder / "run.mjs").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [NODE, str(folder / "run.mjs")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


OFFSETS = """
import { Offsets } from './offsets.mjs'
import { readFileSync } from 'node:fs'
const texts = JSON.parse(readFileSync(0, 'utf-8'))
console.log(JSON.stringify(texts.map((text) => {
  const offsets = new Offsets(text)
  const places = Array.from({ length: offsets.length + 1 }, (_, place) => place)
  const units = Array.from({ length: text.length + 1 }, (_, unit) => unit)
  return {
    length: offsets.length,
    units: places.map((place) => offsets.toUnits(place)),
    starts: units.map((unit) => offsets.fromUnits(unit)),
    ends: units.map((unit) => offsets.fromUnits(unit, true)),
    pieces: places.slice(1).map((place) => offsets.slice(place - 1, place)),
  }
})))
"""


@needs_node
def test_browser_offsets_are_pythons_code_points(tmp_path: Path) -> None:
    draw = random.Random(7)
    texts = ["".join(draw.choices(CHARACTERS, k=draw.randrange(30))) for _ in range(2000)]
    results = run_script(OFFSETS, texts, tmp_path)
    assert isinstance(results, list)
    assert len(results) == len(texts)
    for text, found in zip(texts, results, strict=True):
        units = [len(text[:place].encode("utf-16-le")) // 2 for place in range(len(text) + 1)]
        assert found["length"] == len(text)
        assert found["units"] == units
        assert found["pieces"] == list(text)
        # Inside a character that takes two units, a start goes before it and an end behind it.
        assert found["starts"] == [
            max(p for p in range(len(units)) if units[p] <= unit) for unit in range(units[-1] + 1)
        ]
        assert found["ends"] == [min(p for p in range(len(units)) if units[p] >= unit) for unit in range(units[-1] + 1)]


MODEL = """
import * as model from './model.mjs'
import { readFileSync } from 'node:fs'
const given = JSON.parse(readFileSync(0, 'utf-8'))
const events = model.inTextOrder(given.map(model.adopt))
const [a, b] = events
const short = (list) => list.map((event) => [event.action.start, event.target?.text ?? null, event.state, event.origin])
const { events: halves, copy } = model.split(events, a.id)
console.log(JSON.stringify({
  order: short(events),
  least: short(model.byConfidence(events)),
  split: short(halves),
  copy: copy.company.text,
  merged: short(model.merge(events, b.id, a.id)),
  removed: short(model.remove(events, a.id)),
  untouched: short(events),
  lacks: [a, { ...a, company: null }, { ...a, company: null, action: { type: 'rule' } }].map(model.lacks),
  guess: ['acquired', '减持', 'zzz'].map((text) => model.guessType(text, { acquire: ['acquire'], reduce: ['减持'] })),
}))
"""


@needs_node
def test_edits_of_events(tmp_path: Path) -> None:
    def event(start: int, target: str | None, origin: int, confidence: float) -> dict[str, object]:
        part = {"text": "x", "start": start, "end": start + 1}
        empty = dict.fromkeys(("percentage", "date", "counterparty"))
        parties = {"company": part | {"text": "C"}, "target": target and part | {"text": target}}
        return {"action": part | {"type": "sue"}, "origin": origin, "confidence": confidence, **parties, **empty}

    found = run_script(MODEL, [event(9, "B", 1, 0.2), event(3, None, 0, 0.9)], tmp_path)
    assert found == {
        "order": [[3, None, "open", 0], [9, "B", "open", 1]],
        "least": [[9, "B", "open", 1], [3, None, "open", 0]],
        "split": [[3, None, "accepted", 0], [3, None, "accepted", None], [9, "B", "open", 1]],
        "copy": "C",
        "merged": [[9, "B", "accepted", 1]],
        "removed": [[9, "B", "open", 1]],
        "untouched": [[3, None, "open", 0], [9, "B", "open", 1]],
        "lacks": [[], ["editor.no_company"], []],
        "guess": ["acquire", "reduce", "other"],
    }
