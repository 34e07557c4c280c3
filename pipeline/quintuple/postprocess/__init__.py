"""Turns tagged spans into events: an ordered list of small rules over event drafts."""

from __future__ import annotations

from quintuple.postprocess.assembly import SLOT_RULES, SPAN_RULES, assemble, explain
from quintuple.postprocess.companies import Company
from quintuple.postprocess.names import Names, load_names, names_of, shipped_names
from quintuple.postprocess.status import read_status

__all__ = [
    "SLOT_RULES",
    "SPAN_RULES",
    "Company",
    "Names",
    "assemble",
    "explain",
    "load_names",
    "names_of",
    "read_status",
    "shipped_names",
]
