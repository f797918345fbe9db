"""Broadcasts and urgent calls on Telegram: preview, receipts, the live tally, the silent chased, the person above."""

import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from bot.channels.wecom.robot import ABILITIES
from db import register, stored
from db.bodies import CallBody
from db.models import Notice
from db.words import ChatRole, NoticeKind, Rank, Reason
from jobs.notices.render import render
from jobs.notices.views import Extra
from tests.harness.bot_api import BOT_NAME, Sent
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, at, task
from tests.harness.world import Group, InProcess


class Three:
    """Three units with their groups, and the coordinators' room."""

    def __init__(self, world: InProcess) -> None:
        self.world, self.room = world, world.room()
        self.economy = world.group("经信厅工作群", bound_to=(ECONOMY,))
        self.emergency = world.group("应急厅工作群", bound_to=(EMERGENCY,))
        self.environment = world.group("生态厅工作群", bound_to=(ENVIRONMENT,))
        world.begins("2022-06-01 10:00")

    def broadcasts(self, text: str, **how: object) -> Sent:
        """The coordinator writes, looks at the preview and confirms; return the tally."""
        preview = self.previews(text, **how)
        assert "已排入发送" in self.room.presses(preview, "确认发出", who="王协调")
        return self.room.hears("回执】")

    def counts(self, tally: Sent, *words: str) -> None:
        """Expect figures in the tally: alive, or looked at again with a press."""
        self.world.platform.look_again(self.room, tally, "王协调")
        for word in words:
            assert word in tally.text, f"instead of {word} the tally shows:\n{tally.text}"

    def ends(self, tally: Sent, *words: str) -> None:
        """Expect the last figures: alive, or in a message of their own."""
        self.room.learns(tally, *words)

    def previews(self, text: str, **how: object) -> Sent:
        self.room.says(text, who="王协调", **how)
        return self.room.hears("预览】")


@pytest.fixture
def three(world: InProcess) -> Three:
    return Three(world)


def test_a_broadcast_is_previewed_sent_confirmed_and_counted_in_one_message(three: Three) -> None:
    preview = three.previews(f"/broadcast@{BOT_NAME} 全部 今晚有暴雨，请加强值守。")
    for word in ("全部单位——3个单位，3个会话", "省经信厅", "【群发】今晚有暴雨，请加强值守。", "——王协调"):
        assert word in preview.text
    three.economy.hears_nothing_more()
    three.room.presses(preview, "确认发出", who="王协调")
    tally = three.room.hears("【群发回执】", "共3个单位")
    three.room.says("今天别催", who="王协调", reply=tally)
    three.room.hears("没有改动：未确认的只在您按“催未确认”时催", "不再等候请写")
    assert "确认发出" in preview.text
    assert preview.buttons == []
    said = [group.hears("【群发】今晚有暴雨") for group in (three.economy, three.emergency, three.environment)]
    assert "省经信厅收到（张工" in three.economy.presses(said[0], "收到")
    assert said[0].buttons == []
    assert f"✓ 张工 6月1日{three.world.clock_at('10:00')} 收到" in said[0].text
    three.world.until("2022-06-01 10:01")
    three.counts(tally, "已发出3　已确认1　未确认2　未送达0", "未确认：省应急管理厅、省生态环境厅")
    assert "已由张工于" in three.economy.presses(said[0], "", who="李工", data="k:1")


def test_a_broadcast_can_be_cancelled_before_it_goes_out_and_never_after(three: Three) -> None:
    preview = three.previews(f"/broadcast@{BOT_NAME} 全部 试一下")
    assert "已取消，未发出" in three.room.presses(preview, "取消", who="王协调")
    assert "已由王协调于" in three.room.presses(preview, "", who="王协调", data="B:1")
    three.economy.hears_nothing_more()


def test_what_a_unit_replies_is_its_receipt_and_is_passed_on(three: Three) -> None:
    tally = three.broadcasts(f"/broadcast@{BOT_NAME} 省经信厅、省应急管理厅 请报值班表")
    said, other = three.economy.hears("请报值班表"), three.emergency.hears("请报值班表")
    three.environment.hears_nothing_more()
    three.economy.says("值班表已发到邮箱", reply=said)
    three.economy.hears("已确认收到，您的话已转达协调员")
    three.room.hears("【群发答复】省经信厅 张工", "值班表已发到邮箱")
    three.emergency.says("收到", who="钱工", reply=other)
    three.emergency.hears("省应急管理厅收到（钱工")
    three.world.until("2022-06-01 10:01")
    three.ends(tally, "已确认2")


def test_files_go_with_a_broadcast(three: Three) -> None:
    preview = three.previews(f"/broadcast@{BOT_NAME} 全部 请学习附件", file=("通知.pdf", b"%PDF notice"))
    assert "附件：通知.pdf" in preview.text
    three.room.presses(preview, "确认发出", who="王协调")
    three.room.hears("回执")
    three.world.until("2022-06-01 10:01")
    for group in (three.economy, three.emergency, three.environment):
        group.hears("请学习附件")
        assert group.hears("通知.pdf").content == b"%PDF notice"


@pytest.mark.parametrize(
    ("audience", "told", "silent"),
    [
        ("牵头", (ECONOMY,), (EMERGENCY, ENVIRONMENT)),
        ("逾期", (ENVIRONMENT,), (ECONOMY, EMERGENCY)),
        ("未办结", (ECONOMY, EMERGENCY, ENVIRONMENT), ()),
        ("未签收", (EMERGENCY, ENVIRONMENT), (ECONOMY,)),
    ],
)
def test_an_audience_is_chosen_by_how_things_stand(
    world: InProcess, audience: str, told: tuple[str, ...], silent: tuple[str, ...]
) -> None:
    room = world.room()
    groups = {unit: world.group(f"{unit}群", bound_to=(unit,)) for unit in (ECONOMY, EMERGENCY, ENVIRONMENT)}
    world.begins(
        "2022-06-01 10:00", task(1, "2022-06-30"), task(2, "2022-05-30", lead=(), responsible=(ENVIRONMENT,)),
        task(3, "2022-07-30", lead=(), responsible=(EMERGENCY, ENVIRONMENT)),
    )  # fmt: skip
    groups[ECONOMY].says("收到", reply=groups[ECONOMY].hears("交办"))
    world.silent = True
    room.says(f"/broadcast@{BOT_NAME} {audience} 请抓紧办理", who="王协调")
    preview = next(sent for sent in world.api.sent if "【群发预览】" in sent.text)
    room.presses(preview, "确认发出", who="王协调")
    heard = {sent.chat for sent in world.api.sent if "【群发】请抓紧" in sent.text and sent.chat != room.room.id}
    assert heard == {groups[unit].room.id for unit in told}
    assert silent is not None


def test_only_the_silent_are_chased_and_not_too_often(three: Three) -> None:
    tally = three.broadcasts(f"/broadcast@{BOT_NAME} 全部 请报数据")
    said = three.economy.hears("请报数据")
    three.emergency.hears("请报数据")
    three.environment.hears("请报数据")
    three.economy.presses(said, "收到")
    three.world.until("2022-06-01 10:10")
    assert "请21分钟后再催" in three.room.presses(tally, "催未确认", who="王协调")
    three.world.until("2022-06-01 10:31")
    assert "已排入发送：2个会话" in three.room.presses(tally, "催未确认", who="王协调")
    again = three.emergency.hears("再次提醒：贵单位尚未确认", "请报数据")
    three.environment.hears("再次提醒")
    three.economy.hears_nothing_more()
    three.world.until("2022-06-01 15:00")
    three.emergency.presses(again, "收到", who="钱工")
    three.world.until("2022-06-01 15:01")
    if not three.world.platform.edits:
        three.room.hears("【群发回执】", "已确认1　未确认2")  # what a living tally shows comes when the time is up
    three.counts(tally, "已确认2（其中超时1）")


def test_who_cannot_be_reached_is_counted_and_told(three: Three) -> None:
    with three.world.store.write() as session:
        register.ensure_unit(session, "省消防救援总队")
    three.world.imports(task(1, "2022-12-30", lead=("省消防救援总队",)))
    three.environment.room.status = "kicked"
    preview = three.previews(f"/broadcast@{BOT_NAME} 全部 请注意")
    assert "没有会话：省消防救援总队（绑定后补送）" in preview.text
    three.room.presses(preview, "确认发出", who="王协调")
    tally = three.room.hears("回执")
    three.economy.hears("请注意")
    three.emergency.hears("请注意")
    three.world.until("2022-06-01 10:01")
    three.counts(tally, "已发出2　已确认0　未确认2　未送达2", "未送达：省生态环境厅、省消防救援总队")
    three.world.silent = True
    late = three.world.group("消防群", member=True)
    late.says(f"/bind@{BOT_NAME} 省消防救援总队", who="王协调")
    three.world.until("2022-06-01 10:02")
    assert any("【群发】请注意" in sent.text for sent in three.world.api.sent if sent.chat == late.room.id)


def test_a_broadcast_is_ended_and_handed_out_as_a_table(three: Three) -> None:
    tally = three.broadcasts(f"/broadcast@{BOT_NAME} 全部 =1+1 请报数据")
    said = three.economy.hears("请报数据")
    three.emergency.hears("请报数据")
    three.environment.hears("请报数据")
    three.economy.presses(said, "收到")
    three.room.presses(tally, "结束", who="王协调")
    three.world.until("2022-06-01 10:01")
    assert "（已结束）" in tally.text
    assert [label for label, _data in tally.buttons] == ["导出"]
    three.room.presses(tally, "导出", who="王协调")
    three.room.hears("群发1的回执")
    three.world.until("2022-06-01 10:02")
    table = three.room.hears("群发回执1.xlsx")
    sheet = load_workbook(io.BytesIO(table.content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][:3] == [ECONOMY, "已确认", "张工"]
    assert rows[2][:2] == [EMERGENCY, "未确认"]
    assert re.fullmatch(r"=1\+1 请报数据（王协调 2022-06-01 10:\d\d发出）", str(rows[-1][1]))
    assert sheet.cell(len(rows), 2).data_type == "s"


@pytest.mark.only("telegram", why="no edits")
def test_a_tally_whose_message_was_deleted_is_shown_anew(three: Three) -> None:
    tally = three.broadcasts(f"/broadcast@{BOT_NAME} 全部 请报数据")
    said = three.economy.hears("请报数据")
    three.emergency.hears("请报数据")
    three.environment.hears("请报数据")
    del three.room.room.messages[tally.id]
    three.economy.presses(said, "收到")
    three.world.until("2022-06-01 10:01")
    three.room.hears("【群发回执】", "已发出3")


def test_an_urgent_call_is_repeated_to_the_silent_then_goes_to_the_person_above(world: InProcess) -> None:
    three = Three(world)
    leaders = world.room(ChatRole.LEADERS, who="李领导")
    world.appoints("孙厅长", Rank.LEADER, EMERGENCY)
    above = world.private("孙厅长")
    above.says("/start", who="孙厅长")
    above.hears("所分管单位的任务")
    tally = three.broadcasts(f"/call@{BOT_NAME} 全部 台风登陆，立即核实避险情况！")
    first = [group.hears("【紧急叫应】台风登陆") for group in (three.economy, three.emergency, three.environment)]
    three.economy.presses(first[0], "收到")
    world.until("2022-06-01 10:11")
    three.emergency.hears("【紧急叫应】（第2次）")
    second = three.environment.hears("（第2次）")
    three.economy.hears_nothing_more()
    world.until("2022-06-01 10:21")
    three.emergency.hears("（第3次）")
    three.environment.hears("（第3次）")
    three.environment.presses(second, "收到", who="周工")
    world.until("2022-06-01 10:31")
    above.hears("【叫应上报】", EMERGENCY, "经3次叫应仍未回应")
    leaders.hears_nothing_more()
    world.until("2022-06-01 11:30")
    three.ends(tally, "已确认2（其中超时1）　未确认1")


def test_an_urgent_call_goes_out_at_night_and_before_everything_else(world: InProcess) -> None:
    three = Three(world)
    world.until("2022-06-01 23:30")
    three.broadcasts(f"/call@{BOT_NAME} 省经信厅 立即上报")
    three.economy.hears("【紧急叫应】立即上报")
    world.silent = True


def test_a_call_without_anybody_above_is_told_to_the_leaders_room(world: InProcess) -> None:
    three = Three(world)
    leaders: Group = world.room(ChatRole.LEADERS, who="李领导")
    three.broadcasts(f"/call@{BOT_NAME} 省经信厅 立即上报")
    three.economy.hears("【紧急叫应】")
    world.until("2022-06-01 10:40")
    leaders.hears("【叫应上报】", ECONOMY)
    world.silent = True


def test_who_was_never_called_is_not_reported_silent(world: InProcess) -> None:
    three = Three(world)
    leaders: Group = world.room(ChatRole.LEADERS, who="李领导")
    world.imports(task(1, "2022-12-30", lead=("省消防救援总队",)))
    three.environment.room.status = "kicked"
    three.broadcasts(f"/call@{BOT_NAME} 全部 立即核实")
    for group in (three.economy, three.emergency):
        group.presses(group.hears("【紧急叫应】"), "收到", who=f"{group.room.id}的人")
    world.until("2022-06-01 10:40")
    report = leaders.hears("【叫应上报】", "没有会话、未能叫到（请电话联系）", "省消防救援总队", "省生态环境厅")
    assert "仍未回应" not in report.text
    leaders.hears_nothing_more()
    world.silent = True


def test_the_silent_and_the_unreachable_stand_apart_in_what_goes_above(world: InProcess) -> None:
    three = Three(world)
    leaders: Group = world.room(ChatRole.LEADERS, who="李领导")
    three.environment.room.status = "kicked"
    three.broadcasts(f"/call@{BOT_NAME} 省经信厅、省生态环境厅 立即核实")
    world.silent = True
    world.until("2022-06-01 10:40")
    report = leaders.said("【叫应上报】").text
    silent, _heading, unreachable = report.partition("没有会话、未能叫到（请电话联系）：")
    assert ("以下单位经3次叫应仍未回应：\n省经信厅" in silent, ECONOMY in unreachable) == (True, False)
    assert (ENVIRONMENT in silent, ENVIRONMENT in unreachable) == (False, True)


def test_a_broadcast_outside_office_hours_says_when_it_goes_out_and_offers_to_send_now(world: InProcess) -> None:
    three = Three(world)
    world.until("2022-06-04 09:00")
    when = f"现在是休息时间，将于6月6日（周一）8:3{'1' if world.platform.later else '0'}起发出"
    preview = three.previews(f"/broadcast@{BOT_NAME} 省经信厅 今晚有暴雨")
    assert when in preview.text
    assert when in three.room.presses(preview, "确认发出", who="王协调")
    tally = three.room.hears("【群发回执】", "待发1（6月6日（周一）")
    three.economy.hears_nothing_more()
    assert "已排入发送：1个会话。" in three.room.presses(tally, "现在就发", who="王协调")
    three.economy.hears("【群发】今晚有暴雨")
    world.silent = True


def test_a_broadcast_that_cannot_wait_is_sent_from_its_preview(world: InProcess) -> None:
    three = Three(world)
    world.until("2022-06-04 09:00")
    preview = three.previews(f"/broadcast@{BOT_NAME} 省经信厅 今晚有暴雨")
    assert "休息时间" not in three.room.presses(preview, "现在就发", who="王协调")
    three.economy.hears("【群发】今晚有暴雨")
    world.silent = True


def test_the_preview_shows_the_very_words_that_go_out(three: Three) -> None:
    preview = three.previews(f"/broadcast@{BOT_NAME} 省经信厅 请报数据")
    shown = preview.text.partition("——以下为发出的内容——\n")[2].strip()
    three.room.presses(preview, "确认发出", who="王协调")
    three.room.hears("回执】")
    said = three.economy.hears("请报数据")
    assert all(line in said.text for line in shown.splitlines())
    assert ("回复本条" if three.world.platform.edits else "引用本条并@我") in shown


def test_a_preview_names_no_unit_twice(three: Three) -> None:
    three.environment.room.status = "kicked"
    text = three.previews(f"/broadcast@{BOT_NAME} 省经信厅、省应急管理厅 请报数据").text
    assert [text.count(name) for name in (ECONOMY, EMERGENCY)] == [1, 1]


def test_a_broadcast_whose_arrival_is_unknown_is_repeated_once_and_marked(three: Three) -> None:
    three.world.platform.breaks(three.world.api, three.economy.room)
    three.broadcasts(f"/broadcast@{BOT_NAME} 省经信厅 请报数据")
    three.economy.hears("【群发】请报数据")
    three.economy.hears("〔补发〕【群发】请报数据")
    three.room.hears("群发是否送出不明")


def test_only_coordinators_broadcast(three: Three) -> None:
    three.economy.says(f"/broadcast@{BOT_NAME} 全部 大家好")
    three.economy.hears("该操作由协调员在协调室办理")
    three.room.says(f"/broadcast@{BOT_NAME} 全部 大家好", who="路人")
    three.room.hears("没有办理该事项的权限")
    three.room.says(f"/broadcast@{BOT_NAME}", who="王协调")
    three.room.hears("请写：", " 全部 内容")


def test_a_broadcast_s_buttons_belong_to_its_chats(three: Three) -> None:
    three.broadcasts(f"/broadcast@{BOT_NAME} 省经信厅 请报数据")
    said = three.economy.hears("请报数据")
    assert "不属于本会话" in three.emergency.presses(said, "收到", who="钱工")


def test_received_without_pointing_at_it_confirms_a_broadcast_where_no_task_waits(three: Three) -> None:
    tally = three.broadcasts(f"/broadcast@{BOT_NAME} 省经信厅 请报数据")
    three.economy.hears("请报数据")
    three.economy.says(f"/ack@{BOT_NAME}")
    three.economy.hears("省经信厅收到（张工")
    three.ends(tally, "已确认1")


def test_whatever_is_said_to_the_bot_after_an_urgent_call_is_its_answer(three: Three) -> None:
    tally = three.broadcasts(f"/call@{BOT_NAME} 省经信厅 立即核实")
    said = three.economy.hears("立即核实")
    three.economy.says("正在核实", reply=said)
    three.economy.hears("已确认收到，您的话已转达协调员")
    three.room.hears("正在核实")
    three.ends(tally, "已确认1")


def test_a_mistyped_unit_is_not_everybody(three: Three) -> None:
    three.room.says(f"/broadcast@{BOT_NAME} 省火星厅 请按附件办理", who="王协调")
    three.room.hears("没有找到单位“省火星厅”", " 全部 内容。")


def test_the_robot_that_stands_in_does_not_send_people_to_the_group_that_is_dead() -> None:
    notice = Notice(
        kind=NoticeKind.BROADCAST, reason=Reason.ASKED, created_at=at("2022-06-01 10:00"),
        not_before=at("2022-06-01 10:00"), body_json=stored.write(CallBody("请报数据", "王协调", buttons=(("收到", ""),))),
    )  # fmt: skip
    text = render(notice, [], ABILITIES, date(2022, 6, 1), Extra())[0].text
    assert "把督办机器人请回原群并@它一句（原群里的联系不上了），或电话联系本办" in text


def test_a_reply_to_the_figures_is_about_that_broadcast_and_about_no_task(three: Three) -> None:
    tally = three.broadcasts(f"/broadcast@{BOT_NAME} 全部 今晚有暴雨，请加强值守。")
    three.world.takes_silently()
    three.room.says("催一下", who="王协调", reply=tally)
    three.room.hears("距上次发送不足30分钟")
    three.world.takes_silently()
    three.room.says("结束", who="王协调", reply=tally)
    three.room.presses(three.room.hears("群发没有结束"), "结束", who="王协调")
    three.world.takes_silently()
    three.room.says("结束", who="王协调", reply=tally)
    three.room.hears("这次群发已由王协调于")
    three.world.silent = True
