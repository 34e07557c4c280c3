"""Writes a model as a folder that the Hugging Face hub and `transformers` read as it stands."""

from __future__ import annotations

import json
import re
import shutil
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

import torch
from torch import nn

from quintuple.classify.labels import Labels
from quintuple.events import ModelError
from quintuple.train.network import quiet_transformers, save_weights

#: The label of a token that carries no tag. `transformers` always picks one label; ours are independent of each other.
OUTSIDE = "O"

_NEEDED = ("config.json", "labels.json", "tokenizer.json", "model.safetensors")
# Written anew, or of no use beside the int8 file.
_NOT_COPIED = {"config.json", "tokenizer.json", "model.safetensors", "model.onnx", "README.md"}
_LOCAL_LINK = re.compile(r"\[([^\]]*)\]\((?![a-z]+:|#)[^)]*\)")


def write_hub_layout(model: Path, output: Path) -> None:
    """Write a model folder in the layout of the hub into ``output``; the folder is still one of ours, too.

    The head gets one label more, ``O``, whose logit is 0: the likeliest label of a token is then ``O`` just where no
    tag reaches a probability of one half. The other logits stay as they are.

    Raises:
        ModelError: ``model`` lacks a file, or is ``output`` itself.
    """
    for name in _NEEDED:
        if not (model / name).is_file():
            raise ModelError(f"{model / name}: expected the weights and files of a model, got no such file")
    if model.resolve() == output.resolve():
        raise ModelError(f"{output}: expected another folder than the model's own")
    output.mkdir(parents=True, exist_ok=True)
    network = _network(model)
    save_weights(network, output)
    limit = network.config.max_position_embeddings
    _write_tokenizer(model, output, limit=limit)
    for path in model.iterdir():
        if path.is_file() and path.name not in _NOT_COPIED:
            shutil.copy(path, output / path.name)
    _write_card(model, output, limit=limit)


def _network(model: Path) -> Any:
    from transformers import AutoModelForTokenClassification

    with quiet_transformers():
        network = AutoModelForTokenClassification.from_pretrained(model, dtype=torch.float32)
    tags = [*Labels.load(model).tags, OUTSIDE]
    network.classifier = _with_outside(network.classifier)
    network.num_labels = len(tags)
    network.config.id2label = dict(enumerate(tags))
    network.config.label2id = {tag: number for number, tag in enumerate(tags)}
    network.config.problem_type = "multi_label_classification"
    network.config.architectures = [type(network).__name__]
    return network


@torch.no_grad()
def _with_outside(head: nn.Linear) -> nn.Linear:
    wider = nn.Linear(head.in_features, head.out_features + 1)
    nn.init.zeros_(wider.weight)
    nn.init.zeros_(wider.bias)
    wider.weight[:-1], wider.bias[:-1] = head.weight, head.bias
    return wider


def _write_tokenizer(model: Path, output: Path, *, limit: int) -> None:
    from transformers import PreTrainedTokenizerFast

    make: Any = PreTrainedTokenizerFast
    tokenizer = make(
        tokenizer_file=str(model / "tokenizer.json"),
        model_max_length=limit,
        model_input_names=["input_ids", "attention_mask"],
        clean_up_tokenization_spaces=False,
        **{f"{name}_token": f"[{name.upper()}]" for name in ("pad", "unk", "cls", "sep", "mask")},
    )
    tokenizer.save_pretrained(output)
    # The name that release 5 writes is unknown to release 4; both know this one.
    path = output / "tokenizer_config.json"
    known = json.loads(path.read_text(encoding="utf-8")) | {"tokenizer_class": "PreTrainedTokenizerFast"}
    path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def _write_card(model: Path, output: Path, *, limit: int) -> None:
    """Write the model's card with how to use it from `transformers`; links into our repository become words."""
    from huggingface_hub import ModelCard, ModelCardData

    path = model / "README.md"
    text = path.read_text(encoding="utf-8") if path.is_file() else f"---\ntags: []\n---\n\n# {output.name}\n"
    card: Any = ModelCard(text)
    known = card.data.to_dict() | {"library_name": "transformers", "pipeline_tag": "token-classification"}
    card.data = ModelCardData(**known)
    title, _, rest = _LOCAL_LINK.sub(r"\1", card.text.strip()).partition("\n## ")
    template = Template((files("quintuple.train") / "hub_card.md").read_text(encoding="utf-8"))
    usage = template.substitute(name=output.name, limit=limit)
    card.text = f"\n{title.strip()}\n\n{usage.strip()}\n" + (f"\n## {rest}\n" if rest else "")
    card.save(output / "README.md")
