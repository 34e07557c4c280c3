"""The pages build without a warning, load nothing from elsewhere, and show what they are made from."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: What a browser fetches by itself; links that people follow are no such thing.
_FETCHED = re.compile(r"""<(?:script|img|iframe|link)\b[^>]*?\b(?:src|href)=["']?(?:https?:)?//[^"'> ]+""")
_CSS_FETCHED = re.compile(r"""(?:url\(|@import\s+)["']?(?:https?:)?//""")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return folder


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    pages = list(site.rglob("*.html"))
    assert len(pages) > 10
    for path in pages:
        found = [tag for tag in _FETCHED.findall(path.read_text(encoding="utf-8")) if "canonical" not in tag]
        assert found == [], path
    for path in site.rglob("*.css"):
        assert not _CSS_FETCHED.search(path.read_text(encoding="utf-8")), path


def test_types_settings_and_scores_are_filled_in(site: Path) -> None:
    text = {path.stem: path.read_text(encoding="utf-8") for path in site.glob("*.html")}
    assert "<code>win_bid</code>" in text["events"]
    assert "action_threshold" in text["how-it-works"]
    assert "<th>core</th>" in text["accuracy"]
    assert not [name for name, page in text.items() if "{{" in page]


def test_docstrings_are_on_the_page(site: Path) -> None:
    page = (site / "python.html").read_text(encoding="utf-8")
    for name in ("Extractor", "load_settings", "extract_frame", "make_component", "Percentage", "DecodingError"):
        assert f">{name}<" in page, name


# The kernel's client warns of its own event loop.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:zmq.*", "ignore::RuntimeWarning:zmq.*")
def test_the_notebook_runs(tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(ROOT / "docs/tour.ipynb", as_version=4)
    assert not [cell for cell in notebook.cells if cell.get("outputs")], "expected a notebook without outputs"
    done = NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": tmp_path}})
    executed = done.execute()
    shown = [output for cell in executed.cells for output in cell.get("outputs", ())]
    assert not [output for output in shown if output.output_type == "error"]
    assert any("reduce_stake" in str(output) for output in shown)
    assert any("DataFrame" in str(output) or "<table" in str(output) for output in shown)
