"""A unit has another contact than before, 教育局的联络员换成陈老师了: who is registered may be taken off, and it is said how the new one joins."""

import re

from bot.dialogue import access, binding
from bot.dialogue.phrases import Pieces
from bot.dialogue.room.wish_said import Said
from bot.dialogue.turn import Turn
from db import register
from db.words import Rank
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS

CHANGED = Pieces("successors")(
    "^(?!.*(?:[?？吗]|谁|哪|没换|不换)).*(?:{contact}[^，,。]{0,4}?(?:{change}|改|不是)|{change}[了个成]{0,2}(?:新的?)?{contact})"
)
"""How it is said that a unit has another contact."""
_WHO = re.compile(
    "(?:换|改|变更|调整|更换)(?:[成为由是]|到)+(?P<who>[\u4e00-\u9fff]{2,4}?)(?:同志)?[了吧。！]*(?:$|[，,。；;\\s\\d（(])"
)


def begin(turn: Turn, said: Said) -> None:
    """Show who is registered for the unit, each to be taken off or kept, and say how the new contact joins."""
    access.require_coordinator(turn.visitor)
    unit, found = said.units[0], _WHO.search(said.text)
    who = found["who"] if found is not None else ""
    held = [
        person
        for person, rank, name in register.appointments(turn.session)
        if rank is Rank.CONTACT and name == unit.name and person.name != who
    ]
    buttons = [
        button(Verb.TAKE_OFF, person.id, unit.id, f"撤下{person.name}") for person in held[: MAX_ITEM_BUTTONS - 1]
    ]
    turn.reply(
        "successor",
        unit=unit.name,
        who=who,
        held=[person.name for person in held],
        bound=bool(register.chats_of(turn.session, unit.id)),
        buttons=[*buttons, button(Verb.KEEP_CONTACT, unit.id)] if held else [],
    )


def take_off(turn: Turn, person_id: int, unit_id: int) -> None:
    """撤下: somebody is no contact of that unit any more; their other ranks stay."""
    person = access.to_dismiss(turn.session, turn.visitor, person_id)
    ranks = register.dismiss(turn.session, person, Rank.CONTACT, turn.now, unit_id)
    if not ranks:
        turn.reply("refused", why=f"{person.name}已不是该单位的联络员。")
        return
    turn.acted("撤下")
    told = f"{turn.visitor.person.name}已移除{person.name}：{'、'.join(ranks)}。"
    binding.announce(turn.session, told, turn.now, turn.visitor.chat)
    turn.reply("dismissed", who=person.name, ranks=ranks)


def keep(turn: Turn, _unit_id: int, _version: int = 0) -> None:
    """保留: whoever is registered stays."""
    access.require_coordinator(turn.visitor)
    turn.acted("保留")
    turn.reply("cancelled", what="没有撤下，原联络员保留")
