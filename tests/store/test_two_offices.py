"""Two offices share one PostgreSQL, in a database with a schema each or in a database each, by a user of its own: nobody and
nothing of one counts at the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session, select

from bot.inbound.inbox import OF_STRANGERS
from db import locking, migrate, register
from db.models import Account, Assignment, Notice
from db.register import passes
from db.session import Store, StoreError
from db.words import Purpose, Rank, State
from jobs.notices.press import Press, Verb
from tests.harness.races import CONTACTS, COORDINATORS, NOW, SIGNERS, Race
from tests.harness.stores import Databases
from tests.harness.story import ECONOMY

PEOPLE = {"contact": CONTACTS[0], "coordinator": COORDINATORS[0], "leader": SIGNERS[0]}
"""Whoever has a rank at the one office, by it."""

WAYS = ("清单", "详情 A-1", "核查 A-1", "导出台账", "看板", "日历", "A-1已办结", "收到")
PRESSES = (Verb.ACKNOWLEDGE, Verb.REPORT, Verb.VERIFY, Verb.SHOW)
"""What they say to the other office's bot, and press there: all of it is right at their own."""


@dataclass
class Offices:
    """The two, each with the same list, whose numbers and codes are the same."""

    mine: Race
    other: Race


NAMES = ("anwei", "fangfan")


@pytest.fixture(scope="module", params=["one database", "two databases"])
def offices(
    request: pytest.FixtureRequest, postgresql: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Offices]:
    shares = request.param == "one database"
    urls = postgresql.beside(*NAMES) if shares else [postgresql.owned(name) for name in NAMES]
    stores = [Store(url) for url in urls]
    if shares:
        for store in stores:
            migrate.upgrade(store)
    races = [
        Race(store, tmp_path_factory.mktemp(name), due="2022-06-30") for store, name in zip(stores, NAMES, strict=True)
    ]
    with races[1].store.write() as session:  # the other's people are others; its unit and its rooms have the same names
        for account in session.exec(select(Account)):
            account.external_id = f"那边的{account.external_id}"
    yield Offices(*races)
    for race in races:
        race.store.close()


def notices(session: Session) -> int:
    return len(session.exec(select(Notice.id)).all())


@pytest.mark.parametrize("said", [*WAYS, *PRESSES])
@pytest.mark.parametrize("rank", PEOPLE)
def test_whoever_has_a_rank_at_one_office_is_a_stranger_to_the_bot_of_the_other(
    offices: Offices, rank: str, said: str | Verb
) -> None:
    other = offices.other
    with other.store.read() as session:
        before, number = notices(session), session.exec(select(Assignment.id)).one()
    press = Press(said, number, 1).data if isinstance(said, Verb) else None
    text = "" if isinstance(said, Verb) else said
    taken = other.inbox.take(other.says(f"{PEOPLE[rank]}私聊", PEOPLE[rank], text, press=press), NOW)
    assert taken.outcome in OF_STRANGERS | {"refused"}
    assert "测试清单" not in taken.toast
    with other.store.read() as session:
        assert {one.state for one in session.exec(select(Assignment))} == {State.PENDING}
        told = session.exec(select(Notice)).all()[before:]
    assert all("A-1" not in str(one.body) and "开展" not in str(one.body) for one in told)


@pytest.mark.parametrize("purpose", Purpose)
def test_a_link_a_sign_in_and_a_calendar_of_one_office_open_nothing_at_the_other(
    offices: Offices, purpose: Purpose
) -> None:
    with offices.mine.store.write() as session:
        person = register.person_of(session, "console", COORDINATORS[0], COORDINATORS[0])
        secret = passes.give(session, purpose, person.id, NOW)
        assert passes.holding(session, purpose, secret, NOW)
    with offices.other.store.read() as session:
        assert passes.holding(session, purpose, secret, NOW) is None


def test_a_code_of_one_office_binds_nothing_at_the_other(offices: Offices) -> None:
    with offices.mine.store.write() as session:
        code, _until = register.invite(session, Rank.COORDINATOR, None, NOW)
    other = offices.other
    assert other.inbox.take(other.says("新群", "新人", f"绑定 {code}"), NOW).outcome in OF_STRANGERS
    with offices.mine.store.write() as session:
        assert register.redeem(session, code, NOW)


def test_the_user_of_one_office_cannot_even_reach_the_tables_of_the_other(offices: Offices) -> None:
    for mine, other in ((offices.mine, offices.other), (offices.other, offices.mine)):
        user, url = mine.store.engine.url.username, other.store.engine.url
        if url.database == mine.store.engine.url.database:
            with mine.store.read() as session, pytest.raises(ProgrammingError, match="permission denied for schema"):
                session.connection().exec_driver_sql(f"SELECT * FROM {url.username}.assignment")
            continue
        theirs = Store(url.set(username=user).render_as_string(hide_password=False))
        with pytest.raises(StoreError) as refusal, theirs.read() as session:
            session.exec(select(Assignment)).all()
        assert "\n" not in str(refusal.value)


def test_neither_office_waits_for_what_the_other_does_alone(offices: Offices) -> None:
    with offices.mine.store.write() as mine, offices.other.store.write() as other:
        locking.alone(mine, 7)
        other.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
        locking.alone(other, 7)


def test_what_one_office_does_is_in_its_own_record_alone(offices: Offices, tmp_path: Path) -> None:
    mine = offices.mine
    with mine.store.read() as session:
        number = session.exec(select(Assignment.id)).one()
    assert mine.hears(mine.says(ECONOMY, CONTACTS[0], press=Press(Verb.ACKNOWLEDGE, number, 1).data))[0].outcome
    assert mine.row().state is State.ACKNOWLEDGED
    assert offices.other.row().state is State.PENDING
    mine.is_whole()
    offices.other.is_whole()
