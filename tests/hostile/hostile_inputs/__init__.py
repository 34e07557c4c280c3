"""Hostile inputs, made by code: each with what must come of it."""

from __future__ import annotations

from hostile_inputs import office, pages, pdfs, places, records, texts
from hostile_inputs.cases import CHINESE, ENGLISH, Case, bad, good
from hostile_inputs.places import abilities

__all__ = ["CHINESE", "ENGLISH", "Case", "abilities", "all_cases", "bad", "good"]


def all_cases(*, limit: int, elements: int, url: str) -> list[Case]:
    """Return all the cases for the settings ``max_bytes`` and ``max_elements``; nothing may be fetched from ``url``."""
    return [
        *texts.cases(limit),
        *records.cases(elements),
        *pages.cases(elements, url),
        *pdfs.cases(),
        *office.cases(limit, elements, url),
        *places.cases(),
    ]
