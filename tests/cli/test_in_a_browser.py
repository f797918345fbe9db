"""The room in a real browser, as somebody who has never seen it: from ``duban try`` on.

Nothing is complained of in the console, and nobody else is asked for anything. With ``PICTURES=docs`` (``make pictures``)
the pictures of the documents are taken.
"""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.browser import CHROMIUM, Browser, browsing
from tests.harness.programs import Program

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")

HOUSE = Path(__file__).resolve().parents[2]

PHONE, DESK = (375, 720), (1280, 920)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run ``duban try`` as it is run by hand, and return the address that it prints."""
    folder = tmp_path_factory.mktemp("tried")
    process = Program(["try", "--port", "0"], {**os.environ, "TMPDIR": str(folder)}, folder, together=True)
    found = (re.search(r"http://\S+/", line) for line in process.stdout)
    yield next(one[0] for one in found if one is not None)
    process.send_signal(signal.SIGTERM)
    process.communicate(30)
    assert process.returncode == 0
    assert list(folder.iterdir()) == []


@pytest.fixture(scope="module")
def opened(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as browser:
        yield browser


@pytest.fixture
def browser(opened: Browser, address: str) -> Iterator[Browser]:
    """Give the browser at the front page, at a desk; in the end it has complained of nothing and asked nobody else."""
    opened.is_sized(*DESK)
    opened.opens(address)
    yield opened
    assert opened.complaints == []
    assert opened.hosts <= {"", address.split("/")[2]}


def takes_picture(browser: Browser, name: str, folder: Path) -> None:
    """Take a picture, for the documents where they show it."""
    browser.runs("document.activeElement.blur()")
    shown = HOUSE / os.environ.get("PICTURES", "docs") / name
    browser.picture(shown if "PICTURES" in os.environ and shown.exists() else folder / name)


def comes_by_the_leaders_door(browser: Browser, address: str) -> None:
    """Come in as a leader, on a phone and at a desk: what waits for a signature can be read, and the keyboard is at it."""
    for size in (PHONE, DESK):
        browser.is_sized(*size)
        browser.opens(address)
        browser.sees("等您办：待签发 1 份", ".doors")
        browser.clicks(".doors a", "作为领导")
        browser.sees("待签发 1 份", "#awaits")
        browser.until("document.activeElement.matches('article.m')")
        assert "约谈通知（待签发）" in browser.runs("document.activeElement.innerText")
        above, below = browser.runs(
            "(() => { const box = document.getElementById('said').getBoundingClientRect(),"
            " it = document.activeElement.getBoundingClientRect(); return [it.top - box.top, box.bottom - it.top] })()"
        )
        assert (above >= 0, below > 100) == (True, True), "its beginning can be read"
        browser.presses("Tab")
        browser.presses("Tab")
        assert browser.runs("document.activeElement.innerText") == "签发"


def test_what_stands_at_the_top_of_a_chat_leaves_room_for_what_is_said(browser: Browser, address: str) -> None:
    for size, most in ((PHONE, 0.24), ((1280, 800), 0.4)):
        browser.is_sized(*size)
        browser.opens(address)
        browser.clicks(".doors a", "作为单位")
        browser.sees("省经信厅", "main h1")
        above = browser.runs("document.getElementById('said').getBoundingClientRect().top")
        assert above < most * size[1], f"{above} of {size}"
        line, tall = browser.runs(
            "(() => { const list = document.querySelector('#standing details'); list.open = true;"
            " const text = list.querySelector('.text'); return [parseFloat(getComputedStyle(text).lineHeight), text.clientHeight] })()"
        )
        assert abs(tall / line - round(tall / line)) < 0.1, "the list ends with a whole line"


def test_whoever_comes_in_answers_as_a_unit_verifies_as_a_coordinator_and_signs_as_a_leader(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    browser.clicks(".doors a", "作为单位")
    browser.sees("省经信厅", "main h1")
    browser.clicks("#say textarea")
    browser.writes("9 已完成，已在网站公布")
    browser.presses("Enter")
    browser.sees("已报办结", "#said")
    browser.until("document.querySelector('#say textarea').value === ''")
    browser.until("document.querySelector('.talks a.news .name')?.innerText === '协调室'")
    takes_picture(browser, "room.png", tmp_path)
    browser.clicks(".talks a", "协调室")
    browser.sees("省经信厅（张工）报办结", "#said")
    browser.clicks("#said [data-press]", "核查销号")
    browser.sees("核查销号", "#said article:last-of-type .marks")
    browser.until("document.querySelectorAll('#said article:last-of-type [data-press]').length === 0")
    comes_by_the_leaders_door(browser, address)
    browser.presses("Enter")
    browser.sees("签发：领导", "#said")
    browser.until("document.getElementById('awaits').innerText.trim() === ''")
    browser.until("[...document.querySelectorAll('#said .marks')].at(-1).innerText.includes('领导 6月23日')")
    browser.clicks(".ways a", "台账")
    browser.sees("全部 111", ".lamps")
    takes_picture(browser, "board.png", tmp_path)
    browser.clicks(".lamps a", "逾期")
    browser.clicks(".sheet .what a", "对照表")
    browser.sees("约谈", "main")
    browser.sees("原文期限", ".sheet")
    browser.clicks("#clock button", "下一工作日")
    browser.sees("2022年6月24日", "#clock")


def test_on_a_phone_and_in_the_dark_all_of_it_can_be_read(browser: Browser, address: str, tmp_path: Path) -> None:
    browser.is_sized(*PHONE)
    browser.is_dark(True)
    browser.opens(address)
    assert browser.runs("document.documentElement.scrollWidth") == PHONE[0]
    browser.clicks(".talks a", "协调室")
    browser.sees("协调室", "main h1")
    assert browser.runs("document.documentElement.scrollWidth") == PHONE[0]
    assert browser.runs("document.getElementById('said').clientHeight") > PHONE[1] / 2
    ground = browser.runs("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", ground)) < 60
    takes_picture(browser, "phone.png", tmp_path)
    browser.is_dark(False)
    browser.opens(f"{address}board")
    assert browser.runs("document.documentElement.scrollWidth") == PHONE[0]
    browser.opens(address)
    browser.clicks(".talks a", "协调室")
    browser.sees("协调室", "main h1")
    browser.clicks(".back")
    browser.sees("从哪里开始", "main h1")


def test_who_has_only_a_keyboard_reaches_a_chat_presses_and_stays_where_they_were(browser: Browser) -> None:
    def tabs_to(what: str) -> None:
        for _ in range(90):
            browser.presses("Tab")
            if browser.runs(f"document.activeElement.matches({what!r})"):
                return
        raise AssertionError(f"the keyboard does not reach {what}")

    tabs_to(".talks li:nth-child(2) a")
    browser.presses("Enter")
    browser.sees("领导群", "main h1")
    tabs_to("[data-act=next]")
    before = browser.reads("#clock .time")
    browser.presses("Enter")
    browser.until(f"document.querySelector('#clock .time').innerText !== {before!r}")
    browser.until("document.activeElement.dataset.act !== undefined")
    tabs_to("#say textarea")
    browser.writes("状态")
    browser.presses("Enter")
    browser.sees("状态", "#said .theirs:last-of-type, #said .theirs")
    browser.until("document.activeElement.matches('#say textarea')")


def test_a_press_that_asks_for_words_has_its_question_at_hand(browser: Browser) -> None:
    browser.clicks(".talks a", "省建设厅")
    browser.sees("省建设厅", "main h1")
    browser.clicks("#said [data-press]", "申请延期")
    browser.sees("回复：〔A-", "#reply")
    browser.until("document.activeElement.matches('#say textarea')")
    browser.writes("7月8日，因验收排期")
    browser.presses("Enter")
    browser.sees("是否提交？", "#said article:last-of-type")
    browser.clicks("#said [data-press]", "提交申请")
    browser.sees("等待协调员批复", "#said")


def test_what_a_group_owes_stands_at_its_top_follows_what_is_said_and_stays_folded(
    browser: Browser, tmp_path: Path
) -> None:
    browser.clicks(".talks a", "省公安厅")
    browser.sees("在办", "#standing summary")
    code = re.findall(r"〔(A-[\d.]+)〕", browser.reads("#standing"))[0]
    takes_picture(browser, "standing.png", tmp_path)
    browser.clicks("#say textarea")
    browser.writes(f"{code} 已完成六成")
    browser.presses("Enter")
    browser.sees("60%", "#standing")
    browser.clicks("#standing summary")
    browser.until("!document.querySelector('#standing details').open")
    browser.clicks("#say textarea")
    browser.writes(f"{code} 已完成九成")
    browser.presses("Enter")
    browser.until("document.querySelector('#standing .text').textContent.includes('90%')")
    assert not browser.runs("document.querySelector('#standing details').open"), "what was folded stays folded"
    browser.is_sized(*PHONE)
    assert browser.runs("document.documentElement.scrollWidth") == PHONE[0]
    takes_picture(browser, "standing_phone.png", tmp_path)


def test_on_a_phone_what_a_group_owes_is_one_line_until_somebody_opens_it(browser: Browser, address: str) -> None:
    group = browser.runs("[...document.querySelectorAll('.talks a')].find(a => a.innerText.includes('省经信厅')).href")
    browser.is_sized(*PHONE)
    browser.opens(group)
    browser.sees("在办清单：在办", "#standing summary")
    assert not browser.runs("document.querySelector('#standing details').open")
    assert browser.runs("document.getElementById('standing').clientHeight") < PHONE[1] / 12
    assert browser.runs("document.getElementById('said').clientHeight") > PHONE[1] / 2
    assert browser.runs("document.getElementById('said').scrollWidth <= document.getElementById('said').clientWidth")
    browser.clicks("#standing summary")
    browser.until("document.querySelector('#standing details').open")
    browser.opens(f"{address}?away")
    browser.opens(group)
    browser.until("document.querySelector('#standing details').open")


def test_words_are_never_lost_and_a_reader_is_never_thrown_about(browser: Browser) -> None:
    browser.clicks(".talks a", "协调室")
    browser.sees("协调室", "main h1")
    browser.until("document.getElementById('said').scrollTop > 500")
    browser.runs("document.getElementById('said').scrollTop = 200")
    browser.clicks("#clock button", "下一工作日")
    browser.until("!document.getElementById('newer').hidden")
    assert browser.runs("document.getElementById('said').scrollTop") == 200
    browser.clicks("#newer")
    browser.until("document.getElementById('newer').hidden")
    browser.clicks("#say textarea")
    browser.writes("清单 <img src=x onerror=document.title='taken'>")
    browser.asks("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
    browser.presses("Enter")
    browser.sees("连接不上督办服务", "#trouble")
    assert "清单" in browser.runs("document.querySelector('#say textarea').value")
    browser.asks(
        "Network.emulateNetworkConditions", offline=False, latency=0, downloadThroughput=-1, uploadThroughput=-1
    )
    browser.opens(browser.runs("location.href"))
    browser.until("document.querySelector('#say textarea').value.includes('清单')")
    browser.complaints.clear()  # of the line that we cut
    browser.clicks("#say .primary")
    browser.sees("<img src=x", "#said")
    assert browser.runs("document.title") == "协调室 · 督办"
