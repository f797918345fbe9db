"""Introducing: a person whose name the service does not tell is asked for it once, and may tell it at any time."""

import re
from datetime import timedelta

from bot import commands
from bot.turn import Turn
from bot.understand import Intent, understand
from db import register

_SAID = re.compile(r"^(?:我(?:是|叫)|(?:本人)?姓名(?:是|为)?)\s*[:：]?\s*([\u4e00-\u9fff·]{2,12})[。.！!]?$")
_BARE = re.compile(r"^[\u4e00-\u9fff·]{2,8}$")

WAITS = timedelta(minutes=30)
"""For so long after the question a bare name is its answer."""


def told(turn: Turn, text: str) -> bool:
    """Take a name that a person tells; tell whether the message was that."""
    person = turn.visitor.person
    said = _SAID.match(text)
    name = said[1] if said else text if _answers(turn, text) else None
    if turn.abilities.names or turn.incoming.anonymous or name is None:
        return False
    register.rename(person, name)
    turn.reply("named", name=name)
    return True


def _answers(turn: Turn, text: str) -> bool:
    person = turn.visitor.person
    asked = person.nameless and person.name_asked_at is not None and turn.now - person.name_asked_at <= WAITS
    if not asked or not _BARE.match(text) or commands.find(text) is not None:
        return False
    return understand(text, on=turn.today()).intent is Intent.NONE


def ask_once(turn: Turn) -> None:
    """Ask who it is, once, of whom the record would otherwise know by an account's id only."""
    person = turn.visitor.person
    if person.nameless and person.name_asked_at is None and turn.outcomes:
        person.name_asked_at = turn.now
        turn.reply("ask_name", asks_text=True)
