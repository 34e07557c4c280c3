"""Fixtures: a tiny random encoder with its tokenizer, so that no test needs the shipped weights."""

from __future__ import annotations

import importlib.util
import shutil
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from quintuple.classify.classifier import Classifier
from quintuple.classify.labels import Labels
from quintuple.extract import Extractor
from quintuple.settings import Settings, load_settings

#: Words that the rule backend knows, besides single characters.
WORDS = ("buys", "cuts", "tencent", "sea")
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


#: A name that leads to this machine in the browser, as a site that rebinds its DNS entry would have it.
REBOUND = "rebound.example"
#: Without these, Chromium looks for a GPU, a sandbox that containers lack, and hosts on the network.
_CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1",
)


def pytest_configure() -> None:
    """Keep every library off the network, let hypothesis draw the same examples every time, and let Ctrl-C interrupt.

    A shell starts what it runs in the background with interrupts ignored, and programs inherit that.
    """
    import os
    import signal

    from hypothesis import settings as hypothesis_settings

    hypothesis_settings.register_profile("fixed", derandomize=True)
    hypothesis_settings.load_profile("fixed")

    os.environ.update({"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"})
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def benchmark_module() -> Callable[[str], ModuleType]:
    """Load a module of tests/benchmarks, which is no package, by its name."""

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "benchmarks" / f"{name}.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The default settings."""
    return load_settings()


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """A word-piece tokenizer over letters, digits, marks and Chinese characters."""
    letters = string.ascii_lowercase + string.digits
    pieces = [
        *SPECIAL,
        *letters,
        *(f"##{letter}" for letter in letters),
        *string.punctuation,
        *"，。：；？！（）“”《》【】、%",
    ]
    pieces += WORDS
    pieces += [chr(code) for code in range(0x4E00, 0xA000)]
    made = Tokenizer(models.WordPiece({piece: n for n, piece in enumerate(dict.fromkeys(pieces))}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return made


@pytest.fixture(scope="session")
def labels() -> Labels:
    """Two action types and the quintuple roles."""
    return Labels(("acquire", "reduce_stake"))


class RuleBackend:
    """A network that tags by rule: 购/buys, 减/cuts as triggers, 甲/tencent as COMPANY, 乙/sea as TARGET, digits."""

    first: ClassVar = {"购": "B-acquire", "buys": "B-acquire", "减": "B-reduce_stake", "cuts": "B-reduce_stake"}
    second: ClassVar = {"甲": "B-COMPANY", "tencent": "B-COMPANY", "乙": "B-TARGET", "sea": "B-TARGET"} | {
        str(digit): "B-PERCENTAGE" for digit in range(10)
    }

    def __init__(self, tokenizer: Tokenizer, labels: Labels) -> None:
        self.labels, self.tokenizer = labels, tokenizer
        self.markers = {tokenizer.token_to_id(marker) for marker in labels.markers}
        self.sizes: list[int] = []

    def logits(self, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Tag what the tables name."""
        self.sizes.append(ids.size)
        output = np.full((*ids.shape, len(self.labels.tags)), -9, dtype=np.float32)
        for row in range(len(ids)):
            rules = self.first if self.markers.isdisjoint(ids[row].tolist()) else self.second
            known = {self.tokenizer.token_to_id(token): self.labels.tags.index(tag) for token, tag in rules.items()}
            for column in np.flatnonzero(np.isin(ids[row], list(known)) & (mask[row] == 1)):
                output[row, column, known[int(ids[row, column])]] = 9
        return output


@pytest.fixture(scope="session")
def classifier(tokenizer: Tokenizer, labels: Labels, settings: Settings) -> Classifier:
    """A classifier with small windows whose network tags by rule."""
    own = Tokenizer.from_str(tokenizer.to_str())
    own.add_special_tokens(list(labels.markers))
    options = settings.classify.model_copy(update={"window": 24, "context": 8, "batch_tokens": 256})
    return Classifier(own, labels, RuleBackend(own, labels), options)


@pytest.fixture(scope="session")
def extractor(classifier: Classifier, settings: Settings) -> Extractor:
    """The whole road, with the network that tags by rule."""
    return Extractor(classifier, settings)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer, labels: Labels) -> Path:
    """A model folder whose ONNX network tags by the same rules, for tests that start processes.

    As int8 rounding does, what shares a batch shows in the scores: they move with the mean of its ids.
    """
    onnx = pytest.importorskip("onnx", reason="making a model needs the extra [train]")
    folder = tmp_path_factory.mktemp("tiny")
    own = Tokenizer.from_str(tokenizer.to_str())
    own.add_special_tokens(list(labels.markers))
    own.save(str(folder / "tokenizer.json"))
    labels.save(folder)
    (folder / "config.json").write_text("{}", encoding="utf-8")
    table = np.full((own.get_vocab_size(), len(labels.tags)), -9, dtype=np.float32)
    for token, tag in {**RuleBackend.first, **RuleBackend.second}.items():
        table[own.token_to_id(token), labels.tags.index(tag)] = 4
    make, whole, real = onnx.helper.make_node, onnx.TensorProto.INT64, onnx.TensorProto.FLOAT
    nodes = [
        make("Gather", ["table", "input_ids"], ["tagged"]),
        make("Cast", ["input_ids"], ["ids"], to=real),
        make("ReduceMean", ["ids"], ["mean"], keepdims=1),
        make("Cast", ["attention_mask"], ["mask"], to=real),
        make("ReduceMean", ["mask"], ["share"], keepdims=1),
        make("Mul", ["mean", "share"], ["product"]),
        make("Mul", ["product", "little"], ["noise"]),
        make("Add", ["tagged", "noise"], ["logits"]),
    ]
    shapes = [onnx.helper.make_tensor_value_info(name, whole, ["b", "l"]) for name in ("input_ids", "attention_mask")]
    output = onnx.helper.make_tensor_value_info("logits", real, ["b", "l", len(labels.tags)])
    stored = {"table": table, "little": np.array(1e-4, dtype=np.float32)}
    tensors = [onnx.numpy_helper.from_array(array, name) for name, array in stored.items()]
    graph = onnx.helper.make_graph(nodes, "tiny", shapes, [output], tensors)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(folder / "model.onnx"))
    return folder


@pytest.fixture(scope="session")
def encoder(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A folder with a random one-layer encoder and its tokenizer, as a `base` to train from."""
    torch = pytest.importorskip("torch", reason="training needs the extra [train]")
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("encoder")
    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=256,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright; for a module only, as its event loop keeps others from running."""
    driver = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright, in the extra [dev]")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("browser tests need Chromium: apt-get install -y chromium fonts-wqy-zenhei")
    with driver.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=_CHROMIUM_FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder, outside version control, where the pictures that people look at are kept."""
    folder = Path(__file__).parents[1] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
