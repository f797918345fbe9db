"""The store on both databases: migrations, the register, the record, the outbox under two workers."""

import multiprocessing
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session, col, select

from bot.tools.bench.stores import imported_and_activated
from db import history, many, migrate, outbox, register
from db.history import Actor
from db.models import Appointment, Assignment, Campaign, Chat, Extension, History, Invite, Milestone, Notice, Task, Unit
from db.register import RegisterError
from db.session import MEMORY, TRIES, Contended, Store, StoreError, known_failure, told_briefly
from db.words import CampaignStatus, ChatRole, DeadlineKind, DeliveryState, NoticeKind, Rank, Reason, Role
from tests.harness.bodies import some_body
from tests.harness.stores import Databases

NOW = datetime(2022, 6, 1, 2, 0, tzinfo=UTC)


def campaign(store: Store) -> int:
    with store.write() as session:
        made = Campaign(title="测", letter="A", timezone="Asia/Shanghai", source_name="x", source_hash="x")
        session.add(made)
        session.flush()
        assert made.id is not None
        return made.id


def a_chat(store: Store) -> int:
    with store.write() as session:
        return register.ensure_chat(session, "console", "c", "c").id


def queued(store: Store, chat: int, kind: NoticeKind = NoticeKind.REPLY) -> int:
    with store.write() as session:
        return outbox.enqueue(session, now=NOW, kind=kind, reason=Reason.ASKED, chat_id=chat, body=some_body(kind)).id


def test_migrations_from_empty_equal_the_models(empty_store: Store) -> None:
    assert migrate.upgrade(empty_store)
    assert not migrate.upgrade(empty_store)
    migrate.check(empty_store)
    command.check(migrate.config(empty_store))


def test_a_store_that_was_never_migrated_says_what_to_do(empty_store: Store) -> None:
    with pytest.raises(StoreError, match="duban migrate"):
        migrate.check(empty_store)


def test_a_store_of_a_newer_version_is_left_alone(empty_store: Store) -> None:
    migrate.upgrade(empty_store)
    with empty_store.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for attempt in (migrate.check, migrate.upgrade):
        with pytest.raises(StoreError, match="更新版本"):
            attempt(empty_store)


def test_somebody_elses_database_is_left_alone(empty_store: Store) -> None:
    with empty_store.write() as session:
        session.connection().exec_driver_sql("CREATE TABLE theirs (id INTEGER)")
    with pytest.raises(StoreError, match="别的程序"):
        migrate.upgrade(empty_store)


def test_a_naive_instant_is_refused_and_an_aware_one_comes_back_in_utc(store: Store) -> None:
    number = campaign(store)
    with store.write() as session:
        session.get_one(Campaign, number).activated_at = NOW.astimezone(UTC)
    with store.read() as session:
        assert session.get_one(Campaign, number).activated_at == NOW
    with pytest.raises(Exception, match="naive"), store.write() as session:
        session.get_one(Campaign, number).activated_at = NOW.replace(tzinfo=None)


def test_a_word_of_a_newer_program_is_read_and_written_back_as_it_stands_and_what_is_no_word_is_refused(
    store: Store,
) -> None:
    number = campaign(store)
    with store.write() as session:
        session.connection().execute(text("UPDATE campaign SET status = 'levitating'"))
    with store.write() as session:
        unknown = session.get_one(Campaign, number).status
        assert (str(unknown), unknown.is_known) == ("levitating", False)
        session.execute(update(Campaign).values(title="改", status=unknown))
    with store.read() as session:
        assert str(session.get_one(Campaign, number).status) == "levitating"
        assert session.exec(select(Campaign.policy_id).where(Campaign.status == CampaignStatus.ACTIVE)).all() == []
    with pytest.raises(Exception, match="floating"), store.write() as session:
        session.execute(update(Campaign).values(status="floating"))


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=8))])
@pytest.mark.parametrize("microsecond", [0, 7])
def test_an_instant_comes_back_to_the_microsecond_and_is_found_by_the_same_instant_of_another_zone(
    store: Store, zone: timezone, microsecond: int
) -> None:
    number = campaign(store)
    moment = NOW.replace(microsecond=microsecond).astimezone(zone)
    with store.write() as session:
        session.get_one(Campaign, number).activated_at = moment
    with store.read() as session:
        found = session.exec(select(Campaign).where(Campaign.activated_at == moment.astimezone(UTC))).one()
        assert found.activated_at is not None
        assert (found.activated_at, found.activated_at.tzinfo) == (moment, UTC)


def test_the_record_is_a_chain_that_shows_every_change(store: Store) -> None:
    number = campaign(store)
    with store.write() as session:
        for word in ("甲", "乙", "丙"):
            history.append(session, number, NOW, "报进展", Actor("张工", None), words=word)
    with store.read() as session:
        assert list(history.audit(session, number)) == []
    with store.write() as session:
        session.exec(select(History).where(History.seq == 2)).one().after = {"state": "closed"}
    with store.read() as session:
        assert list(history.audit(session, number)) == ["第 2 条的内容被改动"]
    with store.write() as session:
        session.delete(session.exec(select(History).where(History.seq == 3)).one())
    with store.read() as session:
        assert "末尾缺失" in list(history.audit(session, number))[-1]


def test_erasing_a_persons_words_leaves_the_chain_valid(store: Store) -> None:
    number = campaign(store)
    with store.write() as session:
        person = register.person_of(session, "console", "1", "张工")
        history.append(session, number, NOW, "报进展", Actor("张工", person.id), words="家里有事")
        person_id = person.id
    with store.write() as session:
        assert history.erase(session, person_id, history.OPERATOR, NOW) == 1
    with store.read() as session:
        entry = session.exec(select(History).where(History.seq == 1)).one()
        assert (entry.who, entry.words) == (history.ERASED, "")
        assert list(history.audit(session, number)) == []


def test_units_are_found_by_their_other_names(store: Store) -> None:
    with store.write() as session:
        unit = register.ensure_unit(session, "市发改委（市粮食和物资储备局）")
        assert register.find_unit(session, "市发改委") is not None
        register.add_alias(session, unit, "市发展和改革委员会")
        assert register.ensure_unit(session, "市发展和改革委员会").id == unit.id
        other = register.ensure_unit(session, "市工信局")
        with pytest.raises(RegisterError, match="已是"):
            register.add_alias(session, other, "市发改委")
        with pytest.raises(RegisterError, match="是否指"):
            register.get_unit(session, "市发改局")


@pytest.mark.parametrize(
    ("name", "collective"),
    [("省危化安全专委会成员单位", True), ("市、县（市、区）党委政府", True), ("省级相关部门", True), ("各县（市）区", True), ("各级安委会", True),
     ("省应急管理厅", False), ("市发改委（市粮食和物资储备局）", False)],
)  # fmt: skip
def test_collective_units_are_known_by_their_names(name: str, collective: bool) -> None:
    assert register.is_collective(name) is collective


def test_a_code_works_once_and_for_three_days(store: Store) -> None:
    with store.write() as session:
        code, expires = register.invite(session, Rank.COORDINATOR, None, NOW)
        late, _ = register.invite(session, Rank.COORDINATOR, None, NOW)
        assert expires == NOW + timedelta(hours=72)
        assert register.redeem(session, late, NOW + timedelta(hours=72)) is None
        redeemed = register.redeem(session, code.lower(), NOW + timedelta(hours=71))
        assert redeemed is not None
        assert redeemed.rank is Rank.COORDINATOR
        assert register.redeem(session, code, NOW) is None


def test_a_room_cannot_serve_a_unit(store: Store) -> None:
    with store.write() as session:
        chat = register.ensure_chat(session, "console", "c", "c")
        register.bind_room(session, ChatRole.COORDINATORS, chat)
        with pytest.raises(RegisterError):
            register.bind(session, register.ensure_unit(session, "省经信厅"), chat)


def test_two_workers_never_claim_the_same_notice(store: Store) -> None:
    number = queued(store, a_chat(store))
    with store.write() as session:
        assert [one.id for one in outbox.claim(session, NOW, "one")] == [number]
    with store.write() as session:
        assert outbox.claim(session, NOW, "two") == []
    with store.write() as session:
        after = NOW + outbox.LEASE + timedelta(seconds=1)
        assert [one.id for one in outbox.claim(session, after, "two")] == [number]


def test_the_urgent_goes_first(store: Store) -> None:
    chat = a_chat(store)
    _later, sooner = queued(store, chat, NoticeKind.DIGEST), queued(store, chat, NoticeKind.REPLY)
    with store.write() as session:
        assert [one.id for one in outbox.claim(session, NOW, "one", 2)] == [sooner], "one at a time in a chat"


def test_a_chats_not_before_time_holds_everything_back(store: Store) -> None:
    chat = a_chat(store)
    queued(store, chat)
    with store.write() as session:
        session.get_one(Chat, chat).not_before = NOW + timedelta(seconds=30)
    with store.write() as session:
        assert outbox.claim(session, NOW, "one") == []
        assert len(outbox.claim(session, NOW + timedelta(seconds=30), "one")) == 1


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def crash() -> None:
        with store.write() as session:
            session.add(Unit(name="半个"))
            session.flush()
            raise RuntimeError("a crash in the middle")

    with pytest.raises(RuntimeError):
        crash()
    with store.read() as session:
        assert session.exec(select(Unit)).all() == []


def test_a_notice_without_a_chat_waits_as_no_route(store: Store) -> None:
    with store.write() as session:
        unit = register.ensure_unit(session, "省经信厅")
        (notice,) = outbox.tell_unit(session, unit.id, now=NOW, kind=NoticeKind.SLIP, reason=Reason.ACTIVATED)
        assert notice.state is DeliveryState.NO_ROUTE
    with store.read() as session:
        assert session.exec(select(Notice)).one().why == Reason.NO_ROUTE.zh


def test_a_wrong_url_is_told_in_one_line() -> None:
    with pytest.raises(StoreError, match="类型不支持"):
        Store("mysql://somewhere/db")
    with pytest.raises(StoreError, match="无法识别"):
        Store("nonsense")
    with pytest.raises(StoreError, match="文件夹不存在"):
        Store("sqlite:////nowhere/at/all/duban.db")


def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "duban.db"
    path.write_text("this is a letter, not a database, and it is long enough to be looked at " * 20, encoding="utf-8")
    with pytest.raises(StoreError, match="不是可用的数据库"):
        migrate.check(Store(f"sqlite:///{path}"))


def test_what_people_wrote_is_in_no_error_of_the_database(store: Store) -> None:
    with store.write() as session:
        session.add(Unit(name="机密单位"))
    with pytest.raises(IntegrityError) as raised, store.write() as session:
        session.add(Unit(name="机密单位", level="机密级别"))
    assert "机密级别" not in str(raised.value)
    assert told_briefly(raised.value) == "IntegrityError"
    assert told_briefly(StoreError("磁盘已满")) == "StoreError: 磁盘已满"


# ---------------------------------------------------------------- two at once


def _old_rows(store: Store) -> None:
    """Fill a store of the version before with what two people at once could leave there."""
    statements = (
        "INSERT INTO unit(id, name, collective, level) VALUES (1, 'u', false, '')",
        "INSERT INTO person(id, name, nameless) VALUES (1, 'p', false)",
        """INSERT INTO campaign(id, title, status, letter, timezone, source_name, source_hash, problems, history_count, history_head)
           VALUES (1, 't', 'active', 'A', 'Asia/Shanghai', 'x', 'x', '[]', 0, '')""",
        """INSERT INTO task(id, campaign_id, position, key, number, section, text, open_ended, place)
           VALUES (1, 1, 1, '1', '1', '', 't', false, '{}')""",
        *(
            f"""INSERT INTO milestone(id, task_id, position, code, text, kind, deliverable)
                VALUES ({number}, 1, {number}, 'A-{number}', '', 'date', '')"""
            for number in (1, 2)
        ),
        *(
            f"""INSERT INTO assignment(id, campaign_id, milestone_id, unit_id, role, period, state, closed_at, reported_at, returns,
                extensions, decision_pending, on_hold, chases, silent_told, version)
                VALUES ({number}, 1, {number}, 1, 'lead', '', '{state}', {closed}, '2022-05-01 00:00:00', 0, 0, {pending}, false, 0, false, 0)"""
            for number, state, closed, pending in (
                (1, "in_progress", "'2022-01-01 00:00:00'", "true"),
                (2, "closed", "NULL", "false"),
            )
        ),
        *(
            f"""INSERT INTO extension(id, assignment_id, requested_by_id, requested_at, new_due, words, withdrawn)
                VALUES ({number}, {assignment}, 1, '2022-01-01 00:00:00', '2022-02-01', '', false)"""
            for number, assignment in ((1, 1), (2, 1), (3, 2))
        ),
    )
    with store.write() as session:
        for statement in statements:
            session.connection().exec_driver_sql(statement)


def test_what_two_at_once_had_left_is_tidied_by_the_migration(empty_store: Store) -> None:
    command.upgrade(migrate.config(empty_store), "0004")
    _old_rows(empty_store)
    migrate.upgrade(empty_store)
    command.check(migrate.config(empty_store))
    with empty_store.read() as session:
        assert [one.withdrawn for one in session.exec(select(Extension).order_by(col(Extension.id)))] == [
            True,
            False,
            True,
        ]
        one, other = session.exec(select(Assignment).order_by(col(Assignment.id)))
        assert (one.closed_at, other.closed_at) == (None, datetime(2022, 5, 1, tzinfo=UTC))


def test_a_coordinator_of_units_is_one_once_after_the_migration_and_an_old_code_is_of_none(empty_store: Store) -> None:
    command.upgrade(migrate.config(empty_store), "0008")
    with empty_store.write() as session:
        for statement in (
            *(f"INSERT INTO unit(id, name, collective, level) VALUES ({one}, 'u{one}', false, '')" for one in (1, 2)),
            "INSERT INTO person(id, name, nameless) VALUES (1, 'p', false)",
            *(
                f"""INSERT INTO appointment(person_id, rank, unit_id, since)
                    VALUES (1, 'coordinator', {one}, '2022-01-01 00:00:00')"""
                for one in (1, 2)
            ),
            "INSERT INTO invite(code_hash, rank, unit_id, expires_at) VALUES ('x', 'coordinator', 1, '2022-01-01 00:00:00')",
        ):
            session.connection().exec_driver_sql(statement)
    migrate.upgrade(empty_store)
    with empty_store.read() as session:
        assert [one.ended_at is None for one in session.exec(select(Appointment).order_by(col(Appointment.id)))] == [
            True,
            False,
        ]
        assert [one.unit_id for one in session.exec(select(Invite))] == [None]


@pytest.mark.parametrize("migrated", [True, False])
def test_the_schema_holds_one_pending_extension_and_a_closing_with_its_instant(
    empty_store: Store, migrated: bool
) -> None:
    migrate.upgrade(empty_store) if migrated else empty_store.create_all()
    _old_rows_that_are_right(empty_store)
    for wrong in (
        "UPDATE assignment SET closed_at = '2022-06-01 00:00:00'",
        "UPDATE assignment SET state = 'closed'",
        """INSERT INTO extension(assignment_id, requested_by_id, requested_at, new_due, words, withdrawn)
           VALUES (1, 1, '2022-01-01 00:00:00', '2022-02-01', '', false)""",
    ):
        with pytest.raises(IntegrityError), empty_store.write() as session:
            session.connection().exec_driver_sql(wrong)
    with empty_store.write() as session:
        session.connection().exec_driver_sql("UPDATE extension SET withdrawn = true")
        session.connection().exec_driver_sql(wrong)


def _old_rows_that_are_right(store: Store) -> None:
    with store.write() as session:
        unit = register.ensure_unit(session, "u")
        person = register.person_of(session, "console", "1", "张工")
        made = Campaign(title="测", letter="A", timezone="Asia/Shanghai", source_name="x", source_hash="x")
        session.add(made)
        session.flush()
        task = Task(campaign_id=made.id, position=1, key="1", number="1", section="", text="t")
        session.add(task)
        session.flush()
        milestone = Milestone(task_id=task.id, position=1, code="A-1", text="", kind=DeadlineKind.DATE)
        session.add(milestone)
        session.flush()
        one = Assignment(
            campaign_id=made.id, milestone_id=milestone.id, unit_id=unit.id, role=Role.LEAD,
            decision_pending=True,
        )  # fmt: skip
        session.add(one)
        session.flush()
        session.add(Extension(assignment_id=one.id, requested_by_id=person.id, requested_at=NOW, new_due=NOW.date()))


def test_a_new_store_waits_for_who_writes_before_it_switches_its_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    other.execute("CREATE TABLE somebodys (x)")
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("db.session.time.sleep", lambda _seconds: other.execute("COMMIT"))
    with Store(f"sqlite:///{tmp_path}/new.db").read() as session:
        assert session.connection().exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def _migrates(url: str, begin: Any, told: Any) -> None:
    store = Store(url)
    begin.wait()
    try:
        told.put(str(migrate.upgrade(store)))
    except Exception as error:
        told.put(repr(error))


def test_of_three_who_migrate_at_once_two_find_it_done(empty_store: Store) -> None:
    processes = multiprocessing.get_context("spawn")  # alembic knows one migration a process
    begin, told = processes.Barrier(3), processes.Queue()
    url = empty_store.engine.url.set(
        drivername="postgresql" if empty_store.dialect == "postgresql" else "sqlite"
    ).render_as_string(hide_password=False)
    three = [processes.Process(target=_migrates, args=(url, begin, told)) for _ in range(3)]
    for one in three:
        one.start()
    outcomes = [told.get(timeout=150) for _ in three]
    for one in three:
        one.join()
    assert set(outcomes) <= {"True", "False"}
    migrate.check(empty_store)


def test_work_that_others_got_in_the_way_of_is_done_anew(store: Store) -> None:
    number, tries = campaign(store), []

    def work(session: Session) -> str:
        tries.append(len(tries))
        if len(tries) == 1:  # as one who was first has written it meanwhile
            session.add(Campaign(id=number, title="", letter="A", timezone="", source_name="", source_hash=""))
            session.flush()
        return "done"

    assert store.settle(work) == "done"
    assert len(tries) == 2


def test_work_that_is_wrong_every_time_is_given_up(store: Store) -> None:
    number, tries = campaign(store), []

    def work(session: Session) -> None:
        tries.append(1)
        session.add(Campaign(id=number, title="", letter="A", timezone="", source_name="", source_hash=""))
        session.flush()

    with pytest.raises(IntegrityError):
        store.settle(work)
    assert len(tries) == TRIES


@pytest.mark.parametrize(
    ("code", "kind"), [("40001", Contended), ("40P01", Contended), ("57P01", StoreError), ("54000", OperationalError)]
)
def test_a_store_that_is_away_is_told_from_one_that_was_busy_and_from_what_it_can_never_keep(
    store: Store, code: str, kind: type[Exception]
) -> None:
    original = Exception("…")
    original.sqlstate = code  # type: ignore[attr-defined]
    with pytest.raises(kind) as told, store.write():
        raise OperationalError("", {}, original)
    assert type(told.value) is kind


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("database or disk is full", "磁盘已满"),
        ("disk I/O error", "磁盘可能已满"),
        ("attempt to write a readonly database", "请检查文件和文件夹的权限"),
        ("database disk image is malformed", "从备份恢复"),
    ],
)
def test_a_store_that_fails_says_what_to_look_at(said: str, told: str) -> None:
    with pytest.raises(StoreError, match=told), Store(MEMORY).write():
        raise OperationalError("INSERT", {}, Exception(said))


def test_a_server_lets_go_of_what_a_program_holds_that_hangs_but_not_of_what_is_copied(store: Store) -> None:
    if store.dialect != "postgresql":
        return
    shown = text("SHOW idle_in_transaction_session_timeout")
    with store.write() as session:
        assert session.connection().execute(shown).scalar_one() == "45s"
    with store.snapshot() as session:
        assert session.connection().execute(shown).scalar_one() == "0"


def test_the_planner_of_postgresql_knows_a_list_that_has_just_been_given_out(postgresql: Databases) -> None:
    store = Store(postgresql.new())
    store.create_all()
    imported_and_activated(store, many.MANY // 4)
    with store.read() as session:
        known = session.connection().exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relname IN ('assignment', 'campaign') AND reltuples > 0 ORDER BY relname"
        )
        assert list(known.scalars()) == ["assignment", "campaign"]
    store.close()


def test_a_full_disk_is_told_in_our_words_also_while_the_store_is_migrated() -> None:
    full = OperationalError("CREATE TABLE chat", None, sqlite3.OperationalError("database or disk is full"))
    assert known_failure(full) == "磁盘已满，未写入任何内容；请先清理磁盘"
    assert known_failure(ValueError("disk is full")) is None
