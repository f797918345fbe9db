"""问题 in our rooms: recorded in a sentence, with pictures from before; the two lists, shown and as a file."""

import re
from dataclasses import replace

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.contact import found
from bot.dialogue.phrases import Pieces
from bot.dialogue.problem_lists import MEASURES, PROBLEMS, text_of
from bot.dialogue.room import additions, narrowing
from bot.dialogue.room.handing import hand_over
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Which
from jobs.notices.render import shorten
from jobs.printed.two_lists import two_lists

record = additions.begin_problem

_SAY = Pieces(
    "problems", where="[在到去][^，,。；;！!]{1,12}?", on_looking="{looks}(?:组|时|中|过程中)?[，,]?(?:发现|查[到出])"
)
_FOUND = _SAY("^{around}*{where}?(?:{on_looking}|检查出|查[到出])(?!了?[没吗]|的问题)")
_SET_RIGHT = re.compile("(?<!不用)(?<!不需)(?<!已)(?:整改|改正|消除|治理|修复|更换|处理)(?!完|了|得|情况|不)")
"""A finding that somebody is to set right; who only tells of one, or asks, wants nothing recorded."""
_PARTS = re.compile("[，,。；;、：:！!]|(?=请|责成|责令|督促|限期|立即|务必)")
_TELLS = re.compile("已|[未没](?!经)|谁|是否|有无|能否")
"""What tells of how it stands, or asks, in the part of the sentence that speaks of setting right."""
_DECIDED = re.compile(r"退回|打回|重开|销号|核销|延期|改期|期限.{0,4}[改调推延]|催办|通报|约谈|转[交给]")
_CODE = re.compile(r"(?<![A-Za-z\d])[A-Za-z]{1,2}\d{0,2}-\d{1,4}")


def is_told(text: str) -> bool:
    """Tell whether a text tells of a finding that is to be set right: 检查发现…，请…整改; what is decided on a task that it names by
    its code, 检查发现A-1没有整改，退回, is none, nor is what tells only how far setting right has come.
    """
    found = _FOUND.match(text)
    if found is None or text[-1] in "?？吗" or (_CODE.search(text) and _DECIDED.search(text)):
        return False
    _what, *then = _PARTS.split(text[found.end() :])
    return any(_SET_RIGHT.search(part) and not _TELLS.search(part) for part in then)


def in_own_words(turn: Turn, text: str) -> bool:
    """Take such a sentence as 问题：…, which is shown before anything is given out; tell whether it was one."""
    if not turn.visitor.steers:
        return False
    told = found.what_was_found(text)
    if told is None and not is_told(text):
        return False
    record(turn, told or text)
    return True


# ---------------------------------------------------------------- the two lists


_AS_A_FILE = re.compile(
    r"(?:请|麻烦|帮我?)*(?:导出|导一|发我|发给我|给我|发一|来一|下载|打印|存)(?:来|一?[份张下个])*(?:文件|表格?|Excel)?[吧。！!]*$"
)
"""What wants the list to take along, and says no more: 问题清单发我一份, 两张清单导出来."""
_TO_SEE = re.compile(r"^(?:请|麻烦)*(?:给我)?(?:看[看一下]*|有哪些|列[出一下]*|情况)[吧。！!?？]*$")


def show_problems(turn: Turn, rest: str) -> None:
    """问题清单: what was found and is not set right yet, narrowed as 清单 is; 问题清单发我一份 hands both lists out."""
    _list(turn, rest, PROBLEMS)


def show_measures(turn: Turn, rest: str) -> None:
    """整改清单: the measure of each, how far it is."""
    _list(turn, rest, MEASURES)


def _list(turn: Turn, rest: str, heading: str) -> None:
    access.require_room(turn.visitor)
    if _AS_A_FILE.search(rest):
        hand_out(turn, rest)
        return
    turn.reply_text(text_of(turn, _which(turn, rest), heading, units=True), outcome="problems")


def hand_out(turn: Turn, rest: str) -> None:
    """两张清单: both as a file of two sheets, what is closed too."""
    access.require_room(turn.visitor)
    which = _which(turn, rest)
    if which.states == narrowing.STILL:
        which = replace(which, states=None)
    lines = ledger.lines(turn.session, which)
    if not lines:
        raise Denied("没有可导出的问题。")
    text = f"问题清单和整改措施清单，截至{turn.at()}，{len(lines)}项："
    content = two_lists(turn.session, lines, turn.now)
    hand_over(turn, text, f"两张清单{turn.today():%Y-%m-%d}.xlsx", content, "two_lists")


def _which(turn: Turn, rest: str) -> Which:
    which, unknown = narrowing.narrowed(turn, _TO_SEE.sub("", _AS_A_FILE.sub("", rest)).strip())
    if unknown:
        raise Denied(f"没有叫“{shorten(unknown, 20)}”的单位；可写单位全称、专项的字头，或 逾期／临期／待核／销号。")
    return replace(which, problems=True)
