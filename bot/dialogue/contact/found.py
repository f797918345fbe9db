"""发现问题：… in a unit's chat, with or without a picture: brought to the coordinators as what it is, one of whom gives it out as a problem."""

import re

from bot.dialogue import access
from bot.dialogue.phrases import Pieces
from bot.dialogue.room import additions
from bot.dialogue.targets import CODE
from bot.dialogue.turn import Turn

BROUGHT_AS = "单位报来的问题"
"""As what it is brought to the coordinators."""

_SAY = Pieces("found", count=r"[一二三四五六七八九十\d]{1,2}[处个条项]", matter="(?:安全)?(?:问题|隐患)(?:隐患)?")
_FOUND = _SAY(r"^{around}*{told}(?:一下)?{count}?(?:新的?)?{matter}\s*[：:，,]\s*(?P<what>.{4,})$", re.DOTALL)
_SET_RIGHT = re.compile(
    r"已经?[^，,。；;]{0,6}(?:整改|处[理置]|修[好复]|解决|消除|排除)|(?:整改|处[理置]|解决)(?:好|完|到位|完毕)|[?？]$|[吗么]$"
)
"""What was set right already is told of the task that it belongs to; a question asks."""


_OF_THE_PAPERS = re.compile(
    rf"{CODE}(?![\d#号])|怎么|如何|哪|表格|(?:材料|照片|图片|文件|附件)[^，,。；;]{{0,6}}传|传不上|(?:督办|填报|报送)系统|填(?![埋海料土充石方筑])"
)
"""Trouble with a task, its papers or this bot is a question, and no hazard: 填埋场渗漏 and 消防系统失效 are hazards."""


def told(turn: Turn, text: str) -> bool:
    """Bring to the coordinators what a unit has found; tell whether words, or a picture of the same album, are of that."""
    if not text:
        return bool(turn.files) and _is_of_one(turn)
    found = what_was_found(text)
    if found is None or turn.chosen is not None:
        return False
    additions.hand_over(turn, found, problem=True, brought_as=BROUGHT_AS)
    return True


def what_was_found(text: str) -> str | None:
    """Return what words say was found, 发现问题：围堰开裂; None where they tell none, one of the papers, or one that is set right."""
    said = _FOUND.match(text.strip())
    if said is None or _SET_RIGHT.search(text) or _OF_THE_PAPERS.search(said["what"]):
        return None
    return said["what"].strip()


def _is_of_one(turn: Turn) -> bool:
    """Take further pictures of an album as those of the problem that one of it tells: they go out with it."""
    told_with = turn.incoming.album is not None and any(
        one.words.get("brought_as") == BROUGHT_AS for one in access.album_of(turn.session, turn.record)
    )
    if told_with:
        turn.outcomes.append("evidence")
    return told_with
