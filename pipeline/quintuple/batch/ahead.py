"""A thread that works ahead of whoever takes its results."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, Full, Queue
from typing import TypeVar

T = TypeVar("T")

#: Raises ``Stopped`` when the results are no longer wanted.
Check = Callable[[], None]

# Seconds between two looks at the other side. A wait without end could not be interrupted from a Windows keyboard.
_TICK = 0.2
# Seconds to wait for a thread that was told to stop; it may sit in a call that cannot be cut short.
_PATIENCE = 2.0


class Stopped(BaseException):
    """Nobody wants the results any more; no ``except Exception`` may hold it up."""


def ahead(make: Callable[[Check], Iterable[T]], *, depth: int) -> Iterator[T]:
    """Yield what ``make`` yields, made in a thread that is at most ``depth`` results ahead; 0 takes no thread.

    ``make`` is given a function to call now and then: it raises when the caller has closed the iterator. What
    ``make`` raises is raised here, behind the results before it.
    """
    if not depth:
        yield from make(lambda: None)
        return
    stop = threading.Event()
    ready: Queue[tuple[T, ...] | BaseException | None] = Queue(depth)
    thread = threading.Thread(target=_work, args=(make, ready, stop), daemon=True)
    thread.start()
    try:
        while (result := _get(ready)) is not None:
            if isinstance(result, BaseException):
                raise result
            yield from result
    finally:
        stop.set()
        thread.join(_PATIENCE)


def _work(
    make: Callable[[Check], Iterable[T]], ready: Queue[tuple[T, ...] | BaseException | None], stop: threading.Event
) -> None:
    def check() -> None:
        if stop.is_set():
            raise Stopped

    try:
        try:
            for item in make(check):
                _put(ready, (item,), check)
            _put(ready, None, check)
        except Stopped:
            raise
        except BaseException as exc:
            _put(ready, exc, check)
    except Stopped:
        return


def _put(ready: Queue[T], item: T, check: Check) -> None:
    while True:
        check()
        try:
            ready.put(item, timeout=_TICK)
            return
        except Full:
            continue


def _get(ready: Queue[T]) -> T:
    while True:
        try:
            return ready.get(timeout=_TICK)
        except Empty:
            continue
