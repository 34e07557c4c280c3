"""The built wheel, installed alone: no source in reach, no training libraries, and it extracts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = "2022年1月5日，腾讯宣布将在京东的持股从17%减持至2.3%。"

PROBE = """
import importlib.util, json, pathlib, sys
import quintuple
missing = [name for name in ("torch", "transformers", "datasets", "ray", "fastapi") if importlib.util.find_spec(name)]
events = quintuple.extract(sys.argv[1], published="2022-01-10")
spans = [sys.argv[1][e.action.start:e.action.end] == e.action.text for e in events]
found = {"home": quintuple.__file__, "extra": missing, "events": [e.to_dict() for e in events], "spans": spans}
print(json.dumps(found))
"""


def run(*command: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    done = subprocess.run([*map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_holds_the_model_and_stays_small(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "quintuple/_shipped/models/quintuple-base/model.int8.onnx" in names
    assert "quintuple/_shipped/configs/default.toml" in names
    assert "quintuple/py.typed" in names
    assert not [name for name in names if name.endswith(".safetensors")]
    assert wheel.stat().st_size < 100e6


def test_a_base_install_extracts_without_the_training_libraries(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    constraints = ROOT / "constraints.txt"
    run(python, "-m", "pip", "install", "-q", "-c", constraints, wheel, cwd=tmp_path)
    found = json.loads(run(python, "-I", "-c", PROBE, TEXT, cwd=tmp_path))
    assert str(ROOT) not in found["home"]
    assert found["extra"] == []
    assert found["events"]
    assert all(found["spans"])
    assert found["events"][0]["action"]["type"] == "reduce_stake"
