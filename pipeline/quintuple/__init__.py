"""Events (company, action, target, percentage, date) from Chinese and English business news."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quintuple.events import Action, Article, Date, Event, Extraction, Party, Percentage, QuintupleError
    from quintuple.extract import Extractor, extract, load
    from quintuple.frames import extract_frame, to_frame

__version__ = "0.1.0"

__all__ = [
    "Action",
    "Article",
    "Date",
    "Event",
    "Extraction",
    "Extractor",
    "Party",
    "Percentage",
    "QuintupleError",
    "extract",
    "extract_frame",
    "load",
    "to_frame",
]

_HOMES = {"Extractor": "extract", "load": "extract", "extract_frame": "frames", "to_frame": "frames"}


def __getattr__(name: str) -> Any:
    # Imported on first use: `quintuple --help` must not pay for spaCy and ONNX Runtime.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"quintuple.{_HOMES.get(name, 'events')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keeps ``quintuple.extract`` the function, although the module of that name is imported too."""

    @property
    def extract(self) -> Any:
        return import_module("quintuple.extract").extract

    @extract.setter
    def extract(self, module: ModuleType) -> None:
        """Ignore the import system, which would put the submodule in the function's place."""


sys.modules[__name__].__class__ = _Package
