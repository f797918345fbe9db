"""问题 in our rooms: recorded in a sentence, with pictures from before; the two lists, shown and as a file."""

import re
from dataclasses import replace

from bot.dialogue import access
from bot.dialogue.access import Denied
from bot.dialogue.problem_lists import MEASURES, PROBLEMS, text_of
from bot.dialogue.room import additions, lookups
from bot.dialogue.room.handing import hand_over
from bot.dialogue.turn import Turn
from db import ledger
from db.ledger import Which
from jobs.notices.render import shorten
from jobs.printed.two_lists import two_lists

record = additions.begin_problem

_FOUND = re.compile(
    r"^(?:我们?|今[天早]|昨[天日]|[上下]午|刚才|近日|本周|日常|现场|联合|专项|执法|安全|突击|省|市|县|区)*"
    r"(?:检查|巡查|督查|督导|暗访|排查|抽查|巡检|走访)(?:组|时|中|过程中)?[，,]?发现(?!了?[没吗]|的问题)"
)
_SET_RIGHT = re.compile("(?<!不用)(?<!不需)(?<!已)(?:整改|改正|消除|治理|修复|更换|处理)(?!完|了)")
"""A finding that somebody is to set right; who only tells of one, or asks, wants nothing recorded."""


def is_told(text: str) -> bool:
    """Tell whether a text tells of a finding that is to be set right: 检查发现…，请…整改."""
    return bool(_FOUND.match(text) and _SET_RIGHT.search(text)) and text[-1] not in "?？吗"


def in_own_words(turn: Turn, text: str) -> bool:
    """Take such a sentence as 问题：…, which is shown before anything is given out; tell whether it was one."""
    if not turn.visitor.steers or not is_told(text):
        return False
    record(turn, text)
    return True


# ---------------------------------------------------------------- the two lists


def show_problems(turn: Turn, rest: str) -> None:
    """问题清单: what was found and is not set right yet, narrowed as 清单 is."""
    _list(turn, rest, PROBLEMS)


def show_measures(turn: Turn, rest: str) -> None:
    """整改清单: the measure of each, how far it is."""
    _list(turn, rest, MEASURES)


def _list(turn: Turn, rest: str, heading: str) -> None:
    access.require_room(turn.visitor)
    turn.reply_text(text_of(turn, _which(turn, rest), heading, units=True), outcome="problems")


def hand_out(turn: Turn, rest: str) -> None:
    """两张清单: both as a file of two sheets, what is closed too."""
    access.require_room(turn.visitor)
    which = _which(turn, rest)
    if which.states == lookups.STILL:
        which = replace(which, states=None)
    lines = ledger.lines(turn.session, which)
    if not lines:
        raise Denied("没有可导出的问题。")
    text = f"问题清单和整改措施清单，截至{turn.at()}，{len(lines)}项："
    content = two_lists(turn.session, lines, turn.now)
    hand_over(turn, text, f"两张清单{turn.today():%Y-%m-%d}.xlsx", content, "two_lists")


def _which(turn: Turn, rest: str) -> Which:
    which, unknown = lookups.narrowed(turn, rest.strip())
    if unknown:
        raise Denied(f"没有叫“{shorten(unknown, 20)}”的单位；可写单位全称、专项的字头，或 逾期／临期／待核／销号。")
    return replace(which, problems=True)
