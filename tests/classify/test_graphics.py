"""The network from its float weights, which a graphics card runs; here, on the processor."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from quintuple.classify.classifier import load_classifier
from quintuple.classify.graphics import WEIGHTS, GraphicsBackend
from quintuple.events import ModelError, SettingsError
from quintuple.settings import Settings

torch = pytest.importorskip("torch", reason="a graphics card needs the extra [train]")


@pytest.fixture
def model(encoder: Path, tmp_path: Path) -> Path:
    """A folder with a random token classifier."""
    from transformers import AutoModelForTokenClassification

    torch.manual_seed(0)
    network = AutoModelForTokenClassification.from_pretrained(encoder, num_labels=6)
    network.save_pretrained(tmp_path / "model")
    return tmp_path / "model"


def test_logits_are_those_of_the_network_whatever_the_padding(model: Path) -> None:
    from transformers import AutoModelForTokenClassification

    ids, mask = np.array([[2, 9, 8, 3], [2, 7, 3, 0]]), np.array([[1, 1, 1, 1], [1, 1, 1, 0]])
    backend = GraphicsBackend(model, device="cpu")
    found = backend.logits(ids, mask)
    assert (found.shape, found.dtype) == ((2, 4, 6), np.float32)
    assert np.allclose(backend.logits(ids[1:, :3], mask[1:, :3])[0], found[1, :3], atol=1e-5)
    with torch.no_grad():
        expected = AutoModelForTokenClassification.from_pretrained(model).eval()(torch.from_numpy(ids[:1])).logits
    assert np.allclose(found[0], expected[0].numpy(), atol=1e-5)


def test_what_is_missing_is_named(model: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings.classify.model_copy(update={"device": "cuda"})
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SettingsError, match="expected a graphics card for 'cuda'"):
        load_classifier(model, settings=chosen)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    (model / WEIGHTS).unlink()
    with pytest.raises(ModelError, match=r"model\.safetensors: expected the float weights"):
        load_classifier(model, settings=chosen)
