"""名录 in the room: the register is handed out as a spreadsheet, filled in, sent back, looked at, and applied."""

from collections.abc import Sequence

from bot.dialogue import access, binding
from bot.dialogue.access import Denied
from bot.dialogue.room.handing import hand_over
from bot.dialogue.turn import Turn, kept_with
from db import register
from jobs import roster as work
from jobs.campaigns import lists
from jobs.notices.press import Verb, button
from jobs.notices.render import say
from jobs.ports import Button
from jobs.reading.files import UnreadableFile
from jobs.reading.roster import Roster
from jobs.roster import Applied

SHOWN = 8
"""How many changes of a kind are named; of more it tells the number."""


def hand_out(turn: Turn, _rest: str = "") -> None:
    """名录: the units and people as a spreadsheet."""
    access.require_coordinator(turn.visitor)
    text = say("roster", count=len(register.all_units(turn.session)))
    hand_over(turn, text, f"名录{turn.today():%Y-%m-%d}.xlsx", work.book(turn.session), "roster")


def preview(turn: Turn, roster: Roster) -> None:
    """Show what a 名录 that came back would change: it is applied, and what it did is undone."""
    access.require_coordinator(turn.visitor)
    trial = turn.session.begin_nested()
    would = work.apply(turn.session, roster, turn.visitor.actor, turn.now)
    trial.rollback()
    apply = [button(Verb.APPLY_ROSTER, turn.inbound_id)] if would.changes else []
    _say(turn, "roster_preview", would, apply)


def confirm(turn: Turn, inbound_id: int, _version: int = 0) -> None:
    """按名录更新: the register has what the sheet says; nothing that was there is taken away."""
    access.require_coordinator(turn.visitor)
    for file in kept_with(access.own_message(turn.session, turn.visitor, inbound_id)):
        try:
            roster = lists.kept(turn.desk.archive, file.name, file.sha256, None).document.roster
        except UnreadableFile as refusal:
            raise Denied(f"“{file.name}”：{refusal}") from None
        if roster is not None:
            _apply(turn, work.apply(turn.session, roster, turn.visitor.actor, turn.now))
            return
    raise Denied("那条消息没有带名录，请重新发来。")


def _apply(turn: Turn, done: Applied) -> None:
    if not done.changes:
        raise Denied("名录里的都已在登记册里，没有改动。")
    turn.acted("按名录更新")
    _say(turn, "roster_applied", done)
    for contact in done.contacts:
        binding.announce(
            turn.session, f"{turn.visitor.person.name}已登记联络员{contact}。", turn.now, turn.visitor.chat
        )


def _say(turn: Turn, name: str, told: Applied, buttons: Sequence[Button] = ()) -> None:
    members = [f"{unit}（{'、'.join(names)}）" for unit, names in told.members]
    kinds = (
        ("新增单位", told.new),
        ("新增名称", told.names),
        ("改层级", told.levels),
        ("新增成员", members),
        ("登记联络员", told.contacts),
    )
    turn.reply(
        name,
        kinds=[(kind, rows) for kind, rows in kinds if rows],
        expanded=told.expanded,
        refused=told.refused,
        shown=SHOWN,
        buttons=buttons,
    )
