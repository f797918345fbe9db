"""What was read is put right."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.asked import As, acts_as
from bot.cli.reading import Json
from bot.cli.shell import At, a_day, app
from bot.terminal import Failure, Misuse, say, say_json
from db import ledger
from db.ledger import Which, ending
from db.ledger.acts import NotAllowed
from db.models import Campaign, Expiry, Milestone, Task
from db.words import OVER, UNENDED, Role
from jobs.campaigns import correction, renewing


@app.command()
def edit(
    code: Annotated[str, typer.Argument(help="编号，如 A-7 或 A-10.2")],
    due: Annotated[str | None, typer.Option(help="更正后的期限，如 2022-06-30")] = None,
    text: Annotated[str | None, typer.Option(help="更正后的文字：清单和通知里显示的那一句")] = None,
    deliverable: Annotated[str | None, typer.Option(help="更正后的成果（节点要交什么）")] = None,
    add: Annotated[str | None, typer.Option(help="加上一个单位")] = None,
    role: Annotated[Role, typer.Option(help="所加单位的角色")] = Role.RESPONSIBLE,
    remove: Annotated[str | None, typer.Option(help="去掉一个单位")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="记为已办结（导入前已完成的）")] = False,
    reason: Annotated[str, typer.Option(help="更正的原因")] = "",
    who: As = "",
    as_json: Json = False,
    at: At = None,
) -> None:
    """更正读到的内容：期限、文字、成果、单位、角色，各单位一并更正；原来的值留在记录里。"""
    from bot.wiring import build

    if not any((due, text, deliverable is not None, add, remove, closed)):
        raise Misuse("请说明要更正什么：--due、--text、--deliverable、--add、--remove 或 --closed")
    house = build(at)
    new_due = a_day(due, "--due")

    def corrected(session: Session) -> tuple[str, int]:
        milestone = _milestone(session, code)
        actor = acts_as(session, who, _campaign_of(session, milestone))
        if add is not None:
            correction.staff(session, milestone, role, [add], actor, house.now())
        lines = ledger.lines(session, Which(UNENDED, milestone=milestone.id))
        if not lines:
            raise Failure(f"〔{milestone.code}〕还没有单位；请先用 duban edit {milestone.code} --add 单位")
        if new_due is not None:
            correction.due(session, milestone, lines, new_due, reason, actor, house.now())
        if text is not None:
            correction.wording(session, milestone, text, actor, house.now())
        if deliverable is not None:
            correction.deliverable(session, milestone, deliverable, actor, house.now(), reason)
        if remove is not None:
            correction.remove_unit(session, lines, remove, reason, actor, house.now())
        if closed:
            correction.already_closed(session, lines, reason, actor, house.now())
        return milestone.code, len(lines)

    with _nothing_new():
        corrected_code, count = house.store.settle(corrected)
    if as_json:
        say_json({"milestone": corrected_code, "assignments": count})
    else:
        say(f"已更正〔{corrected_code}〕。")


@app.command()
def renew(
    code: Annotated[str, typer.Argument(help="到期台账中的编号，如 A-3")],
    day: Annotated[str, typer.Argument(help="新的有效期至哪一天，如 2026-07-01")],
    who: As = "",
    as_json: Json = False,
    at: At = None,
) -> None:
    """证照已续期：原来的记为已办结，按新有效期排定下次提醒。"""
    from bot.wiring import build

    house = build(at)
    until = a_day(day, "日期")
    assert until is not None, "it is written"

    def renewed(session: Session) -> tuple[str, list[str]]:
        found = {one.task_id: one for one in ledger.milestones_called(session, code, UNENDED)}
        if len(found) != 1:
            raise Failure(f"没有编号 {code}，或不止一项；编号见 duban ledger")
        (task,) = found
        expiry = session.get(Expiry, task)
        if expiry is None:
            raise Failure(f"〔{code}〕不是到期台账中的事项")
        lines = ledger.lines(session, Which(UNENDED, tasks=[task]))
        actor = acts_as(session, who, lines[0].campaign)
        return code, renewing.renew(session, expiry, lines, until, actor, house.now())

    _code, units = house.store.settle(renewed)
    if as_json:
        say_json({"code": code, "until": until.isoformat(), "units": units})
    else:
        say(f"〔{code}〕有效期改为 {until}：{'、'.join(units)}。")


@contextmanager
def _nothing_new() -> Iterator[None]:
    """Say in one line that a correction changes nothing, or that the thing no longer is to be had."""
    try:
        yield
    except NotAllowed as refusal:
        raise Failure(f"{refusal}，未作改动") from None


def _campaign_of(session: Session, milestone: Milestone) -> Campaign:
    return session.get_one(Campaign, session.get_one(Task, milestone.task_id).campaign_id)


def _milestone(session: Session, code: str) -> Milestone:
    """Return the milestone of a campaign that is not over; fail in one line where none or several are called so."""
    found = ledger.milestones_called(session, code, UNENDED)
    for over in [] if found else ledger.milestones_called(session, code, OVER)[-1:]:
        raise Failure(ending.epitaph(session, _campaign_of(session, over)))
    if not found:
        raise Failure(f"没有编号 {code}；编号见 duban ledger")
    if len(found) > 1:
        raise Failure(f"{code} 是哪一项？{'、'.join(one.code for one in found)}")
    return found[0]
