"""The engine that extracts in this process, with an extractor that is loaded already."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from quintuple.batch.shards import Shard, ShardResult, Task, extract_shards
from quintuple.batch.stages import Activity
from quintuple.extract import Extractor
from quintuple.settings import Settings


class InlineEngine:
    """Extracts shards with a given extractor; has no time limit, and cannot survive what kills a process."""

    def __init__(self, extractor: Extractor, *, published: str | None = None) -> None:
        """Take an extractor; ``published`` is the day of all articles, instead of what each one says."""
        self._extractor, self._published = extractor, published

    @property
    def settings(self) -> Settings:
        """Return those of the extractor."""
        return self._extractor.settings

    def run(self, shards: Sequence[Shard]) -> Generator[ShardResult, None, None]:
        """Yield the result of each shard, in order."""
        tasks = (Task(shard) for shard in shards)
        return extract_shards(tasks, self._extractor, published=self._published, tell=_silent)

    def close(self) -> None:
        """Hold nothing, let go of nothing."""


def _silent(activity: Activity) -> None:
    """Tell nobody."""
