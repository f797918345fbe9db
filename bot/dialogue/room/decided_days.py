"""Days that the words of a decision name: until when more time is given, by when what is opened again is owed."""

import re
from datetime import date

from bot.dialogue.room.offered_days import offered_until
from bot.dialogue.turn import Turn
from db.ledger import Line
from jobs.reading.deadlines import Deadline, Frame, Setting, find_deadlines


def granted_until(words: str, turn: Turn, line: Line) -> date | None:
    """Return until when more time is given: what the words say, else what was offered before; None where it is as asked for."""
    said = next(iter(_days_in(words, turn, line, Setting.CHAT)), None)
    return said or offered_until(turn, [line]).get(line.assignment.id)


def owed_by(words: str, turn: Turn, line: Line) -> date | None:
    """Return by when what is opened again is owed, where the words say so: the day that stands with reporting anew, or with what
    is to be done; of several such the last, since what was found stands before. Others' days, 7月5日市里来验收, come last.
    """
    frame, today = Frame(Setting.PROSE, on=turn.today(line), due=line.assignment.due), turn.today(line)
    said = [(_how_far(words, one), one.due) for one in find_deadlines(words, frame) if one.due and one.due >= today]
    best = min((rank for rank, _due in said), default=0)
    return next((due for rank, due in reversed(said) if rank == best), None)


_ANEW = re.compile("重报|重新[上填]?报|再报|补报|报办结|补[交齐]")
_WORK = re.compile("整改|完成|办结|改[好正完]|到位|[报交]")
_OTHERS = re.compile("省里|市里|部里|上级|验收|复查|抽查|督查|回头看|检查组|保持|持续|巩固")


def _how_far(words: str, day: Deadline) -> int:
    """Return how far a day is from the one by which a unit reports anew, by the clause in which it stands."""
    begin = max(words.rfind(sign, 0, day.start) for sign in "，,。；;、") + 1
    behind = re.split("[，,。；;、]", words[day.end :])[0]
    if _OTHERS.search(f"{words[begin : day.start]}{behind}"):
        return 3
    return 0 if _ANEW.search(behind) else 1 if _WORK.search(behind) else 2


def _days_in(words: str, turn: Turn, line: Line, setting: Setting) -> list[date]:
    frame = Frame(setting, on=turn.today(line), due=line.assignment.due)
    return [found.due for found in find_deadlines(words, frame) if found.due]
