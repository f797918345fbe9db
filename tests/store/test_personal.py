"""What is kept of one person: shown whole to who asks, and gone when it is to be forgotten; the record stays valid."""

import asyncio
import inspect
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import SQLModel, col, select

from db import audit, history, outbox, register
from db.bodies import DigestBody
from db.history import ERASED
from db.models import Account, Appointment, Assignment, Chat, Duty, Extension, Inbound, Invite, Message, Notice, Person
from db.register import invites
from db.session import Store
from db.words import NoticeKind, Rank, Reason
from jobs import personal, retention
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.duties import keeping
from tests.harness.races import CONTACTS, NOW, Race
from tests.harness.story import ECONOMY, EMERGENCY
from tests.unit.test_delivery import Service

WHO = CONTACTS[0]
LATER = datetime(2022, 6, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def race(store: Store, tmp_path: Path) -> Race:
    told = Race(store, tmp_path)
    told.hears(told.says(ECONOMY, WHO, "A-1 完成七成，家里有事"))
    with store.write() as session:
        person = the_person(session)
        private = register.ensure_chat(session, "console", "private", WHO)
        private.person_id = person.id
    return told


def the_person(session: object) -> Person:
    (person,) = register.people_named(session, WHO)  # type: ignore[arg-type]
    return person


def kept(store: Store, number: int) -> str:
    with store.read() as session:
        return json.dumps(personal.of_person(session, session.get_one(Person, number)), ensure_ascii=False)


def test_everything_of_a_person_is_shown_and_nothing_of_another(race: Race) -> None:
    race.hears(race.says(ECONOMY, CONTACTS[1], "A-1 完成八成"))
    with race.store.read() as session:
        number = the_person(session).id
    told = json.loads(kept(race.store, number))
    assert (told["name"], told["accounts"]) == (WHO, [{"channel": "console", "account": WHO}])
    assert told["ranks"][0]["rank"] == Rank.CONTACT
    assert [one["who"] for one in told["record"]] == [WHO]
    assert "家里有事" in told["heard"][0]["said"]["text"]
    assert "八成" not in json.dumps(told, ensure_ascii=False)


def test_who_is_forgotten_is_in_nothing_that_was_theirs_and_the_chain_holds(race: Race) -> None:
    with race.store.write() as session:
        person = the_person(session)
        register.dismiss(session, person, None, LATER)
        assert personal.forget(session, person, LATER) == 1
        number = person.id
    told = json.loads(kept(race.store, number))
    for entry in told["record"]:  # 已由王一签收 is a part of what happened, and of what the audit compares
        del entry["before"], entry["after"]
    assert WHO not in json.dumps(told, ensure_ascii=False)
    assert "家里有事" not in json.dumps(told, ensure_ascii=False)
    with race.store.read() as session:
        assert session.exec(select(Account).where(Account.person_id == number)).all() == []
        assert WHO not in [chat.title for chat in session.exec(select(Chat))]
        assert session.get_one(Person, number).name == ERASED
        assert list(history.audit(session, race.campaign)) == []
        last = history.latest(session, race.campaign, "删除个人信息")
        assert last is not None
    with race.store.write() as session:
        again = register.person_of(session, "console", WHO, WHO)
        assert again.id != number, "whoever comes with that account again is a stranger"


def test_who_still_has_a_rank_keeps_the_account_and_loses_the_words(race: Race) -> None:
    with race.store.write() as session:
        person = the_person(session)
        personal.forget(session, person, LATER)
    with race.store.read() as session:
        assert the_person(session).id == person.id
        heard = session.exec(select(Inbound).where(Inbound.person_id == person.id)).all()
        assert [one.words["text"] for one in heard] == [""]


def test_the_days_of_duty_with_the_number_are_shown_and_gone_but_not_those_of_a_namesake_elsewhere(race: Race) -> None:
    day = date(2022, 6, 3)
    with race.store.write() as session:
        for unit in (ECONOMY, EMERGENCY):
            whose = register.ensure_unit(session, unit).id
            keeping.put(session, whose, [day], [WHO], WHO, day, NOW, {WHO: "13800138000"})
        number = the_person(session).id
    assert [one["phone"] for one in json.loads(kept(race.store, number))["duties"]] == ["13800138000"]
    with race.store.write() as session:
        personal.forget(session, the_person(session), LATER)
    with race.store.read() as session:
        assert [(one.name, one.phone) for one in session.exec(select(Duty).order_by(col(Duty.id)))] == [
            (ERASED, None),
            (WHO, "13800138000"),
        ]


def test_numbers_of_days_long_past_are_forgotten_and_those_of_days_to_come_stay(race: Race) -> None:
    with race.store.write() as session:
        for day in (date(2022, 6, 3), date(2022, 12, 30)):
            keeping.put(session, None, [day], ["王工"], WHO, day, NOW, {"王工": "13800138000"})
        retention.forget_people(session, 30, datetime(2022, 12, 1, tzinfo=UTC))
        session.expire_all()
        assert [one.phone for one in session.exec(select(Duty).order_by(col(Duty.id)))] == [None, "13800138000"]


@pytest.mark.parametrize("spoke", [True, False])
@pytest.mark.parametrize(("ended", "gone"), [(datetime(2022, 11, 30, tzinfo=UTC), False), (LATER, True), (None, False)])
def test_who_had_a_rank_is_forgotten_so_long_after_it_ended_and_not_before(
    store: Store, spoke: bool, ended: datetime | None, gone: bool
) -> None:
    with store.write() as session:
        person = register.person_of(session, "console", "late", "钱工")
        session.add(Appointment(person_id=person.id, rank=Rank.COORDINATOR, since=NOW, ended_at=ended))
        if spoke:
            session.add(Inbound(channel="console", external_id="1", person_id=person.id, at=NOW))
        session.flush()
        retention.forget_people(session, 30, datetime(2022, 12, 1, tzinfo=UTC))
        session.expire_all()
        left = session.exec(select(Account).where(Account.external_id == "late")).all()
    assert (left == []) is gone


OURS = {"broadcast", "paper"}
"""What was written for the office: it was sent to the units and stays, and docs/keeping.md says so."""


def test_whatever_keeps_somebodys_own_words_is_shown_and_forgotten() -> None:
    """A table with words and a person that this test does not know is one that nobody thought of."""
    keep_words = {
        table.name
        for table in SQLModel.metadata.tables.values()
        if "words" in table.c and any(key.column.table.name == "person" for key in table.foreign_keys)
    }
    shown = inspect.getsource(personal.of_person).lower()
    gone = inspect.getsource(personal.forget).lower() + inspect.getsource(history.erase).lower()
    assert {
        name for name in keep_words - {"prompt", "paper"} if f"select({name})" not in shown.replace("_", "")
    } == set()
    assert {name for name in keep_words - OURS if f"select({name})" not in gone.replace("_", "")} == set()


def test_the_reason_of_a_request_is_forgotten_with_who_gave_it(race: Race) -> None:
    race.hears(race.says(ECONOMY, WHO, "A-1 延期到12月30日，因家中老人住院"))
    with race.store.write() as session:
        person = the_person(session)
        one = session.exec(select(Assignment)).first()
        assert one is not None
        session.add(Extension(
            assignment_id=one.id, requested_by_id=person.id, requested_at=NOW, new_due=date(2022, 12, 30), words="家中老人住院"
        ))  # fmt: skip
    assert "老人住院" in kept(race.store, person.id)
    with race.store.write() as session:
        personal.forget(session, the_person(session), LATER)
        assert [request.words for request in session.exec(select(Extension))] == [""]


def outbox_of(store: Store) -> str:
    """Return all that the store keeps of notices and messages, as one text."""
    with store.read() as session:
        rows = [row.model_dump(mode="json") for table in (Notice, Message) for row in session.exec(select(table))]
    return json.dumps(rows, ensure_ascii=False)


def sends_all(race: Race) -> None:
    deliverer = Deliverer(race.store, {"console": Service()}, race.desk, "worker", at_once)
    while asyncio.run(deliverer.step(lambda: NOW + timedelta(hours=1))):
        pass


def test_what_was_passed_on_and_answered_loses_the_words_of_who_is_erased_and_keeps_those_of_others(race: Race) -> None:
    race.hears(race.says(ECONOMY, WHO, "问一下，家里人代交可以吗？"))
    race.hears(race.says(ECONOMY, WHO, "A-1 延期到12月30日，因家中老人住院"))
    race.hears(race.says(ECONOMY, CONTACTS[1], "问一下，另附的表要盖章吗？"))
    race.hears(race.says(ECONOMY, WHO, "A-1 已完成，老人出院了"))
    sends_all(race)
    with race.store.write() as session:
        said = history.of_assignment(session, race.row().id)[-1].words
        shown = DigestBody("测试清单", "2022-06-02", {}, (("late", (f"A-1 {WHO}：{said[:8]}…",)),))
        outbox.enqueue(
            session, now=NOW, kind=NoticeKind.DIGEST, reason=Reason.MORNING, chat_id=session.exec(select(Chat.id)).first(),
            body=shown,
        )  # fmt: skip
    theirs = ("家里有事", "家里人代交", "老人住院", "老人出院")
    assert all(words in outbox_of(race.store) for words in (*theirs, "另附的表"))
    with race.store.write() as session:
        person = the_person(session)
        register.dismiss(session, person, None, LATER)
        personal.forget(session, person, LATER)
    left = outbox_of(race.store)
    assert [words for words in (*theirs, said[:8], f"{WHO}：") if words in left] == []
    assert "另附的表" in left
    assert ERASED in left
    with race.store.read() as session:
        assert list(audit.of_campaign(session, race.campaign)) == []
        assert [notice.body for notice in session.exec(select(Notice))], "each can still be read"


def test_the_private_chat_the_codes_and_who_gave_out_duty_lose_name_and_account(race: Race) -> None:
    with race.store.write() as session:
        invites.invite(session, Rank.COORDINATOR, None, NOW, name=WHO)
        keeping.put(session, None, [date(2022, 6, 3)], ["王工"], WHO, date(2022, 6, 2), NOW)
        person = the_person(session)
        register.dismiss(session, person, None, LATER)
        personal.forget(session, person, LATER)
        session.flush()
        session.expire_all()
        assert [(one.person_name, one.expires_at) for one in session.exec(select(Invite))] == [(ERASED, LATER)]
        assert [one.by for one in session.exec(select(Duty))] == [ERASED]
        assert WHO not in [chat.external_id for chat in session.exec(select(Chat))]
        (private,) = session.exec(select(Chat).where(Chat.title == ERASED))
        assert (private.dead_why, private.dead_told) == (ERASED, True), "nothing is sent there, and nobody is told"
