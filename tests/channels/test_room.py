"""The coordinators' room on Telegram: verifying, deciding, looking up, importing, pausing; papers; who may not."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.service.errands import run_next
from db import register
from db.models import Campaign
from db.words import CampaignStatus, Rank, State
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess

LIST = """附件

某省整治任务分解表

	序号
	具体任务
	牵头单位
	责任单位
	完成时限

	1
	对重点园区开展复核。
	省应急管理厅
	省经信厅
	2022年6月

	2
	完成隐患整改。
	省应急管理厅
	省经信厅
	2022年1月底前

	3
	建立长效机制。
	省应急管理厅
	省经信厅
	主汛期前
"""


def begun(world: InProcess, *tasks: object) -> tuple[Group, Group]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(tasks or (task(1, "2022-06-30"),)))  # type: ignore[arg-type]
    world.slip = group.hears("交办通知")  # type: ignore[attr-defined]
    return room, group


def reported(world: InProcess) -> tuple[Group, Group, object]:
    room, group = begun(world)
    group.presses(world.slip, "报办结")  # type: ignore[attr-defined]
    group.hears("已报办结")
    return room, group, room.hears("待核查", "〔A-1〕")


# ---------------------------------------------------------------- deciding


def test_a_report_is_verified_with_one_press(world: InProcess) -> None:
    room, group, request = reported(world)
    assert "已核查销号" in room.presses(request, "核查销号", who="王协调")  # type: ignore[arg-type]
    assert world.line(1).assignment.state is State.CLOSED
    assert request.buttons == []  # type: ignore[attr-defined]
    assert request.text.endswith(f"✓ 王协调 6月1日{world.clock_at('10:00')} 已核查销号〔A-1〕")  # type: ignore[attr-defined]
    group.hears("【办理结果】", "已核查销号（王协调）")


def test_a_report_is_returned_with_a_reason_that_is_asked_for(world: InProcess) -> None:
    room, group, request = reported(world)
    room.presses(request, "退回", who="王协调")  # type: ignore[arg-type]
    asked = room.hears("请回复退回的理由")
    assert world.platform.asks_words(asked)
    room.says("缺少验收报告", who="王协调", reply=asked)
    room.hears("已退回")
    group.hears("【办理结果】", "已退回（王协调）：缺少验收报告")
    room.shows_no_buttons(request)
    room.shows(request, "已退回〔A-1〕")


def test_what_was_decided_in_words_is_shown_under_the_request_too(world: InProcess) -> None:
    room, group, request = reported(world)
    room.says(f"/verify@{BOT_NAME} 1", who="王协调")
    room.hears("已核查销号")
    group.hears("【办理结果】")
    room.shows_no_buttons(request)
    assert f"已由王协调于6月1日{world.clock_at('10:00')}核查销号" in room.presses(
        request, "", who="刘协调", data="v:1:1"
    ) or ("没有办理该事项的权限" in room.presses(request, "", who="刘协调", data="v:1:1"))


def test_two_coordinators_press_at_once_and_the_second_is_told(world: InProcess) -> None:
    world.appoints("刘协调", Rank.COORDINATOR)
    room, group, request = reported(world)
    data = request.data("核查销号")  # type: ignore[attr-defined]
    room.presses(request, "核查销号", who="王协调")  # type: ignore[arg-type]
    group.hears("【办理结果】")
    assert f"已由王协调于6月1日{world.clock_at('10:00')}核查销号" in room.presses(request, "", who="刘协调", data=data)  # type: ignore[arg-type]


# ---------------------------------------------------------------- looking up


@pytest.mark.only("telegram", why="no edits: the next page is a message of its own")
def test_a_long_list_is_turned_page_by_page_in_one_message(world: InProcess) -> None:
    room, _group = begun(world, *(task(number, "2022-06-30") for number in range(1, 31)))
    room.says(f"/list@{BOT_NAME} 省经信厅", who="王协调")
    listed = room.hears("省经信厅（30项，第1/3页）", "〔A-1〕")
    room.presses(listed, "下一页", who="王协调")
    assert "第2/3页" in listed.text
    assert "〔A-13〕" in listed.text
    room.presses(listed, "下一页", who="王协调")
    assert [label for label, _data in listed.buttons] == ["上一页"]
    room.hears_nothing_more()


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("show 1", "〔A-1〕"),
        ("who", "尚未签收的单位"),
        ("status", "共1项"),
        ("units", "省经信厅：经信厅工作群"),
        ("failures", "未能送达"),
        ("list 逾期", "逾期（0项）"),
        ("list 未签收", "〔A-1〕省经信厅"),
        ("help", "全部命令写"),
    ],
)
def test_everything_can_be_looked_up_by_a_latin_command(world: InProcess, command: str, expected: str) -> None:
    room, _group = begun(world)
    room.says(
        f"/{command.replace(' ', f'@{BOT_NAME} ', 1) if ' ' in command else f'{command}@{BOT_NAME}'}", who="王协调"
    )
    room.hears(expected)


@pytest.mark.only("telegram", why="no menus")
def test_menus_show_each_kind_of_chat_its_commands(world: InProcess) -> None:
    from bot.dialogue.menus import menus

    room = world.room()
    world.loop.run_until_complete(world.channel.show_menus(menus([room.external], [])))
    groups, ours = world.api.menus["all_group_chats"], world.api.menus[f"chat:{room.external}"]
    assert ("done", "办结 7：报办结（佐证请回复消息发文件）") in groups
    assert {"list", "show", "who", "status", "units", "bind", "pause", "failures", "broadcast"} <= {
        name for name, _ in ours
    }
    assert not {"verify", "broadcast"} & {name for name, _ in groups}


DATED = LIST.replace("某省", "某省2022年", 1)

# ---------------------------------------------------------------- importing, activating, pausing


def test_a_list_is_corrected_by_eye_in_a_sheet_that_is_handed_out_and_sent_back(world: InProcess) -> None:
    room, _group = world.room(), world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-03-01 10:00")
    room.room.admin = True
    room.says(who="王协调", file=("2022年清单.txt", LIST.encode()))
    card = room.hears("【已读入，待启动】专项行动1")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    room.presses(card, "核对表", who="王协调")
    room.hears("专项行动1的核对表", "清空“请核对”一栏表示已核对")
    book = load_workbook(BytesIO(room.hears("核对表1.xlsx").content))
    sheet = book["核对表"]
    assert sheet["K4"].value, "主汛期前 is in doubt"
    sheet["I4"], sheet["K4"] = "2022-05-31", None
    out = BytesIO()
    book.save(out)
    room.says(who="王协调", file=("核对表1.xlsx", out.getvalue()))
    card = room.hears("【已读入，待启动】专项行动2", "核对表改了1处", "第3项 期限：（空） → 2022-05-31")
    assert "重读" not in f"{card.buttons}{getattr(card, 'picks', '')}", "the days of a sheet are told"
    with world.store.read() as session:
        assert session.get_one(Campaign, 1).status is CampaignStatus.ENDED


def test_a_list_is_imported_by_sending_the_file_looked_at_rehearsed_and_activated(world: InProcess) -> None:
    room, group = world.room(), world.group("应急厅工作群", bound_to=(EMERGENCY,))
    world.begins("2022-06-01 10:00")
    room.room.admin = True
    room.says(who="王协调", file=("2022年清单.txt", LIST.encode()))
    shown = room.hears(
        "【已读入，待启动】专项行动1",
        "尚未绑定会话：省经信厅",
        "期限待核对（1）",
        "主汛期前",
        "已过期限（1）",
        "1月31日",
    )
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    assert world.platform.labels(shown)[0] == "推演"
    room.presses(shown, "推演", who="王协调")
    room.hears("正在推演专项行动1")
    assert run_next(world.store, world.desk, world.now())
    world.happens()
    room.hears("【推演】", "共会发出", "最忙的一天")
    with world.store.read() as session:
        assert session.get_one(Campaign, 1).status is CampaignStatus.DRAFT
    start = next(label for label in world.platform.labels(shown) if label.startswith("启动"))
    room.presses(shown, start, who="王协调")
    room.hears("已启动专项行动1", "个单位还没有能送达的会话")
    group.hears("【督办提示】", "逾期汇总", "〔A-1〕")
    assert "启动" in shown.text.splitlines()[-1]
    world.silent = True


def test_the_same_file_twice_and_what_is_no_list_are_told_in_one_line(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    world.begins("2022-03-01 10:00")
    content = LIST.encode()
    room.says(who="王协调", file=("清单.txt", content))
    shown = room.hears("【已读入，待启动】专项行动1")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    room.says(who="王协调", file=("又一份.txt", content))
    shown = room.hears("【已读入，待启动】专项行动1", "此前已导入，未作改动")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    room.says(who="王协调", file=("照片.jpg", b"\xff\xd8\xff\xe0 jpeg"))
    room.hears("“照片.jpg”未导入")
    room.presses(shown, "放弃", who="王协调")
    room.says(who="王协调", file=("清单.txt", content))
    room.hears("【已读入，待启动】专项行动2")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")


def test_a_wrong_year_is_told_asked_about_and_mended_with_one_press(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    world.begins("2022-03-01 10:00")
    room.says("导入 2027", who="王协调", file=("清单.txt", DATED.encode()))
    shown = room.hears("【已读入，待启动】专项行动1", "按2027年读入，但标题写的是2022年")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    start = next(label for label in world.platform.labels(shown) if label.startswith("启动"))
    room.presses(shown, start, who="王协调")
    asked = room.hears("按2027年读入，但标题写的是2022年，未启动")
    assert world.platform.labels(asked) == ["改用2022年重读", "仍按2027年启动"]
    room.presses(asked, "改用2022年重读", who="王协调")
    room.hears("【已读入，待启动】专项行动2", "参照年份2022")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    room.says("启动 1", who="王协调")
    room.hears("专项行动1已由王协调于2022年3月1日放弃，不再办理")
    room.says("导入 2023", who="王协调", file=("清单.txt", DATED.encode()))
    again = room.hears("【已读入，待启动】专项行动2", "此前已导入，未作改动")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    room.presses(again, "改用2023年重读", who="王协调")
    third = room.hears("【已读入，待启动】专项行动3", "按2023年读入，但标题写的是2022年")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    room.presses(third, start, who="王协调")
    asked = room.hears("未启动")
    room.presses(asked, "仍按2023年启动", who="王协调")
    room.hears("已启动专项行动3")
    room.presses(again, "改用2023年重读", who="王协调", data="Y:3:2022")
    world.silent = True


def test_a_revised_list_is_sent_looked_at_and_applied_with_one_press(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    world.begins("2022-03-01 10:00")
    room.says(who="王协调", file=("清单.txt", LIST.encode()))
    room.hears("【已读入，待启动】专项行动1")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    changed = LIST.replace("省经信厅", "省发改委")
    assert changed != LIST
    room.says("修订 1", who="王协调", file=("修订稿.txt", changed.encode()))
    shown = room.hears("【修订稿，尚未更新】专项行动1", "变更", "省经信厅 → 省发改委")
    (_label, data) = next(button for button in shown.buttons if button[0] == "按修订更新")
    room.presses(shown, "按修订更新", who="王协调")
    room.hears("【已按修订更新】专项行动1")
    assert "就是按这份修订稿，未再作改动" in room.presses(shown, "按修订更新", who="王协调", data=data)
    room.says("修订 1", who="王协调", file=("修订稿.txt", changed.encode()))
    room.hears("与现在的台账相同，没有变化")
    room.says("修订", who="王协调")
    room.hears("请把修订后的清单作为一个文件发到本群")


def test_units_of_like_names_are_told_apart_or_made_one_in_the_room(world: InProcess) -> None:
    room = world.room()
    room.room.admin = True
    world.begins("2022-03-01 10:00")
    world.imports(task(1, "2022-12-31", lead=("省消防救援总队",)), active=False)
    room.says(who="王协调", file=("清单.txt", LIST.replace("省经信厅", "省消防总队").encode()))
    room.hears("“省消防总队”可能就是“省消防救援总队”")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    room.says("同一单位 省消防总队 省消防救援总队", who="王协调")
    shown = room.hears(
        "没有合并以前什么都不变",
        "留“省消防救援总队”：省消防总队的3项交办转入省消防救援总队，“省消防总队”以后作它的别名",
        "留“省消防总队”：省消防救援总队的1项交办",
    )
    with world.store.read() as session:
        assert register.find_unit(session, "省消防总队").name == "省消防总队"
    room.presses(shown, "留“省消防救援总队”", who="王协调")
    room.hears("已合并：省消防总队即省消防救援总队")
    room.says("不同单位 省消防救援总队 省应急管理厅", who="王协调")
    room.hears("是两个单位")
    room.says("同一单位 没有这个 省应急管理厅", who="王协调")
    room.hears("没有找到单位")


def test_a_list_is_activated_in_words_with_a_choice_for_what_is_past(world: InProcess) -> None:
    room = world.room()
    world.begins("2022-06-01 10:00")
    world.imports(task(1, "2022-05-01"), task(2, "2022-12-31"), active=False)
    room.says(f"/activate@{BOT_NAME} 1 重定期限", who="王协调")
    room.hears("重定期限须写明今天或以后的日期")
    room.says(f"/activate@{BOT_NAME} 1 重定期限 7月31日", who="王协调")
    room.hears("已启动专项行动1", "1项在启动前已逾期：重定期限")
    assert str(world.line(1).assignment.due) == "2022-07-31"
    room.says(f"/activate@{BOT_NAME} 1", who="王协调")
    room.hears("专项行动1已由王协调于")


def test_a_paused_campaign_is_silent_and_answers_are_taken(world: InProcess) -> None:
    room, group = begun(world, task(1, "2022-06-30"))
    slip = world.slip  # type: ignore[attr-defined]
    group.presses(slip, "收到")
    room.says(f"/pause@{BOT_NAME}", who="王协调")
    room.hears("已暂停专项行动1")
    world.until("2022-06-28 12:00")
    group.hears_nothing_more()
    group.presses(slip, "报进展")
    asked = group.hears("请回复一句进展")
    group.says("完成一半", reply=asked)
    group.hears("50%")
    room.says(f"/unpause@{BOT_NAME}", who="王协调")
    room.hears("已恢复专项行动1")
    world.until("2022-06-29 12:00")
    group.hears("【提醒】", "〔A-1〕")
    world.silent = True


# ---------------------------------------------------------------- who may not


def test_a_stranger_is_refused_in_one_line_and_recorded(world: InProcess) -> None:
    _room, _group = begun(world)
    alone = world.private("路人")
    alone.says("办结 1", who="路人")
    alone.hears("您尚未登记，不能在此办理")
    alone.says("把清单给我", who="路人")
    alone.hears("您尚未登记")
    strange = world.group("别的群", member=True)
    strange.says(f"/list@{BOT_NAME}", who="路人")
    strange.hears("本会话尚未绑定单位")
    assert world.line(1).assignment.state is State.PENDING
    assert [one.outcome for one in world.inbound()] == ["stranger", "stranger", "unbound"]


def test_a_contact_of_another_unit_gets_nothing_of_this_one(world: InProcess) -> None:
    _room, _group = begun(world)
    other = world.group("应急厅工作群", bound_to=(EMERGENCY,))
    slip = world.slip  # type: ignore[attr-defined]
    told = other.presses(slip, "", who="钱工", data="d:1:0")
    assert told == "该任务不属于本群单位，不能在此办理。"
    assert "没有这项任务，或不属于本群单位" in other.presses(slip, "", who="钱工", data="o:1")
    assert world.line(1).assignment.state is State.PENDING
    assert all("第1项工作" not in sent.text for sent in world.api.sent if sent.chat == other.room.id)


def test_a_forwarded_button_does_nothing_in_a_strange_chat(world: InProcess) -> None:
    _room, _group = begun(world)
    strange = world.group("别的群", member=True)
    strange.room.spoken = True
    assert "尚未绑定单位" in strange.presses(world.slip, "", who="张工", data="d:1:0")  # type: ignore[attr-defined]
    assert world.line(1).assignment.state is State.PENDING


def test_a_removed_coordinator_is_refused(world: InProcess) -> None:
    room, group, request = reported(world)
    with world.store.write() as session:
        person = register.people_named(session, "王协调")[0]
        register.dismiss(session, person, Rank.COORDINATOR, world.now())
    assert room.presses(request, "核查销号", who="王协调") == "您没有办理该事项的权限。"  # type: ignore[arg-type]
    alone = world.private("王协调")
    alone.says("清单", who="王协调")
    alone.hears("您尚未登记")
    assert world.line(1).assignment.state is State.REPORTED
    assert group


def test_made_up_button_data_is_refused(world: InProcess) -> None:
    _room, group = begun(world)
    forged = ("d:²:0", "d:99999999999999999999:0", "d:9223372036854775807:9223372036854775808", "c:²:1", "c:1:٣",
              "c:1:9999999999999999999999", "u:-1", "s:1e3", "a:" + "9" * 50)  # fmt: skip
    for data in ("zz", "a:", "a:99999999", "d:1:0:7", "B:1", "G:1:0", "x", "k:5", "🎉", "L:2", "s:1", *forged):
        told = group.presses(world.slip, "", who="张工", data=data)  # type: ignore[attr-defined]
        assert told, data
        assert world.inbound()[-1].outcome == "refused", data
    assert world.line(1).assignment.state is State.PENDING


def test_the_same_update_twice_is_recorded_and_silent(world: InProcess) -> None:
    _room, group = begun(world)
    update = group.says(f"/list@{BOT_NAME}")
    assert update is not None
    group.hears("待办任务")
    world.restarts()
    world.api.push_again(update)
    world.happens()
    group.hears_nothing_more()
    assert world.inbound()[-1].repeats >= 1


def test_a_fault_of_ours_is_told_in_one_line_and_loses_nothing(
    world: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, group = begun(world)
    monkeypatch.setattr("bot.dialogue.presses._fresh", lambda *_: 1 / 0)
    assert "出了点问题" in group.presses(world.slip, "收到")  # type: ignore[attr-defined]
    room.hears("一条消息未能处理：经信厅工作群", "ZeroDivisionError")
    assert world.inbound()[-1].outcome == "fault: ZeroDivisionError"
    assert Path


def test_nobody_waits_while_a_list_is_read(world: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from jobs.campaigns import lists
    from jobs.reading.document import Document
    from jobs.reading.read import read_document

    others: list[bool] = []

    def slow(path: Path, year: int | None) -> Document:
        def write() -> bool:
            with world.store.write() as session:
                return register.find_chat(session, "telegram", "0") is None

        with ThreadPoolExecutor(1) as pool:
            others.append(pool.submit(write).result(timeout=10))
        return read_document(path, year)

    room = world.room()
    room.room.admin = True
    world.begins("2022-03-01 10:00")
    monkeypatch.setattr(lists, "read_guarded", slow)
    lists._read.cache_clear()
    room.says("导入 2022", who="王协调", file=("清单.txt", LIST.encode()))
    room.hears("【已读入，待启动】专项行动1")
    room.hears("【请核对】第1处，共1处：期限", "主汛期前")
    assert others == [True]
