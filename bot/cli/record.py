"""The record: history, deliveries, audit."""

from typing import Annotated, Any

import typer
from sqlmodel import Session, col, select

from bot.cli.reading import Json
from bot.cli.shell import At, Failure, Misuse, app, say, say_json, table
from db import history, ledger
from db.models import Campaign, Chat, History, Notice
from db.words import DeliveryState

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
    rows = [(one["at"], one["who"], one["event"], one["assignment"] or "", one["words"]) for one in told]
    table(("时间", "谁", "做了什么", "交办", "原话"), rows)


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
    }


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
        query = select(Notice).where(col(Notice.edit_of).is_(None)).order_by(col(Notice.id))
        if campaign is not None:
            query = query.where(Notice.campaign_id == campaign)
        if state is not None:
            query = query.where(Notice.state == state)
        told = [_notice(session, notice, house.desk.timezone) for notice in session.exec(query)]
    if as_json:
        say_json(told)
        return
    rows = [
        (one["notice"], one["kind"], one["chat"] or "—", one["state"], one["at"] or "", one["why"] or "")
        for one in told
    ]
    table(("号", "种类", "会话", "状态", "时间", "原因"), rows)


def _notice(session: Session, notice: Notice, timezone: str) -> dict[str, Any]:
    chat = session.get(Chat, notice.chat_id) if notice.chat_id else None
    return {
        "notice": notice.id,
        "kind": str(notice.kind),
        "reason": str(notice.reason),
        "chat": chat.title if chat else None,
        "state": str(notice.state),
        "tries": notice.tries,
        "at": ledger.local_iso(notice.sent_at, timezone),
        "message_id": notice.message_id,
        "why": notice.why,
    }


@app.command()
def audit(as_json: Json = False) -> None:
    """核验记录：每个专项行动的记录链是否完整、有没有被改动。"""
    from bot.wiring import build

    with build().store.read() as session:
        campaigns = session.exec(select(Campaign).order_by(col(Campaign.id))).all()
        faults = {campaign.id or 0: list(history.audit(session, campaign.id or 0)) for campaign in campaigns}
        counts = {campaign.id or 0: campaign.history_count for campaign in campaigns}
    broken = {number: found for number, found in faults.items() if found}
    if as_json:
        say_json([{"campaign": number, "entries": counts[number], "faults": found} for number, found in faults.items()])
    else:
        for number, found in faults.items():
            say(f"专项行动 {number}：{counts[number]} 条，" + ("完整" if not found else "；".join(found)))
    if broken:
        raise Failure(f"{len(broken)} 个专项行动的记录不完整")
