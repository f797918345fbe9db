"""交办, 不交办 in words of what waits to be given out: a reply to it, or the last one that this chat was shown."""

import re

from bot.dialogue.access import Denied
from bot.dialogue.room import additions
from bot.dialogue.turn import Turn
from db import outbox
from db.models import Notice
from jobs.notices.press import Press, Verb

_LETS_GO = re.compile(
    r"(?:这[个条项件]|那就|就|先|都)*(?:不用|不再|不|别|无需|不必)(?:再|先)?交办(?:了|吧|他们)*(?:[，,。；;！!\s]+(?P<why>.*))?"
)
_GIVES = re.compile(r"(?:好的?|可以|同意|行|就这样|无误)?[，,。\s]*(?:就|那就)?交办(?:吧|了|出去|下去)*[。！!]?")
_LATELY = 10
"""How many of the chat's last messages are looked through."""


def decided(turn: Turn, text: str) -> bool:
    """Give out what waits, or let it go with the reason that is said; tell whether it was that."""
    lets_go = _LETS_GO.fullmatch(text.strip())
    if turn.files or not turn.is_spoken_to or (lets_go is None and _GIVES.fullmatch(text.strip()) is None):
        return False
    found = _waiting(turn)
    if found is None:
        return False
    record, version = found
    if lets_go is not None:
        additions.let_go(turn, record, why=(lets_go["why"] or "").strip("。！! "))
    elif version is None:
        return False
    else:
        additions.give_out(turn, record, version)
    return True


def _waiting(turn: Turn) -> tuple[int, int | None] | None:
    """Return the message that holds the duty which is meant, and as what it was shown where nothing of it is open."""
    answered = turn.source.notice if turn.source is not None else None
    shown = (
        [answered]
        if answered is not None
        else [notice for notice, _message in outbox.sent_lately(turn.session, turn.visitor.chat.id, _LATELY)]
    )
    found = {
        duty[0]: duty for one in reversed(shown) if (duty := _duty(one)) is not None and additions.waits(turn, duty[0])
    }
    if len(found) > 1:
        raise Denied(
            f"有{len(found)}件等着交办，不知道说的是哪一件；请按那一条下面的按钮，或回复那一条写“交办”“不交办”。"
        )
    return next(iter(found.values()), None)


def _duty(notice: Notice) -> tuple[int, int | None] | None:
    presses = [
        press for _label, data in getattr(notice.legible, "buttons", ()) if (press := Press.read(data)) is not None
    ]
    record = next((one.what for one in presses if one.verb is Verb.LET_GO), None)
    gives = next((one.version for one in presses if one.verb is Verb.GIVE_OUT), None)
    return (record, gives) if record is not None else None
