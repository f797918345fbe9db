"""The record: history, deliveries, audit."""

import re
from datetime import datetime
from typing import Annotated, Any

import typer
from sqlmodel import Session, col, select

from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Failure, Misuse, say, say_json, table
from db import audit as auditing
from db import history, ledger
from db.clock import shared
from db.models import Assignment, Campaign, Chat, History, Milestone, Notice, Unit
from db.words import DeliveryState, NoticeKind
from jobs.delivery import waiting
from jobs.desk import Desk

Campaigns = Annotated[int | None, typer.Option("--campaign", help="只看一个专项行动")]


@app.command(name="history")
def show_history(
    campaign: Campaigns = None,
    assignment: Annotated[int | None, typer.Option(help="只看一项交办")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """记录：谁在何时做了什么，前后各是什么。"""
    from bot.wiring import build

    house = build(at)
    with house.store.read() as session:
        told = [_entry(session, entry) for entry in _entries(session, campaign, assignment)]
    if as_json:
        say_json(told)
        return
    rows = [(one["at"], one["who"], one["event"], one["of"], one["change"], one["words"]) for one in told]
    table(("时间", "谁", "做了什么", "交办", "前后", "原话"), rows)


def _entries(session: Session, campaign: int | None, assignment: int | None) -> list[History]:
    query = select(History).order_by(col(History.campaign_id), col(History.seq))
    if campaign is not None:
        query = query.where(History.campaign_id == campaign)
    if assignment is not None:
        query = query.where(History.assignment_id == assignment)
    return list(session.exec(query))


def _entry(session: Session, entry: History) -> dict[str, Any]:
    chat = session.get(Chat, entry.chat_id) if entry.chat_id else None
    zone = session.get_one(Campaign, entry.campaign_id).timezone
    return {
        "at": ledger.local_iso(entry.at, zone),
        "who": entry.who,
        "chat": chat.title if chat else None,
        "action": str(entry.action) if entry.action else entry.event,
        "event": entry.event,
        "campaign": entry.campaign_id,
        "assignment": entry.assignment_id,
        "before": entry.before,
        "after": entry.after,
        "message": entry.message,
        "words": entry.words,
        "of": _of(session, entry),
        "change": history.changes(entry),
    }


def _of(session: Session, entry: History) -> str:
    """Name what an entry is about, as people do: the code and the unit, the code of a milestone, or nothing."""
    if entry.assignment_id is None:
        return entry.after.get("milestone") or ""
    query = (
        select(Milestone.code, Unit.name)
        .join(Assignment, col(Assignment.milestone_id) == Milestone.id)
        .join(Unit, col(Unit.id) == Assignment.unit_id)
        .where(Assignment.id == entry.assignment_id)
    )
    found = session.exec(query).first()
    return f"{found[0]} {found[1]}" if found else str(entry.assignment_id)


@app.command()
def deliveries(
    campaign: Campaigns = None,
    state: Annotated[str | None, typer.Option(help="只看一种状态，如 failed、unknown、no_route")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """通知：每条通知发到哪里、发了没有、为什么。"""
    from bot.wiring import build

    if state is not None and state not in list(DeliveryState):
        raise Misuse(f"没有状态“{state}”；可用：{'、'.join(DeliveryState)}")
    house = build(at)
    with house.store.read() as session:
        query = select(Notice).order_by(col(Notice.id))
        if campaign is not None:
            query = query.where(Notice.campaign_id == campaign)
        if state is not None:
            query = query.where(Notice.state == state)
        told = [_notice(session, notice, house.desk, house.now()) for notice in session.exec(query)]
    if as_json:
        say_json(told)
        return
    rows = [
        (
            one["notice"],
            NoticeKind(one["kind"]).zh,
            one["chat"] or "—",
            DeliveryState(one["state"]).zh,
            one["at"] or "",
            one["why"] or "",
        )
        for one in told
    ]
    table(("号", "种类", "会话", "状态", "时间", "原因"), rows)


def _notice(session: Session, notice: Notice, desk: Desk, now: datetime) -> dict[str, Any]:
    chat = session.get(Chat, notice.chat_id) if notice.chat_id else None
    return {
        "notice": notice.id,
        "kind": str(notice.kind),
        "reason": str(notice.reason),
        "chat": chat.title if chat else None,
        "state": str(notice.state),
        "tries": notice.tries,
        "at": ledger.local_iso(notice.sent_at, desk.timezone),
        "message_id": notice.message_id,
        "why": waiting.why(session, desk, notice, now, shared(session)),
    }


@app.command()
def audit(
    as_json: Json = False,
    head: Annotated[
        str | None, typer.Option("--head", help="核对一个台账指纹，如 128-9f3a2b7c1d4e（每日要情末行）")
    ] = None,
) -> None:
    """核验：记录链完整，与台账一致，各日要情所载的指纹仍在，每个文件未缺未改。"""
    from bot.wiring import build

    if head is not None and _FINGERPRINT.fullmatch(head) is None:
        raise Misuse(f"--head 须写成 128-9f3a2b7c1d4e 这样的台账指纹，不是“{head}”")
    house = build()
    with house.store.snapshot() as session:
        checked = [_audited(session, number, count) for number, count in auditing.campaigns(session)]
        holder = next((one for one in checked if head and history.holds(session, one["campaign"], head)), None)
        archive = house.desk.archive
        files = auditing.named_files(session, archive)
        checked.append(
            {
                "campaign": None,
                "files": len(files),
                "faults": list(auditing.of_archive(files, archive)),
                "unchecked": auditing.never_kept(session, archive),
            }
        )
    if as_json:
        say_json(checked)
    else:
        for one in checked:
            _say_audited(one)
    broken = [one for one in checked if one["faults"]]
    if broken:
        raise Failure(f"{sum(len(one['faults']) for one in broken)} 处不完整或不一致")
    if head is not None and holder is None:
        raise Failure(f"台账指纹 {head} 不在记录中：记录被重做或截短，或者指纹抄错")
    if holder is not None and not as_json:
        say(f"台账指纹 {head} 在专项行动 {holder['campaign']} 的记录中。")


_FINGERPRINT = re.compile(r"[1-9]\d{0,8}-[0-9a-f]{8,64}")


def _audited(session: Session, number: int, count: int) -> dict[str, Any]:
    shown = history.fingerprint(count, session.get_one(Campaign, number).history_head)
    return {
        "campaign": number,
        "entries": count,
        "head": shown,
        "faults": list(auditing.of_campaign(session, number)),
        "unchecked": list(auditing.unchecked(session, number)),
    }


def _say_audited(one: dict[str, Any]) -> None:
    what = f"专项行动 {one['campaign']}：{one['entries']} 条" if one["campaign"] else f"文件：{one['files']} 个"
    head = f"（台账指纹 {one['head']}）" if one.get("head") else ""
    say(f"{what}，完整{head}" if not one["faults"] else f"{what}，有 {len(one['faults'])} 处问题：")
    for fault in one["faults"]:
        say(f"　{fault}")
    for unchecked in one["unchecked"]:
        say(f"　未能核对：{unchecked}")
