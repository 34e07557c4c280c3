"""Generated results, and text that would do harm if it were markup."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

#: Each would run a script, or end the element it stands in, if it were read as markup.
HOSTILE = (
    "</script><script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 1'>",
    "<!--<script>",
    "]]></style><svg onload=window.broken=1>",
    "{{ 7 * 7 }}{% raw %}",
    '"></option><b onmouseover="window.broken=1">',
    "a\u2028b\u2029c\u0000d\u202ee",
)

_NAMES = {
    "zh": ("星河科技", "云岭银行", "海川能源", "东望汽车", "北辰医药", "南屿地产"),
    "en": ("Northwind", "Alder Bank", "Brightwater", "Corvid Motors", "Dunmore Pharma", "Eastgate"),
}
_WORDS = {
    "acquire": ("收购", "acquires"),
    "reduce_stake": ("减持", "cuts"),
    "sue": ("起诉", "sues"),
    "metric_up": ("增长", "beats"),
}


def span(text: str, part: str, base: int = 0, **more: Any) -> dict[str, Any]:
    start = base + text.index(part)
    return {"text": part, "start": start, "end": start + len(part), **more}


def make_event(rng: random.Random, language: str, base: int) -> tuple[str, dict[str, Any]]:
    """Return a sentence that begins at ``base`` of its text, and its event."""
    kind = rng.choice(list(_WORDS))
    trigger = _WORDS[kind][language == "en"]
    company, target = rng.sample(_NAMES[language], 2)
    low, high, month = rng.randint(1, 40), rng.randint(41, 90), rng.randint(1, 12)
    day = f"{rng.randint(2020, 2024)}-{month:02}"
    sentence = f"{company}{trigger}{target}：{high}%→{low}% 😀 {day}。"
    shares = [span(sentence, f"{value}%", base) for value in (high, low)]
    event = {
        "company": span(sentence, company, base, name=company, kind="company"),
        "action": span(sentence, trigger, base, type=kind),
        "target": span(sentence, target, base, name=target, kind="company"),
        "percentage": span(sentence, f"{high}%→{low}%", base, spans=shares, values=[high, low])
        | {"from": high, "to": low, "by": None, "kind": "stake"},
        "date": span(sentence, day, base, edtf=day, earliest=f"{day}-01", latest=f"{day}-28"),
        "counterparty": None,
        "status": rng.choice(("occurred", "planned", "denied")),
        "confidence": round(rng.random(), 4),
        "sentence": [base, base + len(sentence)],
    }
    return sentence, event


def make_record(rng: random.Random, number: int, language: str, events: int) -> dict[str, Any]:
    text, found = "", []
    for _ in range(events):
        sentence, event = make_event(rng, language, len(text))
        text, found = text + sentence, [*found, event]
    # Every fifth article tells the story of the one before again, as --dedupe marks it.
    mark = {"duplicate_of": f"news/{number - 1}"} if number % 5 == 4 else {}
    record = mark | {"schema_version": 1, "id": f"news/{number}", "path": f"in/{number}.txt", "language": language}
    return record | {"title": None, "published": "2024-06-01", "text": text, "events": found}


@pytest.fixture
def results(tmp_path: Path) -> Callable[..., Path]:
    """Write a results file with as many events, and the share of Chinese articles, as asked for."""

    def write(events: int, *, chinese: float = 0.5) -> Path:
        rng, path = random.Random(0), tmp_path / "results.jsonl"
        counts = [5] * (events // 5) + [events % 5] * (events % 5 > 0)
        records = (
            make_record(rng, number, "zh" if number < chinese * len(counts) else "en", count)
            for number, count in enumerate(counts)
        )
        path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return path

    return write


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A results file in which every text is hostile, its offsets right."""
    path = tmp_path / "<b>hostile&amp;.jsonl"
    lines = []
    for text in HOSTILE:
        whole = span(text, text, name=text, id=text, kind="company")
        other = whole | {"name": f"{text} 2", "id": f"{text} 2"}
        event = {"company": whole, "action": whole | {"type": text}, "target": other, "counterparty": whole}
        event |= {"percentage": None, "date": whole | {"edtf": text}, "status": text, "sentence": [0, len(text)]}
        article = {"id": text, "path": text, "title": text, "language": "en", "published": text}
        lines.append(json.dumps(article | {"text": text, "events": [event]}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
