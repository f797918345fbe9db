"""Stores that are filled to be measured."""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session

from db import register
from db.history import SYSTEM
from db.models import Campaign, Milestone, Task, Unit
from db.session import Store
from db.words import CampaignStatus, DeadlineKind, PastChoice
from jobs.campaigns.activation import activate
from jobs.campaigns.import_ import import_document
from jobs.desk import Desk
from jobs.reading.document import Document, MilestoneRead, Place, TaskRead

ZONE = ZoneInfo("Asia/Shanghai")

NOW = datetime(2022, 6, 1, 10, 30, tzinfo=ZONE).astimezone(UTC)


def fill(store: Store, count: int, first: int, due_at: datetime, units: int = 30) -> None:
    """Add open assignments whose time comes at ``due_at``, by the database's own means."""
    with store.write() as session:
        campaign, milestone = add_campaign(session, first)
        unit = add_units(session, units, first)
    add_assignments(store, count, campaign, milestone, unit, units, due_at)


def add_assignments(
    store: Store, count: int, campaign: int, milestone: int, unit: int, units: int, due_at: datetime
) -> None:
    """Add so many open assignments of one milestone, dealt out to ``units`` units from ``unit`` on."""
    series = (
        "SELECT generate_series(1, :count) AS n"
        if store.dialect == "postgresql"
        else "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :count) SELECT n FROM s"
    )
    with store.write() as session:
        session.connection().execute(
            text(
                "INSERT INTO assignment (campaign_id, milestone_id, unit_id, role, period, state, due, original_due,"
                " returns, extensions, decision_pending, on_hold, chases, silent_told, born_at, planned_until,"
                " next_action_at, version) SELECT :campaign, :milestone, :unit + n % :units, 'lead', CAST(n AS VARCHAR),"
                f" 'pending', '2022-07-01', '2022-07-01', 0, 0, {_false(store)}, {_false(store)}, 0, {_false(store)},"
                f" :born, :born, :due_at, 0 FROM ({series}) AS series"
            ),
            {
                "count": count,
                "campaign": campaign,
                "milestone": milestone,
                "unit": unit,
                "units": units,
                "born": _moment(store, NOW - timedelta(days=30)),
                "due_at": _moment(store, due_at),
            },
        )
    with store.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _false(store: Store) -> str:
    return "FALSE" if store.dialect == "postgresql" else "0"


def _moment(store: Store, moment: datetime) -> Any:
    return moment if store.dialect == "postgresql" else moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def add_campaign(session: Session, number: int) -> tuple[int, int]:
    campaign = Campaign(
        title="测",
        letter=f"B{number}",
        timezone="Asia/Shanghai",
        source_name="bench",
        source_hash=str(number),
        status=CampaignStatus.ACTIVE,
        activated_at=NOW - timedelta(days=30),
    )
    session.add(campaign)
    session.flush()
    task = Task(campaign_id=campaign.id, position=1, key="1", number="1", section="", text="开展工作")
    session.add(task)
    session.flush()
    milestone = Milestone(
        task_id=task.id, position=1, code=f"B{number}-1", text="", kind=DeadlineKind.DATE, due=date(2022, 7, 1)
    )
    session.add(milestone)
    session.flush()
    return campaign.id, milestone.id


def add_units(session: Session, count: int, first: int) -> int:
    """Add bound units; return the first one's id."""
    units = [Unit(name=f"第{first}批第{place}局") for place in range(count)]
    session.add_all(units)
    session.flush()
    for unit in units:
        register.bind(session, unit, register.ensure_chat(session, "console", unit.name, unit.name))
    return min(unit.id for unit in units)


def document(tasks: int, units: int) -> Document:
    """Return a list of so many rows, each of a first unit and of all others."""
    names = tuple(f"第{place}局" for place in range(units))
    due = MilestoneRead(text="6月底前", kind=DeadlineKind.DATE, due=date(2022, 6, 30))
    return Document(
        "测",
        2022,
        "",
        None,
        tuple(
            TaskRead(
                key=str(number),
                number=str(number),
                section="",
                text=f"开展第{number}项工作",
                lead=names[:1],
                responsible=names[1:],
                place=Place(),
                milestones=(due,),
            )
            for number in range(1, tasks + 1)
        ),
    )


def import_list(session: Session, tasks: int, units: int, now: datetime) -> Campaign:
    """Import such a list as a draft."""
    return import_document(
        session,
        document(tasks, units),
        name="bench",
        sha256="bench",
        timezone=str(ZONE),
        today=now.astimezone(ZONE).date(),
        now=now,
        actor=SYSTEM,
    ).campaign


def imported_and_activated(store: Store, tasks: int) -> tuple[float, float]:
    """Return the seconds of importing a list of so many rows for four units each, and of starting it."""
    began = time.perf_counter()
    with store.write() as session:
        number = import_list(session, tasks, 4, NOW).id
    imported = time.perf_counter()
    with store.write() as session:
        activate(session, Desk(), session.get_one(Campaign, number), PastChoice.SUMMARY, SYSTEM, NOW)
    return imported - began, time.perf_counter() - imported
