"""How far time has gone by for a store, where a day may be set wrongly on the machine."""

from datetime import datetime, timedelta

from sqlmodel import Session

from db import locking
from db.models import Setting

LIVED = "words_lived_until"
"""Until when time has gone by for the words that are forgotten in time, and what the clock said then (both ISO)."""

A_LOOK, A_LEAP = timedelta(hours=1), timedelta(days=7)
"""How often it is looked how far time has gone, before words are forgotten, and how far it goes at most from look to look."""


def lived(session: Session, now: datetime) -> datetime:
    """Return until when time has gone by for this store: ``now``, but for what a clock leapt over.

    What is forgotten is gone for good, and a day set wrongly on the machine must not blank a year. So time is looked at
    once an hour and goes on by a week at most each time; where nothing ran for longer, words are kept so much longer.
    """
    mark = locking.first_or_found(session, Setting(key=LIVED, value=f"{now.isoformat()} {now.isoformat()}"))
    until, seen = map(datetime.fromisoformat, mark.value.split(" "))
    if now - seen >= A_LOOK:
        until += min(now - seen, A_LEAP)
        mark.value = f"{until.isoformat()} {now.isoformat()}"
    return min(until, now)
