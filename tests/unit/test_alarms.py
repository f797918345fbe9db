"""An alarm of one cause and chat is one message that counts up."""

from dataclasses import replace

import pytest
from sqlmodel import select

from db import outbox, register
from db.bodies import ReplyBody
from db.models import Alarm
from db.session import Store
from db.words import DeliveryState, NoticeKind, Reason
from jobs.notices import alarms
from jobs.notices.alarms import Trouble
from jobs.ports import Changes, Edit, Outgoing, Rejected, SendResult, Sent
from tests.unit.test_delivery import NOW, Office, Service


class Rejects(Service):
    """A service that takes nothing but what is for the coordinators' room; its messages can be changed, or not."""

    def __init__(self, *, changes: Changes) -> None:
        super().__init__()
        self.abilities = replace(self.abilities, changes=changes)
        self.changed: list[str] = []

    async def send(self, outgoing: Outgoing) -> SendResult:
        if outgoing.chat != "room":
            return Rejected("message is too strange")
        return await super().send(outgoing)

    async def edit(self, edit: Edit) -> SendResult:
        self.changed.append(edit.text)
        return Sent(edit.message_id)


def test_a_hundred_refusals_of_one_cause_are_one_message_that_counts_up(store: Store) -> None:
    here = Office(store, Rejects(changes=Changes.ANYTIME))
    for _ in range(100):
        here.tells(NoticeKind.REPLY)
    here.works()
    here.waits(minutes=2)
    here.works()
    (alarm,) = here.texts("room")
    assert "回复未能发出：省经信厅" in alarm
    assert isinstance(here.service, Rejects)
    assert len(here.service.changed) == 1
    assert "自10:00起共100次：回复100" in here.service.changed[0]


def test_a_cause_that_befalls_many_chats_is_told_of_all_of_them_together(store: Store) -> None:
    here = Office(store, Rejects(changes=Changes.ANYTIME))
    with store.write() as session:
        for number in range(50):
            chat = register.ensure_chat(session, "console", f"c{number}", f"群{number}")
            outbox.enqueue(
                session, now=NOW, kind=NoticeKind.REPLY, reason=Reason.ASKED, chat_id=chat.id, body=ReplyBody("x")
            )
    here.works()
    assert len(here.texts("room")) == alarms.SEPARATE + 1
    assert "多个会话的通知未能发出" in here.texts("room")[-1]


def test_where_messages_cannot_be_changed_the_count_is_told_again_but_seldom(store: Store) -> None:
    here = Office(store, Rejects(changes=Changes.NEVER))
    for minutes in range(0, 120, 10):
        here.tells(NoticeKind.REPLY)
        here.works()
        here.waits(minutes=10)
        assert minutes >= 60 or len(here.texts("room")) == 1
    assert len(here.texts("room")) == 2
    assert "共7次" in here.texts("room")[1] or "共8次" in here.texts("room")[1]


def test_the_same_trouble_after_a_quiet_day_is_told_anew(store: Store) -> None:
    here = Office(store, Rejects(changes=Changes.ANYTIME))
    here.tells(NoticeKind.REPLY)
    here.works()
    here.waits(days=1)
    here.tells(NoticeKind.REPLY)
    here.works()
    assert len(here.texts("room")) == 2


def test_different_causes_are_told_apart_and_their_numbers_make_no_other_cause(store: Store) -> None:
    here = Office(store, Service())
    with store.write() as session:
        for why in ("busy at 10:01", "busy at 10:02", "gone"):
            alarms.sound(session, Trouble(why, "异常", why, ""), NOW, chat_id=here.chat)
    here.works()
    assert len(here.texts("room")) == 2
    assert "共2次" in here.texts("room")[0]


def test_an_alarm_that_cannot_be_told_raises_none_of_its_own(store: Store) -> None:
    class Mute(Service):
        async def send(self, outgoing: Outgoing) -> SendResult:
            return Rejected("no")

    here = Office(store, Mute())
    number = here.tells(NoticeKind.REPLY)
    here.works()
    here.waits(hours=1)
    here.works()
    assert here.notice(number).state is DeliveryState.FAILED
    assert len(here.alarms()) == 1


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_what_another_program_has_counted_meanwhile_is_counted_on(store: Store) -> None:
    trouble = Trouble("断线", "发送停滞", "网络中断", "请检查网络", of="提醒")
    with store.write() as session:
        alarms.sound(session, trouble, NOW)
    with store.write() as session:
        (seen,) = session.exec(select(Alarm)).all()
        with store.write() as other:
            alarms.sound(other, trouble, NOW)
        alarms.sound(session, trouble, NOW)
        assert seen.counts == {"提醒": 3}
