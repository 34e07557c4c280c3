"""The export's gate, and the card it writes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

import numpy as np
import onnx
import onnxruntime
from torch import Tensor, nn

from quintuple import __version__
from quintuple.classify.backend import Backend
from quintuple.events import ModelError
from quintuple.settings import load_settings
from quintuple.train.export import export
from quintuple.train.outliers import Outliers, find_outliers
from quintuple.train.quantize import quantize
from quintuple.train.scoring import Dev


@pytest.fixture
def fitted(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained / "fitted", tmp_path / "fitted"))


@pytest.fixture
def scored(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The F1 of float32 and int8, in this order, that the gate is shown."""
    given: list[float] = []

    def score(_dev: Dev, _backend: Backend) -> dict[str, float]:
        return dict.fromkeys(("triggers", "arguments", "spans", "tuples"), given.pop(0))

    monkeypatch.setattr(Dev, "score", score)
    return given


def test_both_files_are_scored_on_dev(fitted: Path, tmp_path: Path) -> None:
    exported = export(fitted, tmp_path / "export", int8_loss=100)
    best = json.loads((fitted / "best.json").read_text(encoding="utf-8"))
    # The kept weights are in half precision, which moves a probability by a thousandth at most.
    assert exported.float32.scores["spans"] == pytest.approx(best["spans"], abs=0.1)
    assert exported.float32.difference < 1e-3
    assert exported.int8.size < exported.float32.size
    settings = load_settings(tmp_path / "export/settings.toml").classify
    assert (settings.window, settings.context, settings.action_threshold) == (32, 16, 0.5)


def test_int8_that_loses_too_much_is_refused(fitted: Path, tmp_path: Path, scored: list[float]) -> None:
    scored[:] = [0.8, 0.7, 0.78, 0.79]
    output = tmp_path / "export"
    message = (
        r"model\.int8\.onnx: expected to lose at most 0\.5 points of F1 \(spans\) on dev, lost 1\.00: 80\.00 in "
        r"float32, 79\.00 in int8; to take it all the same: quintuple export .*fitted -o .*export "
        r"--allow-int8-loss 1\.1\. What was made is in .*export\.refused"
    )
    with pytest.raises(ModelError, match=message):
        export(fitted, output)
    assert not output.exists()
    assert (tmp_path / "export.refused/model.int8.onnx").is_file()


def test_a_refusal_leaves_an_earlier_model_alone(fitted: Path, tmp_path: Path, scored: list[float]) -> None:
    scored[:] = [0.8, 0.8, 0.8, 0.7, 0.7, 0.7]
    export(fitted, tmp_path / "export")
    before = {path.name: path.read_bytes() for path in (tmp_path / "export").iterdir()}
    with pytest.raises(ModelError, match="lost 10"):
        export(fitted, tmp_path / "export")
    assert {path.name: path.read_bytes() for path in (tmp_path / "export").iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export", "export.refused", "fitted"]


def test_a_loss_may_be_allowed(fitted: Path, tmp_path: Path, scored: list[float]) -> None:
    scored[:] = [0.8, 0.79]
    exported = export(fitted, tmp_path / "export", int8_loss=1.0001)
    assert exported.loss == pytest.approx(1)
    assert (tmp_path / "export/model.int8.onnx").is_file()


def test_int8_keeps_more_layers_in_float_until_it_is_good_enough(
    fitted: Path, tmp_path: Path, scored: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def layers(network: object, ids: object, *, limit: float) -> list[Outliers]:
        asked.append(limit)
        several = Outliers("bert.encoder.layer.0.output.dense", tuple(range(9)))
        return [several, Outliers("bert.encoder.layer.0.intermediate.dense", (3,))][: len(asked) - 1 and 2]

    monkeypatch.setattr("quintuple.train.export.find_outliers", layers)
    scored[:] = [0.8, 0.78, 0.798]
    said: list[str] = []
    exported = export(fitted, tmp_path / "export", say=said.append)
    assert asked == [float("inf"), 30]
    assert exported.loss == pytest.approx(0.2)
    assert said == [
        "int8 with 0 layers in float32 and 0 split loses 2.00 points of F1 (spans) on dev",
        "int8 with 1 layers in float32 and 1 split loses 0.20 points of F1 (spans) on dev",
    ]


class Layer(torch.nn.Module):
    """A linear layer, named as in an encoder."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = torch.nn.Linear(96, 48)

    def forward(self, input_ids, attention_mask):
        return self.dense(input_ids)


class Wrapped(torch.nn.Module):
    """What the exporter names a network by."""

    def __init__(self, network: Layer) -> None:
        super().__init__()
        self.network = network

    def forward(self, values):
        return self.network(values, None)


def write_float(network: Layer, values: torch.Tensor, path: Path) -> None:
    names, axes = {"input_names": ["x"], "output_names": ["y"]}, {"x": {0: "b", 1: "l"}}
    torch.onnx.export(
        Wrapped(network), (values,), str(path), **names, dynamic_axes=axes, opset_version=17, dynamo=False
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_outliers_cost_the_other_values_nothing(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Layer().eval()
    values = torch.randn(3, 40, 96)
    values[..., 17] += 300 * (torch.rand(3, 40) < 0.1)
    (found,) = find_outliers(network, values, limit=5)
    assert (found.layer, found.units) == ("dense", (17,))
    write_float(network, values, tmp_path / "f.onnx")
    errors = {}
    for name, outliers in {"plain": [], "split": [found]}.items():
        quantize(tmp_path / "f.onnx", tmp_path / "q.onnx", outliers=outliers)
        session = onnxruntime.InferenceSession(str(tmp_path / "q.onnx"), providers=["CPUExecutionProvider"])
        (got,) = session.run(None, {"x": values.numpy()})
        errors[name] = float(np.abs(got - network(values, None).detach().numpy()).mean())
        kinds = [node.op_type for node in onnx.load(tmp_path / "q.onnx").graph.node]
        assert kinds.count("MatMulIntegerToFloat") == 1
    assert errors["split"] < errors["plain"] / 4


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_int8_reads_each_row_by_itself_and_never_overflows(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network = Layer().eval()
    values = torch.randn(2, 5, 96)
    write_float(network, values, tmp_path / "f.onnx")
    quantize(tmp_path / "f.onnx", tmp_path / "q.onnx", outliers=[])
    session = onnxruntime.InferenceSession(str(tmp_path / "q.onnx"), providers=["CPUExecutionProvider"])
    (alone,) = session.run(None, {"x": values[:1].numpy()})
    (beside,) = session.run(None, {"x": np.stack([values[0].numpy(), 100 * values[1].numpy()])})
    assert np.array_equal(alone[0], beside[0])
    (weights,) = [
        onnx.numpy_helper.to_array(item)
        for item in onnx.load(tmp_path / "q.onnx").graph.initializer
        if item.data_type == onnx.TensorProto.INT8
    ]
    # Two products of bytes are added up in 16 bits where there is no VNNI.
    assert 2 * 255 * np.abs(weights.astype(int)).max() < 2**15
    (nothing,) = session.run(None, {"x": np.zeros((1, 2, 96), dtype=np.float32)})
    assert np.allclose(nothing, network.dense.bias.detach().numpy(), atol=1e-5)


def _other_bias(network: nn.Module, ids: Tensor, mask: Tensor) -> Tensor:
    logits: Tensor = network(input_ids=ids, attention_mask=mask).logits
    return logits + 0.5


def _no_mask(network: nn.Module, ids: Tensor, mask: Tensor) -> Tensor:
    logits: Tensor = network(input_ids=ids, attention_mask=torch.ones_like(mask)).logits
    return logits + 0 * mask[..., None]


@pytest.mark.parametrize("fault", [_other_bias, _no_mask])
def test_a_file_that_differs_from_pytorch_is_refused(
    fitted: Path,
    tmp_path: Path,
    scored: list[float],
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[nn.Module, Tensor, Tensor], Tensor],
) -> None:
    scored[:] = [0.8, 0.8]
    monkeypatch.setattr(
        "quintuple.train.export._Logits.forward",
        lambda self, input_ids, attention_mask: fault(self.network, input_ids, attention_mask),
    )
    with pytest.raises(ModelError, match=r"model\.onnx: expected PyTorch's probabilities within 0\.001, off by 0\."):
        export(fitted, tmp_path / "export")


def test_the_card_holds_the_figures_of_the_run(trained: Path, config: Path) -> None:
    card = (trained / "export/README.md").read_text(encoding="utf-8")
    best = json.loads((trained / "fitted/best.json").read_text(encoding="utf-8"))
    for words in (
        f"# {trained.name}\n",
        f"`quintuple train {config} --output {trained}`",
        f"| while training | {best['triggers']:.3f} |",
        "Types: acquire, reduce_stake.",
        f"torch {torch.__version__}",
        __version__,
        "| train | `",
        "| 12 | 40.0 |",
        "| learning_rate | 0.008 |",
    ):
        assert words in card, words
    assert "$" not in card


def test_a_card_that_is_there_stays(fitted: Path, tmp_path: Path, scored: list[float]) -> None:
    scored[:] = [0.8, 0.8]
    (tmp_path / "export").mkdir()
    (tmp_path / "export/README.md").write_text("mine", encoding="utf-8")
    export(fitted, tmp_path / "export")
    assert (tmp_path / "export/README.md").read_text(encoding="utf-8") == "mine"


def test_a_card_of_an_earlier_export_is_written_anew(fitted: Path, tmp_path: Path, scored: list[float]) -> None:
    scored[:] = [0.8, 0.8, 0.7, 0.7]
    for figure in ("0.800", "0.700"):
        export(fitted, tmp_path / "export")
        assert f"| int8 | {figure} |" in (tmp_path / "export/README.md").read_text(encoding="utf-8")


def test_a_folder_that_fit_did_not_write_is_refused(fitted: Path, tmp_path: Path) -> None:
    (fitted / "dev.npz").unlink()
    with pytest.raises(ModelError, match=r"dev\.npz: expected a folder that `quintuple fit` wrote, got no such file"):
        export(fitted, tmp_path / "export")
