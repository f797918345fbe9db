"""The hand-out of binding codes: one a unit, as a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.dialogue.links import any_invite_link
from db import register
from db.whoever import is_a_kind
from db.words import Rank
from jobs.sheets import book


@dataclass(frozen=True, slots=True)
class Codes:
    """The sheet as .xlsx, how many codes it holds, and until when they are good."""

    content: bytes
    count: int
    expires: datetime


def codes_book(session: Session, words: Sequence[str], now: datetime, timezone: str, *, unbound: bool = False) -> Codes:
    """Make one code a unit that can have a chat, with ``unbound`` for those only that no chat reaches. Cells are texts, never formulas.

    ``words`` are the ways to hand in a code in a group, on the services there are.
    """
    rows, until = [], now
    for unit in register.all_units(session):
        reached = bool(register.chats_of(session, unit.id))
        if (unbound and reached) or (is_a_kind(unit.name) and not reached):
            continue
        code, until = register.invite(session, Rank.CONTACT, unit, now)
        link = any_invite_link(session, code, group=True) or ""
        said = " 或 ".join(f"{word} {code}" for word in words)
        rows.append((unit.name, code, said, link, f"{until.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M}"))
    headings = ("单位", "绑定码", "在群里发送", "或点此把机器人加入群", "有效期至")
    return Codes(book("绑定码", headings, rows, (36, 16, 20, 52, 18)), len(rows), until)
