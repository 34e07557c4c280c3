"""Pretraining a tiny encoder: it learns, goes on after a kill, and ends with a folder to train from."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from quintuple.cli.app import app
from quintuple.events import DataError, ModelError, SettingsError
from quintuple.resources import config_path
from quintuple.train.encoder.base import base_network
from quintuple.train.encoder.batches import counts
from quintuple.train.encoder.config import LengthConfig, PretrainConfig, load_pretrain_config
from quintuple.train.encoder.head import MaskedHead, backward, load_head, score
from quintuple.train.encoder.pretrain import pretrain, progress

TEXTS = {"zh": "甲公司收购乙公司的三百万股。", "en": "tencent buys sea. "}


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("raw")
    for name, text in TEXTS.items():
        (folder / f"{name}.txt").write_text((text * 5 + "\n") * 12, encoding="utf-8")
    return folder


@pytest.fixture
def make(texts: Path, encoder: Path) -> Callable[..., str]:
    """Return what writes a config, with changes by replaced text."""

    def build(changes: dict[str, str] | None = None) -> str:
        config = f"""
base = "{encoder}"
cache = "{texts / "cache"}"
[[text]]
path = "{texts / "zh.txt"}"
share = 0.5
[[text]]
path = "{texts / "en.txt"}"
share = 0.5
[length]
steps = 12
[masking]
rate = 0.2
extend = [0.5]
longest = 8
hide = 0.8
swap = 0.1
numerals = "三百万"
[fit]
seed = 1
sequence = 16
batch = 8
learning_rate = 5e-3
warmup = 2
weight_decay = 0.01
dropout = 0.1
clip = 1.0
chunk = 7
held_out = 4
eval_every = 4
precision = "fp32"
threads = 1
"""
        for old, new in (changes or {}).items():
            assert old in config
            config = config.replace(old, new)
        return config

    return build


@pytest.fixture
def load(make: Callable[..., str], tmp_path: Path) -> Callable[..., PretrainConfig]:
    def read(changes: dict[str, str] | None = None) -> PretrainConfig:
        (tmp_path / "pretrain.toml").write_text(make(changes), encoding="utf-8")
        return load_pretrain_config(tmp_path / "pretrain.toml")

    return read


def metrics(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (output / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]


class KilledError(Exception):
    """What a test raises in the middle of a run."""


def test_a_killed_run_ends_like_an_unbroken_one(load: Callable[..., PretrainConfig], tmp_path: Path) -> None:
    def kill(record: dict[str, Any]) -> None:
        if record["step"] == 6:
            raise KilledError

    config = load()
    whole = pretrain(config, tmp_path / "whole")
    with pytest.raises(KilledError):
        pretrain(config, tmp_path / "broken", report=kill)
    broken = pretrain(config, tmp_path / "broken")
    for name in ("model.safetensors", "mlm_head.safetensors"):
        assert (whole / name).read_bytes() == (broken / name).read_bytes()
    assert [record["step"] for record in metrics(tmp_path / "broken")] == [4, 8, 12]
    losses = [[record["zh.txt loss"] for record in metrics(tmp_path / name)] for name in ("whole", "broken")]
    assert losses[0] == losses[1]


def test_training_restores_hidden_words_better(load: Callable[..., PretrainConfig], tmp_path: Path) -> None:
    pretrain(load({"steps = 12": "steps = 60", "eval_every = 4": "eval_every = 20"}), tmp_path / "run")
    first, _, last = metrics(tmp_path / "run")
    for name in TEXTS:
        # Guessing blindly among the 21,000 pieces of the vocabulary costs 9.96.
        assert last[f"{name}.txt loss"] < min(4, first[f"{name}.txt loss"])
    assert last["tokens"] == 60 * 8 * 16


def test_the_result_is_a_base_with_its_head(load: Callable[..., PretrainConfig], tmp_path: Path) -> None:
    folder = pretrain(load({"steps = 12": "steps = 1"}), tmp_path / "run")
    network = base_network(str(folder))
    head = load_head(network.get_input_embeddings(), folder)
    assert not torch.equal(head.transform.weight, torch.eye(32))
    assert {path.name for path in folder.iterdir()} == {
        "config.json",
        "model.safetensors",
        "mlm_head.safetensors",
        "tokenizer.json",
        "vocab.txt",
    }
    again = pretrain(load({"steps = 12": "steps = 1", "base = ": f'base = "{folder}" #'}), tmp_path / "again")
    assert (again / "config.json").read_text() == (folder / "config.json").read_text()


def test_a_run_counted_in_minutes_ends(load: Callable[..., PretrainConfig], tmp_path: Path) -> None:
    records: list[dict[str, Any]] = []
    pretrain(load({"steps = 12": "minutes = 0.01"}), tmp_path / "run", report=records.append)
    assert records[-1]["seconds"] >= 0.6
    assert records[-1]["steps"] == records[-1]["step"] == metrics(tmp_path / "run")[-1]["step"]


def test_bfloat16_trains_too(load: Callable[..., PretrainConfig], tmp_path: Path) -> None:
    pretrain(load({'"fp32"': '"bf16"', "steps = 12": "steps = 2"}), tmp_path / "run")
    assert metrics(tmp_path / "run")[-1]["loss"] == pytest.approx(9.9, abs=1)


@pytest.mark.parametrize("chunk", [1, 3, 100])
def test_the_loss_in_chunks_has_the_gradients_of_the_whole(chunk: int) -> None:
    torch.manual_seed(0)
    embedding, hidden = torch.nn.Embedding(11, 4), torch.randn(7, 4, requires_grad=True)
    head, targets = MaskedHead(embedding), torch.randint(11, (7,))
    whole = torch.nn.functional.cross_entropy(head(hidden), targets)
    parameters = [hidden, embedding.weight, *head.parameters()]
    expected = torch.autograd.grad(whole, parameters)
    loss = backward(head, hidden, targets, chunk=chunk, autocast=torch.autocast("cpu", enabled=False))
    assert loss == pytest.approx(whole.item())
    for parameter, gradient in zip(parameters, expected, strict=True):
        torch.testing.assert_close(parameter.grad, gradient)


@pytest.mark.parametrize("chunk", [2, 100])
def test_the_score_counts_what_is_restored_rightly(chunk: int) -> None:
    logits = torch.tensor([[5.0, 0, 0], [0, 5, 0], [0, 5, 0]])
    loss, right = score(torch.nn.Identity(), logits, torch.tensor([0, 1, 2]), chunk=chunk)
    assert right == 2
    assert loss == pytest.approx(torch.nn.functional.cross_entropy(logits, torch.tensor([0, 1, 2])).item() * 3)


def test_a_step_in_which_nothing_is_hidden_changes_nothing() -> None:
    head, hidden = MaskedHead(torch.nn.Embedding(11, 4)), torch.zeros(0, 4, requires_grad=True)
    targets = torch.zeros(0, dtype=torch.long)
    assert backward(head, hidden, targets, chunk=3, autocast=torch.autocast("cpu", enabled=False)) == 0
    assert not head.bias.grad.any()


def test_progress_counts_steps_or_minutes() -> None:
    assert progress(LengthConfig(steps=8), step=2, seconds=999) == 0.25
    assert progress(LengthConfig(minutes=2), step=2, seconds=30) == 0.25
    assert progress(LengthConfig(minutes=2), step=2, seconds=500) == 1


def test_every_file_gets_a_sequence() -> None:
    assert counts([0.6, 0.4], 32) == [19, 13]
    assert counts([1000, 1], 8) == [8, 1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate = 0.2": "rate = 2"}, r"pretrain\.toml: masking\.rate: .*less than 1, got 2"),
        ({"batch = 8": "bach = 8"}, r"pretrain\.toml: fit\.batch: Field required"),
        ({"clip = 1.0": "clip = 1.0\nclipp = 2"}, r"pretrain\.toml: fit\.clipp: Extra inputs"),
        ({"steps = 12": "steps = 12\nminutes = 3"}, r"pretrain\.toml: length: .*expected either minutes or steps"),
        ({"steps = 12": ""}, r"pretrain\.toml: length: .*expected either minutes or steps"),
        ({"swap = 0.1": "swap = 0.3"}, r"pretrain\.toml: masking: .*hide \+ swap of at most 1, got 1\.1"),
        ({'"fp32"': '"fp8"'}, r"pretrain\.toml: fit\.precision: .*'auto', 'fp32' or 'bf16'"),
    ],
)
def test_a_wrong_config_names_the_key(
    load: Callable[..., PretrainConfig], changes: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        load(changes)


def test_the_folder_of_another_run_is_refused(load: Callable[..., PretrainConfig], tmp_path: Path) -> None:
    pretrain(load({"steps = 12": "steps = 1"}), tmp_path / "run")
    with pytest.raises(SettingsError, match=r"run: holds a run of another config or text"):
        pretrain(load(), tmp_path / "run")


def test_text_too_short_and_a_missing_base_are_named(load: Callable[..., PretrainConfig], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"zh\.txt: expected at least 30,000 tokens.*got "):
        pretrain(load({"held_out = 4": "held_out = 1000"}), tmp_path / "run")
    with pytest.raises(ModelError, match=r"base: expected the folder or hub name of an encoder, got '/nowhere"):
        pretrain(load({"base = ": 'base = "/nowhere" #'}), tmp_path / "run")


def test_the_command_trains_and_says_where(make: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "pretrain.toml").write_text(make({"steps = 12": "steps = 1"}), encoding="utf-8")
    output = tmp_path / "run"
    result = CliRunner().invoke(app, ["encoder", "pretrain", str(tmp_path / "pretrain.toml"), "-o", str(output)])
    assert result.exit_code == 0, result.output
    assert f"encoder: {output / 'encoder'}" in result.output
    assert (output / "encoder" / "model.safetensors").is_file()


def test_the_shipped_config_is_valid() -> None:
    assert load_pretrain_config(config_path("pretrain.toml")).fit.batch == 32
