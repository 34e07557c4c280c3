"""What the page saves is what `quintuple train` reads: the suggested config, on a tiny encoder."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from quintuple.cli.app import app
from quintuple.web.desk import Desk
from quintuple.web.retrain import write_config

pytest.importorskip("torch", reason="training needs the extra [train]")


def test_corrections_train_a_model(client: TestClient, desk: Desk, encoder: Path, tmp_path: Path) -> None:
    for item in client.get("/review/documents").json()["items"]:
        document = client.get(f"/review/documents/{item['key']}").json()
        events = [event | {"status": "planned"} for event in document["events"]]
        assert client.put(f"/review/documents/{item['key']}", json={"events": events}).status_code == 200
    config = write_config(desk.reviewed.path, encoder, settings=desk.settings.retrain)
    result = CliRunner().invoke(app, ["train", str(config), "--output", str(tmp_path / "run")])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "run" / "export" / "model.int8.onnx").is_file()
