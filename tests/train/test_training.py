"""The whole of training on a tiny encoder: prepare, fit, export, and a kill in the middle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from quintuple.classify.classifier import load_classifier
from quintuple.events import DataError, SettingsError
from quintuple.preprocess import make_article
from quintuple.settings import Settings

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from safetensors.torch import load_file

from quintuple.train.arrays import Arrays
from quintuple.train.batches import training_batches
from quintuple.train.config import load_config
from quintuple.train.fit import fit
from quintuple.train.plan import Plan, Source
from quintuple.train.prepare import prepare
from quintuple.train.run import train


def event(text: str, company: str, action: str, kind: str, target: str) -> dict[str, Any]:
    def span(part: str) -> dict[str, Any]:
        return {"text": part, "start": text.index(part), "end": text.index(part) + len(part)}

    return {"company": span(company), "action": span(action) | {"type": kind}, "target": span(target)}


def record(number: int, text: str, *events: dict[str, Any]) -> str:
    return json.dumps({"id": f"r{number}", "text": text, "events": list(events)}, ensure_ascii=False)


PAIRS = [("甲公司", "乙集团"), ("丙银行", "丁实业"), ("戊科技", "己能源"), ("庚地产", "辛医药")]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lines = []
    for company, target in PAIRS:
        for verb, kind in (("收购", "acquire"), ("减持", "reduce_stake")):
            text = f"昨日，{company}{verb}{target}。"
            lines.append(record(len(lines), text, event(text, company, verb, kind, target)))
        lines.append(record(len(lines), f"{company}股价上涨，大盘走低。"))
    path = tmp_path_factory.mktemp("data") / "zh.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def config(data: Path, encoder: Path) -> Path:
    path = data.with_name("train.toml")
    path.write_text(
        f"""
[model]
base = {str(encoder)!r}
window = 32
context = 16
[[data]]
path = {str(data)!r}
unlabelled = ["counterparty"]
passes = 60
[[dev]]
path = {str(data)!r}
unlabelled = ["counterparty"]
[fit]
seed = 3
batch_tokens = 256
learning_rate = 5e-3
head_factor = 4
weight_decay = 0.0
warmup = 0.1
positive_weight = 2
hidden_dropout = 0.1
attention_dropout = 0.0
token_dropout = 0.02
ema = 0.9
clip = 1.0
eval_every = 10
precision = "fp32"
threads = 1
""",
        encoding="utf-8",
    )
    return path


@pytest.fixture(scope="module")
def trained(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("run")
    train(config, output, report=lambda _: None, say=lambda _: None)
    return output


def test_a_model_learns_what_it_is_shown(trained: Path, settings: Settings) -> None:
    classifier = load_classifier(trained / "export", settings=settings.classify)
    text = "昨日，庚地产收购丁实业。"
    (triggers,) = classifier.classify([make_article(text, id="a", settings=settings.preprocess)])
    found = [(text[t.span.start : t.span.end], t.span.label) for t in triggers]
    assert found == [("收购", "acquire")]
    arguments = {a.label: text[a.start : a.end] for a in triggers[0].arguments}
    assert arguments == {"COMPANY": "庚地产", "TARGET": "丁实业"}


def test_run_folder_holds_config_environment_and_metrics(trained: Path, config: Path) -> None:
    assert (trained / "config.toml").read_text(encoding="utf-8") == config.read_text(encoding="utf-8")
    assert json.loads((trained / "environment.json").read_text(encoding="utf-8"))["torch"] == torch.__version__
    metrics = [json.loads(line) for line in (trained / "fitted/metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    assert metrics[-1]["step"] == metrics[-1]["steps"]
    assert metrics[-1]["loss"] < metrics[0]["loss"]


def test_a_killed_run_ends_with_the_weights_of_an_unbroken_one(trained: Path, tmp_path: Path) -> None:
    def kill(record: dict[str, Any]) -> None:
        if record["step"] == 25:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(trained / "prepared", tmp_path, report=kill)
    steps = []
    fit(trained / "prepared", tmp_path, report=lambda record: steps.append(record["step"]))
    assert steps[0] == 21
    whole, resumed = (load_file(folder / "model.safetensors") for folder in (trained / "fitted", tmp_path))
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_every_example_comes_as_often_as_asked(trained: Path) -> None:
    arrays, plan = Arrays.load(trained / "prepared/train.npz"), Plan.load(trained / "prepared")
    batches = training_batches(arrays, plan.sources, budget=plan.batch_tokens, seed=1)
    counts = torch.bincount(torch.tensor([int(number) for batch in batches for number in batch]))
    assert set(counts.tolist()) == {60}
    assert all(len(batch) * arrays.lengths[batch].max() <= plan.batch_tokens for batch in batches)


def test_until_keeps_a_source_in_the_first_part(trained: Path) -> None:
    arrays = Arrays.load(trained / "prepared/train.npz")
    source = Source("early", passes=400, until=0.5, weight=1)
    late = Source("late", passes=400, until=1, weight=1)
    half = len(arrays) // 2
    arrays.source[:half] = 1
    batches = training_batches(arrays, (source, late), budget=512, seed=1)
    tail = [int(number) for batch in batches[-len(batches) // 5 :] for number in batch]
    assert all(arrays.source[number] == 1 for number in tail)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("seed = 3", "sead = 3"), r"fit\.(seed: Field required|sead: Extra inputs)"),
        (("learning_rate = 5e-3", "learning_rate = -1"), r"fit\.learning_rate: .*greater than 0, got -1"),
        (("[fit]", "[fit"), "expected a TOML file"),
    ],
)
def test_a_bad_config_fails_by_key(config: Path, tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(config.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_config(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"zh\.jsonl:2: expected JSON"),
        ('{"id": "x", "text": "甲"}', r"zh\.jsonl:2: expected a labelled article, got: 'events'"),
        (
            '{"id": "x", "text": "甲购", "events": [{"action": {"text": "购", "start": 0, "end": 1, "type": "sue"}}]}',
            r"zh\.jsonl:2: .*sue \[0:1\] is '甲' in the text, labelled '购'",
        ),
        ('{"schema_version": 9}', r"zh\.jsonl:2: expected schema_version 1, got 9"),
    ],
)
def test_bad_data_fails_by_line(config: Path, data: Path, tmp_path: Path, line: str, message: str) -> None:
    bad = tmp_path / "zh.jsonl"
    bad.write_text(data.read_text(encoding="utf-8").splitlines()[0] + "\n" + line + "\n", encoding="utf-8")
    path = tmp_path / "bad.toml"
    path.write_text(config.read_text(encoding="utf-8").replace(str(data), str(bad)), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        prepare(load_config(path), tmp_path / "out")
    assert not (tmp_path / "out").exists()
