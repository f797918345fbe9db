"""One-time codes that bind a chat or appoint a person; only their digests are kept."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from db.models import Invite, Unit
from db.plain import person_name
from db.register.units import require_named
from db.words import ChatRole, Rank

INVITE_LIFE = timedelta(hours=72)
"""How long a one-time code may be used."""


_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""No letter or digit that can be mistaken for another when read out by telephone."""


@dataclass(frozen=True, slots=True)
class Redeemed:
    """What a one-time code stands for; ``room`` where it makes a chat one of our own, ``name`` for whom it was made."""

    rank: Rank
    unit: Unit | None
    room: ChatRole | None = None
    name: str | None = None

    @property
    def for_a_person(self) -> bool:
        """Tell whether it gives somebody a rank, so that only they may use it."""
        return self.room is None and self.rank is not Rank.CONTACT


def invite(
    session: Session,
    rank: Rank,
    unit: Unit | None,
    now: datetime,
    room: ChatRole | None = None,
    name: str | None = None,
) -> tuple[str, datetime]:
    """Make a one-time code, perhaps for somebody of that ``name``, and say when it expires (72 hours from ``now``); only
    its hash is kept. A name that says nobody in particular is refused.
    """
    if unit is not None:
        require_named(unit)
    code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(10))
    expires_at = now + INVITE_LIFE
    session.add(
        Invite(
            code_hash=_hash(code),
            rank=rank,
            unit_id=unit.id if unit else None,
            room=room,
            expires_at=expires_at,
            person_name=person_name(name) if name else None,
        )
    )
    session.flush()
    return code, expires_at


def look_up_code(session: Session, code: str) -> tuple[Invite, Redeemed] | None:
    """Find a code, used or not, and what it stands for; whoever looks at the same meanwhile waits."""
    found = session.get(
        Invite, _hash(code.strip().upper()), with_for_update={"key_share": True}, populate_existing=True
    )
    if found is None:
        return None
    unit = session.get(Unit, found.unit_id) if found.unit_id else None
    return found, Redeemed(found.rank, unit, found.room, found.person_name)


def redeem(session: Session, code: str, now: datetime) -> Redeemed | None:
    """Use a code once; None when it is unknown, used or expired."""
    known = look_up_code(session, code)
    if known is None or known[0].used_at is not None or known[0].expires_at <= now:
        return None
    known[0].used_at = now
    return known[1]


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
