"""Buttons: what they carry is made and read in one place, and those that are out go on working."""

import re
from pathlib import Path

import pytest

from bot.dialogue import presses
from jobs.notices.press import Press, Verb, button, name_of

HOUSE = Path(__file__).resolve().parents[2]

OUT = {
    "a": "收到", "A": "全部收到", "o": "看一项", "p": "报进展", "d": "报办结", "e": "申请延期", "y": "提交申请", "n": "取消",
    "P": "报进展", "u": "撤回", "v": "核查销号", "r": "退回", "g": "同意延期", "x": "不同意", "s": "签发", "c": "选一项",
    "k": "收到", "B": "确认发出", "Q": "取消", "h": "催未确认", "q": "结束", "X": "导出", "L": "翻页", "R": "推演",
    "G": "启动", "D": "放弃", "E": "确认结束", "J": "仍按此年启动", "Y": "换年重读", "V": "按修订更新", "t": "刷新", "H": "现在就发",
    "S": "全部签发", "O": "看文稿", "w": "作废", "z": "确认作废", "W": "确认移除", "M": "确认修改", "m": "取消",
    "l": "看清单", "i": "催一下", "j": "催办", "I": "确认催办",
}  # fmt: skip
"""The letters of buttons that are out, and what each is called; a letter may come, none may go or mean something else."""


def test_buttons_that_are_out_mean_what_they_meant() -> None:
    assert {letter: Verb.read(letter).zh for letter in OUT} == OUT
    assert Press.read("d:12:3") == Press(Verb.REPORT, 12, 3)
    assert Press.read("d:12:0") == Press.read("d:12") == Press(Verb.REPORT, 12)
    assert Press.read("a:all") == Press(Verb.ACKNOWLEDGE, every=True)


def test_every_button_does_something() -> None:
    assert set(presses.VERBS) == set(Verb)


@pytest.mark.parametrize("verb", Verb)
def test_what_a_button_carries_is_read_as_it_was_made(verb: Verb) -> None:
    for press in (
        Press(verb),
        Press(verb, 7),
        Press(verb, 7, 2),
        Press(verb, 2**31 - 1, 2**31 - 1),
        Press(verb, every=True),
    ):
        assert Press.read(press.data) == press
        assert len(press.data.encode()) <= 64, "what the narrowest service brings back"


FORGED = ("", "zz", "a:", "x", "🎉", ":1", "d:1:0:7", "d:²:0", "c:1:٣", "u:-1", "s:1e3", "a:" + "9" * 50, "a:1:all",
          "d:9223372036854775808", "a:2147483648", "a:9999999999")  # fmt: skip


@pytest.mark.parametrize("data", FORGED)
def test_what_is_no_button_of_ours_is_no_press(data: str) -> None:
    assert Press.read(data) is None
    assert name_of(data) == "按钮"


def test_a_button_is_called_what_its_verb_is_unless_more_is_said() -> None:
    assert (button(Verb.CHASE, 3).label, button(Verb.CHASE, 3).data) == ("催未确认", "h:3")
    assert button(Verb.SHOW, 3, label="〔A-7〕").label == "〔A-7〕"


def test_nobody_else_writes_or_takes_apart_what_a_button_carries() -> None:
    by_hand = re.compile(r'Button\([^)]*f?"[A-Za-z]:|startswith\("[A-Za-z]:"|press\w*(?: or "")?\)?\.partition')
    found = [
        f"{path.relative_to(HOUSE)}: {line.strip()}"
        for slab in ("bot", "jobs")
        for path in (HOUSE / slab).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if by_hand.search(line)
    ]
    assert found == []
