"""What only looks: read outside the lock, page by page, at the same cost whatever the ledger holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, update
from sqlmodel import col, select

from bot.channels.incoming import Incoming
from bot.inbound.inbox import Inbox
from db import outbox, register
from db.bodies import ReplyBody
from db.models import Assignment, Campaign, Milestone, Notice, Task
from db.session import MEMORY, Store
from db.words import CampaignStatus, ChatRole, DeadlineKind, NoticeKind, Rank, Reason, Role
from jobs.desk import Desk

NOW = datetime(2022, 6, 1, 2, tzinfo=UTC)
UNITS = 10
ROOM = ("状态", "清单", "清单 逾期", "清单 第2页", "清单 第3单位", "详情 A-7", "详情 7", "未签收", "未送达", "专项", "核查 7", "更正 7 期限7月1日",
        "群发 逾期 请抓紧。", "群发 未签收 请签收。")  # fmt: skip
GROUP = ("我的任务", "详情 7")


class Costs:
    """Statements, and rows fetched, inside writing transactions and outside."""

    def __init__(self) -> None:
        self.statements = self.rows = self.read_while_writing = 0

    @contextmanager
    def counted(self, store: Store) -> Iterator[None]:
        def executed(connection: Any, cursor: Any, statement: str, *_more: Any) -> None:
            self.statements += 1
            looks = statement.lstrip().startswith("SELECT") and "FROM assignment" in statement
            self.read_while_writing += looks and "duban_begin" in connection.get_execution_options()

        def loaded(*_instance: Any) -> None:
            self.rows += 1

        event.listen(store.engine, "after_cursor_execute", executed)
        for table in (Assignment, Notice):
            event.listen(table, "load", loaded)
        try:
            yield
        finally:
            event.remove(store.engine, "after_cursor_execute", executed)
            for table in (Assignment, Notice):
                event.remove(table, "load", loaded)


def filled(folder: Path, tasks: int) -> Store:
    """A campaign of so many tasks, each of every unit; a few of them overdue whatever their number. It is the test's own."""
    path = folder / f"{tasks}.db"
    path.write_bytes(pattern(tasks))
    return Store(f"sqlite:///{path}")


@cache
def pattern(tasks: int) -> bytes:
    """Such a store as a file's bytes: made once, copied by every test."""
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        campaign = Campaign(title="测", letter="A", timezone="Asia/Shanghai", source_name="x", source_hash="x",
                            status=CampaignStatus.ACTIVE, activated_at=NOW)  # fmt: skip
        units = [register.ensure_unit(session, f"第{number}单位") for number in range(UNITS)]
        session.add(campaign)
        session.flush()
        for number in range(1, tasks + 1):
            task = Task(
                campaign_id=campaign.id,
                position=number,
                key=str(number),
                number=str(number),
                section="",
                text="做",
            )
            session.add(task)
            session.flush()
            due = date(2022, 6, 1) + timedelta(days=number % 20 - 10)
            milestone = Milestone(
                task_id=task.id, position=1, code=f"A-{number}", text="6月", kind=DeadlineKind.DATE, due=due
            )
            session.add(milestone)
            session.flush()
            session.add_all(
                Assignment(campaign_id=campaign.id, milestone_id=milestone.id, unit_id=unit.id,
                           role=Role.RESPONSIBLE, due=due, asked_at=NOW)
                for unit in units[:5]
            )  # fmt: skip
        for name, role in (("room", ChatRole.COORDINATORS), ("group", ChatRole.UNIT)):
            chat = register.ensure_chat(session, "console", name, name)
            if role is ChatRole.UNIT:
                register.bind(session, units[0], chat)
            else:
                register.bind_room(session, role, chat)
        person = register.person_of(session, "console", "王协调", "王协调")
        register.appoint(session, person, Rank.COORDINATOR, None, NOW)
        register.person_of(session, "console", "张工", "张工")
    with store.engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        return bytes(driver.serialize())


def costs_of(store: Store, words: str, chat: str, who: str, press: str | None = None) -> Costs:
    costs = Costs()
    with costs.counted(store):
        taken = Inbox(store, Desk()).take(
            Incoming("console", f"{words}{press}", chat, chat, who, who, words, press, None, words), NOW
        )  # fmt: skip
    assert "fault" not in taken.outcome
    return costs


@pytest.mark.parametrize(("words", "chat", "who"), [(words, "room", "王协调") for words in ROOM] + [(words, "group", "张工") for words in GROUP])  # fmt: skip
def test_a_command_costs_the_same_whatever_the_ledger_holds(tmp_path: Path, words: str, chat: str, who: str) -> None:
    small, large = (costs_of(filled(tmp_path, tasks), words, chat, who) for tasks in (30, 600))
    assert large.statements <= small.statements
    assert large.rows <= small.rows


@pytest.mark.parametrize(("words", "chat", "who"), [(words, "room", "王协调") for words in ROOM[:10]] + [("我的任务", "group", "张工")])  # fmt: skip
def test_what_only_looks_reads_outside_the_lock(tmp_path: Path, words: str, chat: str, who: str) -> None:
    store = filled(tmp_path, 30)
    costs = costs_of(store, words, chat, who)
    assert costs.read_while_writing == 0
    with store.read() as session:
        (answer,) = session.exec(select(Notice).where(Notice.kind == NoticeKind.REPLY)).all()
        assert answer.body_as(ReplyBody).text


def test_a_page_that_was_looked_at_is_said_once_and_an_update_that_comes_again_reads_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path, 30)
    inbox = Inbox(store, Desk())
    asked = Incoming("console", "1", "room", "room", "王协调", "王协调", "清单", None, None, "1")
    assert inbox.take(asked, NOW).outcome == "list"
    costs = Costs()
    with costs.counted(store):
        assert inbox.take(asked, NOW).outcome == "repeated"
    assert costs.rows == 0
    with store.read() as session:
        assert len(session.exec(select(Notice).where(col(Notice.reply_to) == "1")).all()) == 1


def test_who_may_not_look_is_told_so_and_shown_nothing(tmp_path: Path) -> None:
    store = filled(tmp_path, 30)
    asked = Incoming("console", "1", "room", "room", "张工", "张工", "清单", None, None, "1")
    Inbox(store, Desk()).take(asked, NOW)
    with store.read() as session:
        texts = [notice.body_as(ReplyBody).text for notice in session.exec(select(Notice))]
    assert texts
    assert not any("A-" in text for text in texts)


def test_a_campaign_is_paused_and_resumed_at_the_same_cost_whatever_the_ledger_and_the_outbox_hold(
    tmp_path: Path,
) -> None:
    def paused_and_resumed(tasks: int) -> tuple[int, int]:
        store = filled(tmp_path, tasks)
        with store.write() as session:
            session.execute(update(Assignment).values(planned_until=NOW))
            for _ in range(tasks):
                outbox.enqueue(session, now=NOW, kind=NoticeKind.REMINDER, reason=Reason.DAYS_BEFORE, chat_id=2,
                               campaign_id=1, day=date(2022, 6, 1))  # fmt: skip
        pause = costs_of(store, "暂停 1", "room", "王协调")
        with store.read() as session:
            held = select(func.count()).where(col(Notice.why) == "专项已暂停", col(Notice.not_before) > NOW)
            assert session.exec(held).one() == tasks
        resume = costs_of(store, "继续 1", "room", "王协调")
        with store.read() as session:
            woken = select(func.count()).where(col(Assignment.next_action_at) == NOW)
            let_out = select(func.count()).where(col(Notice.not_before) == NOW, Notice.kind == NoticeKind.REMINDER)
            assert (session.exec(woken).one(), session.exec(let_out).one()) == (5 * tasks, tasks)
        return pause.statements + resume.statements, pause.rows + resume.rows

    small, large = paused_and_resumed(30), paused_and_resumed(600)
    assert large <= small
