"""A leader who is away says in words who signs meanwhile, and to which day: 代签 王副局长 到7月15日."""

import re

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.away import away
from bot.dialogue.turn import Turn
from db import days, outbox, register
from db.bodies import ReplyBody
from db.models import Person
from db.words import ChatRole, Reason
from jobs.notices.render import say

WORD = "代签"
_SAYS_SO = re.compile("代签|[代替](?:我|本人)来?签|(?:由|请|让).{1,8}(?:代|替)(?:为)?签")


def in_own_words(turn: Turn, text: str) -> bool:
    """Hear a sentence such as 我出差，7月15日前由王副局长代签; tell whether it was one."""
    if not _SAYS_SO.search(text) or turn.files or not turn.is_spoken_to:
        return False
    appoint(turn, text)
    return True


def asks_to_sign(turn: Turn, text: str) -> bool:
    """Tell whether somebody without a rank of the office, who signs for one who is away, wants to see what waits for a signature."""
    if not text.startswith(("签发", "/sign")):
        return False
    return bool(register.deputised_by(turn.session, turn.visitor.person, turn.today()))


def appoint(turn: Turn, text: str) -> None:
    """Let somebody of the register sign in the speaker's place to the day that is named; 取消 ends it."""
    leader = turn.visitor.person
    if not access.is_signer(turn.session, turn.desk, leader, None):
        raise Denied(f"{WORD}由签发人本人指定。")
    if any(word in text for word in ("取消", "收回", "不再")):
        ended = register.end_deputy(turn.session, leader, turn.now)
        text = say("deputy_ended", names=ended, leader=leader.name)
        if ended:
            _tell(turn, text)
        else:  # nothing has changed that the rooms should hear of
            turn.reply_text(text, outcome="deputy")
        return
    person, (begins, until) = _who(turn, text), away(text, turn.today())
    if until is None:
        raise Denied(f"请写明到哪一天为止，例如：{_example(turn)}。")
    if until < turn.today():
        raise Denied(f"{days.written(until)}已经过去，请写今天或以后的日子。")
    if begins is not None and begins > until:
        raise Denied(
            f"从{days.written(begins)}起，到{days.written(until)}为止？请写明到哪一天，例如：{_example(turn)}。"
        )
    register.deputise(turn.session, leader, person, until, turn.now, begins=begins)
    told = say("deputy", name=person.name, leader=leader.name, begins=begins, until=until, spoken=turn.spoken)
    _tell(turn, told)


def _example(turn: Turn) -> str:
    return f"{turn.spoken(WORD, 'deputy')} 王副局长 到7月15日"


def _who(turn: Turn, text: str) -> Person:
    """Return the one person of the register whom the words name, but who speaks."""
    named = [one for one in register.people_within(turn.session, text) if one.id != turn.visitor.person.id]
    longest = max((len(one.name) for one in named), default=0)
    meant = [one for one in named if len(one.name) == longest]
    if not meant:
        invite = turn.spoken("邀请", "invite")
        raise Denied(
            f"没有找到这个人：请写登记过的姓名，例如：{_example(turn)}。还没登记的，请协调员在协调室先登记：{invite} 领导 姓名。"
        )
    if len(meant) > 1:
        raise Denied(f"登记的“{meant[0].name}”不止一人，无法确定由谁签；请协调员先理清人员。")
    return meant[0]


def _tell(turn: Turn, text: str) -> None:
    """Answer here, and let our rooms know who signs for whom."""
    turn.reply_text(text, outcome="deputy")
    for role in (ChatRole.COORDINATORS, ChatRole.LEADERS):
        for room in register.rooms(turn.session, role):
            if room.id != turn.visitor.chat.id:
                outbox.answer(turn.session, room.id, ReplyBody(text), turn.now, reason=Reason.CHANGED)
