"""Whether a verdict that names nothing, 通过 or 退回，缺签字, answers what waits: nobody has spoken of anything else since that was shown."""

from datetime import datetime

from sqlmodel import col, select

from bot.dialogue.phrases import Pieces
from bot.dialogue.room import matters
from bot.dialogue.room.reasons import DECIDES
from bot.dialogue.targets import Target, choose
from bot.dialogue.turn import Turn
from db import history, outbox, register
from db.bodies import ReplyBody
from db.ledger import Line
from db.models import Inbound, Notice
from db.words import Action, NoticeKind

_OWN = Pieces("said_last")("{more_time}|{closes}")
"""Words of verdicts alone, which answer nothing else: 同意延期, 销号."""
_SHOWS_WORK = frozenset(
    {NoticeKind.VERIFY_REQUEST, NoticeKind.DIGEST, NoticeKind.WEEKLY, NoticeKind.STANDING, NoticeKind.MISSED}
)
"""What the room is shown of what waits, under which a verdict may be said."""
_MESSAGES, _UPDATES = 12, 200
"""How many of the latest messages of the chat, and of all that came in, are looked at."""
_NODS = 6
"""Characters of an answer that says nothing: 好的。"""


def is_elsewhere(turn: Turn, target: Target, line: Line, text: str, action: Action) -> bool:
    """Ask whether a verdict is of the only thing that waits where it names nothing and something else was said last; tell whether it asked."""
    if (
        action not in DECIDES.values()
        or target.named
        or turn.chosen is not None
        or _says_which(turn, line, text, action)
        or _is_last(turn, line)
    ):
        return False
    choose(turn, [line], turn.text, units=True)
    return True


def _says_which(turn: Turn, line: Line, text: str, action: Action) -> bool:
    if _OWN.search(text) or line.unit.id in {unit.id for unit in register.mentioned(turn.session, turn.text)}:
        return True
    told = next(iter(history.of_assignment(turn.session, line.assignment.id)), None)
    about = f"{line.task.text}\n{line.milestone.deliverable}\n{told.words if told is not None else ''}"
    return matters.shares(matters.words(matters.before_judging(text, action)), about)


def _is_last(turn: Turn, line: Line) -> bool:
    """Tell whether nothing was said in the chat since it was last shown what waits."""
    for notice, message in outbox.sent_lately(turn.session, turn.visitor.chat.id, _MESSAGES):
        if _speaks_of(turn, notice, line):
            return not _talked_since(turn, message.out_at or notice.created_at)
        if notice.kind not in _SHOWS_WORK and len(getattr(notice.legible, "text", "")) not in range(1, _NODS):
            return False
    return turn.incoming.private


def _speaks_of(turn: Turn, notice: Notice, line: Line) -> bool:
    body = notice.legible
    if isinstance(body, ReplyBody):
        return f"〔{line.code}〕" in body.text
    return line.assignment.id in {*notice.body.about, *outbox.spoken_of(turn.session, notice.id)}


def _talked_since(turn: Turn, moment: datetime) -> bool:
    """Tell whether anybody wrote in this chat since a moment, but for courtesy."""
    query = select(Inbound).order_by(col(Inbound.id).desc()).limit(_UPDATES)
    latest = [one for one in turn.session.exec(query) if one.id != turn.inbound_id and one.at > moment]
    here = (one for one in latest if one.chat_id == turn.visitor.chat.id and one.words.get("text"))
    return any(one.outcome != "courtesy" for one in here)
