"""What the benchmark measures inside a process of its own; each side prints its figures as JSON.

``python sides.py SIDE FOLDER COUNT [SIZE]`` reads the first COUNT articles of FOLDER.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

#: Rows, columns and depth of the products that tell the machine's rate, and how often each is done.
SIDE, REPEATS = 2048, 12


class Timed:
    """Calls a function and adds up the seconds."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.seconds = function, 0.0

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Call, and note the time."""
        began = time.perf_counter()
        try:
            return self.function(*arguments, **options)
        finally:
            self.seconds += time.perf_counter() - began


class CountingBackend:
    """A backend that notes the time in the network and the lengths of the pieces it reads."""

    def __init__(self, backend: Any) -> None:
        self.logits = Timed(self._logits)
        self.backend, self.lengths, self.padded = backend, list[int](), 0

    def _logits(self, ids: Any, mask: Any) -> Any:
        self.lengths += mask.sum(axis=1).tolist()
        self.padded += ids.size
        return self.backend.logits(ids, mask)


class TimedClassifier:
    """A classifier that notes its time."""

    def __init__(self, classifier: Any) -> None:
        self.classify = Timed(classifier.classify)


def stages(folder: Path, count: int) -> dict[str, Any]:
    """Seconds by stage, one after the other, and the operations of the network that the articles asked for."""
    from quintuple import load
    from quintuple.preprocess import read_path
    from quintuple.resources import model_path
    from quintuple.writers.jsonl import JsonLinesWriter

    extractor = load()
    extractor.extract("腾讯收购搜狗。")
    backend = CountingBackend(extractor.classifier.backend)
    classifier = TimedClassifier(replace(extractor.classifier, backend=backend))
    measured = replace(extractor, classifier=classifier)
    read = Timed(lambda path: list(read_path(path, settings=extractor.settings.preprocess)))
    articles = [article for path in paths(folder, count) for article in read(path)]
    extract = Timed(lambda: measured.extract_articles(articles))
    with (folder / "stages.out").open("w", encoding="utf-8") as stream:
        write = Timed(JsonLinesWriter(stream).write)
        events = [len(extraction.events) for extraction in extract() if not write(extraction)]
    network, classify = backend.logits.seconds, classifier.classify.seconds
    tokenizer = extractor.classifier.tokenizer
    config = json.loads((model_path(extractor.settings.classify.model) / "config.json").read_text(encoding="utf-8"))
    return {
        "stages": {
            "read, split into sentences": read.seconds,
            "tokenise, batch, decode": classify - network,
            "network": network,
            "rules": extract.seconds - classify,
            "write": write.seconds,
        },
        "events": sum(events),
        "tokens": sum(len(tokenizer.encode(article.text, add_special_tokens=False).ids) for article in articles),
        "network_tokens": sum(backend.lengths),
        "padded_tokens": backend.padded,
        "operations": sum(operations(config, length) for length in backend.lengths),
    }


def operations(config: dict[str, Any], length: int) -> float:
    """Multiplications and additions of the products of a BERT token classifier over one piece."""
    hidden, layers = config["hidden_size"], config["num_hidden_layers"]
    weights = layers * hidden * (4 * hidden + 2 * config["intermediate_size"]) + hidden * len(config["id2label"])
    return 2.0 * length * weights + 4.0 * layers * hidden * length**2


def baseline(folder: Path, count: int, size: int) -> dict[str, Any]:
    """Seconds of the transformers pipeline with a random BERT-base of as many labels, in batches of ``size``.

    Windows of 512 tokens cover all the text. The head is biased to one label, so that the pipeline need not group
    the noise of a random network into entities.
    """
    import torch
    from transformers import BertConfig, BertForTokenClassification, PreTrainedTokenizerFast, pipeline

    from quintuple.classify.labels import Labels
    from quintuple.resources import model_path

    torch.manual_seed(0)
    folder_of_model = model_path("quintuple-base")
    tags = Labels.load(folder_of_model).tags
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(folder_of_model / "tokenizer.json"), model_max_length=512, pad_token="[PAD]"
    )
    config = BertConfig(vocab_size=len(tokenizer), id2label={0: "O", **dict(enumerate(tags[1:], 1))})
    network = BertForTokenClassification(config).eval()
    with torch.no_grad():
        network.classifier.bias[0] = 100
    tag = pipeline(
        "token-classification",
        model=network,
        tokenizer=tokenizer,
        device="cpu",
        stride=0,
        aggregation_strategy="simple",
        batch_size=size,
    )
    texts = [path.read_text(encoding="utf-8") for path in paths(folder, count)]
    tag(texts[:1])
    timed = Timed(tag)
    timed(texts)
    tokens = sum(len(tokenizer(text, add_special_tokens=False)["input_ids"]) for text in texts)
    return {"seconds": timed.seconds, "tokens": tokens}


def rate(folder: Path, count: int) -> dict[str, Any]:
    """Operations a second of large products through ONNX Runtime on all cores, in int8 and in float32."""
    import onnxruntime
    from onnx import TensorProto, helper

    rng, rates = np.random.default_rng(0), {}
    kinds = {
        "int8": ("MatMulInteger", TensorProto.UINT8, np.uint8, TensorProto.INT8, np.int8, TensorProto.INT32),
        "float32": ("MatMul", *(TensorProto.FLOAT, np.float32) * 2, TensorProto.FLOAT),
    }
    for name, (operator, left, left_type, right, right_type, result) in kinds.items():
        graph = helper.make_graph(
            [helper.make_node(operator, ["a", "b"], ["c"])],
            "product",
            [helper.make_tensor_value_info("a", left, [SIDE, SIDE])],
            [helper.make_tensor_value_info("c", result, [SIDE, SIDE])],
            [helper.make_tensor("b", right, [SIDE, SIDE], rng.integers(0, 100, SIDE**2).astype(right_type))],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        values = {"a": rng.integers(0, 100, (SIDE, SIDE)).astype(left_type)}
        best = float("inf")
        for _ in range(REPEATS):
            timed = Timed(session.run)
            timed(None, values)
            best = min(best, timed.seconds)
        rates[name] = 2 * SIDE**3 / best
    return {"rates": rates}


def paths(folder: Path, count: int) -> list[Path]:
    """The first ``count`` articles of a folder."""
    return sorted(folder.rglob("*.txt"), key=lambda path: path.name)[:count]


if __name__ == "__main__":
    side, where, *rest = sys.argv[1:]
    print(json.dumps({"stages": stages, "baseline": baseline, "rate": rate}[side](Path(where), *map(int, rest))))  # noqa: T201
