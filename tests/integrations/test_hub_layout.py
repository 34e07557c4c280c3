"""The layout of the Hugging Face hub: it loads offline, and says what our own first pass says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.processors import BertProcessing
from typer.testing import CliRunner

from quintuple.classify.backend import OnnxBackend, probabilities
from quintuple.classify.classifier import load_classifier
from quintuple.classify.encode import first_pass, tokenize
from quintuple.classify.labels import Labels
from quintuple.cli.app import app
from quintuple.events import ModelError
from quintuple.extract import load
from quintuple.preprocess import make_article
from quintuple.settings import Settings

torch = pytest.importorskip("torch", reason="training needs the extra [train]")

from huggingface_hub import ModelCard
from huggingface_hub.repocard import metadata_load
from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline

from quintuple.train.export import _export_float
from quintuple.train.hub_layout import OUTSIDE, write_hub_layout
from quintuple.train.network import save_weights

TEXTS = ["昨天，甲减持乙，由7%降至5%。", "Tencent buys 5% of Sea, people say."]
CARD = """---
license: mit
language: [zh, en]
---

# Tiny

See [the rules](../../configs/x.toml) and [the paper](https://example.org/p).

## Scores

None.
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, encoder: Path, tokenizer: Tokenizer, labels: Labels) -> Path:
    """A model folder with a random head, as `quintuple export` leaves it."""
    folder = tmp_path_factory.mktemp("tiny") / "tiny"
    folder.mkdir()
    own = Tokenizer.from_str(tokenizer.to_str())
    own.add_special_tokens(list(labels.markers))
    sep, cls = ((name, own.token_to_id(name)) for name in ("[SEP]", "[CLS]"))
    own.post_processor = BertProcessing(sep, cls)
    own.save(str(folder / "tokenizer.json"))
    labels.save(folder)
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    torch.manual_seed(1)
    network = AutoModelForTokenClassification.from_pretrained(
        encoder, id2label=dict(enumerate(labels.tags)), attn_implementation="eager"
    )
    network.resize_token_embeddings(own.get_vocab_size())
    torch.nn.init.normal_(network.classifier.weight, std=0.5)
    torch.nn.init.constant_(network.classifier.bias, -5)
    network.half().float()
    save_weights(network, folder)
    _export_float(network, folder / "model.onnx")
    return folder


@pytest.fixture(scope="module")
def hub(model: Path) -> Path:
    folder = model.parent / "hub"
    write_hub_layout(model, folder)
    return folder


@pytest.mark.parametrize("text", TEXTS)
def test_probabilities_are_those_of_our_first_pass(model: Path, hub: Path, settings: Settings, text: str) -> None:
    classifier = load_classifier(model, settings=settings.classify)
    tokens = tokenize(make_article(text, id="a", settings=settings.preprocess), classifier.tokenizer)
    piece = first_pass(tokens, (0, len(tokens.ids)), classifier.tokenizer)
    tags = len(classifier.labels.tags)
    assert isinstance(classifier.backend, OnnxBackend)
    ((_, _, ours),) = probabilities([piece], classifier.backend, batch_tokens=512, tags=slice(0, tags))
    tokenizer, network = AutoTokenizer.from_pretrained(hub), AutoModelForTokenClassification.from_pretrained(hub)
    encoded = tokenizer(text, return_tensors="pt")
    assert encoded["input_ids"][0].tolist() == piece.ids.tolist()
    with torch.inference_mode():
        logits = network(**encoded).logits[0]
    assert logits[:, tags].abs().max() == 0
    np.testing.assert_allclose(torch.sigmoid(logits[:, :tags]).numpy(), ours, atol=1e-4)
    assert len(np.unique(ours.round(3))) > 20


def test_the_pipeline_shows_what_is_likelier_than_not(hub: Path, labels: Labels) -> None:
    tag = pipeline("token-classification", model=str(hub))
    with torch.inference_mode():
        logits = tag.model(**tag.tokenizer(TEXTS[1], return_tensors="pt")).logits[0, :, :-1]
    likely = [(place, row) for place, row in enumerate(logits[:-1]) if place and row.max() > 0]
    found = {entity["index"]: entity["entity"] for entity in tag(TEXTS[1])}
    assert found == {place: labels.tags[int(row.argmax())] for place, row in likely}
    assert 0 < len(found) < len(logits) - 2


def test_config_names_labels_and_class(hub: Path, labels: Labels) -> None:
    config = json.loads((hub / "config.json").read_text(encoding="utf-8"))
    assert list(config["id2label"].values()) == [*labels.tags, OUTSIDE]
    assert config["architectures"] == ["BertForTokenClassification"]
    assert config["problem_type"] == "multi_label_classification"
    known = json.loads((hub / "tokenizer_config.json").read_text(encoding="utf-8"))
    assert (known["tokenizer_class"], known["model_max_length"]) == ("PreTrainedTokenizerFast", 256)


def test_the_card_is_one_the_hub_reads(hub: Path) -> None:
    card = ModelCard.load(hub / "README.md")
    metadata = metadata_load(hub / "README.md")
    assert metadata == card.data.to_dict()
    assert metadata == {
        "license": "mit",
        "language": ["zh", "en"],
        "library_name": "transformers",
        "pipeline_tag": "token-classification",
    }
    assert "See the rules and [the paper](https://example.org/p)." in card.text
    assert card.text.index("# Tiny") < card.text.index("## Use it from transformers") < card.text.index("## Scores")
    assert 'model="hub"' in card.text
    assert "at most 256 tokens" in card.text


def test_a_model_without_a_card_gets_one(model: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    for path in model.iterdir():
        if path.name not in ("README.md", "model.onnx"):
            (tmp_path / "bare" / path.name).write_bytes(path.read_bytes())
    write_hub_layout(tmp_path / "bare", tmp_path / "named")
    card = ModelCard.load(tmp_path / "named/README.md")
    assert card.data.library_name == "transformers"
    assert "# named\n" in card.text


def test_the_command_takes_a_shipped_model_and_leaves_one_of_ours(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["export", "quintuple-base", "--hub-layout", str(tmp_path / "hub")])
    assert result.exit_code == 0, result.output
    text = "腾讯收购搜狗。"
    assert load(tmp_path / "hub").extract(text) == load().extract(text)
    tag = pipeline("token-classification", model=str(tmp_path / "hub"), aggregation_strategy="simple")
    assert ("acquire", 2, 4) in [(found["entity_group"], found["start"], found["end"]) for found in tag(text)]


@pytest.mark.parametrize(
    "options", [[], ["-o", "a", "--hub-layout", "b"]], ids=["neither output nor hub layout", "both"]
)
def test_one_thing_is_written_at_a_time(options: list[str]) -> None:
    result = CliRunner().invoke(app, ["export", "quintuple-base", *options])
    assert result.exit_code == 2
    assert "expected one of --output and --hub-layout" in result.stderr


def test_missing_weights_are_named(model: Path, tmp_path: Path) -> None:
    for name in ("config.json", "labels.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((model / name).read_bytes())
    with pytest.raises(ModelError, match=r"model\.safetensors: expected the weights"):
        write_hub_layout(tmp_path, tmp_path / "hub")
    with pytest.raises(ModelError, match="expected another folder than the model's own"):
        write_hub_layout(model, model)
