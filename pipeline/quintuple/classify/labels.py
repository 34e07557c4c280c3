"""The label set of a model: action types, argument roles, BIO tags and trigger markers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from quintuple.events import ModelError

#: The argument roles of the quintuple scheme.
ROLES = ("COMPANY", "TARGET", "PERCENTAGE", "DATE", "COUNTERPARTY")

_FORMAT = 1


@dataclass(frozen=True)
class Labels:
    """Action types and argument roles, in the order of the classifier's outputs.

    Tag ``2 * k`` is ``B-x`` and tag ``2 * k + 1`` is ``I-x`` for the k-th name ``x`` of ``actions + roles``.
    """

    actions: tuple[str, ...]
    roles: tuple[str, ...] = ROLES

    @cached_property
    def names(self) -> tuple[str, ...]:
        """All span labels: the action types, then the roles."""
        return self.actions + self.roles

    @cached_property
    def tags(self) -> tuple[str, ...]:
        """All BIO tags, in the order of the classifier's outputs."""
        return tuple(f"{prefix}-{name}" for name in self.names for prefix in "BI")

    @cached_property
    def markers(self) -> tuple[str, ...]:
        """The added tokens that mark a trigger in the second pass, opening and closing."""
        return tuple(token for name in self.actions for token in (f"<{name}>", f"</{name}>"))

    @property
    def action_tags(self) -> slice:
        """The outputs that belong to the first pass."""
        return slice(0, 2 * len(self.actions))

    @property
    def role_tags(self) -> slice:
        """The outputs that belong to the second pass."""
        return slice(2 * len(self.actions), 2 * len(self.names))

    def save(self, folder: Path) -> None:
        """Write ``labels.json`` into a model folder."""
        record = {"format": _FORMAT, "actions": self.actions, "roles": self.roles}
        (folder / "labels.json").write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Labels:
        """Read ``labels.json`` of a model folder.

        Raises:
            ModelError: the file is missing, broken or of a newer format.
        """
        path = folder / "labels.json"
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            if record["format"] > _FORMAT:
                raise ModelError(f"{path}: expected format {_FORMAT} or older, got {record['format']}")
            return cls(tuple(record["actions"]), tuple(record["roles"]))
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise ModelError(f"{path}: expected a label file, got: {exc!r}") from exc
