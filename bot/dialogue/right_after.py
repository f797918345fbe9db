"""What is said of duty right after it was written down, and names no duty itself: 后天李工, 明天改成李工, 错了，是李工."""

import re
from datetime import date, timedelta

from bot.dialogue.phrases import Pieces
from bot.dialogue.turn import Turn
from db import days, outbox, register
from db.bodies import ReplyBody
from db.models import Unit
from db.plain import SURNAME
from jobs.duties import keeping
from jobs.duties.in_parts import read
from jobs.duties.said import Said, What

JUST = timedelta(minutes=30)
"""How long ago duty may have been written down that somebody goes on about."""
_SAY = Pieces(
    "right_after", surname=SURNAME, name="[小老]{surname}|(?!{no_name}){surname}(?:[\u4e00-\u9fff]{1,2}?|工|总)"
)
_ONE = _SAY("{name}(?=[、和]|$)")
_SLIP = _SAY(r"^(?:{slips}[，,\s]*)+")
_GOES_ON = _SAY(
    r"^(?P<when>[^，,。；;改换变是由让]{0,12}?)(?P<puts>{puts})?(?P<who>{name}(?:[、和]{name})*)[吧了的。！!]*$"
)
_WRITTEN = re.compile(r"^(?P<whose>.{2,30}?)值班（已记下）")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


def said(turn: Turn, text: str) -> tuple[Unit | None, Said | None]:
    """Return whose duty a message goes on about, and what it says of it; None where duty was not what the bot wrote down last."""
    latest = outbox.sent_lately(turn.session, turn.visitor.chat.id, 1)
    body = latest[0][0].legible if latest else None
    written = _WRITTEN.match(body.text) if isinstance(body, ReplyBody) else None
    bare = _SLIP.sub("", text.strip())
    goes_on = _GOES_ON.match(bare)
    if written is None or goes_on is None or turn.now - latest[0][0].created_at > JUST:
        return None, None
    found = [date(*map(int, one)) for one in _DAY.findall(body.text)] if isinstance(body, ReplyBody) else []
    when = goes_on["when"].strip() or (days.short(found[0], turn.today()) if len(set(found)) == 1 else "")
    told = read(f"{when}{goes_on['who']}值班", turn.today()) if when else None
    unit = None if written["whose"] == keeping.OFFICE else register.find_unit(turn.session, written["whose"])
    people = {one[0] for one in _ONE.finditer(goes_on["who"])}
    clear = bool(goes_on["puts"] or goes_on["when"].strip() or bare != text.strip())
    whole = clear and told is not None and set(told.names) == people and told.what in (What.SET, What.EACH)
    return (unit, told) if whole and (unit is not None or written["whose"] == keeping.OFFICE) else (None, None)
