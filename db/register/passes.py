"""Passes: secrets that let people see the board. Only their digests are kept, so that no copy of the store lets anybody in."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col

from db.models import Pass
from db.words import Purpose

LIVES = {Purpose.LINK: timedelta(minutes=10), Purpose.SESSION: timedelta(hours=12)}
"""How long each holds; a calendar until it is taken back."""


def give(session: Session, purpose: Purpose, person_id: int, now: datetime) -> str:
    """Return a new secret for somebody; it is shown once, and kept nowhere. What of theirs has expired is forgotten."""
    session.execute(delete(Pass).where(col(Pass.person_id) == person_id, col(Pass.expires_at) <= now))
    secret = secrets.token_urlsafe(32)
    life = LIVES.get(purpose)
    session.add(
        Pass(
            digest=_digest(secret),
            purpose=purpose,
            person_id=person_id,
            made_at=now,
            expires_at=now + life if life is not None else None,
        )
    )
    session.flush()
    return secret


def holding(session: Session, purpose: Purpose, secret: str, now: datetime, *, lock: bool = False) -> Pass | None:
    """Return the pass of a secret where it holds now; None of one that is guessed, used, taken back or expired."""
    if not secret:
        return None
    how = {"with_for_update": {"key_share": True}, "populate_existing": True} if lock else {}
    found = session.get(Pass, _digest(secret), **how)  # type: ignore[arg-type]
    if found is None or found.purpose is not purpose or found.ended_at is not None:
        return None
    return found if found.expires_at is None or found.expires_at > now else None


def use(session: Session, secret: str, now: datetime) -> str | None:
    """Use a link up, and return the secret of the sign-in that it gives; of two at once the second gets None."""
    link = holding(session, Purpose.LINK, secret, now, lock=True)
    if link is None:
        return None
    link.ended_at = now
    return give(session, Purpose.SESSION, link.person_id, now)


def take_back(session: Session, person_id: int, purposes: Collection[Purpose], now: datetime) -> int:
    """End what somebody holds of such purposes; return how many still held."""
    theirs = (
        update(Pass)
        .where(col(Pass.person_id) == person_id, col(Pass.purpose).in_(purposes), col(Pass.ended_at).is_(None))
        .where(col(Pass.expires_at).is_(None) | (col(Pass.expires_at) > now))
        .values(ended_at=now)
    )
    return session.execute(theirs).rowcount  # type: ignore[attr-defined, no-any-return]


def end(session: Session, secret: str, now: datetime) -> None:
    """End one sign-in."""
    found = holding(session, Purpose.SESSION, secret, now)
    if found is not None:
        found.ended_at = now


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
