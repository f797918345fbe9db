"""Units in the room: what else one is called, and for whom a collective one stands."""

import re

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.turn import Turn
from db import ledger, register
from db.ledger import Line, Which
from db.models import Unit
from db.words import ENDED_STATES, UNENDED, CampaignStatus, State
from jobs.campaigns.expansion import expand_unit
from jobs.notices.press import Verb, button

_PARTED = re.compile(r"[、，,；;\s]+")
_OPEN = [state for state in State if state not in ENDED_STATES]


def alias(turn: Turn, rest: str) -> None:
    """别名 单位 名称: what else a unit is called."""
    _call(turn, rest, turn.spoken("别名", "alias"), former=False)


def former(turn: Turn, rest: str) -> None:
    """曾用名 单位 名称: what a unit, or one that it took over, was called before."""
    _call(turn, rest, turn.spoken("曾用名", "former"), former=True)


def _call(turn: Turn, rest: str, word: str, *, former: bool) -> None:
    access.require_coordinator(turn.visitor)
    names = [name for name in _PARTED.split(rest.strip()) if name]
    if len(names) < 2:
        raise Denied(f"请写单位和它的{'曾用名' if former else '别名'}，例如：{word} 省应急管理厅 省应急厅。")
    unit = register.get_unit(turn.session, names[0])
    for name in names[1:]:
        register.add_alias(turn.session, unit, name, former=former)
    turn.acted("登记名称")
    turn.reply("called", unit=unit.name, names=names[1:], former=former)


# ---------------------------------------------------------------- collective units


def expand(turn: Turn, rest: str) -> None:
    """成员 单位：甲、乙、丙: show what a collective unit owes would become; without names who its members are."""
    access.require_coordinator(turn.visitor)
    name, _, listed = rest.strip().replace("：", ":").partition(":")
    first, *more = _PARTED.split(name.strip())
    if not first:
        _overview(turn)
        return
    unit = register.get_unit(turn.session, first)
    names = list(dict.fromkeys(one for one in [*more, *_PARTED.split(listed)] if one))
    if not names:
        rows = [member.name for member in register.members(turn.session, unit)]
        turn.reply("rows", heading=f"{unit.name}的成员", rows=rows)
        return
    if unit.name in names:
        raise Denied(f"{unit.name}不能是它自己的成员。")
    record = turn.record
    record.words = {**record.words, "members": {"unit": unit.id, "names": names}}
    turn.session.flush()
    known = {one: register.find_unit(turn.session, one) for one in names}
    members = {member.id: member for member in [*register.members(turn.session, unit), *known.values()] if member}
    unknown = [one for one, found in known.items() if found is None]
    lines = ledger.lines(turn.session, Which(UNENDED, units=[unit.id], states=_OPEN))
    running = [line for line in lines if line.campaign.status is CampaignStatus.ACTIVE]
    turn.reply(
        "expand_preview",
        unit=unit.name,
        members=[*(member.name for member in members.values()), *unknown],
        unknown=unknown,
        open=len(lines),
        made=_would_make(turn, lines, list(members.values()), len(unknown)),
        running=len(running),
        without=[member.name for member in members.values() if not register.chats_of(turn.session, member.id)],
        buttons=[button(Verb.EXPAND, turn.inbound_id)],
    )


def _would_make(turn: Turn, lines: list[Line], members: list[Unit], unknown: int) -> int:
    """Count the assignments that expanding would make: none where a member stands on the milestone already."""
    theirs = ledger.lines(turn.session, Which(UNENDED, units=[member.id for member in members]))
    there = {(line.milestone.id, line.assignment.period, line.unit.id) for line in theirs}
    wanted = [(line.milestone.id, line.assignment.period, member.id) for line in lines for member in members]
    return sum(one not in there for one in wanted) + len(lines) * unknown


def _overview(turn: Turn) -> None:
    """List the collective units with their members, or how much waits for somebody to say who they are."""
    rows = []
    for unit in [one for one in register.all_units(turn.session) if one.collective]:
        members = [member.name for member in register.members(turn.session, unit)]
        waits = ledger.count(turn.session, Which(UNENDED, units=[unit.id], states=_OPEN))
        rows.append(f"{unit.name}：{'、'.join(members) or '还没有写明成员'}{f'（{waits}项待展开）' if waits else ''}")
    turn.reply("rows", heading="集合单位和成员", rows=rows)


def confirm(turn: Turn, inbound_id: int, _version: int = 0) -> None:
    """确认展开: the members owe from now on what the collective unit did."""
    access.require_coordinator(turn.visitor)
    record = access.own_message(turn.session, turn.visitor, inbound_id)
    held = record.words.get("members")
    if held is None:
        raise Denied("这份成员名单已经展开过。")
    record.words = record.words.copy()
    del record.words["members"]
    unit = next((one for one in register.all_units(turn.session) if one.id == held["unit"]), None)
    if unit is None:
        raise Denied("这个单位已并入别的单位；请重新发送成员名单。")
    new = register.set_members(turn.session, unit, held["names"])
    made = expand_unit(turn.session, unit, turn.now, turn.visitor.actor)
    turn.acted("展开")
    turn.reply("expanded", unit=unit.name, new=[member.name for member in new], made=made)
