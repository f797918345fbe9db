"""What a room that is bound later is told of the time when there was none."""

from collections import Counter

from sqlmodel import select

from db import outbox, register
from db.models import Notice
from db.words import ChatRole, DeliveryState, NoticeKind
from jobs.notices import alarms
from jobs.notices.alarms import Trouble
from jobs.routine import Routine
from tests.harness.story import ECONOMY, EMERGENCY, LEADERS, ROOM, Story, task


def test_an_alarm_without_a_room_is_told_in_the_one_that_is_bound_and_counted_nowhere(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"))
    story.forget()
    now = story.stage.clock.now()
    with story.store.write() as session:
        for room in register.rooms(session, ChatRole.COORDINATORS):
            room.role, room.briefed = None, True
        session.flush()
        for _ in range(2):
            alarms.sound(session, Trouble("停", "督办停过", "原因", "办法"), now)
        register.bind_room(session, ChatRole.COORDINATORS, register.ensure_chat(session, "console", "新室", "新室"))
    story.rests()
    routine = Routine(story.store, story.stage.desk)
    while routine.rooms(now):
        pass
    story.rests()
    story.room.hears("督办停过", "共2次")
    story.room.hears_nothing_more()


def without_a_room(story: Story) -> None:
    with story.store.write() as session:
        for room in register.rooms(session, ChatRole.COORDINATORS):
            room.role, room.briefed = None, True


def bound_later(story: Story) -> None:
    with story.store.write() as session:
        register.bind_room(session, ChatRole.COORDINATORS, register.ensure_chat(session, "console", ROOM, ROOM))
    story.rests()


def test_a_room_that_is_bound_later_hears_in_one_message_what_it_missed_and_where_to_look(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-02"), task(2, "2022-12-31", lead=(EMERGENCY,)))
    without_a_room(story)
    story.until("2022-06-13 17:00")
    story.forget()
    with story.store.read() as session:
        stranded = Counter(
            notice.kind for notice in session.exec(select(Notice).where(Notice.state == DeliveryState.NO_ROUTE))
        )
    assert set(stranded) == {NoticeKind.DIGEST, NoticeKind.SILENT, NoticeKind.SUPERVISION}
    story.muted = set()
    bound_later(story)
    told = story.room.hears("【待办】", "此前没有协调室，没能发来：").text
    for kind, look in (
        (NoticeKind.SILENT, "未签收"),
        (NoticeKind.SUPERVISION, "清单 逾期"),
        (NoticeKind.DIGEST, "状态"),
    ):
        assert f"{kind.zh}{stranded[kind]}条（现况见“{look}”）" in told
    while story.cast.unheard:
        story.room.hears("通报")
    bound_later(story)
    story.room.hears_nothing_more()


def test_a_room_that_missed_nothing_is_told_of_nothing_missed(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"))
    story.forget()
    without_a_room(story)
    bound_later(story)
    story.room.hears_nothing_more()


def test_what_the_leaders_are_shown_when_their_room_is_bound_is_undelivered_no_longer(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"), policy=f'[people]\noffice = "{ECONOMY}"\n')
    with story.store.write() as session:
        for room in register.rooms(session, ChatRole.LEADERS):
            room.role, room.briefed = None, True
    story.group(ECONOMY).says("办结 1")
    story.forget()
    with story.store.write() as session:
        assert [notice.kind for notice in outbox.troubled(session)] == [NoticeKind.VERIFY_REQUEST]
        register.bind_room(session, ChatRole.LEADERS, register.ensure_chat(session, "console", LEADERS, LEADERS))
    story.rests()
    story.leaders.hears("待核查、待批1项")
    story.leaders.hears("〔A-1〕")
    with story.store.read() as session:
        assert outbox.troubled(session) == []
