"""Writes what was found as one self-contained HTML page: charts, a graph, and a table with the evidence."""

from __future__ import annotations

from quintuple.report.page import build_report, write_report

__all__ = ["build_report", "write_report"]
