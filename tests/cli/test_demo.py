"""The demo: a year told in scenes."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len

from bot.channels.incoming import Incoming
from bot.cli import shell
from bot.inbound.inbox import Inbox
from bot.tools.demo.cast import LEADERS, ROOM, SPOKEN, DemoCast
from bot.tools.demo.scenes import HABITS, LEFT_OUT, OURS, SCENES, Event, Scene, codes_in, excerpt
from bot.tools.demo.show import Witness, folded, stage_of
from bot.tools.ledger_table import print_ledger
from bot.tools.rehearsal import COORDINATOR, LEADER
from bot.wiring import sample
from db.kinds import KINDS, Family
from db.words import NoticeKind, PastChoice, Reason, State
from jobs.notices.parts import Said
from jobs.reading.read import read_document
from jobs.rehearsal import Message
from tests.harness.story import ECONOMY, EMERGENCY, at
from tests.messages.sample import LEAD, line

NINE = at("2022-06-01 09:00")


def said(minutes: int, chat: str, who: str, text: str, answers: str = "") -> Event:
    moment: datetime = NINE + timedelta(minutes=minutes)
    kind = NoticeKind.REPLY if who == OURS else None
    return Event(moment, chat, who, text, kind=kind, codes=codes_in(text), answers=answers)


def test_a_scene_holds_what_belongs_together_in_the_order_in_which_it_was_said() -> None:
    request = "〔A-9〕省经信厅：请回复退回的理由"
    told = [
        said(0, ECONOMY, "张工", "你好"),
        begins := said(1, ECONOMY, "张工", "A-9 已完成"),
        said(2, EMERGENCY, "吴处长", "A-9 已完成"),
        verified := said(3, ROOM, OURS, "省经信厅报办结〔A-9〕"),
        said(4, ROOM, OURS, "省应急管理厅报办结〔A-9〕"),
        reason := said(5, ROOM, "协调员", "缺少公布文件", request),
        said(6, ROOM, "协调员", "已核实", "〔A-9〕省应急管理厅：请回复"),
        said(7, ECONOMY, OURS, "已记录〔A-91〕"),
        said(200, ECONOMY, OURS, "已销号〔A-9〕"),
    ]
    scene = Scene("一幕", "A-9 已完成", (ECONOMY, ROOM), 2, code="A-9", unit=ECONOMY)
    assert scene.of(told) == ([begins, verified, reason], -5)
    assert Scene("短", "A-9 已完成", (ECONOMY, ROOM), 2, code="A-9", most=1, unit=ECONOMY).of(told) == ([begins], 2)
    assert Scene("无", "没有说过", (ECONOMY,), 2).of(told) == ([], 0)


def test_a_press_is_told_by_what_its_button_is_called() -> None:
    witness = Witness(None, [])  # type: ignore[arg-type]  # nobody answers
    shown = Message(
        NINE, EMERGENCY, NoticeKind.REVIEW, Reason.ASKED, (), "【待复查】〔A-9〕", (("复查通过", "lp:9:2"),)
    )
    witness.hear(shown, "1")
    witness.spoke(NINE, Incoming("console", "2", EMERGENCY, EMERGENCY, "吴处长", "吴处长", "", "lp:9:2", None, "1"))
    assert witness.events[-1].text == "［复查通过］"


def hears(chat: str, kind: NoticeKind, text: str, *labels: str) -> list[Incoming]:
    """Return what the cast says and presses, having heard one message."""
    cast = DemoCast(None, [])  # type: ignore[arg-type]  # it has nobody to tell
    message = Message(NINE, chat, kind, Reason.ASKED, (), text, tuple((label, f"p:{label}") for label in labels))
    cast.hear(message, "1")
    return [line for _at, _number, line in cast._waiting]


def test_the_lead_passes_on_what_it_is_shown_and_takes_note_of_what_is_out_of_its_hands() -> None:
    assert [one.press for one in hears(EMERGENCY, NoticeKind.REVIEW, "【待复查】", "复查通过", "退回")] == [
        "p:复查通过"
    ]
    assert hears(EMERGENCY, NoticeKind.REVIEW, "【待复查】") == []


def october(folder: Path, *codes: str) -> list[Event]:
    """Play two days of the demo's year, of some of its tasks alone; the coordinator has said everything else."""
    stage = stage_of(at("2022-10-27 09:00"), folder)
    document = read_document(sample("list.txt"), 2022)
    few = tuple(one for one in document.tasks if f"A-{one.number}" in codes)
    stage.load(replace(document, tasks=few), "list.txt", PastChoice.SUMMARY)
    witness = Witness(Inbox(stage.store, stage.desk), [])
    witness.on_speak = witness.spoke
    witness.told.update(words for _day, words in SPOKEN)
    stage.play(at("2022-10-28 11:00"), witness)
    return witness.events


def test_in_the_year_of_the_demo_the_unit_and_its_lead_look_at_a_report_before_the_coordinators_do(
    tmp_path: Path,
) -> None:
    (scene,) = (one for one in HABITS if one.title.startswith("自查"))
    told, _more = scene.of(october(tmp_path, "A-38"))
    assert [(one.chat, one.kind) for one in told] == [
        ("省教育厅", NoticeKind.REPLY),
        ("省教育厅", NoticeKind.REVIEW),
        ("省教育厅", None),
        ("省教育厅", NoticeKind.REPLY),
        (EMERGENCY, NoticeKind.REVIEW),
        (EMERGENCY, None),
        (EMERGENCY, NoticeKind.REPLY),
        (ROOM, NoticeKind.VERIFY_REQUEST),
    ]
    assert "等待另一名人员自查确认" in told[0].text
    assert "自查确认（唐科长" in told[-1].text
    assert "复查通过（吴处长" in told[-1].text


def test_with_every_habit_no_chat_is_over_its_cap_and_nothing_goes_out_at_night_or_on_a_day_off(tmp_path: Path) -> None:
    stage = stage_of(at("2022-05-30 09:00"), tmp_path)
    stage.load(read_document(sample("list.txt"), 2022), "list.txt", PastChoice.SUMMARY)
    witness = Witness(Inbox(stage.store, stage.desk), [])
    witness.on_speak = witness.spoke
    told = stage.play(at("2022-06-28 12:00"), witness).report.messages
    assert {NoticeKind.ROUND, NoticeKind.SCORE, NoticeKind.REVIEW, NoticeKind.CHECKIN} <= {one.kind for one in told}
    workdays = stage.desk.workdays
    assert [one for one in told if not (workdays.is_workday(one.at.date()) and 8 <= one.at.hour < 18)] == []
    unasked = [one for one in told if KINDS[one.kind].family is Family.WORK and one.chat not in (ROOM, LEADERS)]
    assert max(Counter((one.chat, one.at.date()) for one in unasked).values()) <= stage.desk.policy.daily_cap


def test_what_a_spot_check_found_is_done_again_by_its_unit_and_closed_by_another_than_who_found_it() -> None:
    cast = DemoCast(None, [])  # type: ignore[arg-type]
    drawn = Message(
        NINE, ROOM, NoticeKind.REPLY, Reason.ASKED, (), "【抽查】清单：抽中1项：\n〔A-10〕省公安厅：补齐短板。"
    )
    cast.hear(drawn, "1")
    item = Said(1, "第10项", "A-10", "省公安厅", "decision", "changed", None, 3)
    cast.hear(Message(NINE, "省公安厅", NoticeKind.DECISION, Reason.CHANGED, (item,), "【办理结果】已重开"), "2")
    asked = Message(NINE, ROOM, NoticeKind.VERIFY_REQUEST, Reason.ASKED, (item,), "【待核查】", (("核查销号", "p"),))
    cast.hear(asked, "3")
    said = {(one.person, one.text or one.press) for _at, _number, one in cast._waiting}
    assert {("刘科长", "A-10 已完成"), (LEADER, "p")} <= said
    assert (COORDINATOR, "p") not in said


def test_the_coordinator_says_of_which_unit_a_spot_check_does_not_hold() -> None:
    drawn = "【抽查】清单：抽中2项：\n〔A-10〕省公安厅：补齐短板。\n〔A-10〕省安委办：补齐短板。"
    assert [one.text for one in hears(ROOM, NoticeKind.REPLY, drawn)] == ["抽查不属实 A-10 省公安厅 现场与佐证不符"]


def test_a_long_message_says_that_it_is_shown_in_part() -> None:
    items = [f"🟢〔A-{number}〕第{number}项" for number in range(1, 15)]
    text = "\n".join(["【交办通知】清单", "省经信厅：以下14项", *items, "请签收。"])
    shown = excerpt(text, "A-12").split("\n")
    assert shown == ["【交办通知】清单", "省经信厅：以下14项", "🟢〔A-12〕第12项", LEFT_OUT, "请签收。"]
    assert excerpt("【提醒】清单\n一行", "A-1") == "【提醒】清单\n一行"


def test_lines_are_broken_where_they_are_full_and_nowhere_else() -> None:
    assert folded("1. 市县政府\n\n好", 6) == "1. 市\n县政府\n\n好"
    assert folded("请说明情况。", 10) == "请说明情\n况。"
    assert folded("逾期两天（第一期））", 10) == "逾期两天\n（第一\n期））"
    assert folded("—————", 4) == "————\n—"


def test_every_scene_is_another() -> None:
    assert len(SCENES) == 10
    assert len({scene.title for scene in (*SCENES, *HABITS)}) == len(SCENES) + len(HABITS)


def test_the_ledger_fits_eighty_columns_and_parts_no_day(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line(1, due=date(2022, 11, 30), returns=1, extensions=2), line(2, state=State.CLOSED)]
    lines.insert(1, replace(lines[0], unit=LEAD))
    print_ledger(lines, NINE, 80)
    told = capsys.readouterr().out.split("\n")
    assert max(cell_len(one) for one in told) <= 80
    page = "\n".join(told)
    assert page.count("2022-11-30") == 2
    for said in ("退回1次", "延期2次", "已销号"):
        assert said in page
    words = ["".join(one.split("│")[3].strip() for one in told if one.count("│") == 8)]
    assert words[0].count("烟花爆竹") == 1, "a task's words stand there once"


def test_what_all_plays_besides_is_told_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    shell.run(["demo", "--help"])
    told = capsys.readouterr().out
    for scene in HABITS:
        assert scene.title.partition("：")[0] in told
