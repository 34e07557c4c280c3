"""The workers that extract, and the bounded queue before them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from quintuple.web.errors import RequestError
from quintuple.web.settings import WorkSettings

Result = TypeVar("Result")


class Pool:
    """Runs jobs on a few threads; all its methods but the jobs belong to the event loop."""

    def __init__(self, settings: WorkSettings) -> None:
        """Start without threads; they come with the first jobs."""
        self.settings = settings
        self._executor = ThreadPoolExecutor(settings.workers, thread_name_prefix="extract")
        self._pending = 0

    @property
    def running(self) -> int:
        """How many jobs are worked on."""
        return min(self._pending, self.settings.workers)

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return self._pending - self.running

    async def run(self, job: Callable[[], Result]) -> Result:
        """Wait for a worker and return what the job returns.

        Raises:
            RequestError: the queue is full.
        """
        if self.waiting >= self.settings.queue:
            message = f"expected at most {self.settings.queue} waiting requests, got one more: try again later"
            raise RequestError(503, message, headers={"Retry-After": str(self.settings.retry_after)})
        self._pending += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, job)
        finally:
            self._pending -= 1

    def close(self) -> None:
        """Drop the jobs that wait and end the threads."""
        self._executor.shutdown(wait=False, cancel_futures=True)
