"""Engines: where shards are extracted."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Protocol

from quintuple.batch.shards import Shard, ShardResult
from quintuple.settings import Settings


class Engine(Protocol):
    """Extracts shards; whichever engine does it, the result of a shard is the same.

    ``settings`` are those it extracts with.
    """

    @property
    def settings(self) -> Settings:
        """Return the settings, with the device that the engine has chosen."""

    def run(self, shards: Sequence[Shard]) -> Generator[ShardResult, None, None]:
        """Yield the result of each shard, in any order.

        Closing the generator stops the work.

        Raises:
            RunError: the engine itself broke.
        """

    def close(self) -> None:
        """Let go of what the engine holds."""
