"""The board in a real browser: a coordinator's day, a leader's signature, with a keyboard alone, on a phone, in the dark, printed.

Every page stands up to axe, which finds what keeps people out who see, hear or move otherwise.
"""

import base64
import importlib.util
import io
import json
import re
import socket
from pathlib import Path
from typing import Any

import httpx
import pdfplumber
import pytest

from bot.service.web.app import make_app
from tests.cli.test_entering import CONTACT, COORDINATOR
from tests.cli.test_in_a_browser import DESK, PHONE, address, browser, opened, pytestmark, takes_picture
from tests.cli.test_rounds_on_the_board import fills
from tests.cli.test_scores_on_the_board import first_of_july, presses
from tests.harness.browser import Browser, browsing
from tests.harness.page import serving

__all__ = ["address", "browser", "opened", "pytestmark"]

PAGES = (
    "", "chat/1", "chat/3", "sign-in", "nowhere", "enter/x",
    "board", "board?wait=verify", "board?text=nothing", "board?lamp=pink", "board?wait=silent", "board/undelivered",
    "board/task/10", "board/unit/3", "board/year", "board/papers", "board/paper/1", "board/page/1",
    "board/supervision/4", "board/closure/1", "board/scores?month=2022-04&trial=1&unit=3", "board/lists", "board/list/1",
    "board/rounds", "board/round/1", "board/round/1?unit=15", "board/duties", "board/duties?unit=3", "board/checks",
)  # fmt: skip
"""Pages as whoever is at this machine finds them."""

OF_A_UNIT = (
    "board", "board/task/1", "board/unit/1", "board/year", "board/rounds", "board/round/1", "board/duties",
    "board/duties?unit=1", "board/scores?campaign=1&month=2022-06&unit=1", "board/closure/1", "board/checks", "board/check/1",
)  # fmt: skip
"""Pages as a unit's contact finds them, who has signed in."""

SERIOUS = ("serious", "critical")


def axe() -> str:
    """Return axe's own script, where the package that brings it is installed."""
    found = importlib.util.find_spec("axe_core_python")
    if found is None or found.origin is None:
        pytest.skip("axe is not installed: pip install axe-core-python")
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def grave(browser: Browser, script: str) -> list[Any]:
    """Return what axe finds that is serious, each with where."""
    browser.runs(f"{script}; 0")
    browser.runs("axe.run().then(found => { window.found = JSON.stringify(found.violations); return 0 })")
    violations = json.loads(browser.runs("window.found"))
    return [
        (one["id"], [node["target"] for node in one["nodes"]], one["nodes"][0].get("failureSummary"))
        for one in violations
        if one["impact"] in SERIOUS
    ]


def keeps_out(browser: Browser, address: str, pages: tuple[str, ...]) -> dict[str, Any]:
    """Return what of these pages is broader than a phone, has not one heading and one main part, or is grave to axe, dark or light."""
    script = axe()
    found: dict[str, Any] = {}
    for path in pages:
        browser.is_sized(*PHONE)
        browser.opens(f"{address}{path}")
        width = browser.runs("document.documentElement.scrollWidth")
        parts = browser.runs("['h1', 'main'].map(name => document.querySelectorAll(name).length)")
        flaws = [] if (width, parts) == (PHONE[0], [1, 1]) else [f"{width} broad, {parts} headings and main parts"]
        browser.is_sized(*DESK)
        for dark in (False, True):
            browser.is_dark(dark)
            flaws += grave(browser, script)
        if flaws:
            found[path] = flaws
    browser.is_dark(False)
    return found


def forgives(browser: Browser) -> None:
    """Forget what the browser says of pages that are meant not to be there."""
    browser.complaints[:] = [one for one in browser.complaints if "the server responded with a status of 40" not in one]


def test_nothing_keeps_anybody_out_of_a_page_on_a_desk_on_a_phone_and_in_the_dark(
    browser: Browser, address: str
) -> None:
    assert keeps_out(browser, address, PAGES) == {}
    forgives(browser)


def test_nothing_keeps_a_unit_out_of_its_pages(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door, browsing(tmp_path / "browser") as browser:
        address = f"http://127.0.0.1:{door.getsockname()[1]}/"
        office = first_of_july(tmp_path, site=address.rstrip("/"))
        visitor = office.enters(COORDINATOR)
        presses(visitor, "/board/scores?campaign=1&month=2022-06&trial=1", "show")
        fills(visitor, "/board/rounds", "round", title="进展", day="2022-07-08")
        fills(visitor, "/board/round/1", "open")
        fills(visitor, "/board/checks", "draw", much="100", of="%")
        with serving(make_app(office.house, None, with_room=False, is_open=False), door):
            assert keeps_out(browser, address, ("board",)) == {}, "who has not signed in is told how"
            browser.opens(f"{address}{office.link(CONTACT)[1:]}")
            browser.clicks("button", "打开台账")
            browser.sees("台账", "h1")
            assert keeps_out(browser, address, OF_A_UNIT) == {}
            browser.opens(f"{address}board/round/1")
            browser.clicks("input[name^=f-]")
            browser.writes("已检查八家")
            browser.presses("Enter")
            browser.sees("已记录〔A-3〕进展", ".answer")
            forgives(browser)
            assert browser.complaints == []
            assert browser.hosts <= {"", address.split("/")[2]}
            browser.opens("about:blank")


def test_a_coordinator_returns_verifies_and_urges_with_the_evidence_at_hand(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    browser.opens(f"{address}board")
    browser.clicks(".waiting a", "待核查")
    browser.sees("已报待核", "#rows")
    browser.clicks("#rows .what a")
    browser.sees("核查销号", "#decide")
    browser.clicks("#decide [data-file]")
    browser.until("document.getElementById('file').open")
    browser.clicks("#file .plain")
    waiting = browser.runs("document.querySelectorAll('#decide li').length")
    takes_picture(browser, "task.png", tmp_path)
    browser.clicks("#decide li:last-child input[name=words]")
    browser.writes("核查 2 时发现照片不清")
    browser.clicks("#decide li:last-child button", "退回")
    browser.sees("已退回", ".answer")
    browser.sees("照片不清", "#done")
    browser.until(f"document.querySelectorAll('#decide li').length === {waiting} - 1")
    browser.opens(f"{address}board?wait=verify")
    browser.clicks("#rows .what a")
    browser.clicks("#decide button", "核查销号")
    browser.sees("已核查销号", ".answer")
    browser.opens(f"{address}board?lamp=red")
    browser.clicks("#rows .what a")
    browser.clicks("#decide button", "催办")
    browser.sees("催办", "#done")


def test_on_a_phone_each_day_and_name_of_a_task_says_what_it_is(browser: Browser, address: str) -> None:
    browser.is_sized(*PHONE)
    browser.opens(f"{address}board/task/10")
    for told in ("原文 ", "期限 2022-", "签收 张工"):
        browser.sees(told, "#rows")
    browser.is_sized(*DESK)
    assert "签收" not in browser.reads("#rows"), "at a desk the head of the table says it"
    browser.clicks(".correct summary", "更正期限")
    browser.sees("各单位的期限改为", ".correct")


def other_does(address: str, task: str, what: str, **more: str) -> None:
    """Let somebody else do something with a task, in a browser of their own."""
    with httpx.Client(base_url=address) as other:
        form = next(
            one for one in re.findall(r"<form.*?</form>", other.get(task).text, re.DOTALL) if f'"{what}"' in one
        )
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) | more
        assert other.post("/board/act", data=fields).status_code == 303


def test_an_open_page_shows_within_a_second_what_others_do_and_loses_nothing_that_is_written(
    browser: Browser, address: str
) -> None:
    browser.opens(f"{address}board?wait=verify")
    before = browser.runs("document.querySelectorAll('#rows tr').length")
    task = browser.runs("document.querySelector('#rows .what a').getAttribute('href')")
    browser.opens(f"{address}{task[1:]}")
    browser.clicks("summary")
    browser.clicks("#decide li:first-child input[name=words]")
    browser.writes("材料不全")
    other_does(address, task, "correct", day="2022-07-29")
    browser.sees("更正", "#done li:first-child")
    assert browser.runs("document.querySelector('#decide input[name=words]').value") == "材料不全"
    assert browser.runs("document.querySelector('details').open")
    browser.opens(f"{address}board?wait=verify")
    other_does(address, task, "verify")
    browser.until(f"document.querySelectorAll('#rows tr').length === {before} - 1")


def test_a_leader_signs_what_was_read(browser: Browser, address: str, tmp_path: Path) -> None:
    browser.opens(f"{address}board")
    browser.clicks(".waiting a", "待签发")
    browser.clicks("#rows a", "约谈")
    browser.sees("（待签发）", ".official")
    takes_picture(browser, "paper.png", tmp_path)
    browser.clicks(".board > .acts button", "签发")
    browser.sees("已签发", ".answer")
    browser.until("document.querySelector('.official .draft') === null")
    browser.sees("领导 2022-06-23", "#ended")
    browser.sees("没有别的待签发的文稿", "#ended")
    assert browser.runs("document.activeElement.id") == "answer", "the keyboard goes on from the answer"
    browser.opens(browser.runs("location.href.replace(/[?].*/, '')"))
    browser.sees("签发　2022年第1号", "#ended")


def tabs_to(browser: Browser, what: str, most: int = 60) -> None:
    """Go on with the keyboard until something has the focus, and shows it."""
    for _ in range(most):
        browser.presses("Tab")
        if browser.runs(f"document.activeElement?.matches({what!r})"):
            assert browser.runs("getComputedStyle(document.activeElement).outlineStyle") != "none", what
            return
    raise AssertionError(f"the keyboard does not reach {what}")


def test_who_has_only_a_keyboard_names_who_is_on_duty_and_opens_a_round(browser: Browser, address: str) -> None:
    browser.opens(f"{address}board/duties")
    tabs_to(browser, "#d-people")
    browser.writes("赵工")
    browser.presses("Enter")
    browser.sees("本办值班（已记下）", ".answer")
    browser.opens(f"{address}board/rounds")
    tabs_to(browser, "#r-title")
    browser.writes("隐患整改")
    browser.presses("Enter")
    browser.sees("要填：进展、存在问题", "main")
    tabs_to(browser, ".acts button.primary")
    browser.presses("Enter")
    browser.sees("已发出调度", ".answer")
    browser.sees("未报", "#figures")


def test_who_has_only_a_keyboard_draws_a_spot_check_and_judges_it(browser: Browser, address: str) -> None:
    browser.opens(f"{address}board/checks")
    tabs_to(browser, "#k-much")
    browser.presses("Enter")
    browser.sees("抽中1项", ".answer")
    assert keeps_out(browser, address, ("board/checks", "board/check/1")) == {}
    browser.opens(f"{address}board/check/1")
    tabs_to(browser, "#decide input[name=words]")
    browser.writes("现场看过")
    browser.presses("Enter")
    browser.sees("抽查属实", ".answer")
    browser.sees("现场看过", "#rows")


def test_who_has_only_a_keyboard_filters_opens_a_task_and_verifies(browser: Browser, address: str) -> None:
    browser.opens(f"{address}board")
    tabs_to(browser, ".skip", 1)
    tabs_to(browser, ".waiting a")
    browser.presses("Enter")
    browser.sees("已报待核", "#rows")
    tabs_to(browser, "#rows .what a")
    browser.presses("Enter")
    browser.sees("核查销号", "#decide")
    tabs_to(browser, "#decide button.primary")
    browser.presses("Enter")
    browser.sees("已核查销号", ".answer")


def test_a_list_on_paper_is_a_table_on_every_sheet_and_says_which(browser: Browser, address: str) -> None:
    browser.opens(f"{address}board/print")
    pages, across = on_paper(browser)
    assert (len(pages) > 1, across) == (True, True)
    for place, text in enumerate(pages, 1):
        heading, headings = text.splitlines()[:2]
        assert heading.startswith("台账")
        assert "共111项" in heading
        assert headings.split() == ["灯", "编号", "任务", "单位", "期限", "还有", "状态"]
        assert f"— {place} —" in text
    assert len(re.findall("A-[0-9]+", pages[0])) >= 20, "a row a line"
    browser.opens(f"{address}board")
    pages, across = on_paper(browser)
    assert not across
    assert all(re.search("编号 +任务 +单位", text) for text in pages)
    assert len(re.findall("A-[0-9]+", pages[0])) >= 12, "its words have room upright, too"


def on_paper(browser: Browser) -> tuple[list[str], bool]:
    """Return what each sheet says of the page as it is printed, and whether they lie across."""
    made = base64.b64decode(browser.asks("Page.printToPDF", preferCSSPageSize=True)["data"])
    with pdfplumber.open(io.BytesIO(made)) as found:
        return [page.extract_text() for page in found.pages], found.pages[0].width > found.pages[0].height


def test_a_paper_and_a_list_are_printed_without_what_is_only_for_the_screen(browser: Browser, address: str) -> None:
    browser.opens(f"{address}board/paper/1")
    browser.asks("Emulation.setEmulatedMedia", media="print")
    assert browser.runs("getComputedStyle(document.querySelector('.bar')).display") == "none"
    assert browser.runs("getComputedStyle(document.querySelector('.official h2')).display") != "none"
    assert browser.asks("Page.printToPDF")["data"]
    browser.opens(f"{address}board")
    assert browser.runs("getComputedStyle(document.querySelector('.filters')).display") == "none"
    for path in ("rounds", "round/1?unit=15", "checks", "duties", "scores", "year", "unit/1", "lists", "undelivered"):
        browser.opens(f"{address}board/{path}")
        assert browser.runs(
            "[...document.querySelectorAll('form, .bar, .back, .asks')].every(one => !one.offsetHeight)"
        ), path
        assert browser.runs("document.querySelector('h1').offsetHeight > 0"), path
    browser.asks("Emulation.setEmulatedMedia", media="")
    browser.is_sized(*DESK)
