"""Broadcasts, campaigns, corrections, codes, progress and imports at the same moment."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from db import outbox, register
from db.history import SYSTEM
from db.models import Account, Broadcast, BroadcastUnit, Campaign, Milestone, Notice, Person, Route
from db.session import Store
from db.words import Action, DeliveryState, Rank
from jobs.campaigns.import_ import Imported, import_document
from jobs.reading.document import Document
from tests.harness.races import CONTACTS, COORDINATORS, NOW, Answer, Race, in_turn
from tests.harness.story import ECONOMY, EMERGENCY, ROOM, task


def one_was_first(answers: list[Answer], winner: str | None) -> None:
    """Expect that all but the winner hear who that was."""
    assert {one.who for one in answers if one.lost and f"已由{winner}" in one.text} == {one.who for one in answers} - {
        winner
    }


def sent(race: Race) -> int:
    """Send a broadcast that arrived an hour ago and return its number."""
    race.hears(race.says(ROOM, COORDINATORS[0], "群发 全部 今晚有暴雨"))
    with race.store.read() as session:
        number = session.exec(select(Broadcast.id)).one()
    race.hears(race.says(ROOM, COORDINATORS[0], press=f"B:{number}"))
    with race.store.write() as session:
        session.get_one(Broadcast, number).sent_at = NOW - timedelta(hours=1)
        for notice in session.exec(select(Notice).where(Notice.broadcast_id == number)):
            outbox.finish(notice, DeliveryState.SENT, NOW - timedelta(hours=1))
    return number


def test_the_silent_are_chased_by_one(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    number = sent(race)
    answers = race.at_once(in_turn(COORDINATORS, lambda who: race.says(ROOM, who, press=f"h:{number}")))
    with store.read() as session:
        made = session.get_one(Broadcast, number)
    assert made.rounds == 1
    one_was_first(answers, made.chased_by)
    assert all(f"已由{made.chased_by}于" in one.text and "催过" in one.text for one in answers if one.lost)


def test_a_broadcast_is_ended_by_one(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    number = sent(race)
    answers = race.at_once(in_turn(COORDINATORS, lambda who: race.says(ROOM, who, press=f"q:{number}")))
    with store.read() as session:
        one_was_first(answers, session.get_one(Broadcast, number).closed_by)


def test_a_unit_confirms_a_broadcast_once(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    number = sent(race)
    answers = race.at_once(in_turn(CONTACTS, lambda who: race.says(ECONOMY, who, press=f"k:{number}")))
    with store.read() as session:
        one_was_first(answers, session.exec(select(BroadcastUnit)).one().confirmed_by)


@pytest.mark.parametrize(("before", "words", "event"), [("", "暂停 1", "暂停专项"), ("暂停 1", "继续 1", "恢复专项")])
def test_a_campaign_is_paused_or_resumed_by_one(
    store: Store, tmp_path: Path, before: str, words: str, event: str
) -> None:
    race = Race(store, tmp_path)
    race.hears(*([race.says(ROOM, COORDINATORS[0], before)] if before else []))
    answers = race.at_once(in_turn(COORDINATORS, lambda who: race.says(ROOM, who, words)))
    (entry,) = race.entries(event)
    one_was_first(answers, entry.who)
    race.is_whole()


def test_the_same_correction_is_made_by_one(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    answers = race.at_once(in_turn(COORDINATORS, lambda who: race.says(ROOM, who, "更正 1 期限7月15日")))
    (entry,) = race.entries(Action.CORRECT)
    one_was_first(answers, entry.who)
    race.is_whole()


def test_of_two_corrections_of_one_day_the_later_holds_and_the_record_has_both(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    days = ("7月15日", "7月20日")
    race.at_once([race.says(ROOM, COORDINATORS[place], f"更正 1 期限{day}") for place, day in enumerate(days)])
    first, second = race.entries(Action.CORRECT)
    assert {first.after["due"], second.after["due"]} == {"2022-07-15", "2022-07-20"}
    assert second.before["due"] == first.after["due"]
    with store.read() as session:
        due = session.exec(select(Milestone.due)).one()
    assert (due, race.row().due) == (date.fromisoformat(second.after["due"]),) * 2
    race.is_whole()


def test_a_code_of_a_unit_binds_one_group(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    with store.write() as session:
        unit = register.ensure_unit(session, EMERGENCY)
        code, _expires = register.invite(session, Rank.CONTACT, unit, NOW)
        number = unit.id
    answers = race.at_once([race.says(f"群{place}", f"新人{place}", f"绑定 {code}") for place in range(6)])
    with store.read() as session:
        assert len(session.exec(select(Route).where(Route.unit_id == number)).all()) == 1
    assert sorted(one.outcome for one in answers) == ["bad_code"] * 5 + ["bound"]


def test_a_code_for_a_coordinator_appoints_one(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    with store.write() as session:
        code, _expires = register.invite(session, Rank.COORDINATOR, None, NOW)
    answers = race.at_once([
        replace(race.says(f"私聊{place}", f"新人{place}", f"绑定 {code}"), private=True) for place in range(6)
    ])  # fmt: skip
    with store.read() as session:
        new = session.exec(select(Person).join(Account).where(Account.external_id.startswith("新人"))).all()  # type: ignore[attr-defined]
        assert sum(register.coordinates(session, person) for person in new) == 1
    assert sorted(one.outcome for one in answers) == ["appointed"] + ["bad_code"] * 5


def test_progress_that_six_tell_at_once_is_kept_six_times(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    race.at_once(in_turn(CONTACTS, lambda who: race.says(ECONOMY, who, "进展 1 完成一半")))
    assert sorted(entry.who for entry in race.entries(Action.PROGRESS)) == sorted(CONTACTS)
    race.is_whole()


def test_a_file_that_two_import_at_once_is_imported_once(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)

    def work() -> Imported:
        return store.settle(lambda session: import_document(
            session, Document("又一清单", 2022, "", None, (task(1, "2022-06-30"),)), name="又一清单", sha256="a" * 64,
            timezone="Asia/Shanghai", today=date(2022, 6, 1), now=NOW, actor=SYSTEM,
        ))  # fmt: skip

    done = race.together([work, work])
    assert sorted(one.new for one in done) == [False, True]
    with store.read() as session:
        assert len(session.exec(select(Campaign).where(Campaign.source_hash == "a" * 64)).all()) == 1
