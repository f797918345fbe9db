"""The planning worker: gather what is due → plan (pure) → write, for the assignments whose time has come.

A tick reads only rows whose ``next_action_at`` has passed, whole chats at a time, so that what falls together in a
chat becomes one message. Steps are rows with a unique key: two planners at once plan once.

A morning may bring ten thousand rows, of which most are alike: what is alike is planned once, and a batch is written in a
few statements, whatever it holds.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from db import outbox
from db.models import Assignment, Campaign, Milestone, Unit
from db.session import Store, apart, is_of_the_store
from db.words import CampaignStatus
from jobs.desk import Desk
from jobs.notices import alarms
from jobs.notices.alarms import Trouble
from jobs.planner.due import DUE, REST, ROW, Due, Planning, chats_of, units_due
from jobs.planner.writing import Writing

log = logging.getLogger(__name__)

SET_ASIDE = timedelta(days=1)
"""When an assignment that could not be planned is looked at again."""


class Planner:
    """Decides what is told; ``step`` is one unit of work."""

    def __init__(self, store: Store, desk: Desk) -> None:
        """Plan for every running campaign of the store. ``deferred`` counts what the daily cap put off."""
        self._store, self._desk = store, desk
        self.deferred = 0

    def step(self, now: datetime, since: datetime | None = None) -> bool:
        """Plan one batch of what is due at ``now``; tell whether there was anything to do.

        With ``since`` each is planned as of its own time, or of ``since`` where that is later: a rehearsal's morning, in which
        every chat has its own minute and nothing else happens, is planned at once.
        """
        with self._store.write() as session:
            due, found = self._gather(session, now, since)
            self._write(session, due, now)
        if due:
            log.info("planned assignments=%s", len(due))
        return found

    def _gather(self, session: Session, now: datetime, since: datetime | None) -> tuple[list[Due], bool]:
        """Return what is due with its plan, in the order of its times, and whether any row was found at all; what cannot be
        planned is set aside.
        """
        units = units_due(session, now)
        if not units:
            return [], False
        rows = self._rows(session, {"now": now, "units": units}, now)
        chasing = outbox.chasing(session, [row.id for row in rows if row.asked_at is not None])
        resting = [row.id for row in rows if row.status is not CampaignStatus.ACTIVE]
        if resting:
            session.execute(REST, {"ids": resting})
        planning = Planning(session, self._desk, chats_of(session, units))
        due = []
        for row in rows:
            if row.status is not CampaignStatus.ACTIVE:
                continue
            at = now if since is None else max(since, row.next_action_at)
            try:
                due.append(planning.plan(row, row.id in chasing, at))
            except Exception as error:
                self._set_aside(session, row.id, error, now)
        return sorted(due, key=lambda one: one.at), True

    def _rows(self, session: Session, which: dict[str, Any], now: datetime) -> list[Any]:
        """Read the due rows at once; where one of them cannot be read, each by itself."""
        try:
            return list(session.execute(DUE, which).all())
        except (ValueError, TypeError):
            numbers = session.scalars(DUE.with_only_columns(ROW.id), which).all()
        rows = []
        for number in numbers:
            try:
                rows.append(session.execute(DUE.where(ROW.id == number), which).one())
            except (ValueError, TypeError) as error:
                self._set_aside(session, number, error, now)
        return rows

    def _write(self, session: Session, due: Sequence[Due], now: datetime) -> None:
        """Write a batch; where something in it cannot be written, each chat's by itself, then each assignment's."""
        if not due:
            return
        writing = Writing(session, self._desk)
        error = apart(session, lambda: writing.write(due))
        if error is None:
            self.deferred += writing.deferred
        elif len(due) == 1:
            self._set_aside(session, due[0].assignment.id, error, now)
        else:
            for some in _smaller(due):
                self._write(session, some, now)

    def _set_aside(self, session: Session, number: int, error: Exception, now: datetime) -> None:
        """Look at an assignment that cannot be planned again tomorrow, and tell the coordinators."""
        if is_of_the_store(error):
            raise error
        log.error("assignment-set-aside assignment=%s error=%s", number, type(error).__name__)
        log.debug("assignment-set-aside assignment=%s", number, exc_info=error)
        session.execute(
            update(Assignment)
            .where(col(Assignment.id) == number)
            .values(next_action_at=now + SET_ASIDE)
            .execution_options(synchronize_session=False)
        )
        query = (
            select(col(Milestone.code), col(Unit.name), col(Campaign.id))
            .select_from(Assignment)
            .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
            .join(Unit, col(Unit.id) == Assignment.unit_id)
            .join(Campaign, col(Campaign.id) == Assignment.campaign_id)
        )
        code, unit, campaign = session.execute(query.where(col(Assignment.id) == number)).one()
        alarms.sound(
            session,
            Trouble(
                cause=f"plan of campaign {campaign}|{type(error).__name__}",
                of="交办",
                what=f"无法安排提醒：〔{code}〕{unit}",
                why=f"原因：记录的内容有误（{type(error).__name__}）。",
                advice="其余任务照常提醒；这一项请人工跟进，并请系统管理员检查。",
            ),
            now,
            campaign_id=campaign,
        )


def _smaller(due: Sequence[Due]) -> list[list[Due]]:
    """Divide a batch by chats, and what is of one chat into its assignments."""
    by_chat: dict[tuple[int, ...], list[Due]] = defaultdict(list)
    for one in due:
        by_chat[one.around.chats or (-one.assignment.unit_id,)].append(one)
    return list(by_chat.values()) if len(by_chat) > 1 else [[one] for one in due]
