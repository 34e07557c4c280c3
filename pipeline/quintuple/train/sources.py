"""The data sources of a config: opened as datasets, read as labelled articles."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from quintuple.classify.labels import Labels
from quintuple.events import ArticleError, DataError
from quintuple.settings import PreprocessSettings
from quintuple.train.config import DataConfig, PrepareConfig
from quintuple.train.fewfc import read_fewfc, read_fewfc_as_quintuples
from quintuple.train.hub import (
    cache_file,
    digest,
    load_labelled,
    load_lines,
    make_features,
    program_digest,
    quiet_datasets,
)
from quintuple.train.labelled import LabelledArticle, configure, read_quintuples, trim_labels

_READERS: dict[str, Callable[[Mapping[str, Any], PreprocessSettings], LabelledArticle]] = {
    "quintuple": read_quintuples,
    "fewfc": read_fewfc,
    "fewfc-as-quintuples": read_fewfc_as_quintuples,
}

# What a config says of a source that does not change how it is read.
_LEARNING = {"augment", "passes", "until", "weight"}


@dataclass(frozen=True)
class Reader:
    """Turns a row of one source into a labelled article; plain data, so that other processes can be given it."""

    data: DataConfig
    settings: PreprocessSettings
    trim: Mapping[str, str]

    def __call__(self, row: Mapping[str, Any]) -> LabelledArticle:
        """Return the labelled article of a row.

        Raises:
            DataError: the row is no labelled record, or a span does not match the text; names file and line.
        """
        try:
            record = json.loads(row["record"]) if "record" in row else row
            labelled = _READERS[self.data.format](record, self.settings)
        except (KeyError, TypeError, ValueError, AttributeError, ArticleError) as exc:
            kind = "labelled article" if self.data.format == "quintuple" else "FewFC record"
            raise DataError(f"{row['where']}: expected a {kind}, got: {exc}") from exc
        return trim_labels(configure(labelled, self.data), self.trim)


@dataclass(frozen=True)
class DataSource:
    """An opened source: ``rows`` is a ``datasets.Dataset``; ``actions`` and ``roles`` are the labels in all of it."""

    rows: Any
    reader: Reader
    actions: frozenset[str]
    roles: frozenset[str]
    options: PrepareConfig = field(repr=False)

    def __len__(self) -> int:
        """Count the articles."""
        return len(self.rows)

    def scheme(self, labels: Labels) -> Labels:
        """Return the labels that the source's authors had in mind: without any, a record is labelled for these."""
        if self.reader.data.format != "fewfc":
            return labels
        return Labels(tuple(sorted(self.actions)), tuple(sorted(self.roles)))

    def articles(self) -> list[LabelledArticle]:
        """Return all articles, in order."""
        return [self.reader(row) for row in self.rows]

    def select(self, numbers: Sequence[int]) -> DataSource:
        """Return the source with some of its articles alone."""
        return DataSource(self.rows.select(numbers), self.reader, self.actions, self.roles, self.options)

    def map(self, function: Callable[..., dict[str, Any]], *, columns: Mapping[str, Any], key: str, **more: Any) -> Any:
        """Return ``function`` of every row as a dataset of ``columns``; done once for each ``key``.

        ``function`` is given the row, the reader and ``more``.
        """
        return _mapped(self.rows, function, self.reader, columns=columns, key=key, options=self.options, **more)


def open_source(
    data: DataConfig, *, settings: PreprocessSettings, trim: Mapping[str, str], options: PrepareConfig
) -> DataSource:
    """Open a data source and read every record of it once.

    Raises:
        DataError: there is no such data, or a record is broken; names file and line.
    """
    if data.format == "quintuple":
        rows = load_labelled(data.path, split=data.split, cache=options.cache)
    else:
        rows = load_lines(data.path, cache=options.cache)
    reader = Reader(data, settings, trim)
    names = {"actions": ["string"], "roles": ["string"]}
    found = _mapped(rows, _names, reader, columns=names, key="names", options=options)
    actions, roles = (frozenset(name for each in found[column] for name in each) for column in names)
    return DataSource(rows, reader, actions, roles, options)


def choose_documents(sources: Sequence[DataSource], *, documents: int, seed: int) -> list[DataSource]:
    """Return the sources with ``documents`` articles in all, drawn by the seed; fewer are part of more.

    Raises:
        DataError: there are not so many.
    """
    total = sum(map(len, sources))
    if not 0 < documents <= total:
        raise DataError(f"documents: expected between 1 and the {total} of the training data, got {documents}")
    chosen = np.sort(np.random.default_rng(seed).permutation(total)[:documents])
    bounds = np.cumsum([0, *map(len, sources)])
    parts = [chosen[(chosen >= begin) & (chosen < end)] - begin for begin, end in pairwise(bounds)]
    return [source.select(part.tolist()) for source, part in zip(sources, parts, strict=True)]


def _names(row: Mapping[str, Any], reader: Reader) -> dict[str, list[str]]:
    mentions = reader(row).mentions
    return {
        "actions": sorted({mention.trigger.label for mention in mentions}),
        "roles": sorted({argument.label for mention in mentions for argument in mention.arguments}),
    }


def _mapped(
    rows: Any,
    function: Callable[..., dict[str, Any]],
    reader: Reader,
    *,
    columns: Mapping[str, Any],
    key: str,
    options: PrepareConfig,
    **more: Any,
) -> Any:
    given = json.dumps([reader.data.model_dump(exclude=_LEARNING), reader.settings.model_dump(), dict(reader.trim)])
    fingerprint = digest(rows._fingerprint, program_digest(), given, key)
    with quiet_datasets():
        return rows.map(
            function,
            fn_kwargs={"reader": reader, **more},
            remove_columns=rows.column_names,
            features=make_features(columns),
            num_proc=min(options.processes, len(rows)) if options.processes > 1 else None,
            new_fingerprint=fingerprint,
            cache_file_name=cache_file(Path(options.cache), fingerprint),
        )
