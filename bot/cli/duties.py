"""A duty in a sentence: shown as it is understood, then given out."""

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.asked import As, get_campaign, named
from bot.cli.reading import Json
from bot.cli.shell import At, a_day, app
from bot.terminal import Failure, Misuse, say, say_json
from db import days, ledger
from db.bodies import KeptFile
from db.history import OPERATOR
from db.ledger import Line
from jobs.campaigns import addition, findings
from jobs.campaigns.addition import Settled, Understood
from jobs.desk import Desk


@app.command()
def add(
    text: Annotated[str, typer.Argument(help="一句话，或整段通知：请某单位于某日前办什么")],
    unit: Annotated[str, typer.Option(help="句子里没有写明单位时，由谁办理")] = "",
    due: Annotated[str | None, typer.Option(help="句子里没有写明期限时，哪天前办结")] = None,
    campaign: Annotated[int | None, typer.Option(help="列入这个专项行动；不写则列入当年的临时交办")] = None,
    problem: Annotated[bool, typer.Option("--problem", help="是发现的问题：进问题清单，由另一人核查销号")] = False,
    photo: Annotated[list[Path] | None, typer.Option(help="与 --problem 同用：整改前照片，可写几次；须写 --as")] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="不再询问，直接交办；与 --json 同用时不写则只看读到了什么")
    ] = False,
    who: As = "",
    as_json: Json = False,
    at: At = None,
) -> None:
    """一句话交办：先给看读到的任务、单位和期限，确认后发给单位。"""
    from bot.wiring import build

    if not text.strip():
        raise Misuse("请写要交办什么")
    if photo and not (problem and who):
        raise Misuse("--photo 与 --problem、--as 同用：照片记在登记人名下")
    settled = Settled(unit, a_day(due, "--due"))
    house = build(at)
    today = ledger.local_day(house.now(), house.settings.timezone)

    pictures = _pictures(house.desk, photo or ())
    read = findings.read_problem if problem else addition.read_duty
    with house.store.read() as session:
        understood = read(session, text, today, settled)
    tasks = understood.tasks
    if as_json and not yes:
        _show_json(understood)
        return
    if not as_json:
        _show(understood)
    _require_whole(understood)
    if not yes:
        if not sys.stdin.isatty():
            raise Misuse("确认请加 --yes")
        typer.confirm("交办？", abort=True)

    def given(session: Session) -> list[Line]:
        into = None if campaign is None else get_campaign(session, campaign)
        actor = named(session, who) if who else OPERATOR
        return addition.add(
            session, house.desk, tasks, words=text, actor=actor, now=house.now(), campaign=into, files=pictures
        )

    new = house.store.settle(given)
    if as_json:
        told = [{"code": one.code, "unit": one.unit.name, "due": _iso(one.assignment.due)} for one in new]
        say_json({"campaign": new[0].campaign.id, "assignments": told})
        return
    say(f"已交办，列入专项行动 {new[0].campaign.id}《{new[0].campaign.title}》：")
    for one in new:
        say(f"　〔{one.code}〕{one.unit.name}")


def _pictures(desk: Desk, paths: Iterable[Path]) -> list[KeptFile]:
    """Keep files that a command names, or fail in one line."""
    found = []
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise Failure(f"读不了“{path}”：{error.strerror}") from None
        found.append(KeptFile(desk.archive.keep(content), path.name, len(content)))
    return found


def _show(understood: Understood) -> None:
    from jobs.notices.render import shorten

    for task in understood.tasks:
        say(shorten(task.text, _LONGEST))
        for role, names in (("牵头", task.lead), ("责任", task.responsible), ("配合", task.assist)):
            if names:
                say(f"　{role}：{'、'.join(names)}")
        for one in task.milestones:
            doubt = f"（{one.uncertain}，请核对）" if one.uncertain else ""
            say(f"　期限：{days.with_weekday(one.due) if one.due else one.text or one.kind.zh}{doubt}")

    for span, why in understood.left:
        say(f"　没有列入：“{shorten(span, _SPAN)}”（{why}）")


def _show_json(understood: Understood) -> None:
    """Show a script what was read; it is given out by the same command with --yes."""
    say_json(
        {
            "given_out": False,
            "tasks": [
                {
                    "text": task.text,
                    "lead": task.lead,
                    "responsible": task.responsible,
                    "assist": task.assist,
                    "deadlines": [
                        {"text": one.text, "due": _iso(one.due), "rule": one.rule, "uncertain": one.uncertain}
                        for one in task.milestones
                    ],
                    "gaps": task.gaps,
                }
                for task in understood.tasks
            ],
            "left": [{"text": span, "why": why} for span, why in understood.left],
        }
    )


def _require_whole(understood: Understood) -> None:
    gaps = {gap for task in understood.tasks for gap in task.gaps}
    said = dict(_MISSING)
    if understood.no_such_days:
        said["deadline"] = f"没有{'、'.join(understood.no_such_days)}这一天，请加 --due 日期"
    missing = [why for gap, why in said.items() if gap in gaps]
    if missing:
        raise Misuse("；".join(missing))


_MISSING = {"unit": "没有写明由谁办理，请加 --unit 单位", "deadline": "没有写明期限（或期限已过），请加 --due 日期"}
_LONGEST, _SPAN = 200, 60
"""Characters of a task, and of what stands in none, that are shown."""


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
