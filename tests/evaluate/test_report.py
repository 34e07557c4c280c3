"""The error report and what it marks."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quintuple.evaluate import GoldDocument, error_report, evaluate_events
from quintuple.evaluate.flat import FlatEvent, SlotSpan, When
from quintuple.evaluate.misses import KINDS, Mark, find_evidence, find_misses
from quintuple.evaluate.report import mark_text

from .conftest import PARTIES, SECOND, TEXTS, each_language

texts = st.text(alphabet="ab <>&\"'甲", min_size=1, max_size=20)
spans = st.builds(
    Mark,
    side=st.sampled_from(["gold", "predicted"]),
    span=st.builds(
        SlotSpan,
        slot=st.sampled_from(["company", "date"]),
        start=st.integers(0, 20),
        end=st.integers(0, 20),
    ),
)


class Balance(HTMLParser):
    """Checks that every element that opens is closed in its place."""

    VOID = frozenset({"meta", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def event(words: tuple[str, str, str], action: str, **changes: object) -> FlatEvent:
    company, verb, target = words
    return FlatEvent(action, (verb,), (company,), (target,), **changes)  # type: ignore[arg-type]


def page(document: GoldDocument, *predicted: FlatEvent) -> str:
    return error_report(evaluate_events([document], [predicted]), model="tiny")


@given(texts, st.lists(spans, max_size=5), st.integers(0, 20), st.integers(0, 20))
def test_marked_text_is_the_text(text: str, marks: list[Mark], one: int, other: int) -> None:
    begin, end = sorted((min(one, len(text)), min(other, len(text))))
    html = mark_text(text, (begin, end), marks)
    assert unescape(re.sub(r"<[^>]*>", "", html)) == text[begin:end]


def test_marks_of_both_sides_may_cross() -> None:
    marks = [Mark("gold", SlotSpan("company", 0, 3)), Mark("predicted", SlotSpan("target", 2, 5))]
    html = mark_text("abcdef", (0, 6), marks)
    assert html == (
        '<span class="gold company" title="gold company">ab</span>'
        '<span class="gold company" title="gold company">'
        '<span class="predicted target" title="predicted target">c</span></span>'
        '<span class="predicted target" title="predicted target">de</span>f'
    )


@each_language
def test_gold_names_are_found_beside_their_trigger(language: str) -> None:
    # The company stands twice; the mention in the trigger's sentence is meant.
    seller, cut, held = SECOND[language]
    text = f"{held}. {seller}. " + TEXTS[language]
    found = {span.slot: span for span in find_evidence(event(SECOND[language], "reduce_stake"), text)}
    assert {slot: text[span.start : span.end] for slot, span in found.items()} == {
        "company": seller,
        "action": cut,
        "target": held,
    }
    assert found["company"].start > len(seller) + len(held)


def test_spans_outside_the_text_are_left_out() -> None:
    broken = FlatEvent("list", spans=(SlotSpan("action", 0, 2), SlotSpan("date", 2, 99), SlotSpan("target", 1, 1)))
    assert find_evidence(broken, "abc") == (SlotSpan("action", 0, 2),)


@each_language
@pytest.mark.parametrize(
    ("predicted", "kinds"),
    [
        (None, ("missed",)),
        ({"date": When("June")}, ("date",)),
        ({"status": "denied", "percentage": (5.0,)}, ("percentage", "status")),
        ({}, None),
    ],
)
def test_kinds_of_misses(language: str, predicted: dict[str, object] | None, kinds: tuple[str, ...] | None) -> None:
    gold = event(PARTIES[language], "acquire")
    document = GoldDocument("d", TEXTS[language], (gold,), language)
    found = () if predicted is None else (event(PARTIES[language], "acquire", **predicted),)
    misses = list(find_misses([document], evaluate_events([document], [found]).outcomes))
    assert [miss.kinds for miss in misses] == ([kinds] if kinds else [])


@each_language
def test_a_miss_is_shown_in_its_sentence(language: str) -> None:
    gold = (event(PARTIES[language], "acquire", date=When("?")), event(SECOND[language], "reduce_stake"))
    document = GoldDocument("doc-7", TEXTS[language], gold, language, "wire")
    html = page(document, event(PARTIES[language], "acquire", date=When("?")))
    (article,) = re.findall(r"<article.*?</article>", html, flags=re.DOTALL)
    assert 'data-kind="missed"' in article
    assert f"doc-7 · {language} · wire" in article
    assert f'<span class="gold action" title="gold action">{SECOND[language][1]}</span>' in article
    assert PARTIES[language][0] not in article
    assert "missed (1)" in html


@each_language
def test_slots_are_set_side_by_side(language: str) -> None:
    gold = event(PARTIES[language], "acquire", percentage=(51.0,), date=When("周一", "2024-05-06", "2024-05-06"))
    document = GoldDocument("d", TEXTS[language], (gold,), language)
    html = page(document, event(PARTIES[language], "invest", status="planned"))
    assert '<tr class="wrong"><th>percentage</th><td>51</td><td>–</td></tr>' in html
    assert '<tr class="wrong"><th>date</th><td>周一 (2024-05-06)</td><td>–</td></tr>' in html
    assert f"<tr><th>target</th><td>{PARTIES[language][2]}</td><td>{PARTIES[language][2]}</td></tr>" in html
    assert 'data-kind="action percentage date status"' in html


@pytest.mark.parametrize("evil", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</style><b>"])
def test_nothing_from_data_becomes_markup(evil: str) -> None:
    gold = FlatEvent(evil, (evil,), (evil,), (evil,), date=When(evil), status=evil)
    document = GoldDocument(evil, f"{evil} $model ${{rules}}", (gold,), language=evil, source=evil)
    html = error_report(evaluate_events([document], [[FlatEvent("x", (evil,), status="y")]]), model=evil)
    assert evil not in html
    assert "$model" in html
    tags = set(re.findall(r"<(\w+)", html))
    assert not tags & {"script", "img"}


@each_language
def test_the_page_is_whole_and_fetches_nothing(language: str) -> None:
    document = GoldDocument("d", TEXTS[language], (event(PARTIES[language], "acquire"),), language)
    html = page(document)
    parser = Balance()
    parser.feed(html)
    assert parser.open == []
    assert "default-src 'none'" in html
    assert not re.search(r"https?:|src=|href=|@import|url\(", html)


def test_every_kind_has_a_filter_rule() -> None:
    html = error_report(evaluate_events([GoldDocument("d", "x", ())], [()]), model="tiny")
    escaped = ["".join(f"\\{ord(char):x} " for char in kind) for kind in KINDS]
    assert all(f'[value="{kind}"]:checked' in html for kind in escaped)
    assert "Nothing was missed." in html
