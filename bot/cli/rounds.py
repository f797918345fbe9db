"""定期调度: opened by a sentence, listed, its missing chased, closed into a table."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from sqlmodel import Session

from bot.cli.asked import As, acts_as, one_campaign
from bot.cli.reading import Json
from bot.cli.shell import At, app
from bot.terminal import Failure, Misuse, say, say_json
from db import days
from db.ledger import local_day
from db.models import Campaign, Round
from db.stored import Json as Row
from jobs.rounds import asked, keeping
from jobs.rounds.standing import figures, latest, stands
from jobs.rounds.table import table
from jobs.rounds.whom import chosen

if TYPE_CHECKING:
    from bot.wiring import House

SHOWN = 20
"""How many rounds are listed, the latest."""


@app.command(name="round")
def round_(
    text: Annotated[str | None, typer.Argument(help="一句话，例如：本周五前报送危化专项进展，发黄灯以上单位")] = None,
    number: Annotated[int | None, typer.Option("--number", help="哪一次调度；不写则最近一次")] = None,
    chase: Annotated[bool, typer.Option("--chase", help="只催未报的")] = False,
    close: Annotated[bool, typer.Option("--close", help="结束，不再等候")] = False,
    out: Annotated[Path | None, typer.Option(help="写成 .xlsx：每项任务一行，通报的附件")] = None,
    campaign: Annotated[int | None, typer.Option(help="哪个专项行动；只有一个时不用写")] = None,
    who: As = "",
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接发出")] = False,
    as_json: Json = False,
    at: At = None,
) -> None:
    """定期调度：请单位报送进展；不写内容则列出各次调度的情况。"""
    from bot.wiring import build

    if out is not None and out.suffix.lower() != ".xlsx":
        raise Misuse(f"调度表写成 .xlsx，不是“{out.name}”")
    house = build(at)
    if text is not None:
        _open(house, text, campaign, who, yes=yes, as_json=as_json)
    elif chase or close or out is not None:
        _do(house, number, who, chase=chase, close=close, out=out)
    else:
        _list(house, as_json=as_json)


def _open(house: "House", text: str, number: int | None, who: str, *, yes: bool, as_json: bool) -> None:
    now = house.now()

    def made(session: Session) -> tuple[Round, Campaign, str]:
        found = one_campaign(session, number)
        said = asked.read(text, local_day(now, found.timezone))
        if said is None or said.due is None:
            raise Misuse("请写明报送什么、几时之前，例如：本周五前报送危化专项进展，发黄灯以上单位")
        policy = house.desk.policy_of(session, found.id)
        asks = chosen(session, found, said, local_day(now, found.timezone))
        draft = keeping.draft(
            session,
            found,
            title=said.title,
            due=said.due,
            scope=said.scope,
            fields=said.fields or policy.round_fields,
            signatures=2 if said.twice else policy.round_signatures,
            now=now,
            units=asks.units,
            only=asks.only,
        )
        lines = keeping.asks(session, draft, now)
        units = "、".join(dict.fromkeys(line.unit.name for line in lines))
        idle = f"（{'、'.join(asks.idle)}没有未办结任务）" if asks.idle else ""
        return draft, found, f"{draft.title}，{days.written(draft.due)}前，{len(lines)}项：{units}{idle}"

    if not yes:
        with house.store.read() as session:
            preview = made(session)[2]
            session.rollback()
        say(f"将请以下单位报送：{preview}")
        if not sys.stdin.isatty():
            raise Misuse("确认请加 --yes")
        typer.confirm("发出？", abort=True)

    def opened(session: Session) -> tuple[int, int]:
        draft, found, _preview = made(session)
        actor = acts_as(session, who, found)
        opens = house.desk.next_open(session, found.id, now)
        return draft.id, len(keeping.open_(session, house.desk, draft, actor, now, opens))

    round_id, items = house.store.settle(opened)
    if as_json:
        say_json({"round": round_id, "items": items})
    else:
        say(f"已发出：调度 {round_id}，{items} 项。情况见 duban round，出表加 --out。")


def _do(house: "House", number: int | None, who: str, *, chase: bool, close: bool, out: Path | None) -> None:
    now = house.now()

    def done(session: Session) -> tuple[int, int, bytes]:
        made = _one(session, number)
        actor = acts_as(session, who, session.get_one(Campaign, made.campaign_id)) if chase or close else None
        count = keeping.chase(session, house.desk, made, actor, now) if chase and actor is not None else 0
        if close and actor is not None:
            keeping.close(session, made, actor, now)
        return made.id, count, table(session, made, stands(session, made)) if out is not None else b""

    found, count, content = house.store.settle(done)
    if chase:
        say(f"已催未报的：{count} 个会话。")
    if close:
        say(f"调度 {found} 已结束。")
    if out is not None:
        out.write_bytes(content)
        say(f"已写出 {out}")


def _one(session: Session, number: int | None) -> Round:
    made = keeping.by_number(session, number) if number is not None else next(iter(latest(session, 1)), None)
    if made is None:
        raise Failure(f"没有编号为 {number} 的调度" if number is not None else "还没有发出过调度")
    return made


def _list(house: "House", *, as_json: bool) -> None:
    with house.store.read() as session:
        rows = [_row(session, made) for made in latest(session, SHOWN)]
    if as_json:
        say_json(rows)
        return
    for row in rows:
        state = "已结束" if row["closed"] else "进行中"
        say(f"{row['round']} {row['title']}（{row['due']}前，{state}）：已报 {row['answered']}/{row['items']}")
        if row["missing"] and not row["closed"]:
            say(f"  未报：{'、'.join(row['missing'])}")
    if not rows:
        say("还没有发出过调度。")


def _row(session: Session, made: Round) -> Row:
    told = figures(stands(session, made))
    return {
        "round": made.id,
        "campaign": made.campaign_id,
        "title": made.title,
        "due": made.due.isoformat(),
        "closed": made.closed_at is not None,
        "items": told.total,
        "answered": told.answered,
        "missing": [name for name, _count in told.missing],
        "unsigned": [name for name, _count in told.unsigned],
    }
