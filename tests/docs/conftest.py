"""A desk on which the commands of the pages can run."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from tokenizers import Tokenizer

ROOT = Path(__file__).parents[2]
#: Records kept of each labelled file on the desk: enough to train a tiny model on.
RECORDS = 16
#: Sample articles in the folder `news`.
NEWS = ("briefs.jsonl", "en-funding.json", "en-regulator-fine.html", "en-wire-merger.txt", "zh-parcel-layoffs.docx")
#: What is changed in the configs.
SMALLER = {
    r'"(models/encoder|\.\./shared/data/encoder|sentence-transformers/[\w-]+)"': '"encoder"',
    r"\.\./shared/data/silver/(\w\w\.\w+\.jsonl)": r"corpus/\1",
    r"\.\./shared/data/fewfc/\w+\.jsonl": "tests/train/data/files/fewfc.jsonl",
    r"\.\./shared/data/raw/(\w\w)\.txt\.xz": r"raw/\1.txt",
    r'"Unihan_Readings\.txt"': '""',
    r"(?m)^(passes|warmup|held_out|steps) = [1-9]\d*\b": r"\1 = 1",
    r"(?m)^minutes = \d+": "steps = 2",
    r"(?m)^(window|sequence|context) = \d+": r"\1 = 32",
    r"(?m)^batch = \d+": "batch = 4",
}


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """A folder like a checkout, with what pages name: small data, and configs that train a tiny network on it."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("models", "pipeline", "tests"):
        (folder / name).symlink_to(ROOT / name)
    _copy_corpus(folder / "corpus")
    _copy_configs(folder)
    articles = ROOT / "corpus/articles"
    (folder / "news").mkdir()
    for name in NEWS:
        shutil.copy(articles / name, folder / "news" / name)
    for name, source in (
        ("a.html", "en-regulator-fine.html"),
        ("b.pdf", "en-quarterly-results.pdf"),
        ("c.docx", "zh-parcel-layoffs.docx"),
        ("story.txt", "en-wire-merger.txt"),
        ("article.txt", "zh-earnings-wire.txt"),
    ):
        shutil.copy(articles / source, folder / name)
    shutil.copy(folder / "corpus/en.train.jsonl", folder / "mine.jsonl")
    shutil.copy(ROOT / "tests/train/data/files/doccano.jsonl", folder / "export.jsonl")
    return folder


def _copy_corpus(target: Path) -> None:
    """Copy the labelled files, cut short; the sample articles as they are."""
    for path in (ROOT / "corpus").rglob("*.jsonl"):
        if "articles" in path.parts:
            continue
        copy = target / path.relative_to(ROOT / "corpus")
        copy.parent.mkdir(parents=True, exist_ok=True)
        lines = _few(path.read_text(encoding="utf-8").splitlines(), every_type=".train." in path.name)
        copy.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (target / "articles").symlink_to(ROOT / "corpus/articles")


def _few(lines: list[str], *, every_type: bool) -> list[str]:
    """Return the first records and, if asked, one of each type that they lack: dev must hold no other types."""
    kept, seen = lines[:RECORDS], set[str]()
    for number, line in enumerate(lines):
        types = {event["action"]["type"] for event in json.loads(line)["events"]}
        if number >= RECORDS and every_type and types - seen:
            kept.append(line)
        if number < RECORDS or every_type:
            seen |= types
    return kept


def _copy_configs(folder: Path) -> None:
    """Copy the configs; what trains starts from a tiny encoder and reads data that a fresh clone has, once."""
    _write_encoder(folder / "encoder")
    _write_raw_text(folder)
    (folder / "configs").mkdir()
    for path in (ROOT / "configs").iterdir():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".toml":
            for pattern, small in SMALLER.items():
                text = re.sub(pattern, small, text)
        (folder / "configs" / path.name).write_text(text, encoding="utf-8")


def _write_raw_text(folder: Path) -> None:
    """Write the texts of the corpus, one a line."""
    (folder / "raw").mkdir()
    for language in ("zh", "en"):
        lines = (ROOT / f"corpus/{language}.train.jsonl").read_text(encoding="utf-8").splitlines()[:100]
        texts = [json.loads(line)["text"].replace("\n", " ") for line in lines]
        (folder / f"raw/{language}.txt").write_text("\n".join(texts) + "\n", encoding="utf-8")


def _write_encoder(folder: Path) -> None:
    """Write a network of one small layer with the vocabulary of the shipped encoder."""
    torch = pytest.importorskip("torch", reason="the pages train, which needs the extra [train]")
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    known = json.loads((ROOT / "models/encoder/config.json").read_text(encoding="utf-8"))
    small = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 64}
    config = BertConfig(**small, vocab_size=known["vocab_size"], max_position_embeddings=512)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    for name in ("tokenizer.json", "vocab.txt"):
        shutil.copy(ROOT / "models/encoder" / name, folder / name)
