"""What a room that is bound later is told of the time when there was none."""

from db import register
from db.words import ChatRole
from jobs import alarms
from jobs.routine import Routine
from tests.harness.story import Story, task


def test_an_alarm_without_a_room_is_told_in_the_one_that_is_bound_and_counted_nowhere(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"))
    story.forget()
    now = story.stage.clock.now()
    with story.store.write() as session:
        for room in register.rooms(session, ChatRole.COORDINATORS):
            room.role, room.briefed = None, True
        session.flush()
        for _ in range(2):
            alarms.sound(session, cause="停", what="督办停过", why="原因", advice="办法", now=now)
        register.bind_room(session, ChatRole.COORDINATORS, register.ensure_chat(session, "console", "新室", "新室"))
    story.rests()
    routine = Routine(story.store, story.stage.desk)
    while routine.rooms(now):
        pass
    story.rests()
    story.room.hears("督办停过", "共2次")
    story.room.hears_nothing_more()
