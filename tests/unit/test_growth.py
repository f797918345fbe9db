"""No text makes reading slower than its length: twice as long takes about twice as long, whatever it repeats.

Work is counted in this process's own time, the least of several tries, and compared with itself: how fast the
machine is, and what else it does, plays no part.
"""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.channels.wecom.updates import without_mention
from bot.dialogue.room import reasons
from bot.dialogue.understand import understand
from db.words import Action, Role
from jobs.duties import in_parts, said
from jobs.reading import leaders, naming, units
from jobs.reading.asides import doubt_beside
from jobs.reading.deadlines import Frame, Setting, find_deadlines, read_deadline
from jobs.reading.deadlines.longer import longer
from jobs.reading.deadlines.normal import normal
from jobs.reading.formats import html, text
from jobs.reading.read import UnreadableFile, read_document, read_text
from jobs.reading.repair import repair
from jobs.reading.units import Standing

ON = date(2022, 3, 2)

LENGTH = 3000
"""Characters of the shorter of two texts."""

GROWTH, SURELY = 3.2, 2.6
"""What twice the length may cost at the most; a quadratic pattern costs four times as much, an exponential one never ends.
What costs less than the second by the first look is not looked at again.
"""

NOTHING = 0.004
"""Seconds under which a text costs nothing."""

PIECES = (
    "\n", " ", "　", "，", ",,", "、", "。", "-", "—", "1", "1、", "一", "十", "月", "年", "日", "6月", "6月、", "1日、", "2022年", "每周一", "一季度、",
    "年中、", "局", "局和", "局、", "局\n", "省局\n", "市、县、", "（", "（)", "局（", "（联系", "第一", "由", "王局长", "责任单位：", "联系人：", "牵头", "配合",
    "以下", "以下各项", "等部门", "《", "〔2022〕", "持续推进", "完成", "未", "了", "到", "嗯", "ok", "收到", "1项", "2022-", "提前", "届满", "半", "的", "各", "每月",
)  # fmt: skip


def cost(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return time.process_time() - began


def grows(read: Callable[[str], object], piece: str) -> bool:
    """Tell whether a text of twice the length costs more than it should, in each of five tries.

    The longer one is read first: one that costs nothing, as most do, need not be compared with anything.
    """
    short, long = (piece * LENGTH)[:LENGTH], (piece * 2 * LENGTH)[: 2 * LENGTH]
    for _try in range(5):
        twice = cost(read, long)
        if twice < NOTHING:
            return False
        once = cost(read, short)
        if twice < SURELY * once or twice < GROWTH * min(once, cost(read, short)):
            return False
    return True


def of_a_frame(setting: Setting) -> Callable[[str], object]:
    return lambda text: find_deadlines(text, Frame(setting, 2022, ON))


READINGS: dict[str, Callable[[str], object]] = {
    "unit names": naming.names,
    "a cell of units": lambda text: units.of_cell(text, Role.RESPONSIBLE),
    "units with labels": units.by_label,
    "units with role words": units.by_words,
    "a cell of days": of_a_frame(Setting.CELL),
    "days in prose": of_a_frame(Setting.PROSE),
    "days in a chat": of_a_frame(Setting.CHAT),
    "so much longer": longer,
    "normal text": normal,
    "repaired text": repair,
}


@pytest.mark.parametrize("reading", READINGS)
def test_twice_the_text_takes_twice_the_work(reading: str) -> None:
    slow = [piece for piece in PIECES if grows(READINGS[reading], piece)]
    assert slow == [], f"{reading}: {slow}"


@pytest.mark.parametrize("coordinator", [True, False])
def test_twice_the_words_of_a_chat_take_twice_the_work(coordinator: bool) -> None:
    def read(text: str) -> object:
        return understand(text, on=ON, coordinator=coordinator)

    assert [piece for piece in PIECES if grows(read, piece)] == []


@pytest.mark.parametrize("column", [1, 2, 3])
def test_twice_the_cell_takes_twice_the_work(column: int, tmp_path: Path) -> None:
    path = tmp_path / "list.tsv"

    def read(text: str) -> object:
        cells = ["1", "开展排查", "省公安厅", "6月底"]
        cells[column] = text.replace("\n", "") or "x"
        path.write_text("序号\t任务\t责任单位\t时限\n" + "\t".join(cells) + "\n", encoding="utf-8")
        return read_document(path, 2022)

    assert [piece for piece in PIECES if grows(read, piece)] == []


@pytest.mark.parametrize("piece", ["（市财政局，", "市财政局负责汇总，", "6月底前完成，", "市水利局牵头、"])
@pytest.mark.parametrize("before", ["", "市财政局负责汇总，" * 60, "（" * 40])
def test_twice_the_sentence_takes_twice_the_work(piece: str, before: str) -> None:
    assert not grows(lambda text: read_text(before + text, year=2022), piece)


@pytest.mark.parametrize("end", ["", "市住建局"])
def test_twice_the_clauses_of_one_sentence_take_twice_the_work(end: str) -> None:
    clauses = (
        "市住建局于6月底前完成，",
        "市住建局负责，6月底前完成，",
        "（市住建局，6月底前）",
        "第3周完成，",
        "自6月1日起，",
        "每月5日前报送，",
    )
    assert [one for one in clauses if grows(lambda text: read_text(text + end, year=2022), one)] == []


@pytest.mark.parametrize("setting", [Setting.CELL, Setting.PROSE])
def test_twice_what_follows_or_precedes_a_day_takes_twice_the_work(setting: Setting) -> None:
    read = of_a_frame(setting)
    after = [piece for piece in PIECES if grows(lambda text: read("6月底前" + text), piece)]
    before = [piece for piece in PIECES if grows(lambda text: read(text + "6月30日 预检"), piece)]
    assert (after, before) == ([], [])


def test_twice_the_names_of_who_answers_take_twice_the_work() -> None:
    assert [piece for piece in PIECES if grows(lambda text: list(leaders.of_cell("责任人", text)), piece)] == []


def test_twice_the_rows_of_a_table_without_its_header_take_twice_the_work() -> None:
    def read(days: str) -> object:
        begun, of_the_past = (
            "清理河道1 县水利局 6月30日\n" * (len(days) // 8),
            "清理河道1 县水利局 2024-03-05\n" * (len(days) // 6),
        )
        return text.blocks(begun + of_the_past)

    assert not grows(read, "x")


def test_twice_the_list_items_of_a_page_take_twice_the_work() -> None:
    assert not grows(lambda text: html.read(f"<ol>{'<li>a</li>' * len(text)}</ol>", []), "x")


def test_a_page_numbers_its_items_as_a_browser_does() -> None:
    page = "<ol start='3'><li>甲</li><li>乙<ol><li>丙</li></ol></li></ol><ul><li>丁</li></ul><ol><li>戊</li></ol>"
    texts = [getattr(block, "text", "") for block in html.read(f"<html><body>{page}</body></html>", [])]
    assert texts == ["3. 甲", "4. 乙", "1. 丙", "丁", "1. 戊"]


def test_a_table_of_nothing_but_bars_is_told_as_empty_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "bars.txt"
    path.write_text("|" * 500, encoding="utf-8")
    with pytest.raises(UnreadableFile, match="没有可读的内容"):
        read_document(path, 2022)


HELD_UP = {
    "who is on duty": lambda text: said.read(text, ON),
    "parts of a day of duty": lambda text: in_parts.read(f"明天上午{text}，夜班{text}值班", ON),
    "a day of duty": lambda text: said.read(f"2026年11月30日{text}谁值班", ON),
    "names of duty": lambda text: said.read(f"2026年11月30日{text}值班", ON),
    "a day alone": lambda text: read_deadline(f"2026年11月30日{text}", of_chat),
    "whom a message calls": lambda text: without_mention(f"收到 {text}"),
    "a reason": lambda text: reasons.answer_in(text, Action.RETURN, lambda _code: True, ON),
    "a judgement": reasons.judgement,
    "how far something is": lambda text: doubt_beside([("状态", f"已{text}")], Standing()),
}
of_chat = Frame(Setting.CHAT, 2026, ON)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("reading", HELD_UP)
def test_no_words_of_a_chat_hold_up_the_program(reading: str) -> None:
    """A pattern that could try endless ways would be at it for days, with everybody waiting."""
    for piece in (
        "和",
        "陈工、",
        "(1时)",
        "（1时）",
        "@",
        "@a",
        "就",
        "同时",
        "那就",
        "先",
        "值班",
        "1月",
        "，",
        " ",
        "到",
        "一",
        "周",
        "于",
        "全部",
    ):
        HELD_UP[reading](piece * 40 + "x")
        HELD_UP[reading](piece * 40 + " x")


@pytest.mark.parametrize("piece", ["、", "，", "。", "（", "同时", "两人一起", "每人一天", "轮流"])
def test_twice_the_words_about_who_is_on_duty_take_twice_the_work(piece: str) -> None:
    assert not grows(lambda text: said.read(f"明天{text * 6}值班x", ON), piece)
