"""Scores events against gold: F1 with intervals, a baseline, calibration, gates and an error report."""

from __future__ import annotations

from quintuple.evaluate.ablation import Ablation, ablate, relative_gain
from quintuple.evaluate.calibration import calibrate_outcomes
from quintuple.evaluate.casee import predict_triggers, read_predicted_triggers, read_trigger_arguments
from quintuple.evaluate.files import evaluate_files
from quintuple.evaluate.gate import broken_floors, read_gate
from quintuple.evaluate.gold import GoldDocument, digest_files, read_gold
from quintuple.evaluate.platt import fit_calibration
from quintuple.evaluate.predict import predict, read_predictions
from quintuple.evaluate.report import error_report
from quintuple.evaluate.run import Evaluation, evaluate_events, evaluate_triggers

__all__ = [
    "Ablation",
    "Evaluation",
    "GoldDocument",
    "ablate",
    "broken_floors",
    "calibrate_outcomes",
    "digest_files",
    "error_report",
    "evaluate_events",
    "evaluate_files",
    "evaluate_triggers",
    "fit_calibration",
    "predict",
    "predict_triggers",
    "read_gate",
    "read_gold",
    "read_predicted_triggers",
    "read_predictions",
    "read_trigger_arguments",
    "relative_gain",
]
