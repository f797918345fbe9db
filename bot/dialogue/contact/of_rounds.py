"""What a unit says of a round and not of a task: a second person confirms what another told, or does not agree; more time is wanted."""

import re
from dataclasses import replace

from bot.dialogue import targets
from bot.dialogue.contact import answers, round_numbers, rounds
from bot.dialogue.contact.round_words import asks_for_time, finds_untrue, later_apart, refuses
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding, understand
from db.ledger import Line
from db.plain import one_line
from jobs.rounds.answers import is_labelled, share_under_its_name
from jobs.rounds.narrowed import codes
from jobs.rounds.standing import open_for, stands


def left_to_hear(turn: Turn, text: str) -> str:
    """Take what is said of a round and not of a task: that a second person confirms, or does not, or that more time is wanted; return
    what is left of the words to be heard, "" where they say nothing else.
    """
    if rounds.confirmed_in_words(turn, text) or _disagreed(turn, text):
        return ""
    return round_numbers.with_codes(turn, _without_question(turn, _without_wish_for_time(turn, text)))


def _without_wish_for_time(turn: Turn, text: str) -> str:
    """Bring to the coordinators that a unit wants to answer a round later, a task keeps its day; return the words that answer beside
    that, all of them where they want nothing.
    """
    made = rounds.asked_in(turn) or rounds.asked_to_sign(turn)
    if made is None or turn.files or codes(text) or is_labelled(text, made.fields):
        return text
    wants, others = later_apart(text)
    if not wants:
        return text
    answers.ask(turn, None, f"“{one_line(made.title)}”调度：{text}")
    turn.part = others if _answers(turn, others) else ""
    return turn.part


_CLAUSES = re.compile(r"[^，,。；;！!？?\n]+[，,。；;！!？?\n]*")
_IN_WORDS = re.compile(r"[?？]|[吗么呢][，,。；;！!\s]*$|要不要|能不能|可不可以|行不行|是不是|是否|怎么|如何")
_TELLS = (Intent.PROGRESS, Intent.DONE, Intent.NOT_DONE)


def _without_question(turn: Turn, text: str) -> str:
    """Bring to the coordinators what a unit asks before or behind its answer to a round, 格式这样行吗, and return the answer alone; a
    question with no answer beside it is heard as ever.
    """
    units = [unit.id for unit in turn.visitor.units]
    made = rounds.asked_in(turn) or rounds.asked_to_sign(turn)
    here = made or next(iter(open_for(turn.session, units) if codes(text) else ()), None)
    if here is None or turn.files or turn.chosen is not None:
        return text
    clauses = _CLAUSES.findall(text)
    asked = [_IN_WORDS.search(one) is not None and _intent(turn, one) is Intent.QUESTION for one in clauses]
    answer = "".join(one for one, asks in zip(clauses, asked, strict=True) if not asks).strip(" ，,；;\n")
    if not any(asked) or not _tells(turn, answer):
        return text
    answers.ask(turn, None, f"“{one_line(here.title)}”调度：{text}")
    turn.part = answer
    return answer


def _tells(turn: Turn, words: str) -> bool:
    """Tell whether words tell how something goes; of several tasks each clause speaks for itself."""
    parts = [words, *_CLAUSES.findall(words)] if words else []
    return any(_intent(turn, one) in _TELLS for one in parts)


def _intent(turn: Turn, words: str) -> Intent:
    return understand(words, on=turn.today(), coordinator=False).intent


_ENDED = re.compile(r"已经?(?:全部)?完成|完成了")


def _answers(turn: Turn, words: str) -> bool:
    """Tell whether words beside a wish for time are an answer, 已完成60%, and no more than its reason, 数据还没汇总."""
    said = understand(words, on=turn.today(), coordinator=False)
    return said.percent is not None or said.intent is Intent.DONE or _ENDED.search(words) is not None


def understood(turn: Turn, text: str, line: Line | None = None) -> Understanding:
    """Understand what a contact says; in answer to a round it is progress that something is delayed, where nobody asks for more time:
    设备延迟交付，目前完成60%.
    """
    said = targets.understood(turn, text, line)
    share = share_under_its_name(text) if said.percent is not None and not said.tasks[1:] else None
    said = said if share is None else replace(said, percent=share)
    if said.intent is not Intent.EXTEND or asks_for_time(text):
        return said
    units = [unit.id for unit in turn.visitor.units]
    if rounds.answers_one(turn) or any(is_labelled(text, made.fields) for made in open_for(turn.session, units)):
        return replace(said, intent=Intent.PROGRESS, shift=None)
    return said


_OBJECTS = (
    re.compile(r"不同意|不认可|不赞成|不能?(?:确认|签|报)|(?:别|不要|暂缓|暂不)(?:确认|签|报)"),
    re.compile(r"不对|不准确?|不实|有误|[报填写弄]错了|应该?当?是|不是\s*\d|(?:再|还要|需要?)(?:核实|核对|修改)"),
    re.compile(r"(?:数|内容|情况)[^，,。；;]{0,4}(?:改|有问题|待核)"),
)
"""What, in answer to the question for a second signature, says that what another told may not go, or is not so."""


def _disagreed(turn: Turn, text: str) -> bool:
    """Tell a unit that a second person does not agree with what was reported, which so stays unconfirmed; tell whether it was that.
    What they say instead takes nothing's place: who reported it says it anew.
    """
    to_sign, named = rounds.asked_to_sign(turn), codes(text)
    here = rounds.asked_in(turn) or to_sign
    of_another = here is None and turn.source is not None and not named
    objects = any(one.search(text) for one in _OBJECTS) if to_sign is not None else refuses(text)
    if turn.files or of_another or not (objects or ((here is not None or named) and finds_untrue(text))):
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
