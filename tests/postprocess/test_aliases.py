"""Aliases, short forms and pronouns: a table of cases over both languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from quintuple.events import Article, TaggedSpan, Trigger
from quintuple.postprocess.aliases import read_lexicon
from quintuple.postprocess.antecedents import resolve
from quintuple.postprocess.names import shipped_names
from quintuple.postprocess.shortforms import is_short_form

TABLE = tomllib.loads((Path(__file__).parent / "cases" / "aliases.toml").read_text(encoding="utf-8"))
CASES = [(language, *case) for language, groups in TABLE.items() for group in groups for case in group["cases"]]
MARK = re.compile(r"[⟦⟧{}<>]")
LABELS = {"⟦": "COMPANY", "{": "COMPANY", "<": "TARGET"}


def read_case(marked: str) -> tuple[str, tuple[int, int], tuple[TaggedSpan, ...]]:
    """Return the text without marks, the marked mention and the tagged spans."""
    text, mention, spans, opened, place = "", (0, 0), [], 0, 0
    for match in MARK.finditer(marked):
        text += marked[place : match.start()]
        place = match.end()
        if match.group() in "⟦{<":
            opened, opening = len(text), match.group()
        else:
            spans.append(TaggedSpan(opened, len(text), LABELS[opening], 0.9))
            mention = (opened, len(text)) if opening == "⟦" else mention
    return text + marked[place:], mention, tuple(spans)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[1])
def test_mention_is_resolved(case: tuple[str, ...]) -> None:
    language, marked, name, *identity = case
    text, mention, spans = read_case(marked)
    article = Article("case", text, language)  # type: ignore[arg-type]
    trigger = Trigger(TaggedSpan(len(text) - 1, len(text), "acquire", 0.9), spans)
    entity = resolve(read_lexicon(article, (trigger,), shipped_names()), *mention)
    assert (entity.name, entity.id) == (name, identity[0] if identity else None)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 120


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [
        ("立屿", "济南立屿科技有限公司", True),
        ("衡达电子", "衡达电子股份有限公司", False),  # the same name, not a shorter one
        ("华润", "华润置地", False),  # a daughter
        ("华润", "中国华润集团", True),
        ("星澜", "南星澜", False),
        ("科技", "科技集团股份有限公司", False),
        ("Harlow", "Harlow Foods", True),
        ("GWS", "General Widget Systems", True),
        ("National", "National Widget", False),
        ("Foods", "Harlow Foods", False),
    ],
)
def test_short_forms(short: str, long: str, expected: bool) -> None:
    assert is_short_form(short, long) is expected


def test_excluded_party_is_no_antecedent() -> None:
    text = "Norvane said Tarn rose. It fell."
    spans = (TaggedSpan(0, 7, "COMPANY", 0.9), TaggedSpan(13, 17, "COMPANY", 0.9))
    trigger = Trigger(TaggedSpan(18, 22, "metric_up", 0.9), spans)
    lexicon = read_lexicon(Article("case", text, "en"), (trigger,), shipped_names())
    assert resolve(lexicon, 24, 26).name == "Norvane"
    assert resolve(lexicon, 24, 26, exclude=frozenset({"norvane"})).name == "Tarn"


def test_hidden_text_names_no_party() -> None:
    front = "Microsoft Corp: weekly notes\n"
    text = front + "The company sold Borin."
    shown = read_lexicon(Article("a", text, "en"), (), shipped_names())
    hidden = read_lexicon(Article("a", text, "en", hidden=((0, len(front)),)), (), shipped_names())
    assert any(known.start < len(front) for known in shown.known)
    assert not any(known.start < len(front) for known in hidden.known)
