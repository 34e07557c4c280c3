"""The page in a browser: filters, sorting, both languages and widths, paper, and text that stays text."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quintuple.report import build_report
from quintuple.report.settings import report_settings

_OVERLAPS = """(selector) => {
  const elements = [...document.querySelectorAll(selector)];
  const boxes = elements.map((element) => [element.textContent, element.getBoundingClientRect()]);
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
  return boxes.flatMap(([one, a], index) =>
    boxes.slice(index + 1).filter(([, b]) => over(a, b)).map(([other]) => [one, other]));
}"""


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Open the report of a results file; whatever goes wrong on the page fails the test."""
    troubles: list[str] = []
    fetched: list[str] = []
    pages = []

    def visit(results: Path, *, width: int = 1280, **options: Any) -> Any:
        target = tmp_path / "report.html"
        target.write_text(build_report([results]), encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 900}, **options)
        page.set_default_timeout(120_000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text))
        page.on("dialog", lambda dialog: troubles.append(dialog.message))
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(target.as_uri())
        pages.append(page)
        return page

    yield visit
    for page in pages:
        page.close()
    assert troubles == []
    assert set(fetched) <= {(tmp_path / "report.html").as_uri()}


def shown(page: Any) -> int:
    """Return how many events the page says pass the filters."""
    text = page.locator("#shown").inner_text()
    return int(text.replace(" of ", "/").split("/")[0].strip().replace(",", ""))


def settled(page: Any, count: int) -> None:
    """Wait until the page, which waits for the typing to end, says so."""
    page.wait_for_function(
        "(n) => document.getElementById('shown').textContent.replace(/,/g, '').startsWith(n)", arg=f"{count} "
    )


def events_of(results: Path) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    records = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    return [(record, event) for record in records for event in record["events"]]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("chinese", [0.9, 0.1])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overlaps(
    opened: Callable[..., Any], results: Callable[..., Path], screenshots: Path, width: int, chinese: float, scheme: str
) -> None:
    page = opened(results(300, chinese=chinese), width=width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.lang") == ("zh" if chinese > 0.5 else "en")
    for _ in range(2):
        language = page.evaluate("document.documentElement.lang")
        news = "zh" if chinese > 0.5 else "en"
        path = screenshots / f"report-{language}-{width}-{scheme}-{news}-news.png"
        page.screenshot(path=path, full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(
            "[...document.querySelectorAll('svg')].every((svg) => svg.scrollWidth <= svg.clientWidth + 1)"
        )
        for selector in (
            "section",
            ".node text",
            ".tick",
            "#timeline .press",
            "#form > *",
            ".bar > *",
            ".stake > *",
            "td",
        ):
            assert page.evaluate(_OVERLAPS, selector) == [], selector
        page.click("#language")
    assert page.evaluate("document.documentElement.lang") == ("zh" if chinese > 0.5 else "en")


def test_hostile_text_stays_text(opened: Callable[..., Any], hostile: Path) -> None:
    page = opened(hostile)
    for _ in range(2):
        assert page.evaluate("window.broken") is None
        assert page.locator("tbody img, tbody b, tbody script, h1 *").count() == 0
        written = sorted(event["action"]["text"] for _, event in events_of(hostile))
        assert (
            sorted(page.locator(".evidence td").evaluate_all("cells => cells.map(cell => cell.textContent)")) == written
        )
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.click("#language")
    page.locator(".bar").first.hover()
    page.locator(".node").first.click()
    assert page.evaluate("window.broken") is None


def test_filters_leave_what_they_say(opened: Callable[..., Any], results: Callable[..., Path]) -> None:
    path = results(400)
    every, page = events_of(path), opened(path)

    def expect(test: Callable[[dict[str, Any], dict[str, Any]], bool]) -> None:
        settled(page, sum(test(record, event) for record, event in every))
        page.locator("[data-word=reset]").click()
        settled(page, 400)

    page.select_option("[name=type]", "sue")
    expect(lambda _, event: event["action"]["type"] == "sue")
    page.select_option("[name=status]", "denied")
    expect(lambda _, event: event["status"] == "denied")
    page.select_option("[name=language]", "zh")
    expect(lambda record, _: record["language"] == "zh")
    page.select_option("[name=repeats]", "none")
    expect(lambda record, _: "duplicate_of" not in record)
    page.select_option("[name=repeats]", "only")
    settled(page, sum("duplicate_of" in record for record, _ in every))
    assert "same story as news/" in page.locator("td.article").first.inner_text()
    expect(lambda record, _: "duplicate_of" in record)
    page.fill("[name=confidence]", "0.5")
    expect(lambda _, event: event["confidence"] >= 0.5)
    page.fill("[name=from]", "2022-03-15")
    expect(lambda _, event: event["date"]["latest"] >= "2022-03-15")
    page.fill("[name=to]", "2022-03-15")
    expect(lambda _, event: event["date"]["earliest"] <= "2022-03-15")
    page.fill("[name=company]", "alder bank")
    expect(lambda _, event: "Alder Bank" in (event["company"]["name"], event["target"]["name"]))
    page.fill("[name=company]", "科技")
    expect(lambda _, event: "科技" in event["company"]["name"] + event["target"]["name"])
    page.fill("[name=search]", "CORVID")
    expect(lambda record, event: "Corvid" in record["text"][slice(*event["sentence"])])
    page.fill("[name=search]", "no such thing")
    expect(lambda *_: False)


def test_repeats_are_offered_only_where_some_are_marked(
    opened: Callable[..., Any], results: Callable[..., Path]
) -> None:
    assert opened(results(100)).locator("[name=repeats]").is_visible()
    assert not opened(results(10)).locator("[name=repeats]").is_visible()


def test_charts_filter_and_clear(opened: Callable[..., Any], results: Callable[..., Path]) -> None:
    path = results(400)
    every, page = events_of(path), opened(path)
    counts = {name: sum(event["action"]["type"] == name for _, event in every) for name in ("sue", "acquire")}
    bar = page.locator("#types .bar", has_text="acquire")
    assert bar.locator(".count").inner_text() == str(counts["acquire"])
    bar.click()
    assert shown(page) == counts["acquire"]
    assert page.locator("#types .bar").count() == 4, "a chart does not filter itself"
    page.locator("#types .bar", has_text="acquire").click()
    assert shown(page) == 400
    company = page.locator("#parties .bar").first
    name, count = company.locator(".label").inner_text(), company.locator(".count").inner_text()
    company.click()
    assert shown(page) == int(count)
    assert page.locator("[name=company]").input_value() == name
    page.locator("[data-word=reset]").click()
    settled(page, 400)
    column = page.locator("#months .column").first
    count = column.get_attribute("aria-label").split(": ")[1]
    column.focus()
    page.keyboard.press("Enter")
    assert shown(page) == int(count)


def test_the_table_sorts_and_turns_pages(opened: Callable[..., Any], results: Callable[..., Path]) -> None:
    path = results(10_000)
    every, page = events_of(path), opened(path)
    rows = report_settings().limits.page_rows
    cells = page.locator("td.confidence")

    def values() -> list[float]:
        return [float(text) for text in cells.all_inner_texts()]

    page.locator("th button", has_text="Confidence").click()
    best = sorted((event["confidence"] for _, event in every), reverse=True)
    assert values() == pytest.approx(best[:rows], abs=0.0051)
    page.locator(".pager button").last.click()
    assert values() == pytest.approx(best[rows : 2 * rows], abs=0.0051)
    page.locator("th button", has_text="Confidence").click()
    assert values() == pytest.approx(best[: -rows - 1 : -1], abs=0.0051)
    assert page.locator("th[aria-sort=ascending]").count() == 1
    assert page.evaluate("document.querySelectorAll('*').length") < 6000


def test_slots_are_marked_in_the_sentence(opened: Callable[..., Any], results: Callable[..., Path]) -> None:
    path = results(1, chinese=1)
    ((record, event),) = events_of(path)
    page = opened(path)
    marks = page.locator(".evidence mark").evaluate_all(
        "marks => marks.map(mark => [mark.className, mark.textContent])"
    )
    shares = [["slot-percentage", piece["text"]] for piece in event["percentage"]["spans"]]
    parties = [[f"slot-{slot}", event[slot]["text"]] for slot in ("company", "action", "target")]
    assert marks == [*parties, *shares, ["slot-date", event["date"]["text"]]]
    assert page.locator(".evidence td").text_content() == record["text"]


@pytest.mark.parametrize(
    ("edtf", "en", "zh"),
    [
        ("2024-36", "2024 Q4", "2024年四季度"),
        ("2024-40~", "about 2024 H1", "约2024年上半年"),
        ("2023-01-30/2023-02", "2023-01-30 – 2023-02", "2023-01-30 – 2023-02"),
        ("../2024-03", "… – 2024-03", "… – 2024-03"),
        ("201X", "2010s", "2010年代"),
        ("{2021-33,2022-33}", "2021 Q1, 2022 Q1", "2021年一季度, 2022年一季度"),
    ],
)
def test_dates_are_written_for_people(
    opened: Callable[..., Any], results: Callable[..., Path], edtf: str, en: str, zh: str
) -> None:
    path = results(1, chinese=0)
    ((record, event),) = events_of(path)
    event["date"]["edtf"] = edtf
    path.write_text(json.dumps(record), encoding="utf-8")
    page = opened(path)
    cell = page.locator("td.first")
    assert cell.text_content() == en
    page.click("#language")
    assert cell.text_content() == zh


def test_results_without_text_and_without_events(opened: Callable[..., Any], tmp_path: Path) -> None:
    event = {"action": {"text": "buys", "start": 0, "end": 4, "type": "acquire"}}
    path = tmp_path / "results.jsonl"
    path.write_text(json.dumps({"id": "a", "language": "en", "events": [event]}), encoding="utf-8")
    page = opened(path)
    assert "--no-text" in page.locator("#table .note").inner_text()
    path.write_text("", encoding="utf-8")
    page = opened(path)
    assert page.locator(".nothing").count() == 7


def test_paper(opened: Callable[..., Any], results: Callable[..., Path], tmp_path: Path) -> None:
    import pypdf

    page = opened(results(1000, chinese=0), color_scheme="dark")
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    text = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(tmp_path / "report.pdf").pages)
    # Fonts with ligatures print "ﬁrst".
    text = unicodedata.normalize("NFKC", text)
    limit = report_settings().limits.print_rows
    assert f"The first {limit} of 1,000 events." in text
    assert text.count("in/") == 0
    assert text.count("published 2024-06-01") == limit
    assert "Clear filters" not in text
    assert page.locator("td.confidence").count() == report_settings().limits.page_rows
