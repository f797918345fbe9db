"""Broadcasts: to whom, how many, the text; then out."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlmodel import Session

from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.dialogue.directions import Directed, directed, moment_of
from bot.terminal import Failure, Misuse, say, say_json
from db import register
from db.models import Broadcast, Chat, Unit
from db.words import ChatRole
from jobs import broadcasts as work
from jobs.audiences import audience
from jobs.notices.render import moment

if TYPE_CHECKING:
    from bot.wiring import House


@app.command()
def broadcast(
    text: Annotated[str | None, typer.Argument(help="要群发的话")] = None,
    unit: Annotated[list[str] | None, typer.Option(help="只发给这些单位（可多次）")] = None,
    to: Annotated[str, typer.Option(help="发给谁：全部、牵头、逾期、未办结、未签收")] = "全部",
    urgent: Annotated[bool, typer.Option("--urgent", help="叫应：反复叫未回应的，再报上级")] = False,
    at_once: Annotated[bool, typer.Option("--now", help="休息时间也立即发出")] = False,
    who: Annotated[str, typer.Option("--as", help="署名")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接发出")] = False,
    export: Annotated[int | None, typer.Option(help="不发送，把这次群发的回执写入 --out")] = None,
    out: Annotated[Path | None, typer.Option(help="--export 时写出的文件（.xlsx）")] = None,
    as_json: Json = False,
    at: At = None,
) -> None:
    """群发：把一段话发给单位的会话；先给看收件人和数目，再发。回执在协调室。话里可写“选项：已转移/未转移”“定于明天8点发送”。"""
    from bot.wiring import build

    house = build(at)
    if export is not None:
        _export_broadcast(house, export, out)
        return
    if not (text or "").strip():
        raise Misuse("请写要群发的话")
    with house.store.read() as session:
        _room, _label, units = _audience(session, house, unit, to)
        chats, _without = work.recipients(session, units)
        names = [session.get_one(Chat, number).title for number in chats]
    if not chats:
        raise Failure("没有可发的会话；请先绑定单位（duban bind）")
    told = directed(text or "", lambda _text: False)
    send_at = moment_of(told.when, house.now(), house.desk.zone, house.desk.policy.opens) if told.when else None
    if not yes and not as_json:
        _confirm(names, told, moment(send_at, house.desk.zone) if send_at else "")

    def sent(session: Session) -> tuple[Broadcast, datetime | None]:
        audience, now = _audience(session, house, unit, to), house.now()
        made = _drafted(session, audience, told, now, who=who, urgent=urgent, send_at=send_at)
        opens = send_at or (None if urgent or at_once else house.desk.next_open(session, None, now))
        work.send(session, made, house.desk.policy, now, made.who, opens)
        return made, opens

    made, opens = house.store.settle(sent)
    _say_sent(house, made, units, opens, as_json=as_json)


def _drafted(
    session: Session,
    audience: tuple[int, str, list[Unit]],
    told: Directed,
    now: datetime,
    *,
    who: str,
    urgent: bool,
    send_at: datetime | None,
) -> Broadcast:
    room, label, units = audience
    return work.draft(
        session,
        room_id=room,
        by_id=None,
        who=who,
        audience=label,
        units=units,
        words=told.words,
        files=(),
        urgent=urgent,
        now=now,
        options=told.options,
        send_at=send_at,
    )


def _say_sent(house: "House", made: Broadcast, units: list[Unit], opens: datetime | None, *, as_json: bool) -> None:
    with house.store.read() as session:
        chats, without = work.recipients(session, units)
    if as_json:
        say_json({"broadcast": made.id, "chats": len(chats), "no_route": len(without)})
        return
    say(f"已排入发送：{len(chats)} 个会话（群发 {made.id}）。")
    if made.send_at is not None:
        say(f"定于{moment(made.send_at, house.desk.zone)}发出，此前可在协调室的回执上按“撤回”。")
    elif opens is not None and opens > house.now():
        say(f"现在是休息时间，将于{moment(opens, house.desk.zone)}起发出；须立即送达请加 --now，或用 --urgent 叫应。")


def _confirm(names: list[str], told: Directed, when: str) -> None:
    """Show to whom it goes, what it says and when, and ask; whoever is no person must have said so beforehand."""
    say(f"将发往 {len(names)} 个会话：{'、'.join(names)}")
    say(f"内容：{told.words}")
    if told.options:
        say(f"选项：{'／'.join(told.options)}")
    if when:
        say(f"定于：{when}")
    if not sys.stdin.isatty():
        raise Misuse("确认请加 --yes")
    typer.confirm("发出？", abort=True)


def _audience(session: Session, house: "House", names: list[str] | None, to: str) -> tuple[int, str, list[Unit]]:
    """Return the room that sees the receipts, to whom a broadcast goes as people write it, and their units."""
    rooms = register.rooms(session, ChatRole.COORDINATORS)
    if not rooms:
        raise Failure("群发的回执显示在协调室；请先绑定协调室：duban bind --room coordinators")
    found = audience(session, to, house.now())
    label, units = found.name, list(found.units)
    if found.words or found.unknown:
        raise Misuse(f"--to 须为 全部、牵头、逾期、未办结、未签收 之一，不是“{to}”")
    if names:
        units = [register.get_unit(session, name) for name in names]
        label = "、".join(unit.name for unit in units)
    return rooms[0].id, label, units


def _export_broadcast(house: "House", number: int, out: Path | None) -> None:
    from jobs.sheets import broadcast_book

    if out is None:
        raise Misuse("--export 须同时用 --out 给出要写的文件")
    with house.store.read() as session:
        made = session.get(Broadcast, number)
        if made is None:
            raise Failure(f"没有编号为 {number} 的群发")
        out.write_bytes(broadcast_book(session, made, house.desk.timezone))
    say(f"已写出：{out}")
