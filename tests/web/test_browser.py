"""The page in Debian's Chromium: paste, correct, save, and what a hostile article or site can do (nothing)."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quintuple.train.data.check import check
from quintuple.web.access import Access
from quintuple.web.app import create_app
from quintuple.web.desk import Desk

pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
uvicorn = pytest.importorskip("uvicorn", reason="the page needs the extra [web]")

from playwright.sync_api import Browser, Locator, Page, expect

# A machine that trains meanwhile is slow; a page that never gets there still fails.
expect.set_options(timeout=30_000)
#: A name that leads to this machine in the browser (tests/conftest.py).
REBOUND = "rebound.example"
TEXT = "😀甲购乙5%股份。👨‍👩‍👧去年甲减乙。丙公司。"
READY = "html[data-ready]"
NOT_CHECKED, SAVED = re.compile("Not checked yet|未核对"), re.compile("Saved|已保存")

ReadLines = Callable[[Path], list[dict[str, Any]]]


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """What serves a desk on a free port of this machine and returns its address."""
    running: list[tuple[Any, threading.Thread]] = []

    def start(desk: Desk, access: Access | None = None) -> str:
        config = uvicorn.Config(create_app(desk, access or Access()), port=0, log_level="error", ws="none")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        running.append((server, thread))
        while not server.started:
            thread.join(0.05)
            assert thread.is_alive()
        return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"

    yield start
    for server, thread in running:
        server.should_exit = True
        thread.join()


@pytest.fixture
def home(serve: Callable[..., str], make_desk: Callable[..., Desk]) -> str:
    """The address of a page without any article."""
    return serve(make_desk())


@pytest.fixture
def listing(serve: Callable[..., str], desk: Desk) -> str:
    """The address of a page over the results."""
    return serve(desk)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A window; whatever goes wrong in its scripts, or leaves this machine, fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    made, wrong = context.new_page(), []
    made.set_default_timeout(20_000)
    made.on("pageerror", lambda error: wrong.append(str(error)))
    made.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    made.on("request", lambda request: wrong.append(request.url) if "//127.0.0.1:" not in request.url else None)
    yield made
    context.close()
    assert wrong == [] or made in _TROUBLED


_TROUBLED: set[Page] = set()


def expect_trouble(page: Page) -> None:
    """Let a window report errors: the test is about them."""
    _TROUBLED.add(page)


def paste(page: Page, home: str, text: str = TEXT, published: str = "2022-01-10") -> None:
    page.goto(home)
    page.wait_for_selector(READY)
    page.fill("#compose-text", text)
    page.fill("#compose [name=published]", published)
    page.click("#compose [type=submit]")
    page.wait_for_selector("#document:not([hidden])")


def rows(page: Page) -> Locator:
    return page.locator("#table tbody tr")


def cells(page: Page, number: int) -> list[str]:
    """Return company, action with status, target, percentage and date of an event by its number in the text."""
    found: list[str] = page.evaluate(
        """(number) => {
          const lines = [...document.querySelectorAll('#table tbody tr')]
          const line = lines.find((one) => one.cells[0].firstChild.data === number)
          return [...line.cells].slice(1, 6).map((cell) => cell.innerText.trim())
        }""",
        str(number),
    )
    return found


def select_by_mouse(page: Page, start: int, end: int) -> None:
    """Drag over a range of the text, in code points."""
    # The page may still be drawing what was clicked before, which moves the text under the mouse.
    for _ in range(5):
        drag(page, start, end)
        if page.evaluate(_SELECTS, [start, end]):
            break
        page.mouse.up()
        page.wait_for_timeout(200)
    else:
        pytest.fail(f"the mouse did not select {start} to {end}")
    page.mouse.up()
    page.wait_for_selector("#marker:not([hidden])")


_SELECTS = """async ([start, end]) => {
  const { rangeOf } = await import('/static/js/reader.js')
  const selection = getSelection()
  return selection.rangeCount > 0 && String(selection.getRangeAt(0)) === String(rangeOf(start, end))
}"""


def drag(page: Page, start: int, end: int) -> None:
    """Press the button at the start of a range and move to its end."""
    box = page.evaluate(
        """async ([start, end]) => {
          const { rangeOf } = await import('/static/js/reader.js')
          const rect = (at) => rangeOf(at, at + 1).getClientRects()[0]
          const [first, last] = [rect(start), rect(end - 1)]
          return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2]
        }""",
        [start, end],
    )
    page.mouse.move(box[0], box[1])
    page.mouse.down()
    page.mouse.move((box[0] + box[2]) / 2, box[1])
    page.mouse.move(box[2], box[3])


def save(page: Page) -> None:
    """Save, and say yes where events are unchecked."""
    page.keyboard.press("Control+s")
    if NOT_CHECKED.search(page.locator(".toast").inner_text()):
        page.keyboard.press("Control+s")
    expect(page.locator(".toast")).to_contain_text(SAVED)


def test_paste_and_see(page: Page, home: str) -> None:
    paste(page, home)
    expect(rows(page)).to_have_count(2)
    assert cells(page, 1) == ["甲", "acquire\noccurred", "乙", "5\u00a0%", "–"]
    assert cells(page, 2)[:3] == ["甲", "reduce stake\noccurred", "乙"]
    assert page.locator("#text").inner_text() == TEXT
    trigger = page.locator("#text .slot.action").first
    assert trigger.inner_text() == "购"
    assert trigger.get_attribute("data-chip") == "1 acquire"
    assert page.locator("#text .slot.percentage").get_attribute("data-chip") == "1"


def test_pointing_at_one_lights_the_other(page: Page, home: str) -> None:
    paste(page, home)
    page.hover("#table tbody tr:nth-child(2)")
    number = page.locator("#table tbody tr:nth-child(2) td.number").inner_text()[0]
    lit = page.locator("#text .slot.lit")
    expect(lit.first).to_be_visible()
    assert all(number in (chip or "") for chip in (one.get_attribute("data-chip") for one in lit.all()))
    page.locator("#text .slot.percentage").hover()
    expect(page.locator("#table tr.lit td.number")).to_contain_text("1")


def test_correct_a_slot_by_mouse(page: Page, home: str) -> None:
    paste(page, home)
    page.locator("#text .slot.action").first.click()
    start = TEXT.index("丙公司")
    select_by_mouse(page, start, start + 3)
    page.click("#marker .slot.target")
    expect(page.locator("#text .slot.target", has_text="丙公司")).to_have_attribute("data-chip", "1")
    assert cells(page, 1)[2] == "丙公司"
    expect(page.locator("#marker")).to_be_hidden()


def test_correct_a_slot_by_keyboard(page: Page, home: str) -> None:
    paste(page, home)
    page.locator("#text .slot.action").nth(1).click()
    # The caret starts before 减 and goes over what a reader sees as one character: the family is one step.
    page.keyboard.press("v")
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    assert page.evaluate("document.getSelection().toString()") == "👨‍👩‍👧"
    page.keyboard.press("3")
    expect(page.locator("#text .slot.target", has_text="👨‍👩‍👧")).to_be_visible()
    assert cells(page, 2)[2] == "👨‍👩‍👧"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("5")
    expect(page.locator('[data-field="date.edtf"]')).to_have_value("2021")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Digit5")
    expect(page.locator('[data-field="date.edtf"]')).to_have_count(0)


def test_add_an_event_undo_and_redo(page: Page, home: str) -> None:
    paste(page, home)
    start = TEXT.index("公司")
    select_by_mouse(page, start, start + 2)
    page.keyboard.press("a")
    expect(rows(page)).to_have_count(3)
    page.keyboard.press("Control+s")
    expect(page.locator("#save-problems")).to_contain_text("Event 3: a company is missing")
    page.keyboard.press("Control+z")
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("Control+y")
    expect(rows(page)).to_have_count(3)


def test_values_by_rule_and_by_hand(page: Page, home: str) -> None:
    paste(page, home)
    page.locator("#text .slot.action").nth(1).click()
    select_by_mouse(page, TEXT.index("去年"), TEXT.index("去年") + 2)
    page.click("#marker .slot.date")
    field = page.locator('[data-field="date.edtf"]')
    expect(field).to_have_value("2021")
    expect(page.locator(".part.date .read")).to_contain_text("2021-01-01 to 2021-12-31 · read by rule")
    field.fill("2021-36")
    field.press("Tab")
    expect(page.locator(".part.date .read")).to_contain_text("2021-10-01 to 2021-12-31 · by hand")
    assert cells(page, 2)[4] == "2021 Q4"
    page.locator('[data-field="date.edtf"]').fill("some day")
    page.locator('[data-field="date.edtf"]').press("Tab")
    expect(page.locator('[data-field="date.edtf"]')).to_have_attribute("aria-invalid", "true")
    page.locator('[data-field="date.rule"]').click()
    expect(page.locator('[data-field="date.edtf"]')).to_have_value("2021")
    # Another day of publication moves the date that was read, as one step.
    page.fill("#published", "2020-05-01")
    page.locator("#published").press("Tab")
    expect(page.locator('[data-field="date.edtf"]')).to_have_value("2019")
    expect_trouble(page)  # the refused date is in the console


def test_type_status_and_percentage(page: Page, home: str) -> None:
    paste(page, home)
    page.locator("#text .slot.percentage").click()
    page.keyboard.press("t")
    page.locator('[data-field="type"]').select_option("increase_stake")
    expect(page.locator("#text .slot.action").first).to_have_attribute("data-chip", "1 increase stake")
    page.locator('[data-field="status"]').select_option("rumoured")
    field = page.locator('[data-field="percentage.values"]')
    field.fill("5, x")
    field.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("4, 5.5")
    field.press("Tab")
    page.locator('[data-field="percentage.from"]').fill("4")
    page.keyboard.press("Tab")
    # The form is drawn anew after every change, and the focus goes on.
    expect(page.locator('[data-field="percentage.to"]')).to_be_focused()
    page.keyboard.type("5.5")
    page.keyboard.press("Tab")
    expect(page.locator("#table")).to_contain_text("4→5.5")
    assert cells(page, 1)[1] == "increase stake\nrumoured"


def test_what_is_typed_survives_a_new_drawing_of_the_form(page: Page, home: str) -> None:
    paste(page, home)
    page.locator("#text .slot.percentage").click()
    page.locator('[data-field="percentage.to"]').click()
    page.keyboard.type("5")
    # A change of another field draws the form anew while one types on.
    page.evaluate(
        """() => {
            const from = document.querySelector('[data-field="percentage.from"]')
            from.value = '4'
            from.dispatchEvent(new Event('change', { bubbles: true }))
        }"""
    )
    page.wait_for_timeout(300)
    page.keyboard.type(".5")
    page.keyboard.press("Tab")
    expect(page.locator("#table")).to_contain_text("4→5.5")


def test_split_merge_reject_and_delete(page: Page, home: str) -> None:
    paste(page, home)
    page.locator("#text .slot.percentage").click()
    page.keyboard.press("/")
    expect(rows(page)).to_have_count(3)
    select_by_mouse(page, TEXT.index("丙"), TEXT.index("丙") + 1)
    page.keyboard.press("3")
    expect(page.locator("#text .slot.target", has_text="丙")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator('[data-field="merge"]')).to_be_focused()
    page.locator('[data-field="merge"]').select_option(index=1)
    expect(rows(page)).to_have_count(2)
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.locator("#table tr.rejected")).to_have_count(1)
    page.locator("#table tbody tr:not(.rejected)").click()
    page.keyboard.press("Delete")
    expect(rows(page)).to_have_count(1)
    page.keyboard.press("u")
    expect(rows(page)).to_have_count(2)


def test_save_and_come_back(page: Page, home: str, tmp_path: Path, read_lines: ReadLines) -> None:
    paste(page, home)
    page.locator("#text .slot.action").first.click()
    select_by_mouse(page, TEXT.index("丙公司"), TEXT.index("丙公司") + 3)
    page.click("#marker .slot.counterparty")
    expect(page.locator("#text .slot.counterparty")).to_have_count(1)
    page.click('[aria-label="Reject event 2"]')
    save(page)
    expect(page.locator("#counter")).to_have_text("corrections: 2 · articles: 1")
    path = tmp_path / "pasted.reviewed.jsonl"
    assert check([path]) == ()
    (record,) = read_lines(path)
    (event,) = record["events"]
    assert (event["counterparty"]["text"], event["counterparty"]["start"]) == ("丙公司", TEXT.index("丙公司"))
    assert (record["text"], record["published"]) == (TEXT, "2022-01-10")
    page.reload()
    page.wait_for_selector(READY)
    expect(rows(page)).to_have_count(1)
    expect(page.locator("#list .state")).to_have_text("reviewed")
    page.click("#retrain")
    expect(page.locator("#retrain-dialog code").first).to_contain_text("quintuple data check")
    assert (tmp_path / "pasted.reviewed.train.toml").is_file()


def test_the_least_confident_come_first_and_are_judged_by_keys(page: Page, listing: str) -> None:
    page.goto(listing)
    page.wait_for_selector(READY)
    page.click("#list li:nth-child(1) button")
    page.keyboard.press("l")
    total = rows(page).count()
    for _ in range(total):
        page.keyboard.press("y")
    expect(page.locator("#progress")).to_have_text(f"{total} of {total} checked")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#list li:nth-child(2) button")).to_have_attribute("aria-current", "true")
    page.keyboard.press("p")
    expect(page.locator("#list li:nth-child(1) button")).to_have_attribute("aria-current", "true")


def test_the_keys_are_told_beside_the_events(page: Page, home: str) -> None:
    paste(page, home)
    expect(page.locator(".keys-hint")).to_contain_text("Y accept")
    page.click("#all-keys")
    expect(page.locator("#help-dialog")).to_contain_text("split: copy the event for another target")


def test_filters(page: Page, listing: str) -> None:
    page.goto(listing)
    page.wait_for_selector(READY)
    expect(page.locator("#list li")).to_have_count(4)
    page.click("#filters summary")
    page.select_option("#filter-form [name=type]", "reduce_stake")
    page.select_option("#filter-form [name=language]", "zh")
    expect(page.locator("#list li")).to_have_count(1)
    page.click("#list button")
    expect(rows(page)).to_have_count(1)
    expect(page.locator("#table")).to_contain_text("Hidden by the filters: 1.")
    page.click("#filter-form [type=reset]")
    expect(page.locator("#list li")).to_have_count(4)
    expect(rows(page)).to_have_count(2)


def test_the_language_changes_without_losing_edits(page: Page, home: str) -> None:
    paste(page, home)
    page.locator("#text .slot.action").first.click()
    page.keyboard.press("Delete")
    expect(rows(page)).to_have_count(1)
    page.click("#language")
    expect(page.locator("#new")).to_have_text("新文章")
    expect(page.locator("#table .kind")).to_have_text("减持")
    expect(rows(page)).to_have_count(1)
    assert page.title() == "审阅事件 · quintuple"


def test_errors_are_told_on_the_page(page: Page, serve: Callable[..., str], make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    limits = desk.settings.limits.model_copy(update={"max_text": 100, "max_file": 200})
    home = serve(make_desk(settings=desk.settings.model_copy(update={"limits": limits})))
    page.goto(home)
    page.wait_for_selector(READY)
    page.click("#compose [type=submit]")
    expect(page.locator("#compose-error")).to_have_text("Paste some text first.")
    page.fill("#compose-text", "甲" * 101)
    page.click("#compose [type=submit]")
    expect(page.locator("#compose-error")).to_have_text("Expected at most 100 characters, got 101.")
    page.set_input_files("#file", {"name": "big.txt", "mimeType": "text/plain", "buffer": b"x" * 300})
    expect(page.locator("#compose-error")).to_contain_text("big.txt: expected a file of at most")
    page.set_input_files("#file", {"name": "bad.pdf", "mimeType": "application/pdf", "buffer": b"no"})
    expect(page.locator("#compose-error")).to_contain_text("bad")
    page.route("**/review/documents", lambda route: route.abort())
    page.fill("#compose-text", "甲购乙。")
    page.click("#compose [type=submit]")
    expect(page.locator("#compose-error")).to_contain_text("The server does not answer")
    assert page.input_value("#compose-text") == "甲购乙。"
    expect_trouble(page)  # the aborted request is in the console


ATTACKS = (
    "<script>window.pwned = 1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "{{ 7 * 7 }}${7 * 7}",
    "</textarea><iframe src=javascript:parent.pwned=1>",
)


def assert_unharmed(page: Page) -> None:
    assert page.evaluate("typeof window.pwned") == "undefined"
    assert page.locator("main :is(img, svg, iframe, script)").count() == 0


def test_an_article_is_never_read_as_html(page: Page, home: str) -> None:
    text = f"甲购乙5%股份。{' '.join(ATTACKS)} 甲减乙。"
    paste(page, home, text)
    assert page.locator("#text").inner_text() == text
    start = text.index("<img")
    page.locator("#text .slot.action").first.click()
    select_by_mouse(page, start, start + 10)
    page.keyboard.press("3")
    expect(page.locator("#editor .part.target .evidence")).to_have_text(text[start : start + 10])
    page.locator('[data-field="target.name"]').fill(ATTACKS[1])
    page.keyboard.press("Tab")
    expect(page.locator("#table")).to_contain_text(ATTACKS[1])
    assert_unharmed(page)


def test_nor_is_a_file_name_a_title_or_an_error(page: Page, home: str) -> None:
    page.goto(home)
    page.wait_for_selector(READY)
    name = ATTACKS[1].replace("/", "")
    record = '{"text": "甲购乙。", "title": "<b onmouseover=window.pwned=1>t</b>", "id": "<script>1</script>"}'
    files = [(f"{name}.txt", "甲购乙。"), ("x.jsonl", record), (f"{name}.exe", "x"), ("y.jsonl", f"{name}")]
    page.set_input_files("#file", [{"name": n, "mimeType": "text/plain", "buffer": data.encode()} for n, data in files])
    expect(page.locator("#list li")).to_have_count(2)
    expect(page.locator("#list")).to_contain_text("<b onmouseover=window.pwned=1>t</b>")
    for item in page.locator("#list button").all():
        item.click()
        page.wait_for_selector("#document:not([hidden])")
    expect(page.locator("#document-title")).to_contain_text("<")
    assert_unharmed(page)


def test_the_policy_stops_what_would_get_through(page: Page, home: str) -> None:
    page.goto(home)
    page.wait_for_selector(READY)
    blocked = page.evaluate(
        """() => {
          const made = document.createElement('div')
          try { made.innerHTML = '<img src=x onerror=window.pwned=1>' } catch (error) { return error.name }
        }"""
    )
    assert blocked == "TypeError"
    assert_unharmed(page)
    expect_trouble(page)  # the violation is in the console


def test_another_site_cannot_ask_anything(page: Page, listing: str, results: Path) -> None:
    page.route("http://evil.example/**", lambda route: route.fulfill(body="<p>hello</p>", content_type="text/html"))
    page.goto("http://evil.example/")
    ask = """async ([url, options]) => {
      try { const answer = await fetch(url, options); return [answer.type, answer.status] }
      catch (error) { return [error.name] }
    }"""
    body = '{"events": []}'
    for options in (
        {"method": "GET"},
        {"method": "PUT", "body": body, "headers": {"Content-Type": "application/json"}},
        {"method": "POST", "body": body, "mode": "no-cors"},
    ):
        answer = page.evaluate(ask, [f"{listing}/review/documents/0", options])
        assert answer in (["TypeError"], ["opaque", 0]), options
    page.evaluate(
        """(url) => {
          const form = document.createElement('form')
          Object.assign(form, { method: 'POST', action: url, enctype: 'text/plain' })
          document.body.append(form)
          form.submit()
        }""",
        f"{listing}/review/retrain",
    )
    page.wait_for_url(f"{listing}/**")
    assert "expected" in page.locator("body").inner_text()
    assert not results.with_name("events.reviewed.jsonl").exists()
    expect_trouble(page)  # refusals are in the console


def test_a_name_that_was_rebound_to_us_is_refused(page: Page, listing: str) -> None:
    answer = page.goto(listing.replace("127.0.0.1", REBOUND) + "/")
    assert answer is not None
    assert answer.status == 400
    assert "Host: expected one of" in page.locator("body").inner_text()
    expect_trouble(page)  # the refusal is in the console


def test_the_token_is_asked_for_once(page: Page, serve: Callable[..., str], desk: Desk) -> None:
    home = serve(desk, Access(token="a-token-of-some-length"))
    page.goto(home)
    assert page.url == f"{home}/login"
    page.fill("[name=token]", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator("[role=alert]")).to_have_text("That is not the token.")
    page.fill("[name=token]", "a-token-of-some-length")
    page.keyboard.press("Enter")
    page.wait_for_selector(READY)
    expect(page.locator("#list li")).to_have_count(4)
    expect_trouble(page)  # the wrong token is in the console


def test_a_dropped_file_is_opened(page: Page, home: str) -> None:
    page.goto(home)
    page.wait_for_selector(READY)
    transfer = page.evaluate_handle(
        """() => {
          const transfer = new DataTransfer()
          transfer.items.add(new File(['甲购乙5%股份。'], '公告.txt', { type: 'text/plain' }))
          return transfer
        }"""
    )
    page.dispatch_event("#reader", "dragenter", {"dataTransfer": transfer})
    expect(page.locator("#drop")).to_be_visible()
    page.dispatch_event("#reader", "drop", {"dataTransfer": transfer})
    expect(page.locator("#document-title")).to_have_text("公告")
    expect(page.locator("#drop")).to_be_hidden()
    expect(rows(page)).to_have_count(1)


def assert_tidy(page: Page) -> None:
    """Nothing reaches beyond the window, and no two controls lie on each other."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = page.evaluate(
        """() => {
          const top = document.querySelector('dialog[open]') ?? document.body
          const seen = [...top.querySelectorAll('button, select, input, textarea, summary')].filter((node) => {
            const box = node.getBoundingClientRect()
            const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
            return box.width > 4 && node.checkVisibility() && (node === hit || node.contains(hit))
          })
          const boxes = seen.map((node) => node.getBoundingClientRect())
          const name = (node) => node.id || node.dataset.field || node.name || node.textContent.slice(0, 20)
          const wrong = seen.filter((_, at) => boxes[at].right > innerWidth + 1 || boxes[at].left < -1).map(name)
          const before = (a, b) => a.right <= b.left + 1 || a.bottom <= b.top + 1
          const apart = (a, b) => before(a, b) || before(b, a)
          const inside = (a, b) => a.contains(b) || b.contains(a)
          for (let at = 0; at < seen.length; at += 1)
            for (let other = at + 1; other < seen.length; other += 1)
              if (!apart(boxes[at], boxes[other]) && !inside(seen[at], seen[other]))
                wrong.push(`${name(seen[at])} on ${name(seen[other])}`)
          return wrong
        }"""
    )
    assert found == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_screenshots(page: Page, listing: str, screenshots: Path, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(f"{listing}/?lang={language}")
    page.wait_for_selector(READY)
    narrow = width < 1080

    def shoot(name: str, tab: str = "reader") -> None:
        if narrow and not page.locator("dialog[open]").count():
            page.click(f".tabs [data-tab={tab}]")
        page.wait_for_timeout(200)
        path = screenshots / f"review-{name}-{language}-{width}.png"
        page.screenshot(path=path)
        assert path.stat().st_size > 5000
        assert_tidy(page)

    page.evaluate("location.hash = ''")
    page.locator("#list button").first.evaluate("node => node.click()")
    page.wait_for_selector("#text .slot")
    shoot("text")
    page.keyboard.press("v")
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_selector("#marker:not([hidden])")
    shoot("marker")
    page.keyboard.press("Escape")
    shoot("events", "events")
    page.locator("#filters summary").evaluate("node => node.click()")
    shoot("articles", "library")
    page.keyboard.press("?")
    shoot("help")
    page.keyboard.press("Escape")
    save(page)
    page.click("#retrain")
    page.wait_for_selector("#retrain-dialog[open]")
    shoot("retrain")
    page.keyboard.press("Escape")
    page.click("#new")
    shoot("compose")
    page.emulate_media(color_scheme="dark")
    shoot("dark")
