"""First half of training: labelled text into arrays, with the tokenizer and labels that belong to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tokenizers import AddedToken, Tokenizer

from quintuple.classify.classifier import load_tokenizer
from quintuple.classify.labels import ROLES, Labels
from quintuple.events import DataError
from quintuple.settings import PreprocessSettings, load_settings
from quintuple.train.config import DataConfig, TrainConfig
from quintuple.train.features import Example, examples, pack
from quintuple.train.fewfc import read_fewfc, read_fewfc_as_quintuples
from quintuple.train.labelled import LabelledArticle, read_quintuples, trim_labels
from quintuple.train.plan import Plan, Source

Report = Callable[[str], None]


def prepare(config: TrainConfig, output: Path, *, report: Report = lambda _: None) -> None:
    """Write ``train.npz``, ``dev.npz``, ``tokenizer.json``, ``labels.json``, ``vocabulary.json``, ``plan.json``.

    Everything is read and checked before anything is written.

    Raises:
        DataError: a data file is missing or wrong; names file and line.
    """
    settings = load_settings().preprocess
    train = [list(_read(data, settings, config.labels.trim)) for data in config.data]
    dev = [list(_read(data, settings, config.labels.trim)) for data in config.dev]
    labels = _labels([article for part in train for article in part])
    _check_known(dev, config.dev, labels)
    tokenizer = _tokenizer(config.model.base, labels)
    output.mkdir(parents=True, exist_ok=True)
    for name, parts in (("train", train), ("dev", dev)):
        rows = [(number, row) for number, part in enumerate(parts) for row in _rows(part, config, tokenizer, labels)]
        pack(rows, tags=len(labels.tags)).save(output / f"{name}.npz")
        report(f"{name}: {sum(map(len, parts))} articles, {len(rows)} examples")
    labels.save(output)
    tokenizer.save(str(output / "tokenizer.json"))
    vocabulary = {"size": tokenizer.get_vocab_size(), "mask": tokenizer.token_to_id("[MASK]")}
    (output / "vocabulary.json").write_text(json.dumps(vocabulary) + "\n", encoding="utf-8")
    _plan(config).save(output)


def _read(data: DataConfig, settings: PreprocessSettings, trim: Mapping[str, str]) -> Iterator[LabelledArticle]:
    return (trim_labels(labelled, trim) for labelled in _labelled(data, settings))


def _labelled(data: DataConfig, settings: PreprocessSettings) -> Iterator[LabelledArticle]:
    path = Path(data.path)
    if data.format == "fewfc":
        return read_fewfc(path, settings=settings)
    if data.format == "fewfc-as-quintuples":
        return read_fewfc_as_quintuples(path, settings=settings)
    return read_quintuples(path, settings=settings, unlabelled=frozenset(data.unlabelled))


def _labels(articles: Sequence[LabelledArticle]) -> Labels:
    """Take the label set from the data; the quintuple roles keep their order and are all there if any is."""
    mentions = [mention for article in articles for mention in article.mentions]
    actions = {mention.trigger.label for mention in mentions}
    roles = {argument.label for mention in mentions for argument in mention.arguments}
    return Labels(tuple(sorted(actions)), ROLES if roles <= set(ROLES) else tuple(sorted(roles)))


def _check_known(dev: Sequence[Sequence[LabelledArticle]], sources: Sequence[DataConfig], labels: Labels) -> None:
    for data, part in zip(sources, dev, strict=True):
        names = {m.trigger.label for a in part for m in a.mentions}
        names |= {argument.label for a in part for m in a.mentions for argument in m.arguments}
        if unknown := names - set(labels.names):
            raise DataError(f"{data.path}: expected labels that occur in the training data, got {sorted(unknown)}")


def _rows(
    part: Sequence[LabelledArticle], config: TrainConfig, tokenizer: Tokenizer, labels: Labels
) -> Iterator[Example]:
    window, context = config.model.window, config.model.context
    for article in part:
        yield from examples(article, tokenizer=tokenizer, labels=labels, window=window, context=context)


def _tokenizer(base: str, labels: Labels) -> Tokenizer:
    """Load the tokenizer of a local folder or hub name and add the trigger markers that it lacks."""
    if (Path(base) / "tokenizer.json").is_file():
        tokenizer = load_tokenizer(Path(base))
    else:
        from transformers import AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(base).backend_tokenizer
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in labels.markers])
    return tokenizer


def _plan(config: TrainConfig) -> Plan:
    sources = tuple(Source(data.path, data.passes, data.until, data.weight) for data in config.data)
    return Plan(base=config.model.base, sources=sources, **config.fit.model_dump())
