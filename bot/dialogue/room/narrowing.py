"""What the words of a list ask for, 清单 住建局 逾期 B 下周到期: which assignments, wherever they are shown, counted or handed on."""

import re
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.dialogue.room import periods
from bot.dialogue.turn import Turn
from db import ledger, register
from db.ledger import Which
from db.words import ENDED_STATES, LIVING, OWING, Lamp, Level, Role, State

FILTERS: dict[str, dict[str, Any]] = {
    "逾期": {"lamps": [Lamp.RED]},
    "临期": {"lamps": [Lamp.YELLOW]},
    "待核查": {"levels": [Level.OFFICE]},
    "待核": {"levels": [Level.OFFICE]},
    "公示": {"levels": [Level.NOTICE]},
    "待复查": {"levels": [Level.SELF, Level.LEAD]},
    "延过期": {"counted": "extensions"},
    "退回过": {"counted": "returns"},
    "延期": {"waits_for_more_time": True},
    "未签收": {"states": [State.PENDING], "asked": True},
    "销号": {"states": [State.CLOSED]},
    "办理中": {"states": [State.IN_PROGRESS]},
    "待定": {"undecided": True},
    "长期": {"lamps": [Lamp.WHITE]},
}
"""What narrows a list; two words for the same thing list both. A word stands before those with which it begins."""

_ROLES = {role.zh: role for role in Role}

STILL = tuple(state for state in State if state not in ENDED_STATES)
"""What a list shows where nobody says which states."""

_CAMPAIGN = re.compile("^专项(?:行动)?(?=.)")
_BETWEEN = re.compile(r"[\s、，,/／和的]+|单位|任务|项目")
_SPARED = re.compile(r"不含(\S+)")
"""Whom a list leaves out: 逾期 不含市教育局."""
_TO_SEE = re.compile("(?:请|麻烦)?(?:给我|发我|发给我)?(?:看[看一下]*|列[出一下来]*|全部|所有)?[吧啊。！!]*")
"""A word that says no more than that the list is wanted: 清单发我."""


def late(session: Session, now: datetime) -> Which:
    """Return what is late of those who owe it, as every figure of the room counts it."""
    return Which(LIVING, lamps=[Lamp.RED], roles=OWING, days=ledger.days(session, now))


def says_what(words: str) -> str:
    """Return a list's words without those that only say that it is wanted."""
    return " ".join(word for word in words.split() if not _TO_SEE.fullmatch(word))


def narrowed(turn: Turn, words: str) -> tuple[Which, str]:
    """Return which assignments the words of a list ask for, and the first word that says nothing to us. A campaign that does not run,
    or is over, is shown to who names its letter. What is late, near, long or closed is counted of who owes it, as everywhere.
    """
    narrowing, words = periods.asked_for(words, turn.today(), turn.zone())
    for word, narrower in FILTERS.items():
        if word in words:
            words = words.replace(word, " ")
            for name, value in narrower.items():
                narrowing[name] = [*narrowing.get(name, ()), *value] if isinstance(value, list) else value
    if "within" in narrowing and not narrowing.keys() & {"lamps", "states", "levels"}:
        narrowing["states"] = STILL
    if narrowing.keys() & {"lamps", "within", "acted"} or narrowing.get("states") == [State.CLOSED]:
        narrowing["roles"] = OWING
    units, spared = set(), set()
    for name in _SPARED.findall(words):
        called = register.find_unit(turn.session, name)
        if called is None:
            return Which(LIVING), name
        spared.add(called.id)
    words = _SPARED.sub(" ", words)
    for name, unit in register.named_in(turn.session, words):
        if name in words:
            words = words.replace(name, " ")
            units.add(unit.id)
    readable = ledger.readable(turn.session)
    letters = {one.letter: one for one in readable} | {str(one.id): one for one in readable}
    of, roles = LIVING, []
    for word in _BETWEEN.split(words):
        if (campaign := letters.get(_CAMPAIGN.sub("", word).upper())) is not None:
            narrowing["campaign"], of = campaign.id, LIVING | {campaign.status}
        elif word in _ROLES:
            roles.append(_ROLES[word])
        elif word and (called := register.find_unit(turn.session, word)) is not None:
            units.add(called.id)
        elif not _TO_SEE.fullmatch(word):
            return Which(LIVING), word
    if not narrowing.keys() - {"campaign"}:
        narrowing["states"] = STILL
    narrowing |= {"roles": roles} if roles else {}
    if spared:
        units = {unit.id for unit in register.all_units(turn.session) if not units or unit.id in units} - spared
    return Which(
        of, units=units if units or spared else None, days=ledger.days(turn.session, turn.now), **narrowing
    ), ""
