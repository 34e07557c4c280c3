"""Both passes over articles: find the triggers, then the arguments of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tokenizers import Tokenizer

from quintuple.classify.backend import Backend, OnnxBackend, probabilities
from quintuple.classify.decode import decode, unique
from quintuple.classify.encode import Piece, Tokens, first_pass, second_pass, tokenize, windows
from quintuple.classify.graphics import GraphicsBackend
from quintuple.classify.labels import Labels
from quintuple.events import Article, ModelError, TaggedSpan, Trigger

if TYPE_CHECKING:
    from quintuple.settings import ClassifySettings

#: Model files in the order in which they are looked for.
ONNX_FILES = ("model.int8.onnx", "model.onnx")


@dataclass(frozen=True)
class Classifier:
    """A loaded token classifier; frozen, and safe to share between threads."""

    tokenizer: Tokenizer
    labels: Labels
    backend: Backend
    settings: ClassifySettings

    def classify(self, articles: Sequence[Article]) -> list[tuple[Trigger, ...]]:
        """Return the triggers of each article with their arguments, in text order."""
        return self.classify_tokens([tokenize(article, self.tokenizer) for article in articles])

    def classify_tokens(self, tokens: Sequence[Tokens]) -> list[tuple[Trigger, ...]]:
        """Return the triggers of each tokenised article; needs numpy and tokenizers alone."""
        found = self._triggers(tokens)
        pairs = [(number, trigger) for number, triggers in enumerate(found) for trigger in triggers]
        arguments = self._arguments(tokens, pairs)
        results: list[list[Trigger]] = [[] for _ in tokens]
        for (number, trigger), spans in zip(pairs, arguments, strict=True):
            results[number].append(Trigger(trigger, spans))
        return [tuple(triggers) for triggers in results]

    def _triggers(self, tokens: Sequence[Tokens]) -> list[tuple[TaggedSpan, ...]]:
        limit = self.settings.window
        spans = [(number, span) for number, each in enumerate(tokens) for span in windows(each, limit=limit)]
        pieces = (first_pass(tokens[number], span, self.tokenizer) for number, span in spans)
        found: list[list[TaggedSpan]] = [[] for _ in tokens]
        decoded = self._decode(
            pieces, [tokens[number] for number, _ in spans], self.labels.action_tags, self.settings.action_threshold
        )
        for index, triggers in decoded:
            found[spans[index][0]] += triggers
        return [unique(each) for each in found]

    def _arguments(
        self, tokens: Sequence[Tokens], pairs: Sequence[tuple[int, TaggedSpan]]
    ) -> list[tuple[TaggedSpan, ...]]:
        context = self.settings.context
        pieces = (second_pass(tokens[number], trigger, self.tokenizer, context=context) for number, trigger in pairs)
        results: list[tuple[TaggedSpan, ...]] = [()] * len(pairs)
        decoded = self._decode(
            pieces, [tokens[number] for number, _ in pairs], self.labels.role_tags, self.settings.argument_threshold
        )
        for index, arguments in decoded:
            results[index] = unique(arguments)
        return results

    def _decode(
        self, pieces: Iterable[Piece], tokens: Sequence[Tokens], tags: slice, threshold: float
    ) -> Iterator[tuple[int, list[TaggedSpan]]]:
        names = [tag[2:] for tag in self.labels.tags[tags][::2]]
        found = probabilities(pieces, self.backend, batch_tokens=self.settings.batch_tokens, tags=tags)
        for index, piece, output in found:
            yield index, list(decode(output, piece, tokens[index], names=names, threshold=threshold))


def load_classifier(folder: Path, *, settings: ClassifySettings) -> Classifier:
    """Load a model folder: tokenizer, labels and the first ONNX file of ``ONNX_FILES`` that is there.

    On the device ``cuda``, the float weights take the place of the ONNX file.

    Raises:
        ModelError: a file is missing or unusable.
        SettingsError: the device, or what it needs, is missing.
    """
    backend = _load_backend(folder, settings)
    return Classifier(load_tokenizer(folder), Labels.load(folder), backend, settings)


def _load_backend(folder: Path, settings: ClassifySettings) -> Backend:
    if settings.device == "cuda":
        return GraphicsBackend(folder, device=settings.device)
    path = next((folder / name for name in ONNX_FILES if (folder / name).is_file()), None)
    if path is None:
        raise ModelError(f"{folder}: expected {' or '.join(ONNX_FILES)}, got neither (run `quintuple export`?)")
    return OnnxBackend(path, threads=settings.threads)


def load_tokenizer(folder: Path) -> Tokenizer:
    """Load ``tokenizer.json`` of a model folder, without truncation and padding.

    Raises:
        ModelError: the file is missing or broken.
    """
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as exc:  # the library raises bare Exception
        raise ModelError(f"{folder / 'tokenizer.json'}: expected a tokenizer, got: {exc}") from exc
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
