"""What is WeCom's own: speaking first, quotes, names that nobody tells, cards of choices, removal, pace, fallbacks."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.channels.incoming import Call
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.wecom.app import WecomApp
from bot.channels.wecom.robot import WecomRobot
from bot.inbound.inbox import Inbox
from bot.inbound.listener import Listener
from db import leases, outbox, register
from db.bodies import RelayBody, ReplyBody
from db.models import Chat, Delivery, Evidence, History, Notice
from db.words import ChatRole, DeliveryState, NoticeKind, Rank, Reason, State
from jobs.delivery import missed
from jobs.delivery.deliverer import at_once
from tests.harness import wecom_api as stand_in
from tests.harness.bot_api import TOKEN as TELEGRAM_TOKEN
from tests.harness.bot_api import BotApi
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.wecom_api import WecomApi
from tests.harness.world import Group, InProcess


def begun(wecom: InProcess, *tasks: object) -> tuple[Group, Group]:
    room, group = wecom.room(), wecom.group("经信厅工作群", bound_to=(ECONOMY,))
    wecom.begins("2022-06-01 10:00", *(tasks or (task(1, "2022-06-30"),)))  # type: ignore[arg-type]
    return room, group


def chat_of(wecom: InProcess, group: Group) -> Chat:
    with wecom.store.read() as session:
        chat = register.find_chat(session, "wecom", group.external)
    assert chat is not None
    return chat


# ---------------------------------------------------------------- binding, speaking first


def test_a_group_is_bound_by_speaking_to_the_bot_which_may_write_there_from_then_on(wecom: InProcess) -> None:
    room = wecom.room()
    wecom.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    with wecom.store.write() as session:
        unit = register.ensure_unit(session, ECONOMY)
        code, _until = register.invite(session, Rank.CONTACT, unit, wecom.now())
    group = wecom.group("经信厅工作群", member=True)
    group.says(f"@督办机器人 绑定 {code}")
    group.hears("已绑定：本群为省经信厅")
    room.hears("【登记】省经信厅已绑定“省经信厅”（张工）")
    group.hears("【补送】", "〔A-1〕")
    assert chat_of(wecom, group).title == ECONOMY  # the service does not tell what a group is called


def test_an_unbound_group_is_told_how_in_the_words_that_work_here(wecom: InProcess) -> None:
    group = wecom.group("经信厅工作群", member=True)
    group.says("@督办机器人 我的任务", who="路人")
    group.hears("本会话尚未绑定单位", "@机器人 绑定 绑定码")


def test_a_group_that_has_not_spoken_is_unreachable_with_that_advice_until_it_has(wecom: InProcess) -> None:
    room = wecom.room()
    group = wecom.group("经信厅工作群", bound_to=(ECONOMY,))
    group.room.spoken = False
    wecom.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    assert "还没有人@过机器人" in (chat_of(wecom, group).dead_why or "")
    wecom.rehearsal._routine.dead_chats(wecom.now())
    wecom.happens()
    room.hears("会话失效：省经信厅", "请在群里@机器人说一句话")
    room.says("@督办机器人 单位", who="王协调")
    room.hears("省经信厅：经信厅工作群", "无法送达")
    group.says("@督办机器人 我的任务")
    group.hears("待办任务（1项）")
    group.hears("【补送】", "〔A-1〕")


def test_a_bot_that_was_removed_loses_nothing_and_is_heard_of_again_by_a_word(wecom: InProcess) -> None:
    room, group = begun(wecom)
    group.hears("交办通知")
    group.says("@督办机器人 收到")
    group.hears("已签收")
    wecom.api.remove_bot(group.room)
    wecom.until("2022-06-16 12:00")
    wecom.rehearsal._routine.dead_chats(wecom.now())
    wecom.happens()
    wecom.silent = True
    assert "会话失效：省经信厅" in room.said("会话失效").text
    wecom.api.add_bot(group.room)
    group.says("@督办机器人 我的任务")
    assert "还有14天" in group.said("【补送】").text


def test_who_opens_the_conversation_is_welcomed_and_told_how(wecom: InProcess) -> None:
    frame = wecom.api.enters(wecom.person("路人"))
    wecom.happens()
    assert "绑定 绑定码" in wecom.api.welcomed[frame["headers"]["req_id"]]


# ---------------------------------------------------------------- cards


def test_a_reminder_is_a_card_with_the_four_answers_and_the_press_shows_who_and_when(wecom: InProcess) -> None:
    _room, group = begun(wecom)
    slip = group.hears("【交办通知】〔A-1〕", "完成第1项工作。", "省经信厅（牵头）", "2022年6月30日，还有29天")
    assert [label for label, _data in slip.buttons] == ["收到", "报进展", "报办结", "申请延期"]
    group.presses(slip, "收到")
    assert slip.edits == 1
    assert slip.text.endswith("✓ 张工 6月1日10:01 签收〔A-1〕")
    assert [label for label, _data in slip.buttons] == ["报进展", "报办结", "申请延期"]


def test_a_press_that_only_asks_is_shown_on_the_card_too(wecom: InProcess) -> None:
    _room, group = begun(wecom)
    slip = group.hears("交办通知")
    group.presses(slip, "报进展")
    group.hears("请回复一句进展", "（请@我回复）")
    assert slip.text.endswith("✓ 张工 6月1日10:01 按了“报进展”")


def test_the_client_s_flat_events_are_understood_too(wecom: InProcess) -> None:
    wecom.api.flat_events = True
    _room, group = begun(wecom)
    assert "已签收〔A-1〕" in group.presses(group.hears("交办通知"), "收到")


def test_a_task_too_long_for_a_card_goes_out_in_full_before_it(wecom: InProcess) -> None:
    words = "对全省化工园区逐一开展安全整治提升复核认定，" * 8
    _room, group = begun(wecom, task(1, "2022-06-30", text=words))
    slip = group.hears(words)
    assert [part.kind for part in slip.parts] == ["markdown", "card"]
    assert "已签收" in group.presses(slip, "收到")


def test_several_tasks_are_one_card_of_choices_in_which_one_is_picked_and_answered(wecom: InProcess) -> None:
    room, group = begun(wecom, *(task(number, "2022-06-30") for number in range(1, 4)))
    slip = group.hears("以下3项", "〔A-3〕", "在下面的卡片上直接按“提交”签收")
    things, acts = slip.picks[0][2], slip.picks[1][2]
    assert [label for label, _id in things] == ["全部", "A-1 6月30日", "A-2 6月30日", "A-3 6月30日"]
    assert [label for label, _id in acts] == ["收到", "报进展", "报办结", "申请延期", "看全文"]
    chosen = {"thing": dict(things)["A-2 6月30日"], "act": "d"}
    wecom.api.presses(group.room, slip.parts[-1], "提交", wecom.person("张工"), picks=chosen)
    wecom.happens()
    group.hears("〔A-2〕已报办结")
    room.hears("待核查", "〔A-2〕")
    assert "A-2 6月30日" not in [label for label, _id in slip.picks[0][2]]
    wecom.api.presses(group.room, slip.parts[-1], "提交", wecom.person("张工"), picks={"thing": "all", "act": "d"})
    wecom.happens()
    group.hears("“全部”只能签收")
    assert "已签收〔A-1〕〔A-3〕" in group.presses(slip, "全部收到")


def test_a_slow_store_is_shown_on_the_card_while_the_service_allows_it(
    wecom: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collections.abc import Callable
    from typing import Any

    gate = asyncio.Event()

    async def slowly(function: Callable[..., Any], *arguments: Any) -> Any:
        if function.__name__.startswith("take"):
            await gate.wait()
        elif function.__name__ == "end_redraw":
            gate.set()
        return function(*arguments)

    _room, group = begun(wecom)
    slip = group.hears("交办通知")
    monkeypatch.setattr("bot.inbound.listener.REDRAW_WITHIN", 0.01)
    wecom.listener._run = slowly
    assert "已签收〔A-1〕" in group.presses(slip, "收到")
    assert "收到：正在办理" in slip.text


# ---------------------------------------------------------------- words, quotes, files, names


def test_a_quote_is_placed_by_the_code_that_every_message_carries(wecom: InProcess) -> None:
    room, group = begun(wecom, task(1, "2022-06-30"), task(2, "2022-07-31"))
    slip = group.hears("交办通知")
    group.presses(slip, "A-2")
    own = group.hears("〔A-2〕")
    group.says("已经办结", reply=own)
    group.hears("〔A-2〕已报办结")
    room.hears("待核查", "〔A-2〕")
    assert wecom.line(1).assignment.state is State.PENDING


def test_a_mark_of_another_chat_s_message_leads_nowhere(wecom: InProcess) -> None:
    _room, group = begun(wecom, task(1, "2022-06-30", responsible=(EMERGENCY,)))
    other = wecom.group("应急厅工作群", bound_to=(EMERGENCY,))
    wecom.takes_silently()
    with wecom.store.read() as session:
        theirs = session.exec(select(Notice).where(Notice.chat_id == chat_of(wecom, group).id)).first()
    assert theirs is not None
    other.says(f"@督办机器人 〔#{theirs.id}〕办结", who="钱工")
    assert wecom.line(1).assignment.state is State.PENDING
    wecom.silent = True


def test_a_mention_may_stand_anywhere(wecom: InProcess) -> None:
    from bot.channels.wecom.updates import without_mention

    assert without_mention("@督办机器人\u2005收到") == "收到"
    assert without_mention("收到 @督办机器人") == "收到"
    assert without_mention("收到@督办机器人\u2005") == "收到"
    assert without_mention("办结7，@督办机器人 请核查") == "办结7，请核查"
    assert without_mention("请发到 a@b.com") == "请发到 a@b.com"


def test_a_picture_among_words_is_evidence_and_so_is_a_file_in_private(wecom: InProcess) -> None:
    room, group = begun(wecom)
    slip = group.hears("交办通知")
    group.says("现场照片", photo=b"a picture", reply=slip)
    group.hears("已收存佐证〔A-1〕")
    wecom.appoints("张工", Rank.CONTACT, ECONOMY)
    private = wecom.private("张工")
    private.says("我的任务")
    private.hears("待办任务（1项）")
    private.says(file=("报告.pdf", b"%PDF report"))
    private.hears("已收存佐证〔A-1〕：报告.pdf")
    with wecom.store.read() as session:
        kept = list(session.exec(select(Evidence)))
    assert [len(b"a picture"), len(b"%PDF report")] == [one.size for one in kept]
    assert room


def test_a_link_older_than_five_minutes_is_told_and_asked_for_again(wecom: InProcess) -> None:
    _room, group = begun(wecom)
    slip = group.hears("交办通知")
    wecom.api.says(group.room, wecom.person("张工"), reply=slip, file=("报告.pdf", b"%PDF report"))
    wecom.clock.turn_to(wecom.now() + timedelta(seconds=301))
    wecom.happens()
    group.hears("未收存", "链接已失效（五分钟内有效），请重新发送")


def test_a_voice_message_is_its_words(wecom: InProcess) -> None:
    _room, _group = begun(wecom)
    wecom.appoints("张工", Rank.CONTACT, ECONOMY)
    wecom.private("张工").says(voice="我的任务")
    wecom.private("张工").hears("待办任务（1项）")
    wecom.silent = True


def test_a_person_whose_name_nobody_tells_is_asked_for_it_once(wecom: InProcess) -> None:
    room, group = begun(wecom)
    slip = group.hears("交办通知")
    stranger = wecom.api.user("李四")
    wecom.people["李四"] = stranger
    group.presses(slip, "报进展", who="李四")
    group.hears("请回复一句进展")
    group.hears_nothing_more()  # one question at a time
    group.says("材料不全", who="李四", addressed=True)
    group.hears("已记录〔A-1〕进展", "材料不全")
    question = group.hears("请问您怎么称呼", "只问这一次")
    for polite, told in (("谢谢", "不客气。"), ("李四", "没听懂“李四”")):
        group.says(polite, who="李四", addressed=True)
        group.hears(told)
    group.says("李四", who="李四", reply=question)
    group.hears("已记下：李四")
    group.says("我是王五", who="李四", addressed=True)
    group.hears("没听懂")  # a name that is known is not changed by a word
    group.says("办结 1", who="李四", addressed=True)
    group.hears("〔A-1〕已报办结（李四")
    room.hears("待核查", "李四")
    with wecom.store.read() as session:
        who = [one.who for one in session.exec(select(History).order_by(col(History.id))) if one.assignment_id]
    assert who[-2:] == [stranger.id, "李四"]


def test_who_does_not_tell_a_name_is_not_asked_again_and_an_answer_is_no_name(wecom: InProcess) -> None:
    _room, group = begun(wecom)
    slip = group.hears("交办通知")
    wecom.people["李四"] = wecom.api.user("李四")
    group.presses(slip, "收到", who="李四")
    group.hears("请问您怎么称呼")
    group.says("收到", who="李四", addressed=True)
    group.hears("好的")
    group.says("我叫李四", who="李四", addressed=True)
    group.hears("已记下：李四")


def test_nobody_becomes_somebody_with_rights_by_saying_a_name(wecom: InProcess) -> None:
    _room, group = begun(wecom)
    wecom.appoints("李领导", Rank.LEADER)
    slip = group.hears("交办通知")
    wecom.people["路人"] = wecom.api.user("路人")
    group.presses(slip, "收到", who="路人")
    group.hears("请问您怎么称呼")
    group.says("我是王协调", who="路人", addressed=True)
    group.hears("“王协调”已是登记人员的姓名")
    wecom.silent = True


def test_people_s_words_mean_nothing_in_markdown_and_mention_nobody(wecom: InProcess) -> None:
    room, group = begun(wecom)
    slip = group.hears("交办通知")
    group.says("佐证要盖章吗？<@user1> [点我](https://例.cn) **重要** `x`", reply=slip)
    group.hears("已转达协调员")
    room.hears("【提问】", "＜@user1＞ ［点我］", "＊＊重要＊＊", "｀x｀")
    assert wecom.api.faults == []


def test_a_number_too_large_for_any_message_is_only_words(wecom: InProcess) -> None:
    _room, group = begun(wecom)
    group.hears("交办通知")
    group.says("@督办机器人 收到 〔#99999999999999999999〕\0")
    group.hears("已签收〔A-1〕")


# ---------------------------------------------------------------- the connection


def test_a_connection_that_is_dropped_while_it_opens_leaves_the_next_one_alone(
    wecom: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.wecom.wire.REST_FIRST", 0.01)
    _room, group = begun(wecom)
    group.hears("交办通知")
    group.says("@督办机器人 收到")
    group.hears("已签收")
    before = len(wecom.api.subscribes)
    wecom.api.troubles.append(stand_in.Trouble("reset", cmd="aibot_subscribe", times=3))
    wecom.api.sever()

    async def until_it_stands() -> None:
        async with asyncio.timeout(10):
            while not wecom.channel.ready or len(wecom.api.subscribes) == before:
                await asyncio.to_thread(lambda: None)  # lets the loop and the stand-in go on

    wecom.loop.run_until_complete(until_it_stands())
    group.says("@督办机器人 我的任务")
    group.hears("待办任务（1项）")
    assert len(wecom.api.subscribes) == before + 1


def test_files_are_fetched_again_after_the_connection_was_let_go_and_taken_up(wecom: InProcess) -> None:
    _room, group = begun(wecom)
    slip = group.hears("交办通知")
    for name in ("一.pdf", "二.pdf"):
        group.says(reply=slip, file=(name, b"%PDF report " + name.encode()))
        group.hears(f"已收存佐证〔A-1〕：{name}")
        wecom.loop.run_until_complete(wecom.channel.close())
        wecom.loop.run_until_complete(wecom.channel.open())


# ---------------------------------------------------------------- pace


def test_nobody_hears_more_than_thirty_a_minute_answers_included_and_no_flood_comes(wecom: InProcess) -> None:
    _room, group = begun(wecom)
    group.hears("交办通知")
    with wecom.store.write() as session:
        for number in range(75):
            outbox.enqueue(
                session, now=wecom.now(), kind=NoticeKind.REPLY, reason=Reason.ASKED,
                chat_id=chat_of(wecom, group).id, body=ReplyBody(f"第{number}条"),
            )  # fmt: skip
    wecom.until("2022-06-01 10:05")
    for number in range(75):
        group.hears(f"第{number}条")
    assert wecom.api.floods == 0
    with wecom.store.read() as session:
        at = sorted(session.exec(select(Delivery.at)))
    assert all((later - sooner).total_seconds() >= 60 for sooner, later in zip(at, at[30:], strict=False))


def test_nothing_automatic_goes_out_at_the_full_or_the_half_hour_and_answers_do(wecom: InProcess) -> None:
    wecom.room(), wecom.group("经信厅工作群", bound_to=(ECONOMY,))
    wecom.begins("2022-06-01 09:59", *(task(number, f"2022-06-{number + 5:02}") for number in range(1, 20)))
    wecom.silent = True
    group = wecom.groups["经信厅工作群"]
    wecom.until("2022-06-01 10:29")
    group.says("@督办机器人 我的任务")
    answered = wecom.now()
    assert answered.minute == 30
    wecom.until("2022-06-30 18:00")
    with wecom.store.read() as session:
        sent = session.exec(select(Notice).where(Notice.state == DeliveryState.SENT)).all()
    automatic = [one for one in sent if one.kind not in (NoticeKind.REPLY,)]
    assert len(automatic) > 30
    assert {one.sent_at.minute for one in automatic if one.sent_at} & {0, 30} == set()


def test_a_retry_time_is_kept_over_a_restart(wecom: InProcess) -> None:
    wecom.api.troubles.append(stand_in.Trouble("errcode", code=45009, text="api freq out of limit"))
    wecom.room()
    group = wecom.group("经信厅工作群", bound_to=(ECONOMY,))
    wecom.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    wecom.restarts()
    group.hears_nothing_more()
    wecom.until("2022-06-01 10:03")
    group.hears("交办通知")


# ---------------------------------------------------------------- what was missed


def test_a_short_break_is_not_worth_a_word_and_a_long_one_is_asked_about_once_a_day(wecom: InProcess) -> None:
    room, group = begun(wecom)
    group.hears("交办通知")
    idle = wecom.group("应急厅工作群", bound_to=(EMERGENCY,))

    def back_after(minutes: int) -> None:
        with wecom.store.write() as session:
            leases.acquire(session, "wecom:bot", "me", wecom.now(), wecom.now())
            leases.seen(session, "wecom:bot", wecom.now() - timedelta(minutes=minutes))
            gap = leases.seen(session, "wecom:bot", wecom.now())
            assert gap is not None
            missed.ask(session, wecom.desk, "wecom", "企业微信", gap, wecom.now())
        wecom.happens()

    back_after(9)
    group.hears_nothing_more()
    back_after(45)
    group.hears("【断线说明】6月1日09:16至6月1日10:01，督办机器人与企业微信的连接中断", "请再说一次")
    room.hears("【断线说明】")
    back_after(45)
    group.hears_nothing_more()
    room.hears("【发送异常】连接中断", "2个会话今天已问过一次", "请用电话核实")
    room.hears_nothing_more()
    idle.hears_nothing_more()
    wecom.until("2022-06-02 10:05")
    wecom.takes_silently()
    back_after(45)
    group.hears("【断线说明】")
    wecom.silent = True


# ---------------------------------------------------------------- robots, the application, two platforms


class Wide(InProcess):
    """A story in which a robot and the application are there too."""

    def restarts(self) -> None:
        """Start the other channels beside the bot."""
        super().restarts()
        self.robot = WecomRobot({"经信厅通知": "robot-key-eco"}, self.api.url, patience=2.0)
        self.app = WecomApp(
            stand_in.CORP_ID, stand_in.CORP_SECRET, stand_in.AGENT_ID, now=self.now, token=stand_in.TOKEN,
            aes_key=stand_in.AES_KEY, api_url=self.api.url, patience=2.0,
        )  # fmt: skip
        self.rehearsal._deliverer._channels |= {"wecom_robot": self.robot, "wecom_app": self.app}  # type: ignore[operator]

    def calls(self, query: dict[str, str], body: bytes) -> int:
        """The service brings something to the application's address."""
        inbox = Inbox(self.store, self.desk, {"wecom_app": self.app.abilities})
        listener = Listener(self.app, inbox, self.now, at_once)
        answer = self.loop.run_until_complete(self.app.called(Call("POST", {}, query, body), listener.hear))
        self.happens()
        return answer.status

    def ends(self) -> None:
        """Close the other channels too."""
        self.loop.run_until_complete(self.robot.close())
        self.loop.run_until_complete(self.app.close())
        super().ends()


@pytest.fixture
def wide(tmp_path: Path, wecom_api: WecomApi) -> Iterator[Wide]:
    told = Wide(tmp_path, wecom_api)
    wecom_api.clock_wall = lambda: told.now().timestamp()
    yield told
    told.ends()


def with_fallback(wide: Wide) -> tuple[Group, Group, object]:
    room, group = wide.room(), wide.group("经信厅工作群", bound_to=(ECONOMY,))
    robot = wide.api.robot("经信厅通知", "robot-key-eco")
    wide.appoints("张工", Rank.CONTACT, ECONOMY)
    with wide.store.write() as session:
        unit = register.ensure_unit(session, ECONOMY)
        chat = register.ensure_chat(session, "wecom_robot", "经信厅通知", "经信厅通知")
        register.bind(session, unit, chat, fallback=True)
    wide.silent = True
    return room, group, robot


def by_robot(wide: Wide) -> list[stand_in.Sent]:
    return [sent for sent in wide.api.sent if sent.via == "robot"]


def test_a_fallback_is_silent_while_the_first_route_lives(wide: Wide) -> None:
    _room, group, _robot = with_fallback(wide)
    wide.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    group.hears("交办通知")
    assert by_robot(wide) == []


def test_a_fallback_takes_over_what_the_dead_route_could_not_say_and_points_at_the_contact(wide: Wide) -> None:
    room, group, _robot = with_fallback(wide)
    group.room.status = "kicked"
    wide.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    (slip,) = by_robot(wide)
    assert "【交办通知】" in slip.text
    assert "只发不收" in slip.text
    assert slip.mentions == [wide.person("张工").id]
    wide.rehearsal._routine.dead_chats(wide.now())
    wide.happens()
    assert "备用会话" in room.said("会话失效").text
    wide.until("2022-06-16 12:00")
    assert "【提醒】" in by_robot(wide)[-1].text


def test_the_first_route_is_used_again_once_somebody_speaks_there(wide: Wide) -> None:
    _room, group, _robot = with_fallback(wide)
    group.room.status = "kicked"
    wide.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    wide.api.add_bot(group.room)
    group.says("@督办机器人 收到")
    count = len(by_robot(wide))
    wide.until("2022-06-16 12:00")
    assert len(by_robot(wide)) == count
    assert "还有14天" in group.said("【提醒】").text


def test_what_waits_for_a_fallback_that_dies_goes_to_the_first_route_that_lives_again(wide: Wide) -> None:
    _room, group, _robot = with_fallback(wide)
    wide.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    with wide.store.write() as session:
        unit = register.get_unit(session, ECONOMY)
        first, second = (chat for _route, chat in register.routes_of(session, unit.id))
        outbox.lose(session, first, "试一下", wide.now())
        waiting = outbox.tell_unit(
            session, unit.id, now=wide.now(), kind=NoticeKind.RELAY, reason=Reason.ASKED,
            body=RelayBody(answer=True, who="王协调", words="请阅"),
        )  # fmt: skip
        assert [one.chat_id for one in waiting] == [second.id]
        first.dead_why = None
        outbox.lose(session, second, "也没了", wide.now())
    wide.until("2022-06-01 10:05")
    assert "请阅" in group.said("【答复】王协调").text


def test_a_leader_hears_privately_by_the_application_presses_and_the_card_changes(wide: Wide) -> None:
    wide.room()
    leader = wide.person("李领导")
    wide.appoints("李领导", Rank.LEADER)
    with wide.store.write() as session:
        chat = register.ensure_chat(session, "wecom_app", leader.id, "李领导")
        register.bind_room(session, ChatRole.LEADERS, chat)
    wide.group("经信厅工作群", bound_to=(ECONOMY,))
    wide.silent = True
    wide.begins("2022-06-01 10:00", task(1, "2022-06-02"))
    wide.until("2022-06-14 12:00")
    drafts = [sent for sent in wide.api.sent if sent.via == "app" and "签发" in dict(sent.buttons)]
    assert drafts, [sent.text for sent in wide.api.sent if sent.via == "app"]
    query, body = wide.api.app_presses(drafts[-1], "签发", leader)
    assert wide.calls(query, body) == 200
    assert wide.calls(query, body) == 403  # the same call again is nobody's
    assert "李领导" in drafts[-1].text
    assert drafts[-1].buttons == []
    wide.until("2022-06-14 12:10")
    assert "【通报】" in wide.groups["经信厅工作群"].said("【通报】").text


def test_a_person_outside_the_application_s_sight_is_told_of_and_not_taken_for_reached(wide: Wide) -> None:
    room = wide.room()
    leader = wide.person("孙厅长")
    wide.api.visible.discard(leader.id)
    wide.silent = True
    with wide.store.write() as session:
        chat = register.ensure_chat(session, "wecom_app", leader.id, "孙厅长")
        register.bind_room(session, ChatRole.LEADERS, chat)
        outbox.tell_room(
            session, ChatRole.LEADERS, now=wide.now(), kind=NoticeKind.RELAY, reason=Reason.ASKED,
            body=RelayBody(answer=True, who="王", words="请阅"),
        )  # fmt: skip
    wide.until("2022-02-28 10:05")
    wide.rehearsal._routine.dead_chats(wide.now())
    wide.happens()
    assert "可见范围" in room.said("会话失效").text
    assert [sent for sent in wide.api.sent if sent.via == "app"] == []


def test_one_campaign_reaches_units_on_both_platforms_and_answers_meet_in_one_room(
    tmp_path: Path, wecom_api: WecomApi, api: BotApi
) -> None:
    world = InProcess(tmp_path, wecom_api)
    telegram = TelegramChannel(TELEGRAM_TOKEN, api.url, patience=2.0)
    world.loop.run_until_complete(telegram.open())
    world.rehearsal._deliverer._channels |= {"telegram": telegram}  # type: ignore[operator]
    api.clock = lambda: world.clock.now().timestamp()
    listener = Listener(telegram, Inbox(world.store, world.desk, {"telegram": telegram.abilities}), world.now, at_once)
    room, here = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    there = api.group("应急厅工作群", member=True)
    with world.store.write() as session:
        chat = register.ensure_chat(session, "telegram", str(there.id), "应急厅工作群")
        register.bind(session, register.ensure_unit(session, EMERGENCY), chat)
    world.begins("2022-06-01 10:00", task(1, "2022-06-30", responsible=(EMERGENCY,)))
    here.hears("交办通知", ECONOMY)
    (slip,) = api.sent
    assert "省应急管理厅" in slip.text
    api.presses(there, slip, "报办结", api.user("钱工"))
    world.loop.run_until_complete(telegram.poll(listener.hear))
    world.happens()
    request = room.hears("待核查", "省应急管理厅", "钱工")
    assert "已核查销号" in room.presses(request, "核查销号", who="王协调")
    assert any("已核查销号（王协调）" in sent.text for sent in api.sent)
    world.loop.run_until_complete(telegram.close())
    world.ends()
