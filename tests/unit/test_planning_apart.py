"""One bad assignment or campaign costs itself alone: the others are planned, and it is told once."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from bot.tools.rehearsal import Stage
from db.bodies import DigestBody
from db.models import Alarm, Assignment, Notice
from db.words import NoticeKind, PastChoice
from jobs import pending
from jobs.desk import Desk
from jobs.planner import Planner
from jobs.reading.document import Document
from jobs.routine import Routine
from tests.harness.story import ECONOMY, EMERGENCY, at, task


def staged(folder: Path) -> Stage:
    """Two campaigns, each with a task of another unit, both due on 30 June."""
    stage = Stage(Desk(), at("2022-06-01 09:00"), folder)
    for number, unit in ((1, ECONOMY), (2, EMERGENCY)):
        document = Document(f"清单{number}", 2022, "", None, (task(number, "2022-06-30", lead=(unit,)),))
        stage.load(document, f"list {number}", PastChoice.SUMMARY)
    return stage


def planned(stage: Stage, kind: NoticeKind) -> list[int | None]:
    with stage.store.read() as session:
        return list(session.exec(select(Notice.campaign_id).where(Notice.kind == kind).order_by(col(Notice.id))))


def troubles(stage: Stage) -> list[str]:
    with stage.store.read() as session:
        return [alarm.cause for alarm in session.exec(select(Alarm))]


BAD = {
    "a state of a newer program": "UPDATE assignment SET state = 'levitating' WHERE id = 1",
    "a day that is none": "UPDATE assignment SET due = 'the day after' WHERE id = 1",
    "an instant that is none": "UPDATE assignment SET planned_until = 'never' WHERE id = 1",
    "a zone that is none": "UPDATE campaign SET timezone = 'Mars/Phobos' WHERE id = 1",
    "a zone without a name": "UPDATE campaign SET timezone = '' WHERE id = 1",
    "a policy that cannot be read": "UPDATE policy_version SET text = 'hours = 7' WHERE id = 1",
}


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_planned_is_set_aside_and_the_rest_is_reminded(tmp_path: Path, what: str) -> None:
    stage = staged(tmp_path)
    moment = at("2022-06-23 11:00")
    with stage.store.write() as session:
        if "policy" in what:
            session.execute(
                text("INSERT INTO policy_version SELECT 9, 'x', text, created_at FROM policy_version LIMIT 1")
            )
            session.execute(text("UPDATE assignment SET policy_id = 9 WHERE campaign_id = 2"))
            stage.desk._policies.clear()
        session.execute(text(BAD[what]))
    stage.clock.turn_to(moment)
    planner = Planner(stage.store, stage.desk)
    count = 0
    while planner.step(stage.clock.now()):
        count += 1
        assert count < 10, "it is looked at for ever"
    assert planned(stage, NoticeKind.REMINDER) == [2]
    assert len(troubles(stage)) == 1
    with stage.store.read() as session:
        again = session.exec(select(Assignment.next_action_at).where(Assignment.id == 1)).one()
    assert again is not None
    assert again > stage.clock.now()


@pytest.mark.parametrize("bad", ["timezone = 'Mars/Phobos'", "problems = '{'", "next_digest_at = '2022-06-01'"])
def test_a_campaign_whose_digest_cannot_be_made_keeps_no_other_from_its_own(tmp_path: Path, bad: str) -> None:
    stage = staged(tmp_path)
    with stage.store.write() as session:
        session.execute(text("UPDATE campaign SET next_digest_at = '2022-06-24 00:00:00'"))
        session.execute(text(f"UPDATE campaign SET {bad} WHERE id = 1"))
    stage.clock.turn_to(at("2022-06-24 08:40"))
    routine = Routine(stage.store, stage.desk)
    count = 0
    while routine.digest(stage.clock.now()):
        count += 1
        assert count < 10, "it is tried for ever"
    with stage.store.read() as session:
        told = [one.legible for one in session.exec(select(Notice).where(Notice.kind == NoticeKind.DIGEST))]
    assert any(part.campaign == 2 for one in told if isinstance(one, DigestBody) for part in one.parts or (one,))


def test_an_urgent_call_that_cannot_go_on_keeps_no_other_from_going_on(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    with stage.store.write() as session:
        for number in (1, 2):
            session.execute(text(
                "INSERT INTO broadcast (id, room_id, who, audience, words, files, options, urgent, created_at, rounds, next_round_at)"
                f" VALUES ({number}, 1, '', '全部', '', '[]', '[]', 1, '2022-06-01 00:00:00', 0, '2022-06-01 01:05:00')"
            ))  # fmt: skip
        session.execute(text("UPDATE broadcast SET files = '{' WHERE id = 1"))
    routine = Routine(stage.store, stage.desk)
    count = 0
    while routine.calls(at("2022-06-01 09:10")):
        count += 1
        assert count < 10, "it is tried for ever"
    with stage.store.read() as session:
        (left,) = session.execute(text("SELECT next_round_at FROM broadcast WHERE id = 2")).one()
    assert left is None
    assert len(troubles(stage)) == 1


def test_a_campaign_whose_periods_cannot_be_made_is_told_once(tmp_path: Path) -> None:
    stage = staged(tmp_path)
    with stage.store.write() as session:
        session.execute(text("UPDATE campaign SET timezone = 'Mars/Phobos', periods_until = '2022-06-30' WHERE id = 1"))
    routine = Routine(stage.store, stage.desk)
    for _ in range(3):
        assert not routine.periods(stage.clock.now())
    assert len(troubles(stage)) == 1


def test_a_room_that_cannot_be_shown_what_waits_keeps_no_other_room_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = staged(tmp_path)
    with stage.store.write() as session:
        session.execute(text("UPDATE chat SET briefed = 0"))

    def fails(*_arguments: object) -> None:
        raise ValueError

    monkeypatch.setattr(pending, "show_to", fails)
    routine = Routine(stage.store, stage.desk)
    count = 0
    while routine.rooms(stage.clock.now()):
        count += 1
        assert count < 10, "it is tried for ever"
    assert troubles(stage)
    with stage.store.read() as session:
        assert session.execute(text("SELECT count(*) FROM chat WHERE NOT briefed")).scalar_one() == 0
