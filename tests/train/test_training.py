"""The whole of training on a tiny encoder: prepare, fit, export, and a kill in the middle."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quintuple import __version__
from quintuple.classify.classifier import load_classifier
from quintuple.classify.labels import Labels
from quintuple.events import DataError, ModelError, SettingsError
from quintuple.preprocess import make_article
from quintuple.settings import Settings

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from safetensors.torch import load_file

from quintuple.train.arrays import Arrays
from quintuple.train.batches import training_batches
from quintuple.train.config import load_config
from quintuple.train.curve import draw_curve
from quintuple.train.fit import fit
from quintuple.train.plan import Plan, Source
from quintuple.train.prepare import prepare
from quintuple.train.scoring import Dev
from quintuple.train.state import read_metrics

from .conftest import Write


def test_a_model_learns_what_it_is_shown(trained: Path, settings: Settings) -> None:
    classifier = load_classifier(trained / "export", settings=settings.classify)
    text = "昨日，庚地产收购丁实业。"
    (triggers,) = classifier.classify([make_article(text, id="a", settings=settings.preprocess)])
    found = [(text[t.span.start : t.span.end], t.span.label) for t in triggers]
    assert found == [("收购", "acquire")]
    arguments = {a.label: text[a.start : a.end] for a in triggers[0].arguments}
    assert arguments == {"COMPANY": "庚地产", "TARGET": "丁实业"}


def test_run_folder_holds_config_environment_metrics_and_curve(trained: Path, config: Path) -> None:
    assert (trained / "config.toml").read_text(encoding="utf-8") == config.read_text(encoding="utf-8")
    environment = json.loads((trained / "environment.json").read_text(encoding="utf-8"))
    assert environment["torch"] == torch.__version__
    assert environment["quintuple"] == __version__
    assert environment["device"]
    metrics = read_metrics(trained / "fitted")
    assert [record["step"] for record in metrics] == list(range(1, metrics[-1]["steps"] + 1))
    assert metrics[-1]["loss"] < metrics[0]["loss"]
    # Not at step 40, so shortly before the end.
    assert [record["step"] for record in metrics if "tuples" in record] == [20, metrics[-1]["steps"]]
    assert metrics[-1]["tuples"] > 0.9
    assert (trained / "fitted/curve.png").read_bytes().startswith(b"\x89PNG")


class _Kill(BaseException):
    """Ends a run as `kill -9` does: nothing is written."""


def _fit(prepared: Path, output: Path, *, stop: int | None = None, error: type[BaseException] = _Kill) -> list[int]:
    """Run until the step ``stop``; return the steps that were done."""
    steps = []

    def report(record: dict[str, Any]) -> None:
        steps.append(record["step"])
        if record["step"] == stop:
            raise error

    if stop is None:
        fit(prepared, output, report=report)
    else:
        with pytest.raises(error):
            fit(prepared, output, report=report)
    return steps


def _assert_same_run(one: Path, other: Path) -> None:
    whole, resumed = (load_file(folder / "model.safetensors") for folder in (one, other))
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)
    records = [[record | {"seconds": 0} for record in read_metrics(folder)] for folder in (one, other)]
    assert records[0] == records[1]
    assert (one / "best.json").read_text(encoding="utf-8") == (other / "best.json").read_text(encoding="utf-8")


def test_a_killed_run_ends_with_the_weights_of_an_unbroken_one(trained: Path, tmp_path: Path) -> None:
    assert _fit(trained / "prepared", tmp_path, stop=25)[-1] == 25
    assert _fit(trained / "prepared", tmp_path)[0] == 21
    _assert_same_run(trained / "fitted", tmp_path)


def test_an_interrupted_run_loses_no_step(trained: Path, tmp_path: Path) -> None:
    def interrupt(record: dict[str, Any]) -> None:
        if record["step"] == 7:
            os.kill(os.getpid(), signal.SIGINT)

    said: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        fit(trained / "prepared", tmp_path, report=interrupt, say=said.append)
    assert said[-1].startswith("stopped at step 7 of ")
    assert _fit(trained / "prepared", tmp_path, stop=30, error=KeyboardInterrupt)[0] == 8
    assert _fit(trained / "prepared", tmp_path)[0] == 31
    _assert_same_run(trained / "fitted", tmp_path)


def test_every_option_resumes(trained: Path, write_config: Write, tmp_path: Path) -> None:
    changes = [
        ("passes = 40", "passes = 6"),
        ("accumulate = 1", "accumulate = 2"),
        ("least_steps = 0", "least_steps = 16"),
        ("empty_share = 1.0", "empty_share = 0.7"),
        ("class_weight = 0.0", "class_weight = 0.5"),
        ("label_smoothing = 0.0", "label_smoothing = 0.05"),
        ("r_drop = 0.0", "r_drop = 1.0"),
        ("keep = 0.0", "keep = 0.5"),
        ("patience = 0", "patience = 5"),
        ("eval_every = 20", "eval_every = 4"),
        ('unlabelled = ["counterparty"]\npasses', 'unsure = { acquire = ["reduce_stake"] }\npasses'),
    ]
    path = write_config(tmp_path / "all.toml", *changes, base=trained / "export")
    prepare(load_config(path), tmp_path / "prepared")
    done = _fit(tmp_path / "prepared", tmp_path / "whole")
    assert 16 <= len(done) <= 20
    assert _fit(tmp_path / "prepared", tmp_path / "broken", stop=6)[-1] == 6
    assert _fit(tmp_path / "prepared", tmp_path / "broken")[0] == 5
    _assert_same_run(tmp_path / "whole", tmp_path / "broken")


@pytest.mark.slow
def test_kill_9_in_a_process_of_its_own(config: Path, trained: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "quintuple", "train", str(config), "--output", str(tmp_path / "run")]
    command += ["--allow-int8-loss", "100"]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    metrics = tmp_path / "run/fitted/metrics.jsonl"
    while not (metrics.is_file() and len(metrics.read_text(encoding="utf-8").splitlines()) > 25):
        assert running.poll() is None, "the run was over before it could be killed"
        time.sleep(0.01)
    running.kill()
    assert running.wait() != 0
    last = read_metrics(metrics.parent)[-1]
    assert last["step"] < last["steps"], "the run was over before it could be killed"
    assert (tmp_path / "run/fitted/checkpoint.pt").is_file()
    subprocess.run(command, check=True)
    _assert_same_run(trained / "fitted", tmp_path / "run/fitted")


def test_a_run_ends_when_nothing_gets_better(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = iter([0.5, 0.6, 0.4, 0.5, 0.9])
    monkeypatch.setattr(Dev, "score", lambda *_: {"tuples": next(scores)})
    plan = replace(Plan.load(trained / "prepared"), eval_every=2, patience=2)
    shutil.copytree(trained / "prepared", tmp_path / "prepared")
    plan.save(tmp_path / "prepared")
    said: list[str] = []
    assert fit(tmp_path / "prepared", tmp_path / "fitted", say=said.append) == {"step": 4, "tuples": 0.6}
    assert said == ["stopped early at step 8: 2 evaluations without a better one"]
    # The same command again has nothing to do.
    assert _fit(tmp_path / "prepared", tmp_path / "fitted") == []


def test_a_folder_of_another_run_is_not_gone_on_with(trained: Path, tmp_path: Path) -> None:
    _fit(trained / "prepared", tmp_path / "fitted", stop=1, error=KeyboardInterrupt)
    shutil.copytree(trained / "prepared", tmp_path / "prepared")
    replace(Plan.load(trained / "prepared"), seed=4).save(tmp_path / "prepared")
    with pytest.raises(SettingsError, match="fitted: holds a run of other data or another plan"):
        fit(tmp_path / "prepared", tmp_path / "fitted")


def test_without_bfloat16_training_goes_on_in_float32(
    trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quintuple.train.fit.supports_bf16", lambda device: False)
    shutil.copytree(trained / "prepared", tmp_path / "prepared")
    replace(Plan.load(trained / "prepared"), precision="bf16").save(tmp_path / "prepared")
    said: list[str] = []

    def stop(record: dict[str, Any]) -> None:
        raise _Kill

    with pytest.raises(_Kill):
        fit(tmp_path / "prepared", tmp_path / "fitted", report=stop, say=said.append)
    assert said[0].startswith("precision: ")
    assert "training in fp32" in said[0]


def test_a_curve_is_not_drawn_without_matplotlib(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    said: list[str] = []
    draw_curve([{"step": 1, "steps": 1, "loss": 1.0, "seconds": 1.0}], tmp_path / "curve.png", say=said.append)
    assert said == ["curve.png: not drawn, matplotlib is not installed"]
    assert not (tmp_path / "curve.png").exists()


_ALONE = """
import sys
sys.modules.update(dict.fromkeys({absent}))
from pathlib import Path
from quintuple.train.fit import fit
fit(Path(sys.argv[1]), Path(sys.argv[2]), say=print)
"""


def test_fit_needs_no_more_than_torch_and_transformers(trained: Path, tmp_path: Path) -> None:
    absent = {"pydantic", "datasets", "onnx", "onnxruntime", "opencc", "spacy", "rich", "matplotlib"}
    shutil.copytree(trained / "prepared", tmp_path / "prepared")
    plan = Plan.load(trained / "prepared")
    replace(plan, sources=tuple(replace(source, passes=1) for source in plan.sources)).save(tmp_path / "prepared")
    script = _ALONE.replace("{absent}", repr(absent))
    command = [sys.executable, "-c", script, str(tmp_path / "prepared"), str(tmp_path / "fitted")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "curve.png: not drawn, matplotlib is not installed\n"
    assert (tmp_path / "fitted/model.safetensors").is_file()


def test_a_subset_of_the_documents_learns_all_the_labels(config: Path, tmp_path: Path) -> None:
    said: list[str] = []
    prepare(load_config(config), tmp_path, documents=2, report=said.append)
    assert said[0].startswith("train: 2 articles")
    assert Labels.load(tmp_path).actions == ("acquire", "reduce_stake")


def test_two_processes_lay_out_the_same_examples(
    trained: Path, write_config: Write, cache: Path, tmp_path: Path
) -> None:
    changes = [("processes = 1", "processes = 2"), (repr(str(cache)), repr(str(tmp_path / "cache")))]
    prepare(load_config(write_config(tmp_path / "two.toml", *changes)), tmp_path / "prepared")
    one, two = (Arrays.load(folder / "prepared/train.npz") for folder in (trained, tmp_path))
    assert all((getattr(one, name) == getattr(two, name)).all() for name in Arrays.__slots__)


def test_every_example_comes_as_often_as_asked(trained: Path) -> None:
    arrays, plan = Arrays.load(trained / "prepared/train.npz"), Plan.load(trained / "prepared")
    batches = training_batches(arrays, plan.sources, budget=plan.batch_tokens, seed=1)
    counts = torch.bincount(torch.tensor([int(number) for batch in batches for number in batch]))
    assert set(counts.tolist()) == {40}
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
        (("learning_rate = 8e-3", "learning_rate = -1"), r"fit\.learning_rate: .*greater than 0, got -1"),
        (("[fit]", "[fit"), "expected a TOML file"),
    ],
)
def test_a_bad_config_fails_by_key(config: Path, tmp_path: Path, change: tuple[str, str], message: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(config.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(SettingsError, match=message):
        load_config(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("window = 32", "window = 9999"), r"model\.window: expected at most \d+ for .*, got 9999"),
        (("context = 16", "context = 999"), r"model\.context: expected at most \d+ for .*, got 999"),
        (
            ("[prepare]", "trim.DATUM = 'x'\n[prepare]"),
            r"labels\.trim: expected roles of the data, .*; got \['DATUM'\]",
        ),
        (("cache = ", f"cache = {str(Path(__file__) / 'x')!r} # "), r"x: expected a folder to write to, got: "),
    ],
)
def test_what_cannot_work_fails_before_the_first_step(
    write_config: Write, tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    path = write_config(tmp_path / "bad.toml", change)
    with pytest.raises(SettingsError, match=message):
        prepare(load_config(path), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_dev_without_events_is_refused(config: Path, data: Path, tmp_path: Path) -> None:
    (tmp_path / "dev.jsonl").write_text('{"id": "a", "text": "大盘走低。", "events": []}\n', encoding="utf-8")
    head, dev = config.read_text(encoding="utf-8").split("[[dev]]")
    path = tmp_path / "bad.toml"
    path.write_text(f"{head}[[dev]]{dev.replace(str(data), str(tmp_path / 'dev.jsonl'))}", encoding="utf-8")
    with pytest.raises(DataError, match="dev: expected at least one labelled event to choose the weights by"):
        prepare(load_config(path), tmp_path / "out")


@pytest.mark.parametrize("base", ["nowhere/at-all", "no such folder"])
def test_a_missing_base_is_one_line(
    write_config: Write, tmp_path: Path, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    path = write_config(tmp_path / "bad.toml", base=Path(base))
    with pytest.raises(ModelError, match="base: expected the folder or hub name of an encoder") as caught:
        prepare(load_config(path), tmp_path / "out")
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_written_to_is_named(config: Path) -> None:
    with pytest.raises(SettingsError, match=r"x: expected a folder to write to, got: "):
        prepare(load_config(config), config / "x")


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
