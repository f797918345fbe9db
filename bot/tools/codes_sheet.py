"""The hand-out of binding codes: one a unit, as a spreadsheet."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from bot.dialogue.links import any_invite_link
from db import ledger, register
from db.words import Rank
from jobs.sheets import book


def write_codes(session: Session, path: Path, words: Sequence[str], now: datetime, timezone: str) -> int:
    """Write one code a unit to an .xlsx file; return how many. Cells are texts, never formulas.

    ``words`` are the ways to hand in a code in a group, on the services there are.
    """
    units = register.all_units(session)
    rows = []
    for unit in units:
        code, expires = register.invite(session, Rank.CONTACT, unit, now)
        link = any_invite_link(session, code, group=True) or ""
        rows.append(
            (
                unit.name,
                code,
                " 或 ".join(f"{word} {code}" for word in words),
                link,
                ledger.local_iso(expires, timezone),
            )
        )
    headings = ("单位", "绑定码", "在群里发送", "或点此把机器人加入群", "有效期至")
    path.write_bytes(book("绑定码", headings, rows, (36, 16, 20, 52, 28)))
    return len(units)
