"""Events as a table for people."""

from __future__ import annotations

from typing import Literal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from quintuple.events import Event, Extraction, describe_date, describe_percentage

_COLUMNS = ("article", "company", "action", "target", "percentage", "date", "status", "conf.")

_CAPTION = " conf.: the chance that the whole row is right; –: the article does not say"
_WIDTH = 140
_WHOLE = ("action", "percentage", "date", "status", "conf.")


class EventTable:
    """Collects extractions and shows one row per event."""

    def __init__(self) -> None:
        """Start empty."""
        self._table = Table(box=box.SIMPLE_HEAD, pad_edge=False, caption=_CAPTION, caption_justify="left")
        for column in _COLUMNS:
            justify: Literal["right", "left"] = "right" if column == "conf." else "left"
            self._table.add_column(column, overflow="fold", justify=justify, no_wrap=column in _WHOLE)

    def add(self, extraction: Extraction) -> None:
        """Add the events of one article; an article without events gets a row that says so."""
        article = extraction.article.id
        for event in extraction.events:
            self._table.add_row(*map(Text, (article, *_cells(event))))
            article = ""
        if not extraction.events:
            self._table.add_row(Text(article), Text("(no events)", style="dim"))

    def show(self) -> None:
        """Print the table on standard output."""
        console = Console()
        # A pipe has no width; 80 columns would break every name.
        (console if console.is_terminal else Console(width=_WIDTH)).print(self._table)


def _cells(event: Event) -> tuple[str, ...]:
    company, action, target, *_ = event.as_tuple()
    share, date = describe_percentage(event.percentage), describe_date(event.date)
    confidence = f"{event.confidence:.2f}"
    return tuple(part or "–" for part in (company, action, target, share, date, event.status, confidence))
