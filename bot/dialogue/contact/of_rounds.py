"""What a unit says of a round and not of a task: a second person confirms what another told, or does not agree; more time is wanted."""

import re

from bot.dialogue.contact import answers, rounds
from bot.dialogue.turn import Turn
from db.plain import one_line
from jobs.rounds.answers import is_labelled
from jobs.rounds.narrowed import codes
from jobs.rounds.standing import open_for, stands


def heard(turn: Turn, text: str) -> bool:
    """Take what is said of a round and not of a task: that a second person confirms, or does not, or that more time is wanted; tell
    whether it was that.
    """
    return rounds.confirmed_in_words(turn, text) or (bool(text) and (_disagreed(turn, text) or _wants_time(turn, text)))


_LATER = re.compile(
    r"(?:[晚迟缓]|推迟|延[期后迟]?|宽限)(?:到|至)?[^，,。；;！!?？]{0,8}?(?:再)?(?:报|交|填|送|给)|(?:报|交|填)送?[^，,。；;！!?？]{0,6}?(?:[晚迟缓]|推迟|延[期后迟]|宽限)"
)
"""What asks to hand an answer in later: 能不能晚一天报."""


def _wants_time(turn: Turn, text: str) -> bool:
    """Bring to the coordinators that a unit wants to answer a round later; tell whether it was that. A task keeps its day."""
    made = rounds.asked_in(turn) or rounds.asked_to_sign(turn)
    if made is None or turn.files or codes(text) or not _LATER.search(text) or is_labelled(text, made.fields):
        return False
    answers.ask(turn, None, f"“{one_line(made.title)}”调度：{text}")
    return True


_REFUSES = re.compile(r"不同意|不认可|不赞成|不能?(?:确认|签|报)|(?:别|不要|暂缓|暂不)(?:确认|签|报)")
_UNTRUE = re.compile(
    r"不对|不准确?|不实|有误|[报填写弄]错了|应该?当?是|不是\s*\d|(?:再|还要|需要?)(?:核实|核对|修改)"
    r"|(?:数|内容|情况)[^，,。；;]{0,4}(?:改|有问题|待核)"
)
"""What says that what another told may not go, or is not so."""


def _disagreed(turn: Turn, text: str) -> bool:
    """Tell a unit that a second person does not agree with what was reported, which so stays unconfirmed; tell whether it was that.
    What they say instead takes nothing's place: who reported it says it anew.
    """
    refuses, here, named = _REFUSES.search(text), rounds.asked_in(turn) or rounds.asked_to_sign(turn), codes(text)
    if turn.files or not (refuses or ((here is not None or named) and _UNTRUE.search(text))):
        return False
    units, me = {unit.id for unit in turn.visitor.units}, turn.visitor.person.id
    for made in [here] if here is not None else open_for(turn.session, list(units)):
        waiting = [
            one
            for one in stands(turn.session, made)
            if one.waits_for_signature and one.line.unit.id in units and one.last.person_id != me
        ]
        theirs = [one for one in waiting if not named or one.line.code in named]
        if theirs and not is_labelled(text, made.fields):
            by = "、".join(dict.fromkeys(one.last.who for one in theirs))
            shown = [one.line.code for one in theirs]
            turn.reply("not_cosigned", title=one_line(made.title), codes=shown, who=turn.visitor.person.name, by=by)
            return True
    return False
