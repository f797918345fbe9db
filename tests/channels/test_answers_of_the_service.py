"""What Telegram answers, and what becomes of the message: every text of the list, over HTTP."""

from typing import Any

import pytest
from sqlmodel import col, select

from bot.channels.incoming import Refused
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.look import as_html
from bot.channels.telegram.outcomes import DEAD, NEVER
from db import outbox
from db.bodies import ReplyBody
from db.models import Chat, Delivery, Notice
from db.words import DeliveryState, NoticeKind, Reason
from jobs.desk import Desk
from jobs.ports import Button, Edit, Lost, Moved, Outgoing, Rejected, Retry, SendResult, Sent
from tests.harness.bot_api import TOKEN, BotApi, Trouble
from tests.harness.kits import ALL_TOLD
from tests.harness.story import ECONOMY, task
from tests.harness.world import Group, InProcess


class Line:
    """A channel and one group, without anything behind them."""

    def __init__(self, telegram: InProcess) -> None:
        self.telegram, self.api = telegram, telegram.api
        self.room = telegram.group("群", member=True).room
        telegram.silent = True

    def sends(self, text: str = "你好", **more: Any) -> SendResult:
        outgoing = Outgoing(more.pop("chat", str(self.room.id)), text, "1-1-1", **more)
        return self.telegram.loop.run_until_complete(self.telegram.channel.send(outgoing))

    def edits(self, message: str, text: str, **more: Any) -> SendResult:
        edit = Edit(str(self.room.id), message, text, "1-1-1", **more)
        return self.telegram.loop.run_until_complete(self.telegram.channel.edit(edit))

    def fails(self, how: str, **more: Any) -> None:
        self.api.troubles.append(Trouble(how, **more))


@pytest.fixture
def line(telegram: InProcess) -> Line:
    return Line(telegram)


def test_a_message_is_sent_with_its_buttons(line: Line) -> None:
    sent = line.sends("【提醒】A & B\n<b>不是粗体</b>", buttons=(Button("收到", "a:1:0"),))
    assert sent == Sent("1")
    assert line.api.sent[0].text == "【提醒】A & B\n<b>不是粗体</b>"
    assert line.api.sent[0].buttons == [("收到", "a:1:0")]


def test_a_flood_stops_the_chat_for_a_second_more_than_asked(line: Line) -> None:
    line.fails("flood", retry_after=7)
    result = line.sends()
    assert isinstance(result, Retry)
    assert (result.after, result.whole_chat) == (8.0, True)


@pytest.mark.parametrize("text", list(DEAD))
def test_a_chat_that_cannot_be_reached_is_dead(line: Line, text: str) -> None:
    line.fails("refuse", text=text)
    assert line.sends() == Rejected(DEAD[text], chat_is_dead=True)
    line.fails("forbid", text=text)
    assert line.sends() == Rejected(DEAD[text], chat_is_dead=True)


@pytest.mark.parametrize("text", list(NEVER))
def test_a_message_that_is_never_taken_ends_and_the_chat_lives(line: Line, text: str) -> None:
    line.fails("refuse", text=text)
    assert line.sends() == Rejected(NEVER[text])


@pytest.mark.parametrize(
    ("how", "text"), [("refuse", "something nobody has seen"), ("forbid", "something new"), ("500", ""), ("502", "")]
)
def test_what_is_not_known_to_be_for_good_is_tried_again(line: Line, how: str, text: str) -> None:
    line.fails(how, text=text)
    assert isinstance(line.sends(), Retry)


@pytest.mark.parametrize("how", ["timeout", "reset"])
@pytest.mark.parametrize("accept", [False, True])
def test_a_connection_that_breaks_after_the_request_leaves_it_open(line: Line, how: str, accept: bool) -> None:
    line.fails(how, accept=accept)
    assert isinstance(line.sends(), Lost)
    assert len(line.api.sent) == accept


def test_a_service_that_is_not_there_has_taken_nothing(telegram: InProcess) -> None:
    async def send() -> SendResult:
        channel = TelegramChannel(TOKEN, "http://127.0.0.1:9", patience=0.3)
        result = await channel.send(Outgoing("-1", "你好", "1-1-1"))
        await channel.close()
        return result

    assert telegram.loop.run_until_complete(send()) == Retry("连接不上 Telegram")


def test_a_wrong_token_is_told_plainly(telegram: InProcess, api: BotApi) -> None:
    async def open_() -> None:
        channel = TelegramChannel("123456:wrong", api.url)
        try:
            await channel.open()
        finally:
            await channel.close()

    with pytest.raises(Refused, match="DUBAN_TELEGRAM_TOKEN"):
        telegram.loop.run_until_complete(open_())


def test_a_group_that_became_a_supergroup_is_followed(line: Line) -> None:
    new = line.api.migrate_silently(line.room)
    assert line.sends() == Moved(str(new.id))


def test_a_topic_that_is_gone_leads_to_the_group(line: Line) -> None:
    assert line.sends(chat=f"{line.room.id}/99") == Moved(str(line.room.id), "话题已被删除，改发到群的主话题")


def test_an_edit_that_changes_nothing_is_a_success(line: Line) -> None:
    line.sends("一")
    assert line.edits("1", "一") == Sent("1")
    assert line.edits("1", "二", buttons=(Button("收到", "a:1:0"),)) == Sent("1")
    assert line.api.sent[0].text == "二"
    assert line.edits("77", "三") == Rejected("原消息已被删除")


def test_a_reply_to_a_message_that_is_gone_is_sent_without(line: Line) -> None:
    assert line.sends(reply_to="4711") == Sent("1")
    assert line.api.sent[0].reply_to is None


def test_the_longest_message_fits_and_one_more_does_not(line: Line) -> None:
    assert isinstance(line.sends("🟢" * 2048), Sent)
    assert line.sends("🟢" * 2048 + "长") == Rejected("消息过长")


def test_only_the_heading_is_bold() -> None:
    assert as_html("【提醒】清单\n<内容>") == "<b>【提醒】清单</b>\n&lt;内容&gt;"
    assert as_html("已签收") == "已签收"


# ---------------------------------------------------------------- with the outbox behind it


def begun(telegram: InProcess, *troubles: Trouble) -> tuple[Group, Group]:
    telegram.api.troubles += troubles
    room, group = telegram.room(), telegram.group("经信厅工作群", bound_to=(ECONOMY,))
    telegram.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    return room, group


def test_a_flood_is_kept_over_a_restart_and_other_chats_go_on(telegram: InProcess) -> None:
    telegram.room()
    group, other = telegram.group("一群", bound_to=(ECONOMY,)), telegram.group("二群", bound_to=("省应急管理厅",))
    telegram.api.troubles.append(Trouble("flood", chat=group.room.id, retry_after=120))
    telegram.begins("2022-06-01 10:00", task(1, "2022-06-30", responsible=("省应急管理厅",)))
    other.hears("交办通知")
    telegram.restarts()
    telegram.until("2022-06-01 10:02")
    group.hears_nothing_more()
    telegram.until("2022-06-01 10:03")
    group.hears("交办通知")
    with telegram.store.read() as session:
        assert session.exec(select(Chat).where(Chat.external_id == group.external)).one().not_before is not None


def test_a_reminder_whose_arrival_is_unknown_is_told_and_not_repeated(telegram: InProcess) -> None:
    room, group = begun(telegram)
    group.hears("交办通知")
    telegram.api.troubles.append(Trouble("reset", chat=group.room.id, accept=True))
    slip = telegram.api.sent[0]
    group.presses(slip, "收到")
    telegram.until("2022-06-16 12:00")
    group.hears("【提醒】")
    room.hears("提醒是否送出不明：经信厅工作群", "不自动重发")
    group.hears_nothing_more()


def test_a_slip_whose_arrival_is_unknown_is_sent_once_more_and_marked(telegram: InProcess) -> None:
    room, group = begun(telegram, Trouble("timeout", accept=True))
    group.hears("交办通知")
    group.hears("〔补发〕【交办通知】")
    room.hears("交办通知是否送出不明", "已标注〔补发〕再发一次")


def test_edits_are_repeated_until_they_arrive(telegram: InProcess) -> None:
    _room, group = begun(telegram)
    slip = group.hears("交办通知")
    telegram.api.troubles.append(Trouble("reset", "editMessageText", accept=True))
    group.presses(slip, "收到")
    telegram.until("2022-06-01 10:30")
    assert slip.text.count("✓ 张工") == 1


def test_nobody_hears_more_than_twenty_a_minute_and_no_flood_comes(telegram: InProcess) -> None:
    _room, group = begun(telegram)
    group.hears("交办通知")
    with telegram.store.write() as session:
        chat = session.exec(select(Chat).where(Chat.external_id == group.external)).one()
        for number in range(50):
            outbox.enqueue(
                session, now=telegram.now(), kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=chat.id,
                body=ReplyBody(f"第{number}条"),
            )  # fmt: skip
    telegram.until("2022-06-01 10:04")
    said = [group.hears(f"第{number}条") for number in range(50)]
    assert telegram.api.floods == 0
    assert said[-1].id > said[0].id


def test_a_long_list_is_split_between_items_and_every_part_arrives(telegram: InProcess) -> None:
    telegram.desk = Desk(ALL_TOLD, archive=telegram.desk.archive)
    telegram.restarts()
    telegram.room()
    group = telegram.group("经信厅工作群", bound_to=(ECONOMY,))
    long_text = "完成化工园区复核认定和整治提升工作，" * 3
    telegram.begins("2022-06-01 10:00", *(task(number, "2022-06-30", text=long_text) for number in range(1, 81)))
    telegram.until("2022-06-01 10:01")
    parts = [sent for sent in telegram.api.sent if sent.chat == group.room.id]
    telegram.silent = True
    assert len(parts) > 1
    whole = "".join(part.text for part in parts)
    assert all(whole.count(f"〔A-{number}〕") == 1 for number in range(1, 81))
    group.presses(parts[-1], "全部收到")
    assert telegram.line(80).assignment.acknowledged_by == "张工"


def test_what_waits_when_the_answer_comes_is_withdrawn_also_after_it_was_claimed(telegram: InProcess) -> None:
    _room, group = begun(telegram)
    slip = group.hears("交办通知")
    with telegram.store.write() as session:
        chat = session.exec(select(Chat).where(Chat.external_id == group.external)).one()
        item = outbox.Item(telegram.line(1).assignment.id, NoticeKind.REMINDER, Reason.DAYS_BEFORE)
        later = outbox.enqueue(
            session, now=telegram.now(), kind=NoticeKind.REMINDER, reason=Reason.DAYS_BEFORE, chat_id=chat.id,
            unit_id=telegram.line(1).unit.id, campaign_id=1, items=[item],
        ).id  # fmt: skip
        assert [one.id for one in outbox.claim(session, telegram.now(), "another worker", 5)] == [later]
    group.presses(slip, "报办结")
    telegram.until("2022-06-01 10:30")
    with telegram.store.read() as session:
        assert session.get_one(Notice, later).state is DeliveryState.WITHDRAWN
        tried = session.exec(select(Delivery).where(col(Delivery.notice_id) == later)).all()
    assert list(tried) == []
    telegram.silent = True
