"""说早了，还有一户没走: what somebody says against their own last answer to a call takes its place, and is passed on."""

import re
from datetime import datetime

from sqlmodel import col, select

from bot.dialogue.contact import calls
from bot.dialogue.options import choice_in, denial_of, says_no_more
from bot.dialogue.phrases import Pieces
from bot.dialogue.turn import Turn
from db.broadcasts import answers_of, running
from db.kinds import CALLS
from db.ledger import local_day
from db.models import Broadcast, BroadcastUnit, Inbound

_SAY = Pieces(
    "calls_again",
    erred="{said}(?:{wrongly}了?|成[^，,。]{1,8}了)|[早错]了|手[滑误]了?|更正(?:一下)?",
    end=r"(?:[啦啊哈]|的)*(?:[，,。！!：:\s]+|$)",
    not_all="还[有差剩缺没未]|尚[有未]|[没未]有?(?:{steps})|[剩差][一二两三几\\d]|[去来到]不[了成]",
)
_ANNOUNCES = _SAY("^(?:{sorry}|[，,\\s])*(?:{erred}){end}")
_TOO_EARLY = re.compile("[早快]了")
_FALLS_SHORT = _SAY("{not_all}|{back_again}")
_BACK_AGAIN = _SAY("^(?:{sorry}|[，,\\s])*又?{back_again}")


def heard(turn: Turn, text: str) -> bool:
    """Let what somebody says against their own last answer to a call stand in its place, and pass it on; tell whether they do."""
    announced = _ANNOUNCES.match(text.strip())
    if turn.files or not (announced or _BACK_AGAIN.match(text.strip())):
        return False
    told = _answered_last(turn)
    if told is None:
        return False
    made, chosen = told
    rest = text.strip()[announced.end() :] if announced is not None else text.strip()
    choice = choice_in(rest, made.options, made.words) if rest else ""
    short = _FALLS_SHORT.search(rest) if rest else _TOO_EARLY.search(text)
    if not choice and short and chosen:
        choice = denial_of(chosen, made.options)
    plain = bool(choice) and bool(rest) and says_no_more(rest, choice, made.words)
    calls.say_anew(turn, made, choice, "" if plain else text)
    return True


def _answered_last(turn: Turn) -> tuple[Broadcast, str] | None:
    """Return the call that this person answered today, and what they chose, where it is what they reply to or what they did last here."""
    notice = turn.source.notice if turn.source is not None else None
    pointed = notice.broadcast_id if notice is not None and notice.kind in CALLS else None
    for made, row in running(turn.session, turn.visitor.chat.id, [unit.id for unit in turn.visitor.units]):
        at = _answered_at(turn, row)
        if at is None or local_day(at, turn.desk.timezone) != turn.today():
            continue
        if made.id == pointed or (pointed is None and not _said_since(turn, at)):
            return made, next((one.choice for one in answers_of(row)[-1:]), "")
    return None


def _answered_at(turn: Turn, row: BroadcastUnit) -> datetime | None:
    """Return when this person gave the answer that counts, None where it was somebody else, or nobody."""
    last = answers_of(row)[-1:]
    who, at = (last[0].who, last[0].at) if last else (row.confirmed_by, row.confirmed_at)
    return at if who == turn.visitor.person.name else None


def _said_since(turn: Turn, at: datetime) -> bool:
    later = select(Inbound.id).where(
        Inbound.chat_id == turn.visitor.chat.id,
        Inbound.person_id == turn.visitor.person.id,
        Inbound.id != turn.inbound_id,
        Inbound.at > at,
    )
    return turn.session.exec(later.order_by(col(Inbound.id).desc()).limit(1)).first() is not None
