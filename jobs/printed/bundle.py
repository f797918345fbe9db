"""Everything of one campaign in a zip: its rows as JSON, the ledger as a spreadsheet, the list as published, the evidence."""

import contextlib
import json
import os
import tempfile
import zipfile
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import or_
from sqlmodel import Session, SQLModel, col, select

from db import ledger
from db.archive import Archive
from db.ledger import Which, evidence
from db.models import (
    Assignment,
    Campaign,
    Delivery,
    Doubt,
    Evidence,
    Expiry,
    Extension,
    GoneFile,
    History,
    Message,
    Milestone,
    Notice,
    NoticeItem,
    Objection,
    Paper,
    PaperItem,
    Person,
    PolicyVersion,
    Problem,
    Question,
    Round,
    RoundItem,
    RoundSignature,
    ScorePoint,
    ScoreSheet,
    SpotCheck,
    SpotCheckItem,
    Step,
    Task,
    Unit,
)
from db.plain import one_line
from db.stored import Json
from db.words import EVERY
from jobs.printed.ledger_book import ledger_book


def write(session: Session, archive: Archive, campaign: Campaign, now: datetime, out: Path) -> list[str]:
    """Write the zip, under its name only once it is whole; return a line for each file that is not there any more."""
    number, partial = tempfile.mkstemp(suffix=".part", dir=out.parent)
    try:
        with os.fdopen(number, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
            missing = _fill(session, archive, campaign, now, packed)
        Path(partial).replace(out)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(partial).unlink()
        raise
    return missing


def _fill(session: Session, archive: Archive, campaign: Campaign, now: datetime, packed: zipfile.ZipFile) -> list[str]:
    owed = set(session.exec(select(Assignment.id).where(Assignment.campaign_id == campaign.id)))
    shared = set(session.exec(_shared_with_others(campaign.id)))
    for table, query in _rows_of(campaign.id):
        with packed.open(f"data/{table.__tablename__}.jsonl", "w") as stream:
            for row in session.exec(query.execution_options(yield_per=500)):
                told = row.model_dump(mode="json")
                if isinstance(row, Message) and row.notice_id in shared:
                    told |= {"sent": _of_ours(row.sent, owed), "shown": _of_ours(row.shown, owed), "marks": []}
                line = json.dumps(told, ensure_ascii=False, sort_keys=True)
                stream.write(f"{line}\n".encode())
    lines = ledger.lines(session, Which(EVERY, campaign=campaign.id))
    packed.writestr("台账.xlsx", ledger_book(session, lines, now))
    gone = set(session.exec(select(GoneFile.sha256)))
    missing = []
    for sha256, name in _files(session, campaign):
        if archive.has(sha256):
            packed.write(archive.path(sha256), name)
        else:
            missing.append(f"{name}（{'已按期限删除' if sha256 in gone else '文件缺失'}）")
    return missing


def _files(session: Session, campaign: Campaign) -> Iterator[tuple[str, str]]:
    """Yield the files of a campaign by hash, each with its place in the zip, which no two share."""
    yield campaign.source_hash, f"原文件/{_name(campaign.source_name)}"
    query = (
        select(Evidence, Milestone.code)
        .join(Assignment, col(Assignment.id) == Evidence.assignment_id)
        .join(Milestone, col(Milestone.id) == Assignment.milestone_id)
        .where(Assignment.campaign_id == campaign.id, evidence.STANDS)
    )
    for one, code in session.exec(query.order_by(col(Evidence.id))):
        yield one.sha256, f"佐证/{code}/{one.id}-{_name(one.name)}"


def _name(told: str) -> str:
    """Return a name that people gave as one for a file in the zip: in no other folder, and none of its own making."""
    return one_line(told).replace("/", "_").replace("\\", "_").lstrip(".")[:100] or "无名"


TOGETHER = "（与其他专项合为一条，原文从略）"
"""What stands for the text of a message that told another campaign's tasks as well."""


def _shared_with_others(number: int) -> Any:
    """Select the notices of a campaign that speak of other campaigns' tasks as well."""
    others = select(Assignment.id).where(Assignment.campaign_id != number)
    items = select(NoticeItem.notice_id).where(col(NoticeItem.assignment_id).in_(others))
    return select(Notice.id).where(col(Notice.id).in_(items), _is_of(number))


def _is_of(number: int) -> Any:
    """Return what holds of the notices of a campaign: its own, and those that speak of its tasks."""
    owed = select(Assignment.id).where(Assignment.campaign_id == number)
    items = select(NoticeItem.notice_id).where(col(NoticeItem.assignment_id).in_(owed))
    return or_(col(Notice.campaign_id) == number, col(Notice.id).in_(items))


def _of_ours(kept: Json | None, owed: Collection[int]) -> Json | None:
    """Return what a message said of our tasks, of those it told with others'; None where nothing is kept."""
    if kept is None:
        return None
    return {"text": TOGETHER, "items": [item for item in kept.get("items", ()) if item["assignment"] in owed]}


def _rows_of(number: int) -> list[tuple[type[SQLModel], Any]]:
    """Return every table that has rows of a campaign, with the query of those rows."""
    tasks = select(Task.id).where(Task.campaign_id == number)
    owed = select(Assignment.id).where(Assignment.campaign_id == number)
    notices = select(Notice.id).where(_is_of(number))
    rounds = select(Round.id).where(Round.campaign_id == number)
    sheets = select(ScoreSheet.id).where(ScoreSheet.campaign_id == number)
    papers = select(Paper.id).where(Paper.campaign_id == number)
    policies = select(Campaign.policy_id).where(Campaign.id == number)
    which: list[tuple[type[Any], Any]] = [
        (Campaign, col(Campaign.id) == number),
        (PolicyVersion, col(PolicyVersion.id).in_(policies)),
        (Task, col(Task.campaign_id) == number),
        (Milestone, col(Milestone.task_id).in_(tasks)),
        (Problem, col(Problem.task_id).in_(tasks)),
        (Expiry, col(Expiry.task_id).in_(tasks)),
        (Assignment, col(Assignment.campaign_id) == number),
        (History, col(History.campaign_id) == number),
        (Doubt, col(Doubt.campaign_id) == number),
        (Notice, col(Notice.id).in_(notices)),
        (Message, col(Message.notice_id).in_(notices)),
        (Delivery, col(Delivery.notice_id).in_(notices)),
        (NoticeItem, col(NoticeItem.assignment_id).in_(owed)),
        (Paper, col(Paper.id).in_(papers)),
        (PaperItem, col(PaperItem.paper_id).in_(papers)),
        (Round, col(Round.id).in_(rounds)),
        (RoundItem, col(RoundItem.round_id).in_(rounds)),
        (RoundSignature, col(RoundSignature.round_id).in_(rounds)),
        (SpotCheck, col(SpotCheck.campaign_id) == number),
        (SpotCheckItem, col(SpotCheckItem.assignment_id).in_(owed)),
        (ScoreSheet, col(ScoreSheet.id).in_(sheets)),
        (ScorePoint, col(ScorePoint.sheet_id).in_(sheets)),
        (Unit, col(Unit.id).in_(select(Assignment.unit_id).where(Assignment.campaign_id == number))),
        (Person, col(Person.id).in_(select(History.person_id).where(History.campaign_id == number))),
        *((table, col(table.assignment_id).in_(owed)) for table in (Evidence, Extension, Question, Objection, Step)),
    ]
    return [
        (table, select(table).where(condition).order_by(*table.__table__.primary_key)) for table, condition in which
    ]
