"""Labelled data, a config and a trained run, all tiny."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="training needs the extra [train]")

PAIRS = [("甲公司", "乙集团"), ("丙银行", "丁实业"), ("戊科技", "己能源"), ("庚地产", "辛医药")]
VERBS = {"acquire": "收购", "reduce_stake": "减持"}

CONFIG = """
[model]
base = {base}
window = 32
context = 16
[labels]
keep_base = true
[prepare]
processes = 1
cache = {cache}
[[data]]
path = {data}
unlabelled = ["counterparty"]
passes = 40
[[dev]]
path = {data}
unlabelled = ["counterparty"]
[fit]
seed = 3
batch_tokens = 256
accumulate = 1
least_steps = 0
learning_rate = 8e-3
head_factor = 4
weight_decay = 0.0
warmup = 0.1
empty_share = 1.0
positive_weight = 2
class_weight = 0.0
label_smoothing = 0.0
r_drop = 0.0
keep = 0.0
hidden_dropout = 0.1
attention_dropout = 0.0
token_dropout = 0.02
ema = 0.9
clip = 1.0
eval_every = 20
patience = 0
action_threshold = 0.5
argument_threshold = 0.5
precision = "fp32"
threads = 1
"""

#: Writes a config: the base and data, then pairs of text to replace.
Write = Callable[..., Path]


def event(text: str, company: str, action: str, kind: str, target: str) -> dict[str, Any]:
    """An event whose slots are the first occurrences of the given strings."""

    def span(part: str) -> dict[str, Any]:
        return {"text": part, "start": text.index(part), "end": text.index(part) + len(part)}

    return {"company": span(company), "action": span(action) | {"type": kind}, "target": span(target)}


def sentences(verbs: dict[str, str]) -> list[dict[str, Any]]:
    """One record for each pair and verb, and one without an event for each pair."""
    records: list[dict[str, Any]] = []
    for company, target in PAIRS:
        for kind, verb in verbs.items():
            text = f"昨日，{company}{verb}{target}。"
            records.append({"text": text, "events": [event(text, company, verb, kind, target)]})
        records.append({"text": f"{company}股价上涨，大盘走低。", "events": []})
    return [{"id": f"r{number}"} | record for number, record in enumerate(records)]


def write_lines(path: Path, records: list[dict[str, Any]]) -> Path:
    """Write JSON Lines."""
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve sentences, two types."""
    return write_lines(tmp_path_factory.mktemp("data") / "zh.jsonl", sentences(VERBS))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where what was read is kept."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def write_config(data: Path, encoder: Path, cache: Path) -> Write:
    """Write a config with some of its text replaced."""

    def write(path: Path, *changes: tuple[str, str], base: Path = encoder, data: Path = data) -> Path:
        text = CONFIG.format(base=repr(str(base)), cache=repr(str(cache)), data=repr(str(data)))
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def config(write_config: Write, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A config that learns the sentences by heart."""
    return write_config(tmp_path_factory.mktemp("config") / "train.toml")


@pytest.fixture(scope="session")
def trained(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run folder of that config."""
    from quintuple.train.run import train

    output = tmp_path_factory.mktemp("run")
    # Int8 is coarse in a network of 32 dimensions.
    train(config, output, report=lambda _: None, say=lambda _: None, int8_loss=100)
    return output
