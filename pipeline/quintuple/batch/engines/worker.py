"""The process that extracts shards for the local engine.

It touches no file but the inputs, which it reads: whatever happens to it, the one that started it has all that counts.
"""

from __future__ import annotations

import ctypes
import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from quintuple.batch.shards import extract_shards
from quintuple.events import QuintupleError
from quintuple.extract import Extractor, load
from quintuple.settings import Settings


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What a worker loads; ``published`` is the day of all articles, instead of what each one says.

    ``load`` is a function to load with instead of ``quintuple.load``; a worker must be able to import it.
    """

    model: str | Path | None
    settings: Settings
    published: str | None = None
    load: Callable[..., Extractor] | None = None


def work(connection: Connection, config: WorkerConfig, overlap: bool) -> None:
    """Take tasks from a connection until it gives None or ends; send back activities, and the result of each task.

    A QuintupleError that is sent says why nothing can be extracted at all.
    """
    # Ctrl-C goes to every process of a terminal; the one that started this one decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    lock = threading.Lock()

    def send(message: Any) -> None:
        with lock:
            connection.send(message)

    try:
        extractor = (config.load or load)(config.model, settings=config.settings)
        _give_back()
        tasks = iter(connection.recv, None)
        for result in extract_shards(tasks, extractor, published=config.published, tell=send, overlap=overlap):
            send(result)
    except QuintupleError as exc:
        send(exc)
    except (EOFError, OSError):
        # The other side is gone.
        return


def _give_back() -> None:
    """Return to the system what loading a model took for a moment, where the C library knows how."""
    # Several megabytes that each worker would otherwise keep to its end.
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _end_with_parent() -> None:
    """End this process as soon as the one that started it is gone, for nobody is left to take results."""
    if parent := parent_process():
        wait([parent.sentinel])
        os._exit(1)
