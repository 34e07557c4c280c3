"""Training examples as flat arrays on disk. Needs numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from quintuple.events import ModelError


@dataclass(frozen=True, slots=True)
class Arrays:
    """Examples as flat arrays; example ``k`` owns ``ids[bounds[k]:bounds[k + 1]]``.

    ``gold`` has rows (example, position, tag), sorted; ``either`` too: of the tags it gives a position, the
    label is one, nobody knows which. ``known`` is (sets, tags) with ``known_of`` (examples,); ``valid`` marks
    the positions that are tokens of the article; ``source`` numbers the data source.
    """

    ids: npt.NDArray[np.int32]
    bounds: npt.NDArray[np.int64]
    valid: npt.NDArray[np.bool_]
    gold: npt.NDArray[np.int32]
    either: npt.NDArray[np.int32]
    known: npt.NDArray[np.bool_]
    known_of: npt.NDArray[np.int32]
    second: npt.NDArray[np.bool_]
    source: npt.NDArray[np.int32]

    def save(self, path: Path) -> None:
        """Write all arrays into one compressed ``.npz`` file."""
        np.savez_compressed(path, **{name: getattr(self, name) for name in self.__slots__})

    @classmethod
    def load(cls, path: Path) -> Arrays:
        """Read what ``save`` wrote.

        Raises:
            ModelError: the file is missing, or of another version.
        """
        try:
            with np.load(path) as stored:
                return cls(**{name: stored[name] for name in cls.__slots__})
        except (OSError, ValueError, KeyError) as exc:
            raise ModelError(f"{path}: expected what this version of `quintuple prepare` writes, got: {exc}") from exc

    def __len__(self) -> int:
        """Count the examples."""
        return len(self.second)

    @property
    def lengths(self) -> npt.NDArray[np.int64]:
        """Tokens of each example."""
        return np.diff(self.bounds)

    @property
    def empty(self) -> npt.NDArray[np.bool_]:
        """Which examples are windows of the first pass without any trigger."""
        return ~self.second & ~np.isin(np.arange(len(self)), self.gold[:, 0])
