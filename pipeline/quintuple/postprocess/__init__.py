"""Turns tagged spans into events: an ordered list of small rules over event drafts."""

from __future__ import annotations

from quintuple.postprocess.assembly import SLOT_RULES, SPAN_RULES, assemble, explain
from quintuple.postprocess.names import Company, Names, load_names, shipped_names
from quintuple.postprocess.status import read_status

__all__ = [
    "SLOT_RULES",
    "SPAN_RULES",
    "Company",
    "Names",
    "assemble",
    "explain",
    "load_names",
    "read_status",
    "shipped_names",
]
