"""A trained model as the base: its labels stay, new ones join them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from safetensors.torch import load_file, save_file

from quintuple.classify.classifier import load_classifier
from quintuple.classify.labels import Labels
from quintuple.events import DataError, SettingsError
from quintuple.preprocess import make_article
from quintuple.settings import Settings
from quintuple.train.config import load_config
from quintuple.train.fit import fit
from quintuple.train.network import build
from quintuple.train.plan import Plan
from quintuple.train.prepare import prepare
from quintuple.train.run import train

from .conftest import Write, sentences, write_lines

NEW = {"sue": "起诉"}


@pytest.fixture(scope="module")
def new_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lines(tmp_path_factory.mktemp("new") / "new.jsonl", sentences(NEW))


@pytest.fixture(scope="module")
def prepared(trained: Path, new_data: Path, write_config: Write, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grown")
    path = write_config(folder / "grow.toml", base=trained / "export", data=new_data)
    prepare(load_config(path), folder / "prepared")
    return folder / "prepared"


def test_labels_are_those_of_the_base_and_of_the_data(prepared: Path) -> None:
    assert Labels.load(prepared).actions == ("acquire", "reduce_stake", "sue")


def test_the_network_starts_from_what_the_base_knows(trained: Path, prepared: Path) -> None:
    old, new = (build(Plan.load(folder), folder) for folder in (trained / "prepared", prepared))
    base = {name: value.float() for name, value in _weights(trained).items()}
    tags, grown = Labels.load(trained / "export").tags, Labels.load(prepared).tags
    rows = [grown.index(tag) for tag in tags]
    head = new.network.classifier
    assert torch.equal(head.weight[rows], base["classifier.weight"])
    assert torch.equal(head.bias[rows], base["classifier.bias"])
    assert new.old_tags == tuple(sorted(rows))
    fresh = [number for number in range(len(grown)) if number not in rows]
    assert [grown[number] for number in fresh] == ["B-sue", "I-sue"]
    assert head.bias[fresh].tolist() == [-4.0, -4.0]
    assert old.old_tags == ()


def test_new_markers_start_between_the_old_ones(trained: Path, prepared: Path) -> None:
    built = build(Plan.load(prepared), prepared)
    old = _weights(trained)["bert.embeddings.word_embeddings.weight"].float()
    table = built.network.get_input_embeddings().weight
    assert torch.equal(table[: len(old)], old)
    opening, closing = built.new_markers
    assert (opening, closing) == (len(old), len(old) + 1)
    # The base's markers come last in its vocabulary: <acquire> </acquire> <reduce_stake> </reduce_stake>.
    torch.testing.assert_close(table[opening], old[[-4, -2]].mean(0))
    torch.testing.assert_close(table[closing], old[[-3, -1]].mean(0))


def test_a_new_type_is_learnt_and_the_old_ones_stay(
    trained: Path, new_data: Path, data: Path, write_config: Write, settings: Settings, tmp_path: Path
) -> None:
    rehearsal = f'passes = 40\n[[data]]\npath = {str(data)!r}\npasses = 5\nunlabelled = ["counterparty"]'
    changes = [("passes = 40", rehearsal), ("keep = 0.0", "keep = 0.5")]
    path = write_config(tmp_path / "grow.toml", *changes, base=trained / "export", data=new_data)
    train(path, tmp_path / "run", report=lambda _: None, say=lambda _: None, int8_loss=100)
    classifier = load_classifier(tmp_path / "run/export", settings=settings.classify)
    for verb, kind in (("起诉", "sue"), ("收购", "acquire"), ("减持", "reduce_stake")):
        text = f"昨日，甲公司{verb}辛医药。"
        (triggers,) = classifier.classify([make_article(text, id="a", settings=settings.preprocess)])
        assert [t.span.label for t in triggers if t.span.score > 0.8] == [kind]
        assert {a.label: text[a.start : a.end] for a in triggers[0].arguments} == {
            "COMPANY": "甲公司",
            "TARGET": "辛医药",
        }


def test_the_labels_of_the_base_may_be_dropped(
    trained: Path, new_data: Path, write_config: Write, tmp_path: Path
) -> None:
    change = ("keep_base = true", "keep_base = false")
    path = write_config(tmp_path / "drop.toml", change, base=trained / "export", data=new_data)
    prepare(load_config(path), tmp_path / "prepared")
    assert Labels.load(tmp_path / "prepared").actions == ("sue",)
    assert build(Plan.load(tmp_path / "prepared"), tmp_path / "prepared").old_tags == tuple(range(2, 12))


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ('unlabelled = ["counterparti"]', "unlabelled: expected slots or types of the labels, got counterparti"),
        ('exhaustive = ["sued"]', "exhaustive: expected types of the labels, got sued"),
        ('unsure = { sue = ["acquire", "rule"] }', "unsure: expected types of the labels, got rule"),
    ],
)
def test_a_name_that_is_no_label_fails_before_the_first_step(
    key: str, message: str, trained: Path, new_data: Path, write_config: Write, tmp_path: Path
) -> None:
    change = ('unlabelled = ["counterparty"]\npasses', f"{key}\npasses")
    path = write_config(tmp_path / "grow.toml", change, base=trained / "export", data=new_data)
    with pytest.raises(DataError, match=message):
        prepare(load_config(path), tmp_path / "prepared")


def test_a_run_does_not_go_on_from_other_weights_of_its_base(
    trained: Path, new_data: Path, write_config: Write, tmp_path: Path
) -> None:
    def stop(record: dict[str, Any]) -> None:
        raise KeyboardInterrupt

    base = Path(shutil.copytree(trained / "export", tmp_path / "base"))
    prepare(load_config(write_config(tmp_path / "grow.toml", base=base, data=new_data)), tmp_path / "prepared")
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path / "prepared", tmp_path / "fitted", report=stop)
    weights = _weights(trained)
    weights["classifier.bias"] = weights["classifier.bias"] + 1
    save_file(weights, base / "model.safetensors")
    with pytest.raises(SettingsError, match="fitted: holds a run of other data or another plan"):
        fit(tmp_path / "prepared", tmp_path / "fitted", report=stop)


def test_dev_may_hold_types_of_the_base_alone(
    trained: Path, new_data: Path, data: Path, write_config: Write, tmp_path: Path
) -> None:
    change = (f"[[dev]]\npath = {str(new_data)!r}", f"[[dev]]\npath = {str(data)!r}")
    path = write_config(tmp_path / "grow.toml", change, base=trained / "export", data=new_data)
    prepare(load_config(path), tmp_path / "prepared")
    described = json.loads((tmp_path / "prepared/data.json").read_text(encoding="utf-8"))
    assert [(each["part"], each["path"], each["articles"]) for each in described] == [
        ("train", str(new_data), 8),
        ("dev", str(data), 12),
    ]


def _weights(trained: Path) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = load_file(trained / "export/model.safetensors")
    return found
