"""Runs over many files that can be broken off anywhere and gone on with."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from quintuple.batch import urls
from quintuple.batch.duplicates import Duplicates
from quintuple.batch.engines import Engine
from quintuple.batch.identity import Identity
from quintuple.batch.output import check_errors, check_output, write_errors, write_output
from quintuple.batch.plan import Found, look, plan
from quintuple.batch.shards import ShardResult
from quintuple.batch.state import Entry, State, open_state, remove_state
from quintuple.batch.summary import Failure, FileDone, Planned, Report, Summary, silent
from quintuple.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What a run does besides extracting; ``errors`` is a file for the list of failures."""

    text: bool = True
    bom: bool = False
    errors: Path | None = None
    changed_only: bool = False
    keep_state: bool = False
    dedupe: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """A run over the files under some paths, into an output; ``go`` does it, and goes on with what was broken off.

    Paths and output that are text may be URLs, see ``quintuple.batch.urls``.
    """

    paths: Sequence[Path | str]
    output: Path | str
    engine: Engine
    identity: Identity
    settings: Settings
    options: RunOptions = RunOptions()
    report: Report = silent

    def go(self) -> Summary:
        """Extract what is to be extracted and write the output.

        The folder ``state_folder`` is removed when the run has come to its end, unless the options keep it or, in a
        run of more than one shard, inputs have failed: a later run then does only those again.

        Raises:
            SettingsError: the output's format is unknown.
            RunError: the run cannot go on; what is done is kept.
        """
        folder = state_folder(self.output)
        with open_state(folder, self.identity) as state:
            self._check(folder)
            summary = self._pass(self._look(), state, changed_only=self.options.changed_only)
            several = len({entry.shard for entry in state.entries.values()}) > 1
            keep = self.options.keep_state or self.options.changed_only or (several and bool(summary.failures))
            if keep:
                state.finish()
        if not keep:
            remove_state(folder)
        return summary

    def watch(self) -> Iterator[Summary]:
        """Do as ``go`` does, then again and again what is new or has changed; yield a summary each time.

        A file counts once it is the same in two looks, for until then it may still be written to. The state folder
        stays. Closing the iterator, or Ctrl-C, ends it.
        """
        folder = state_folder(self.output)
        with open_state(folder, self.identity) as state:
            self._check(folder)
            before = done = self._look()
            yield self._pass(done, state, changed_only=True)
            while True:
                time.sleep(self.settings.batch.poll)
                now = self._look()
                settled, before = _settled(now, before, state), now
                if (settled.files, settled.failures) != (done.files, done.failures):
                    done = settled
                    yield self._pass(done, state, changed_only=True)

    def _check(self, folder: Path) -> None:
        check_output(self.output, folder, bom=self.options.bom)
        if self.options.errors:
            check_errors(self.options.errors)

    def _look(self) -> Found:
        without = [state_folder(self.output)]
        if isinstance(self.output, Path):
            without += [self.output, self.output.with_name(self.output.name + ".part")]
        if self.options.errors:
            without.append(self.options.errors)
        return look(self.paths, without=without, settings=self.settings.batch)

    def _pass(self, found: Found, state: State, *, changed_only: bool) -> Summary:
        began = time.monotonic()
        chosen = plan(found.files, state, settings=self.settings, changed_only=changed_only)
        self.report(Planned(len(found.files), len(chosen.kept), state.changed))
        state.begin(chosen.kept, chosen.shards)
        new: list[Entry] = []
        with closing(self.engine.run(chosen.shards)) as results:
            for result in results:
                new += self._add(result, state)
        entries = [state.entries[file.key] for file in found.files]
        duplicates = Duplicates(self.settings.batch.duplicates) if self.options.dedupe else None
        summary = _summary(found, entries)
        summary.duplicates = write_output(
            self.output,
            state_folder(self.output),
            entries,
            state,
            text=self.options.text,
            bom=self.options.bom,
            duplicates=duplicates,
        )
        summary.kept = len(chosen.kept)
        summary.extracted = sum(entry.articles for entry in new)
        if self.options.errors:
            write_errors(self.options.errors, summary.failures)
        summary.seconds = time.monotonic() - began
        return summary

    def _add(self, result: ShardResult, state: State) -> list[Entry]:
        entries = state.add(result)
        for entry in entries:
            events = sum(entry.events.values())
            self.report(FileDone(entry.file.path, entry.articles, events, entry.failures, entry.file.first))
        return entries


def state_folder(output: Path | str) -> Path:
    """Return the folder that a run keeps beside its output; in the working folder, for an output that is a URL."""
    if isinstance(output, str) and urls.is_url(output):
        return Path(PurePosixPath(output).name + ".shards")
    return Path(output).with_name(Path(output).name + ".shards")


def _settled(now: Found, before: Found, state: State) -> Found:
    """Return what was found without the files that are being written; known ones are taken as they were."""
    same, files = set(before.files), []
    for file in now.files:
        if file in same:
            files.append(file)
        elif file.key in state.entries:
            files.append(state.entries[file.key].file)
    return Found(tuple(files), now.failures, now.skipped)


def _summary(found: Found, entries: Sequence[Entry]) -> Summary:
    summary = Summary(files=len(entries), skipped=found.skipped, failures=list(found.failures))
    for entry in entries:
        summary.articles += entry.articles
        summary.events += sum(entry.events.values())
        summary.types.update(entry.events)
        summary.failures += (Failure(entry.file.path, reason) for reason in entry.failures)
    return summary
