"""Our figures against those of the reference scorer, where its folder is at hand."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quintuple.evaluate import evaluate_events, read_gold, read_predictions

SHARED = Path(__file__).resolve().parents[3] / "shared"
SCORER, DATA = SHARED / "tools" / "score.py", SHARED / "data" / "dev"

pytestmark = pytest.mark.skipif(not (SCORER.is_file() and DATA.is_dir()), reason=f"no reference scorer at {SHARED}")


def made_up(event: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Turn a gold event into a prediction with a random fault now and then."""

    def party(slot: str) -> dict[str, str] | None:
        if not event[slot] or chance.random() < 0.1:
            return None
        name = chance.choice(event[slot])
        cut = name[: chance.randint(1, len(name))] if chance.random() < 0.3 else name
        return {"text": cut, "name": chance.choice([name, cut])}

    date = event["date"] if chance.random() < 0.8 else chance.choice([None, {"text": "Monday"}])
    if date and chance.random() < 0.3:
        date = date | {"earliest": "2024-05-06", "latest": chance.choice([None, "2024-05-06"])}
    kind = event["action"] if chance.random() < 0.8 else chance.choice(["acquire", "other"])
    values = event["percentage"] if chance.random() < 0.9 else [7.004]
    return {
        "company": party("company"),
        "action": {"type": kind, "text": chance.choice([*event["trigger"], "acquisition"])},
        "target": party("target"),
        "percentage": values and {"text": "7%", "values": values},
        "date": date,
        "status": chance.choice([event["status"], "occurred"]),
    }


def predictions(path: Path, seed: int) -> list[dict[str, Any]]:
    chance, records = random.Random(seed), []
    for line in path.read_text(encoding="utf-8").splitlines():
        gold = json.loads(line)
        events = [made_up(event, chance) for event in gold["events"] for _ in range(chance.choice([0, 1, 1, 1, 2]))]
        name = chance.choice([gold["id"], f"articles/{gold['id']}.txt"])
        if chance.random() < 0.95:
            records.append({"id": name, "events": events})
    return records


def reference(gold: Path, predicted: Path) -> dict[str, list[float]]:
    """Return precision, recall and F1 of each measure that the reference scorer prints."""
    run = [sys.executable, str(SCORER), str(gold), str(predicted)]
    printed = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    rows = re.findall(r"^(?:slot )?(\w+) +P ([\d.]+) R ([\d.]+) F1 ([\d.]+)", printed, flags=re.MULTILINE)
    return {name: [float(number) for number in numbers] for name, *numbers in rows}


@pytest.mark.parametrize(("language", "seed"), [("zh", 1), ("en", 2)])
def test_figures_agree_with_the_reference(language: str, seed: int, tmp_path: Path) -> None:
    gold, predicted = DATA / f"{language}.gold.jsonl", tmp_path / "predicted.jsonl"
    lines = (json.dumps(record, ensure_ascii=False) for record in predictions(gold, seed))
    predicted.write_text("\n".join(lines), encoding="utf-8")
    documents = read_gold([gold])
    scores = evaluate_events(documents, read_predictions(predicted, documents)).scores["all"]
    expected = reference(gold, predicted)
    assert expected.keys() == scores.keys()
    ours = {name: [figure.precision, figure.recall, figure.f1] for name, figure in scores.items()}
    for name, numbers in expected.items():
        assert ours[name] == pytest.approx(numbers, abs=0.00051), name
