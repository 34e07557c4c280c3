"""The engine of this machine: processes that extract shards, watched over.

A process that takes too long over an article, or dies of it, is ended and replaced, and the article fails alone.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from quintuple.batch.engines.worker import WorkerConfig, work
from quintuple.batch.shards import Shard, ShardResult, Task
from quintuple.batch.stages import Activity, Place
from quintuple.events import QuintupleError, RunError
from quintuple.preprocess.messages import shown
from quintuple.settings import Settings

# Shards that a worker has: the one in hand, and one to read ahead.
_AHEAD = 2
# Seconds between two looks at the time limits.
_TICK = 0.5
# Times that a shard is tried before what its articles gave one by one is good enough.
_TRIES = 3
# What the time limit is for, in bytes read and in characters extracted.
_UNITS = {"read": 5_000_000, "classify": 100_000, "assemble": 100_000}


@dataclass(frozen=True, slots=True)
class _Work:
    """A task with the times it was tried, and whether it is done article by article to find what breaks it."""

    task: Task
    tries: int = 0
    careful: bool = False


class LocalEngine:
    """Extracts shards in processes of its own; use it with ``contextlib.closing``."""

    def __init__(self, config: WorkerConfig, *, tell: Callable[[Activity], None] = lambda _: None) -> None:
        """Take what the workers load; ``tell`` is told what they work on."""
        self._config, self._tell = config, tell
        self._workers: list[_Worker] = []

    @property
    def settings(self) -> Settings:
        """Return those that the workers load."""
        return self._config.settings

    def run(self, shards: Sequence[Shard]) -> Generator[ShardResult, None, None]:
        """Yield the result of each shard, as they are finished.

        Raises:
            QuintupleError: the model cannot be loaded, or the workers die before they work.
        """
        waiting = deque(_Work(Task(shard)) for shard in shards)
        size, threads = _shares(self._config, len(waiting))
        clock = _Clock()
        try:
            while waiting or any(worker.works for worker in self._workers):
                self._feed(waiting, size, threads, clock)
                for worker in self._ready(clock):
                    yield from self._hear(worker, waiting)
                for worker in [worker for worker in self._workers if worker.overdue()]:
                    self._give_up(worker, waiting, died=False)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the workers."""
        for worker in self._workers:
            worker.end()
        self._workers.clear()

    def _feed(self, waiting: deque[_Work], size: int, threads: int, clock: _Clock) -> None:
        while waiting and (worker := self._free(waiting[0].careful, size, threads, clock)):
            worker.give(waiting.popleft())

    def _free(self, careful: bool, size: int, threads: int, clock: _Clock) -> _Worker | None:
        """Return a worker that can take something on: an idle one, else a new one, else one that reads ahead."""
        suited = [worker for worker in self._workers if worker.careful == careful]
        best = min(suited, key=lambda worker: len(worker.works), default=None)
        if best and not best.works:
            return best
        if len(self._workers) >= size and (idle := [worker for worker in self._workers if not worker.works]):
            self._remove(idle[0])
        if len(self._workers) < size:
            self._workers.append(_Worker(self._config, threads, clock, careful=careful))
            return self._workers[-1]
        return best if best and not careful and len(best.works) < _AHEAD else None

    def _ready(self, clock: _Clock) -> list[_Worker]:
        ready = wait([worker.connection for worker in self._workers], timeout=_TICK)
        clock.tick()
        return [worker for worker in self._workers if worker.connection in ready]

    def _hear(self, worker: _Worker, waiting: deque[_Work]) -> Iterator[ShardResult]:
        try:
            while worker.connection.poll():
                message = worker.connection.recv()
                if isinstance(message, QuintupleError):
                    raise message
                if isinstance(message, Activity):
                    worker.note(message)
                    self._tell(message)
                elif self._is_good(item := worker.works.popleft()):
                    yield message
                else:
                    waiting.appendleft(replace(item, careful=False))
        except (EOFError, OSError):
            self._give_up(worker, waiting, died=True)

    def _is_good(self, item: _Work) -> bool:
        """Return whether a result stands; what was done article by article is done once more, together."""
        return not item.careful or item.tries >= _TRIES

    def _give_up(self, worker: _Worker, waiting: deque[_Work], *, died: bool) -> None:
        """End a worker that hangs or died; blame an article, or find out which one it was."""
        self._remove(worker)
        suspects = [activity for activity in worker.active() if died or worker.is_late(activity)]
        places = {place for activity in suspects for place in activity.places}
        shards = {activity.shard for activity in suspects} or {item.task.shard.number for item in worker.works}
        if not worker.heard or (not places and any(item.tries >= _TRIES for item in worker.works)):
            raise RunError(f"expected a process that extracts, got one that {_ending(worker.process.exitcode)}")
        for item in reversed(worker.works):
            if item.task.shard.number not in shards:
                waiting.appendleft(item)
            elif len(places) == 1 and (item.careful or not died):
                # A process can be ended from outside; an article is to blame for what happens to it alone, again.
                (place,) = places
                reason = _death(worker.process.exitcode) if died else worker.lateness(suspects[0])
                waiting.appendleft(_excluding(item, place, reason))
            else:
                waiting.appendleft(replace(item, tries=item.tries + 1, careful=True))

    def _remove(self, worker: _Worker) -> None:
        worker.end()
        self._workers.remove(worker)


class _Clock:
    """Seconds in which this process was awake: a laptop that slept for a night has given its workers no time."""

    def __init__(self) -> None:
        self.now, self._last = 0.0, time.monotonic()

    def tick(self) -> None:
        real = time.monotonic()
        self.now += min(real - self._last, 4 * _TICK)
        self._last = real


class _Worker:
    """A process with what it has in hand."""

    def __init__(self, config: WorkerConfig, threads: int, clock: _Clock, *, careful: bool) -> None:
        self.careful, self.heard = careful, False
        self.works: deque[_Work] = deque()
        self._clock, self._limit = clock, config.settings.batch.file_timeout
        self._stages: dict[str, tuple[float, Activity]] = {}
        self.connection, theirs = multiprocessing.Pipe()
        classify = config.settings.classify.model_copy(update={"threads": threads})
        chosen = replace(config, settings=config.settings.model_copy(update={"classify": classify}))
        self.process = _process(theirs, chosen, not careful)
        self.process.start()
        # Held by the worker alone, the other end tells by closing that the worker is gone.
        theirs.close()

    def give(self, item: _Work) -> None:
        """Hand a task over; that the worker is gone shows when it is listened to."""
        self.works.append(item)
        with suppress(OSError):
            self.connection.send(item.task)

    def note(self, activity: Activity) -> None:
        """Take in what a stage has in hand now."""
        self.heard = True
        self._stages[activity.stage] = self._clock.now, activity

    def active(self) -> list[Activity]:
        """Return what the stages have in hand."""
        return [activity for _, activity in self._stages.values() if activity.places]

    def overdue(self) -> bool:
        """Return whether a stage takes longer than it may."""
        return any(self.is_late(activity) for activity in self.active())

    def is_late(self, activity: Activity) -> bool:
        """Return whether an activity takes longer than it may."""
        began, _ = self._stages[activity.stage]
        return self._clock.now - began > self._allowed(activity)

    def lateness(self, activity: Activity) -> str:
        """Return for people what took too long."""
        return f"took longer than {self._allowed(activity):.0f} s to {activity.stage} (file_timeout)"

    def end(self) -> None:
        """End the process; it writes nothing, so nothing is lost."""
        self.process.kill()
        self.process.join()
        self.connection.close()

    def _allowed(self, activity: Activity) -> float:
        units = max(1, math.ceil(activity.size / _UNITS[activity.stage]))
        return self._limit * units if self._limit else math.inf


def _process(connection: Connection, config: WorkerConfig, overlap: bool) -> BaseProcess:
    if sys.platform == "linux":
        # A server loads the libraries once; each worker is a copy of it, made in no time.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["onnxruntime", work.__module__])
        return context.Process(target=work, args=(connection, config, overlap), daemon=True)
    return multiprocessing.get_context("spawn").Process(target=work, args=(connection, config, overlap), daemon=True)


def _shares(config: WorkerConfig, shards: int) -> tuple[int, int]:
    """Return the number of workers, and of the threads of each."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    workers = max(1, min(config.settings.batch.workers or cores, shards))
    return workers, config.settings.classify.threads or max(1, cores // workers)


def _excluding(item: _Work, place: Place, reason: str) -> _Work:
    excluded = {**item.task.excluded, place: f"{shown(place.path)}: {reason}"}
    return replace(item, task=replace(item.task, excluded=excluded))


def _death(code: int | None) -> str:
    return f"expected to be extracted, but the process that worked on it {_ending(code)}"


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"was ended by signal {-code}" + (", perhaps because memory ran out" if code == -9 else "")
    return f"ended with exit code {code}"
