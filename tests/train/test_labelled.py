"""What is evened out in labels before training."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quintuple.events import SettingsError
from quintuple.settings import Settings, validate
from quintuple.train.config import LabelsConfig
from quintuple.train.labelled import read_quintuples, trim_labels


def _dates(tmp_path: Path, settings: Settings, text: str, date: str, pattern: str) -> list[str]:
    def span(part: str) -> dict[str, object]:
        return {"text": part, "start": text.index(part), "end": text.index(part) + len(part)}

    event = {"company": span("Brill"), "action": span("sold") | {"type": "dispose"}, "date": span(date)}
    path = tmp_path / "en.jsonl"
    path.write_text(json.dumps({"id": "a", "text": text, "events": [event]}) + "\n", encoding="utf-8")
    (labelled,) = read_quintuples(path, settings=settings.preprocess)
    (mention,) = trim_labels(labelled, {"DATE": pattern}).mentions
    return [text[s.start : s.end] for s in mention.arguments if s.label == "DATE"]


@pytest.mark.parametrize(
    ("date", "expected"), [("the last week of May", "last week of May"), ("May", "May"), ("the ", "the ")]
)
def test_trim_cuts_the_front_but_never_all(tmp_path: Path, settings: Settings, date: str, expected: str) -> None:
    text = f"Brill sold the mill in {date} 2021."
    start = text.rindex(date)
    text = "Brill sold it in " + text[start:]
    assert _dates(tmp_path, settings, text, date, r"(?i)the\s+") == [expected]


def test_trim_refuses_what_is_no_regular_expression() -> None:
    with pytest.raises(SettingsError, match=r"x\.toml: trim: .*DATE: '\(' is no regular expression"):
        validate(LabelsConfig, {"trim": {"DATE": "("}}, where="x.toml")
