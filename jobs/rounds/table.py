"""A round's table, the annex of the bulletin: a row a task, what was answered in each field, by whom, who confirmed it."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from db import days
from db.ledger import lamp_of, local_day
from db.models import Campaign, Round
from db.plain import one_line
from jobs.rounds.standing import Stand, figures
from jobs.sheets import book

_BEFORE, _AFTER = ("序号", "编号", "任务", "单位", "角色", "期限", "灯"), ("报送人", "报送时间", "情况")
_NO_NAME = re.compile(r'[\\/:*?"<>|\s]+')


def title_of(session: Session, made: Round) -> str:
    """Return what the table is called, where a paper names it as its annex."""
    campaign = session.get_one(Campaign, made.campaign_id)
    closed = local_day(made.closed_at, campaign.timezone) if made.closed_at is not None else made.due
    return f"{one_line(made.title)}调度表（{days.written(closed)}）"


def name_of(session: Session, made: Round) -> str:
    """Return the table's name as a file."""
    return f"{_NO_NAME.sub('', title_of(session, made))[:60]}.xlsx"


def table(session: Session, made: Round, found: Sequence[Stand]) -> bytes:
    """Return a round as an .xlsx file, as it stands or as it was closed."""
    campaign = session.get_one(Campaign, made.campaign_id)
    signs = ("双签人", "双签时间") if made.signatures > 1 else ()
    headings = (*_BEFORE, *made.fields, *_AFTER, *signs)
    widths = (6, 9, 32, 18, 6, 14, 6, *(20 for _field in made.fields), 10, 17, 10, *(14 for _sign in signs))
    return book(
        "调度表", headings, _rows(made, found, campaign), widths, _notes(made, found, campaign), title_of(session, made)
    )


def _rows(made: Round, found: Sequence[Stand], campaign: Campaign) -> Iterator[Sequence[str | int]]:
    when = local_day(made.closed_at, campaign.timezone) if made.closed_at is not None else made.due
    for place, one in enumerate(found, 1):
        line, last = one.line, one.last
        due = line.assignment.due
        row: list[str | int] = [
            place,
            line.code,
            one_line(line.title),
            line.unit.name,
            line.assignment.role.zh,
            days.written(due) if due is not None else "",
            lamp_of(line.assignment.state, due, when).zh,
            *(one.answer.get(field, "") for field in made.fields),
            last.who if last is not None else "",
            _local(last.at, campaign) if last is not None else "",
            standing(one),
        ]
        if made.signatures > 1:
            row += [one.signed.who, _local(one.signed.at, campaign)] if one.signed is not None else ["", ""]
        yield row


def _notes(made: Round, found: Sequence[Stand], campaign: Campaign) -> Iterator[tuple[str, str]]:
    told = figures(found)
    owed = told.total - told.answered - told.let_off
    yield "合计", f"{told.total}项　已报{told.answered}项　未报{owed}项"
    opened = _local(made.opened_at, campaign) if made.opened_at is not None else ""
    words = f"{one_line(made.title)}：{made.scope}，{days.written(made.due)}前报送"
    yield "调度", f"{words}（{made.opened_by} {opened}发出）"


def standing(one: Stand) -> str:
    """Return in a word how an answer stands."""
    if one.is_let_off:
        return f"不须报（{one.line.assignment.state.zh}）"
    if one.waits_for_signature:
        return "待双签"
    if one.is_owed:
        return "未报" if one.reached else "未报（未送达）"
    return "已报"


def _local(moment: datetime, campaign: Campaign) -> str:
    return f"{moment.astimezone(ZoneInfo(campaign.timezone)):%Y-%m-%d %H:%M}"
