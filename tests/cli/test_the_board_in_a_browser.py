"""The board in a real browser: a coordinator's day, a leader's signature, with a keyboard alone, on a phone, in the dark, printed.

Every page stands up to axe, which finds what keeps people out who see, hear or move otherwise.
"""

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.test_in_a_browser import DESK, PHONE, address, browser, opened, pytestmark, takes_picture
from tests.harness.browser import Browser

__all__ = ["address", "browser", "opened", "pytestmark"]

PAGES = (
    "board", "board?wait=verify", "board?text=nothing", "board/task/10", "board/unit/3", "board/year", "board/papers",
    "board/paper/1", "board/page/1", "board/supervision/4", "board/closure/1", "board/scores?month=2022-04&trial=1&unit=3",
    "board?lamp=pink", "board/undelivered", "board/lists", "board/list/1", "enter/x",
)  # fmt: skip

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


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_serious_keeps_anybody_out_of_a_page(browser: Browser, address: str, path: str, dark: bool) -> None:
    script = axe()
    browser.is_dark(dark)
    browser.opens(f"{address}{path}")
    assert grave(browser, script) == []
    browser.is_dark(False)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits_a_phone_and_has_one_heading(browser: Browser, address: str, path: str) -> None:
    browser.is_sized(*PHONE)
    browser.opens(f"{address}{path}")
    assert browser.runs("document.documentElement.scrollWidth") == PHONE[0]
    assert browser.runs("document.querySelectorAll('h1').length") == 1
    assert browser.runs("document.querySelectorAll('main').length") == 1


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


def test_who_has_only_a_keyboard_filters_opens_a_task_and_verifies(browser: Browser, address: str) -> None:
    def tabs_to(what: str, most: int = 60) -> None:
        for _ in range(most):
            browser.presses("Tab")
            if browser.runs(f"document.activeElement?.matches({what!r})"):
                assert browser.runs("getComputedStyle(document.activeElement).outlineStyle") != "none", what
                return
        raise AssertionError(f"the keyboard does not reach {what}")

    browser.opens(f"{address}board")
    tabs_to(".skip", 1)
    tabs_to(".waiting a")
    browser.presses("Enter")
    browser.sees("已报待核", "#rows")
    tabs_to("#rows .what a")
    browser.presses("Enter")
    browser.sees("核查销号", "#decide")
    tabs_to("#decide button.primary")
    browser.presses("Enter")
    browser.sees("已核查销号", ".answer")


def test_a_paper_and_a_list_are_printed_without_what_is_only_for_the_screen(browser: Browser, address: str) -> None:
    browser.opens(f"{address}board/paper/1")
    browser.asks("Emulation.setEmulatedMedia", media="print")
    assert browser.runs("getComputedStyle(document.querySelector('.bar')).display") == "none"
    assert browser.runs("getComputedStyle(document.querySelector('.official h2')).display") != "none"
    assert browser.asks("Page.printToPDF")["data"]
    browser.opens(f"{address}board")
    assert browser.runs("getComputedStyle(document.querySelector('.filters')).display") == "none"
    browser.asks("Emulation.setEmulatedMedia", media="")
    browser.is_sized(*DESK)
