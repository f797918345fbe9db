"""A-3, 第一个, 自建房, 已办结: words that are no more than one of the choices that the bot's last question offers are the press of its button."""

import re
from collections.abc import Iterable, Sequence

from sqlmodel import Session

from bot.dialogue.by_words import begins_with_a_thing
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import EVERYBODY, names_it
from db import ledger
from db.ledger import Line, Which
from db.words import EVERY
from jobs.notices.press import Press, Verb
from jobs.reading.deadlines.resolve import number

Way = tuple[Press, str]
_SAY = Pieces(
    "typed_choice",
    before="(?:{nods}[，,\\s]*)*(?:不是[，,\\s]*是|就?是)?(?:说的?|指的?)?",
    after="(?:的?[这那]?一?[个项条件块])?的?[了啊呀哈]?[。！!\\s]*",
)
_CODE = _SAY(r"^{before}[〔\[]?(?P<code>(?:[A-Za-z]{1,2}\d*-)?\d{1,4}(?:\.\d+)?)[〕\]]?(?:号|项)?{after}$")
_NTH = _SAY("^{before}(?:上面|上边|前面)?的?第(?P<nth>[一二三四五六七八九十]|\\d)[个项条件]{after}$")
_ALL = _SAY("^{before}(?:{every})(?:是|算|的)*[了啊呀]?[。！!\\s]*$")
_NAME = _SAY("^{before}(?P<name>[^，,。；;！!？?\\s\\d]{2,10}?){after}$")
_ENDED = _SAY("^(?:{nods}[，,\\s]*)?(?:是|说的是)?(?:{ended})[了的]?[。！!]*$")
_GOES_ON = _SAY("^(?:{nods}[，,\\s]*)?(?:是|说的是)?(?:{goes_on})[了的]?[。！!]*$")


def pressed(session: Session, text: str, ways: Sequence[Way]) -> str | None:
    """Return the press of a question's ``ways`` that words stand for, None where they stand for none or for several."""
    words = text.strip()
    if any(press.verb is Verb.AS_PROGRESS for press, _data in ways):
        verb = Verb.REPORT if _ENDED.match(words) else Verb.AS_PROGRESS if _GOES_ON.match(words) else None
        return _only(data for press, data in ways if press.verb is verb)
    offered = [(press, data) for press, data in ways if press.verb is Verb.CHOOSE]
    if _ALL.match(words):
        return _only(data for press, data in offered if press.version == EVERYBODY)
    tasks = [(press.version, data) for press, data in offered if press.version != EVERYBODY]
    nth = _NTH.match(words)
    if nth is not None:
        place = number(nth["nth"])
        return tasks[place - 1][1] if len(tasks) > 1 and 0 < place <= len(tasks) else None
    code, name = _CODE.match(words), _NAME.match(words)
    if not tasks or not (code or name):
        return None
    lines = {one.assignment.id: one for one in ledger.lines(session, Which(EVERY, ids=[one for one, _data in tasks]))}
    return _only(data for one, data in tasks if one in lines and _is_called(lines[one], code, name))


def _is_called(line: Line, code: re.Match[str] | None, name: re.Match[str] | None) -> bool:
    if code is not None:
        return names_it(line, code["code"])
    if name is None or not begins_with_a_thing(name["name"]):  # 完成 stands in many a task
        return False
    return name["name"] in f"{line.task.text}\n{line.milestone.deliverable}"


def _only(found: Iterable[str]) -> str | None:
    presses = list(found)
    return presses[0] if len(presses) == 1 else None
