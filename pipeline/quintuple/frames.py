"""Events as pandas data frames, and data frames of articles as events; needs the extra [tables]."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from quintuple.events import Article, ArticleError, Event, Extraction, SettingsError
from quintuple.writers.extra import tables_extra
from quintuple.writers.rows import COLUMNS, DAYS, record_rows

if TYPE_CHECKING:
    import pandas

    from quintuple.extract import Extractor

# Articles are classified together up to this many characters; more would gain no speed, only memory.
_CHUNK = 60_000

_TYPES = {"event": "int64", "percentage": "object", "confidence": "float64"}
_TYPES |= {f"percentage_{side}": "float64" for side in ("from", "to", "by")}
_TYPES |= dict.fromkeys(DAYS, "datetime64[s]")


def to_frame(events: Iterable[Event | Extraction | Mapping[str, Any]]) -> pandas.DataFrame:
    """Return one row per event with the columns of EVENTS.md, numbered from 0.

    Takes events, extractions, and records as read from JSON Lines. Events alone say nothing of their article:
    ``id``, ``path``, ``language``, ``published`` and ``sentence`` are missing. Text columns are of dtype ``string``,
    days ``datetime64[s]``; ``percentage`` holds lists of floats in percent, or None.

    Raises:
        SettingsError: pandas is not installed.
        DataError: a record does not have the shape of EVENTS.md.
    """
    return _frame(list(_rows(events)))


def extract_frame(
    df: pandas.DataFrame,
    text: Hashable = "content",
    *,
    published: Hashable | None = None,
    id: Hashable | None = None,  # noqa: A002 - the name of the slot everywhere
    progress: bool = True,
    extractor: Extractor | None = None,
) -> pandas.DataFrame:
    """Return the events of a frame of articles, one row per event, in the order of the articles.

    ``text``, ``published`` and ``id`` name columns of ``df``; without ``id``, an article's id is its index label,
    and its row number where that is missing. The index is that of ``df``, repeated for each event; the first column,
    ``row``, is the article's row number from 0, so that ``df.iloc[events["row"]]`` fits whatever the index is. The
    other columns are those of ``to_frame``. A row that cannot be read or extracted costs itself alone: a warning
    counts such rows, ``attrs["failed"]`` lists them as ``{"row": 3, "error": "…"}``. ``progress`` shows a bar when
    standard error is a terminal. ``extractor`` is a loaded model; without it the default one is loaded.

    Raises:
        SettingsError: a column is missing.
    """
    columns = _Columns(df, text, published, id)
    extractor = extractor or _load()
    failed: list[dict[str, Any]] = []
    found: list[dict[str, Any]] = []
    with _bar(len(df), shown=progress) as advance:
        for chunk in _chunks(columns, extractor, failed):
            for number, extraction in _extract(chunk, extractor, failed):
                found += ({"row": number} | row for row in record_rows(extraction.to_dict()))
            advance(chunk[-1][0] + 1)
    frame = _frame(found)
    numbers = np.array([row["row"] for row in found], dtype=np.int64)
    frame.insert(0, "row", numbers)
    frame.index = df.index.take(numbers)
    _tell(frame, failed, len(df))
    return frame


def _rows(events: Iterable[Event | Extraction | Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    alone = 0
    for item in events:
        if isinstance(item, Event):
            alone += 1
            yield from (row | {"event": alone} for row in record_rows({"events": [item.to_dict()]}))
        else:
            yield from record_rows(item.to_dict() if isinstance(item, Extraction) else item)


def _frame(rows: list[dict[str, Any]]) -> pandas.DataFrame:
    with tables_extra("to_frame"):
        import pandas as pd
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    return pd.DataFrame({name: pd.Series(cells, dtype=_TYPES.get(name, "string")) for name, cells in columns.items()})


@dataclass(frozen=True)
class _Columns:
    """The columns of a frame that an extraction reads."""

    frame: pandas.DataFrame
    text: Hashable
    published: Hashable | None
    id: Hashable | None

    def __post_init__(self) -> None:
        for option in ("text", "published", "id"):
            name = getattr(self, option)
            if (option == "text" or name is not None) and name not in self.frame.columns:
                known = ", ".join(map(str, self.frame.columns))
                raise SettingsError(f"{option}: expected a column of the frame ({known}), got {name!r}")

    def cells(self) -> Iterator[tuple[Any, Any, Any]]:
        """Yield the text, day and id of each row."""
        days = [None] * len(self.frame) if self.published is None else self.frame[self.published]
        labels = self.frame.index if self.id is None else self.frame[self.id]
        return zip(self.frame[self.text], days, labels, strict=True)


_Chunk = list[tuple[int, Article]]


def _chunks(columns: _Columns, extractor: Extractor, failed: list[dict[str, Any]]) -> Iterator[_Chunk]:
    chunk: _Chunk = []
    size = 0
    for number, (text, day, label) in enumerate(columns.cells()):
        try:
            article = _article(text, day, str(number) if _is_missing(label) else str(label), extractor)
        except ArticleError as exc:
            failed.append({"row": number, "error": str(exc)})
            continue
        chunk.append((number, article))
        size += len(article.text)
        if size >= _CHUNK:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _article(text: Any, day: Any, label: str, extractor: Extractor) -> Article:
    from quintuple.preprocess import make_article

    if not isinstance(text, str):
        raise ArticleError(f"{label}: expected text, got {text!r}")
    published = None if _is_missing(day) else day.isoformat() if isinstance(day, date) else str(day)
    return make_article(text, id=label, settings=extractor.settings.preprocess, published=published)


def _extract(chunk: _Chunk, extractor: Extractor, failed: list[dict[str, Any]]) -> Iterator[tuple[int, Extraction]]:
    try:
        extractions = extractor.extract_articles([article for _, article in chunk])
    except Exception as exc:
        if len(chunk) == 1:
            failed.append({"row": chunk[0][0], "error": f"{chunk[0][1].id}: extraction failed: {exc!r}"})
            return
        # Whatever broke, only the article that broke it may pay: one by one, its neighbours get through.
        for single in chunk:
            yield from _extract([single], extractor, failed)
        return
    yield from ((number, extraction) for (number, _), extraction in zip(chunk, extractions, strict=True))


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _tell(frame: pandas.DataFrame, failed: list[dict[str, Any]], rows: int) -> None:
    failed.sort(key=lambda failure: failure["row"])
    frame.attrs["failed"] = failed
    if failed:
        first = failed[0]
        warnings.warn(
            f"extract_frame: {len(failed)} of {rows} rows failed, the first is row {first['row']} ({first['error']}); "
            "attrs['failed'] lists them",
            stacklevel=3,
        )


@contextmanager
def _bar(rows: int, *, shown: bool) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    visible = shown and (console.is_terminal or console.is_jupyter)
    with Progress(*columns, console=console, transient=True, disable=not visible) as bar:
        task = bar.add_task("articles", total=rows)
        yield lambda done: bar.update(task, completed=done)


def _load() -> Extractor:
    from quintuple.extract import load

    return load()
