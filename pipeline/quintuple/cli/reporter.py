"""What an extraction shows on standard error: a bar or JSON Lines while it runs, and a summary."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from quintuple.batch import Activity, FileDone, Planned, Summary
from quintuple.cli.progress import say

if TYPE_CHECKING:
    from rich.progress import Progress

# What makes an earlier run's records useless, as the manifest calls it, for people.
_CHANGES = {"model": "another model", "settings": "other settings", "version": "another version of quintuple"}


class Reporter:
    """Takes the notes of a run; a context manager, for the bar must be cleared away."""

    def __init__(self, *, as_json: bool) -> None:
        """Show a bar when standard error is a terminal, nothing when it is not, or every note as JSON."""
        self._json, self._bar = as_json, None if as_json or not sys.stderr.isatty() else _bar()
        self._began, self._seen = time.monotonic(), set[tuple[str, int]]()
        self.files = self.articles = 0

    def __enter__(self) -> Reporter:
        """Show the bar."""
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Clear the bar away."""
        if self._bar:
            self._bar.stop()

    @property
    def done(self) -> int:
        """Return the files that are done."""
        return len(self._seen)

    def __call__(self, note: Planned | FileDone) -> None:
        """Take a note."""
        if self._json:
            _log("planned" if isinstance(note, Planned) else "file", asdict(note))
        if isinstance(note, Planned):
            self._plan(note)
        else:
            # A file of many articles is told of for each of them, and counts once.
            self._seen.add((note.path, note.first))
            self.articles += note.articles
        if self._bar:
            rate = self.articles / max(time.monotonic() - self._began, 1e-3)
            self._bar.update(self._bar.task_ids[0], completed=len(self._seen), rate=f"{rate:.1f} articles/s")

    def watch(self, activity: Activity) -> None:
        """Show which file is worked on, for a long one takes minutes."""
        if self._bar and activity.places:
            name = activity.places[0].path.rpartition("/")[2]
            self._bar.update(self._bar.task_ids[0], description=f"{activity.stage} {name[:40]}")

    def finish(self, summary: Summary, output: Path | str | None) -> None:
        """Show what was done, and what failed."""
        if self._json:
            failures = [asdict(failure) for failure in summary.failures]
            more = {"failures": failures, "types": dict(summary.types), "rate": round(summary.rate, 2)}
            _log("summary", vars(summary) | more | {"output": output and str(output)})
            return
        for failure in summary.failures:
            say(f"failed: {failure}")
        say(", ".join(_parts(summary)) + (f" -> {output}" if output else ""))
        if summary.types:
            say("events: " + ", ".join(f"{name} {count}" for name, count in summary.types.most_common()))

    def tell(self, line: str) -> None:
        """Show a line."""
        if self._json:
            _log("message", {"text": line})
        else:
            say(line)

    def _plan(self, note: Planned) -> None:
        self.files, self._seen, self.articles, self._began = note.files, set(), 0, time.monotonic()
        if note.changed:
            self.tell(f"starting anew: {', '.join(map(_CHANGES.__getitem__, note.changed))} than in the run before")
        if note.kept:
            self.tell(f"{note.kept} of {note.files} files are done already")
        if self._bar:
            self._bar.update(self._bar.task_ids[0], total=note.files - note.kept)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    name, rate = TextColumn("{task.description}", markup=False), TextColumn("{task.fields[rate]}")
    columns = (name, BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.add_task("files", total=None, rate="")
    return bar


def _parts(summary: Summary) -> list[str]:
    parts = [f"{summary.articles} articles", f"{summary.events} events", f"{len(summary.failures)} failed"]
    if summary.duplicates:
        parts.append(f"{summary.duplicates} duplicates")
    if summary.skipped:
        parts.append(f"{summary.skipped} files of other formats skipped")
    return [*parts, f"{summary.seconds:.1f} s ({summary.rate:.1f} articles/s)"]


def _log(kind: str, fields: dict[str, Any]) -> None:
    line = {"note": kind, "time": round(time.time(), 3), **fields}
    # In ASCII, so that the log can be read whatever the terminal's encoding.
    sys.stderr.write(json.dumps(line, default=str) + "\n")
    sys.stderr.flush()
