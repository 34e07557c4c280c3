"""Raw text as token ids: reading, the cache, and errors."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from quintuple.events import DataError
from quintuple.train.encoder.corpus import documents, token_ids

LINES = "腾訊ＳＥＡ减持３％\n\n  Sea cuts a stake.\n"


def test_documents_are_read_as_extraction_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "raw.txt"
    path.write_text(LINES, encoding="utf-8")
    assert list(documents(path)) == ["腾讯SEA减持3%", "Sea cuts a stake."]


def test_compressed_and_plain_text_give_the_same_ids(tmp_path: Path, tokenizer: Tokenizer) -> None:
    plain, packed = tmp_path / "raw.txt", tmp_path / "raw.txt.xz"
    plain.write_text(LINES, encoding="utf-8")
    packed.write_bytes(lzma.compress(LINES.encode()))
    first = token_ids(plain, tokenizer, cache=tmp_path / "cache")
    assert np.array_equal(first, token_ids(packed, tokenizer, cache=tmp_path / "cache"))
    whole = [tokenizer.encode(text, add_special_tokens=False).ids for text in documents(plain)]
    separator = tokenizer.token_to_id("[SEP]")
    assert first.tolist() == [*whole[0], separator, *whole[1], separator]
    assert first.dtype == np.uint16


def test_the_cache_serves_until_text_or_tokenizer_change(
    tmp_path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, cache = tmp_path / "raw.txt", tmp_path / "cache"
    path.write_text("甲公司收购乙公司\n", encoding="utf-8")
    first = token_ids(path, tokenizer, cache=cache).tolist()
    with monkeypatch.context() as patch:
        patch.setattr("quintuple.train.encoder.corpus.documents", lambda _: pytest.fail("read again"))
        assert token_ids(path, tokenizer, cache=cache).tolist() == first
    path.write_text("乙公司收购甲公司\n", encoding="utf-8")
    assert token_ids(path, tokenizer, cache=cache).tolist() != first
    other = Tokenizer.from_str(tokenizer.to_str())
    other.add_tokens(["公司"])
    assert len(token_ids(path, other, cache=cache)) < len(first)
    assert len(list(cache.iterdir())) == 3


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("raw.csv", b"a", r"raw\.csv: expected a \.txt or \.txt\.xz file"),
        ("raw.txt", "收购".encode("gb18030"), r"raw\.txt: expected UTF-8 text, one document a line, got: .*decode"),
        ("raw.txt.xz", b"not compressed", r"raw\.txt\.xz: expected UTF-8 text.*not supported"),
        ("raw.txt.xz", lzma.compress(b"a\n" * 999)[:-20], r"raw\.txt\.xz: expected UTF-8 text.*end-of-stream"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=message):
        list(documents(tmp_path / name))


def test_a_missing_file_is_named(tmp_path: Path, tokenizer: Tokenizer) -> None:
    with pytest.raises(DataError, match=r"none\.txt: expected a \.txt or \.txt\.xz file, got: .*No such file"):
        token_ids(tmp_path / "none.txt", tokenizer, cache=tmp_path)
