"""Raw text, one document a line, as one array of token ids that is kept on disk between runs."""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from quintuple.classify.normalize import model_view
from quintuple.events import DataError

Ids = npt.NDArray[np.uint16] | npt.NDArray[np.uint32]

# Raised when the same file and tokenizer give other ids than before.
_VERSION = 1
# Documents tokenised together: enough for all cores, few enough for little memory.
_BATCH = 2000


def documents(path: Path) -> Iterator[str]:
    """Yield the documents of a ``.txt`` or ``.txt.xz`` file as the model reads them.

    Raises:
        DataError: the file is missing, of another kind, broken, or not UTF-8.
    """
    try:
        with _open(path) as stream:
            for line in stream:
                if text := model_view(line).strip():
                    yield text
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as exc:
        raise DataError(f"{path}: expected UTF-8 text, one document a line, got: {exc}") from exc


def token_ids(path: Path, tokenizer: Tokenizer, *, cache: Path, report: Callable[[str], None] = lambda _: None) -> Ids:
    """Return the ids of a file's documents, each followed by [SEP]; shape (tokens,), mapped from ``cache``.

    Raises:
        DataError: see ``documents``.
    """
    stored = cache / f"{path.name.split('.')[0]}-{corpus_digest(path, tokenizer)[:16]}.npy"
    if not stored.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        _store(_tokenised(path, tokenizer), stored)
    ids: Ids = np.load(stored, mmap_mode="r")
    report(f"{path}: {len(ids):,} tokens")
    return ids


def corpus_digest(path: Path, tokenizer: Tokenizer) -> str:
    """Hash a file's bytes with the tokenizer and the way of reading.

    Raises:
        DataError: the file is missing.
    """
    digest = hashlib.sha256(f"{_VERSION}\n{tokenizer.to_str()}\n".encode())
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except OSError as exc:
        raise DataError(f"{path}: expected a .txt or .txt.xz file, got: {exc}") from exc
    return digest.hexdigest()


def _open(path: Path) -> TextIO:
    if path.name.endswith(".txt.xz"):
        return lzma.open(path, "rt", encoding="utf-8")
    if path.suffix == ".txt":
        return path.open(encoding="utf-8")
    raise DataError(f"{path}: expected a .txt or .txt.xz file, got {path.name!r}")


def _tokenised(path: Path, tokenizer: Tokenizer) -> Ids:
    own = Tokenizer.from_str(tokenizer.to_str())
    own.no_truncation()
    own.no_padding()
    separator, small = own.token_to_id("[SEP]"), own.get_vocab_size() <= 1 << 16
    parts = [np.zeros(0, dtype=np.uint16 if small else np.uint32)]
    texts = documents(path)
    while group := list(islice(texts, _BATCH)):
        for encoding in own.encode_batch_fast(group, add_special_tokens=False):
            parts.append(np.array([*encoding.ids, separator], dtype=parts[0].dtype))
    whole: Ids = np.concatenate(parts)
    return whole


def _store(ids: Ids, path: Path) -> None:
    # A run killed while it writes must not leave half an array under the final name.
    partial = path.with_suffix(".tmp.npy")
    np.save(partial, ids)
    partial.replace(path)
