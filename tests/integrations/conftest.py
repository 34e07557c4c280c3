"""A model folder whose network tags by rule, so that other processes can load it too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from quintuple.classify.labels import Labels

RULES = {
    "购": "B-acquire",
    "buys": "B-acquire",
    "减": "B-reduce_stake",
    "持": "I-reduce_stake",
    "cuts": "B-reduce_stake",
    "甲": "B-COMPANY",
    "tencent": "B-COMPANY",
    "乙": "B-TARGET",
    "sea": "B-TARGET",
    "昨": "B-DATE",
    "天": "I-DATE",
    "5": "B-PERCENTAGE",
    "7": "B-PERCENTAGE",
}


@pytest.fixture(scope="session")
def rule_model(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer, labels: Labels) -> Path:
    """A folder with an ONNX file that looks each token's logits up in a table."""
    folder = tmp_path_factory.mktemp("rules") / "model"
    folder.mkdir()
    own = Tokenizer.from_str(tokenizer.to_str())
    own.add_special_tokens(list(labels.markers))
    own.save(str(folder / "tokenizer.json"))
    labels.save(folder)
    (folder / "config.json").write_text("{}\n", encoding="utf-8")
    table = np.full((own.get_vocab_size(), len(labels.tags)), -9, dtype=np.float32)
    for token, tag in RULES.items():
        table[own.token_to_id(token), labels.tags.index(tag)] = 9
    save_lookup(table, folder / "model.onnx")
    return folder


def save_lookup(table: np.ndarray, path: Path) -> None:
    """Write an ONNX file that returns row ``id`` of the table for every id."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    shape = ["batch", "length"]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["logits"])],
        "rules",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [*shape, table.shape[1]])],
        [numpy_helper.from_array(table, "table")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
