"""First half of training: labelled text into arrays, with the tokenizer and labels that belong to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer

from quintuple.classify.labels import ROLES, Labels
from quintuple.events import DataError, SettingsError
from quintuple.settings import load_settings
from quintuple.train.augment import Swaps, collect_fillers, make_pool
from quintuple.train.config import DataConfig, ModelConfig, TrainConfig
from quintuple.train.encoder.base import base_tokenizer, positions
from quintuple.train.features import EXAMPLE_COLUMNS, Example, Layout, examples, gold_article, pack
from quintuple.train.gold import save_gold
from quintuple.train.hub import digest
from quintuple.train.labelled import SLOT_ROLES
from quintuple.train.plan import Plan, Source, base_folder, make_folder
from quintuple.train.sources import DataSource, Reader, choose_documents, open_source

Report = Callable[[str], None]

# Tokens of the longest trigger that there is room for.
_TRIGGER = 16


def prepare(
    config: TrainConfig, output: Path, *, documents: int | None = None, report: Report = lambda _: None
) -> None:
    """Write what `fit` reads: arrays, tokenizer, labels, the plan, and ``data.json``, a list of the sources.

    ``documents`` takes so many articles of the training data alone, drawn by the seed. Everything is read and
    checked before anything is written into ``output``; what was read is kept in ``config.prepare.cache``.

    Raises:
        DataError: a data file is missing or wrong; names file and line.
        SettingsError: ``output`` or the cache cannot be written to, or the base does not read so many tokens.
        ModelError: the base is missing.
    """
    make_folder(Path(config.prepare.cache))
    _check_lengths(config.model)
    train, dev = _open(config.data, config), _open(config.dev, config)
    base = _base_labels(config.model.base)
    labels = _labels(train, base if config.labels.keep_base else None)
    _check_names(config, train, dev, labels)
    if documents is not None:
        train = choose_documents(train, documents=documents, seed=config.fit.seed)
    tokenizer, vocabulary = _tokenizer(config.model.base, labels, base)
    rows = [
        (number, row) for number, source in enumerate(train) for row in _examples(source, config, tokenizer, labels)
    ]
    gold = [
        gold_article(article, _layout(source, config, tokenizer, labels))
        for source in dev
        for article in source.articles()
    ]
    make_folder(output)
    pack(rows, tags=len(labels.tags)).save(output / "train.npz")
    save_gold(gold, output / "dev.npz", labels=len(labels.names))
    report(f"train: {sum(map(len, train))} articles, {len(rows)} examples; dev: {len(gold)} articles")
    labels.save(output)
    tokenizer.save(str(output / "tokenizer.json"))
    (output / "vocabulary.json").write_text(json.dumps(vocabulary) + "\n", encoding="utf-8")
    described = [*_described(train, "train"), *_described(dev, "dev")]
    (output / "data.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    _plan(config).save(output)


def _open(configs: Sequence[DataConfig], config: TrainConfig) -> list[DataSource]:
    settings, trim = load_settings().preprocess, config.labels.trim
    return [open_source(data, settings=settings, trim=trim, options=config.prepare) for data in configs]


def _base_labels(base: str) -> Labels | None:
    """Return the labels of a base that is a model, not a bare encoder."""
    folder = Path(base_folder(base))
    return Labels.load(folder) if (folder / "labels.json").is_file() else None


def _labels(sources: Sequence[DataSource], base: Labels | None) -> Labels:
    """Take the label set from the data and the base; the quintuple roles keep their order and come together."""
    actions = frozenset[str]().union(*(source.actions for source in sources), base.actions if base else ())
    roles = frozenset[str]().union(*(source.roles for source in sources))
    if base:
        return Labels(tuple(sorted(actions)), (*base.roles, *sorted(roles - set(base.roles))))
    return Labels(tuple(sorted(actions)), ROLES if roles <= set(ROLES) else tuple(sorted(roles)))


def _check_lengths(model: ModelConfig) -> None:
    """Check that the base has positions for both passes: [CLS], [SEP] and, in the second, a trigger in its markers."""
    limit = positions(base_folder(model.base))
    if limit is None:
        return
    for key, most in (("window", limit - 2), ("context", (limit - 4 - _TRIGGER) // 2)):
        if getattr(model, key) > most:
            raise SettingsError(
                f"model.{key}: expected at most {most} for {model.base}, which reads {limit} tokens, "
                f"got {getattr(model, key)}"
            )


def _check_names(config: TrainConfig, train: Sequence[DataSource], dev: Sequence[DataSource], labels: Labels) -> None:
    for data, source in zip(config.dev, dev, strict=True):
        if unknown := (source.actions | source.roles) - set(labels.names):
            raise DataError(f"{data.path}: expected labels that occur in the training data, got {sorted(unknown)}")
    if not any(source.actions for source in train):
        raise DataError("data: expected at least one labelled event, got none")
    if not any(source.actions for source in dev):
        raise DataError("dev: expected at least one labelled event to choose the weights by, got none")
    if wrong := sorted(set(config.labels.trim) - set(labels.roles)):
        raise SettingsError(f"labels.trim: expected roles of the data, {', '.join(labels.roles)}; got {wrong}")
    for data in (*config.data, *config.dev):
        _check_keys(data, labels)


def _check_keys(data: DataConfig, labels: Labels) -> None:
    unsure = [name for key, names in data.unsure.items() for name in (key, *names)]
    given = {"unlabelled": data.unlabelled, "exhaustive": data.exhaustive or (), "unsure": unsure}
    for key, names in given.items():
        slots = tuple(SLOT_ROLES) if key == "unlabelled" else ()
        if wrong := sorted(set(names) - set(labels.actions) - set(slots)):
            kinds = "slots or types" if slots else "types"
            raise DataError(f"{data.path}: {key}: expected {kinds} of the labels, got {', '.join(wrong)}")


def _tokenizer(base: str, labels: Labels, known: Labels | None) -> tuple[Tokenizer, dict[str, Any]]:
    """Return the base's tokenizer with the trigger markers it lacks, and what `fit` must know of them.

    ``new`` maps the id of a new marker to the ids whose mean it starts from: the markers of the base's own
    types on the same side of a trigger, which tell the network what such a marker is for.
    """
    tokenizer = base_tokenizer(base_folder(base))
    lacking = [mark for mark in labels.markers if tokenizer.token_to_id(mark) is None]
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in labels.markers])
    sides = [known.markers[side::2] if known else () for side in (0, 1)]
    origins = [[tokenizer.token_to_id(mark) for mark in side] for side in sides]
    new = {str(tokenizer.token_to_id(mark)): origins[mark.startswith("</")] for mark in lacking}
    return tokenizer, {"size": tokenizer.get_vocab_size(), "mask": tokenizer.token_to_id("[MASK]"), "new": new}


def _layout(source: DataSource, config: TrainConfig, tokenizer: Tokenizer, labels: Labels) -> Layout:
    return Layout(tokenizer, labels, source.scheme(labels), config.model.window, config.model.context)


def _examples(source: DataSource, config: TrainConfig, tokenizer: Tokenizer, labels: Labels) -> Iterator[Example]:
    """Yield the examples of a source; they are laid out once for each tokenizer, label set and length."""
    layout, swaps = _layout(source, config, tokenizer, labels), _swaps(source, config)
    lengths = f"{layout.window} {layout.context}"
    given = json.dumps([labels.names, layout.scheme.names, asdict(swaps)])
    key = digest(tokenizer.to_str(), given, lengths)
    found = source.map(_example_rows, columns={"examples": [EXAMPLE_COLUMNS]}, key=key, layout=layout, swaps=swaps)
    return (Example.of_row(row) for each in found for row in each["examples"])


def _example_rows(row: Mapping[str, Any], reader: Reader, layout: Layout, swaps: Swaps) -> dict[str, Any]:
    rows = (row, *swaps.of(row))
    return {"examples": [example.to_row() for each in rows for example in examples(reader(each), layout)]}


def _swaps(source: DataSource, config: TrainConfig) -> Swaps:
    copies = source.reader.data.augment
    if not copies:
        return Swaps(0, config.fit.seed, {})
    columns = {"kinds": ["string"], "texts": ["string"]}
    found = source.map(_filler_rows, columns=columns, key="fillers")
    pairs = (pair for each in found for pair in zip(each["kinds"], each["texts"], strict=True))
    return Swaps(copies, config.fit.seed, make_pool(pairs))


def _filler_rows(row: Mapping[str, Any], reader: Reader) -> dict[str, Any]:  # noqa: ARG001
    fillers = collect_fillers(row)
    return {"kinds": [kind for kind, _ in fillers], "texts": [text for _, text in fillers]}


def _described(sources: Sequence[DataSource], part: str) -> list[dict[str, Any]]:
    """Describe the sources, as the model card lists them."""
    return [
        {"part": part, "articles": len(source), **source.reader.data.model_dump(exclude_defaults=True)}
        for source in sources
    ]


def _plan(config: TrainConfig) -> Plan:
    sources = tuple(Source(data.path, data.passes, data.until, data.weight) for data in config.data)
    lengths = config.model.model_dump(include={"window", "context"})
    return Plan(base=config.model.base, sources=sources, **lengths, **config.fit.model_dump())
