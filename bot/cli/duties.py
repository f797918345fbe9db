"""A duty in a sentence: shown as it is understood, then given out."""

import sys
from datetime import date
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.asked import As, get_campaign, named
from bot.cli.reading import Json
from bot.cli.shell import At, a_day, app
from bot.terminal import Misuse, say, say_json
from db import days, ledger
from db.history import OPERATOR
from db.ledger import Line
from jobs.campaigns import addition
from jobs.campaigns.addition import Settled
from jobs.reading.document import TaskRead


@app.command()
def add(
    text: Annotated[str, typer.Argument(help="一句话，或整段通知：请某单位于某日前办什么")],
    unit: Annotated[str, typer.Option(help="句子里没有写明单位时，由谁办理")] = "",
    due: Annotated[str | None, typer.Option(help="句子里没有写明期限时，哪天前办结")] = None,
    campaign: Annotated[int | None, typer.Option(help="列入这个专项行动；不写则列入当年的临时交办")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问，直接交办")] = False,
    who: As = "",
    as_json: Json = False,
    at: At = None,
) -> None:
    """一句话交办：先给看读到的任务、单位和期限，确认后发给单位。"""
    from bot.wiring import build

    if not text.strip():
        raise Misuse("请写要交办什么")
    settled = Settled(unit, a_day(due, "--due"))
    house = build(at)
    today = ledger.local_day(house.now(), house.settings.timezone)

    def read(session: Session) -> tuple[TaskRead, ...]:
        return addition.read_duty(session, text, today, settled)

    with house.store.read() as session:
        tasks = read(session)
    if not as_json:
        _show(tasks)
    _require_whole(tasks)
    if not yes and not as_json:
        if not sys.stdin.isatty():
            raise Misuse("确认请加 --yes")
        typer.confirm("交办？", abort=True)

    def given(session: Session) -> list[Line]:
        into = None if campaign is None else get_campaign(session, campaign)
        actor = named(session, who) if who else OPERATOR
        return addition.add(session, house.desk, tasks, words=text, actor=actor, now=house.now(), campaign=into)

    new = house.store.settle(given)
    if as_json:
        told = [{"code": one.code, "unit": one.unit.name, "due": _iso(one.assignment.due)} for one in new]
        say_json({"campaign": new[0].campaign.id, "assignments": told})
        return
    say(f"已交办，列入专项行动 {new[0].campaign.id}《{new[0].campaign.title}》：")
    for one in new:
        say(f"　〔{one.code}〕{one.unit.name}")


def _show(tasks: tuple[TaskRead, ...]) -> None:
    for task in tasks:
        say(task.text)
        for role, names in (("牵头", task.lead), ("责任", task.responsible), ("配合", task.assist)):
            if names:
                say(f"　{role}：{'、'.join(names)}")
        for one in task.milestones:
            doubt = f"（{one.uncertain}，请核对）" if one.uncertain else ""
            say(f"　期限：{days.with_weekday(one.due) if one.due else one.text or one.kind.zh}{doubt}")


def _require_whole(tasks: tuple[TaskRead, ...]) -> None:
    gaps = {gap for task in tasks for gap in task.gaps}
    missing = [said for gap, said in _MISSING.items() if gap in gaps]
    if missing:
        raise Misuse(f"{'；'.join(missing)}")


_MISSING = {"unit": "没有写明由谁办理，请加 --unit 单位", "deadline": "没有写明期限（或期限已过），请加 --due 日期"}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
