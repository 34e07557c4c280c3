"""How labelled records are read, and what is evened out in labels before training."""

from __future__ import annotations

from typing import Any

import pytest

from quintuple.events import SettingsError
from quintuple.settings import Settings, validate
from quintuple.train.config import DataConfig, LabelsConfig
from quintuple.train.labelled import LabelledArticle, configure, read_quintuples, trim_labels


def _article(settings: Settings, text: str, date: str, **fields: Any) -> LabelledArticle:
    def span(part: str) -> dict[str, object]:
        return {"text": part, "start": text.index(part), "end": text.index(part) + len(part)}

    event = {"company": span("Brill"), "action": span("sold") | {"type": "dispose"}, "date": span(date)}
    return read_quintuples({"id": "a", "text": text, "events": [event]} | fields, settings.preprocess)


@pytest.mark.parametrize(
    ("date", "expected"), [("the last week of May", "last week of May"), ("May", "May"), ("the ", "the ")]
)
def test_trim_cuts_the_front_but_never_all(settings: Settings, date: str, expected: str) -> None:
    text = f"Brill sold it in {date} 2021."
    (mention,) = trim_labels(_article(settings, text, date), {"DATE": r"(?i)the\s+"}).mentions
    assert [text[s.start : s.end] for s in mention.arguments if s.label == "DATE"] == [expected]


def test_trim_refuses_what_is_no_regular_expression() -> None:
    with pytest.raises(SettingsError, match=r"x\.toml: trim: .*DATE: '\(' is no regular expression"):
        validate(LabelsConfig, {"trim": {"DATE": "("}}, where="x.toml")


def _data(**keys: Any) -> DataConfig:
    return DataConfig(path="a.jsonl", **keys)


def test_unlabelled_slots_and_types_are_unknown(settings: Settings) -> None:
    labelled = _article(settings, "Brill sold it in May.", "May")
    found = configure(labelled, _data(unlabelled=["date", "acquire"]))
    (mention,) = found.mentions
    assert [argument.label for argument in mention.arguments] == ["COMPANY"]
    assert mention.roles == {"COMPANY", "TARGET", "PERCENTAGE", "COUNTERPARTY"}
    assert found.unlabelled == {"acquire"}


def test_a_record_knows_better_than_its_source_what_is_exhaustive(settings: Settings) -> None:
    data = _data(exhaustive=["dispose"])
    assert configure(_article(settings, "Brill sold it in May.", "May"), data).actions == {"dispose"}
    own = _article(settings, "Brill sold it in May.", "May", exhaustive=["acquire"])
    assert configure(own, data).actions == {"acquire"}
    assert configure(_article(settings, "Brill sold it in May.", "May"), _data()).actions is None


def test_unsure_marks_the_mentions_of_its_type_alone(settings: Settings) -> None:
    labelled = _article(settings, "Brill sold it in May.", "May")
    assert configure(labelled, _data(unsure={"dispose": ["close"]})).mentions[0].either == {"close"}
    assert configure(labelled, _data(unsure={"other": ["close"]})).mentions[0].either == frozenset()
