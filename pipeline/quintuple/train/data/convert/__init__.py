"""Converts labelled data from and to the formats of other data sets and annotation tools, one module each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from quintuple.events import DataError
from quintuple.train.data.convert.losses import Losses
from quintuple.train.data.lines import Record


@dataclass(frozen=True, slots=True)
class Format:
    """A format of labelled data: its module here, what its files are, and whether it can be written."""

    module: str
    files: str
    written: bool = False


#: The formats by the name that `quintuple data convert` takes.
FORMATS = {
    "quintuple": Format("quintuples", "JSON Lines of EVENTS.md, as `quintuple extract` writes them", True),
    "fewfc": Format("fewfc", "FewFC (CCKS-2020), JSON Lines"),
    "duee-fin": Format("duee_fin", "DuEE-fin, JSON Lines"),
    "chfinann": Format("chfinann", "ChFinAnn (Doc2EDAG), a JSON array"),
    "doccano": Format("doccano", "doccano, JSON Lines of spans with or without relations", True),
    "label-studio": Format("label_studio", "Label Studio, JSON array of tasks", True),
    "prodigy": Format("prodigy", "Prodigy, JSON Lines with tokens, spans and relations", True),
    "brat": Format("brat", "brat standoff, a folder of .txt and .ann", True),
    "conll": Format("conll", "CoNLL, one token and its BIO tag a line"),
}


class _Module(Protocol):
    def read(self, source: Path, losses: Losses) -> Iterator[Record]: ...

    def write(self, records: Iterable[Record], output: Path) -> None: ...


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a conversion wrote, and in words what it had to leave out."""

    articles: int
    events: int
    losses: tuple[str, ...]


def convert(source: Path, output: Path, *, source_format: str, target_format: str = "quintuple") -> Conversion:
    """Read labelled data in one format and write it in another.

    Raises:
        DataError: a format is unknown or cannot be written, or the source is malformed; names the place.
    """
    reader, writer = _module(source_format, written=False), _module(target_format, written=True)
    losses, counts = Losses(), [0, 0]

    def counted() -> Iterator[Record]:
        for record in reader.read(source, losses):
            counts[0] += 1
            counts[1] += len(record["events"])
            yield record

    writer.write(counted(), output)
    return Conversion(counts[0], counts[1], losses.lines())


def _module(name: str, *, written: bool) -> _Module:
    known = [key for key, value in FORMATS.items() if value.written or not written]
    if name not in known:
        raise DataError(f"format: expected one of {', '.join(known)}, got {name!r}")
    return cast("_Module", import_module(f"{__name__}.{FORMATS[name].module}"))
