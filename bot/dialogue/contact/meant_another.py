"""是A-3不是A-2; 编号写错了，应是A-3: what was just told of a task is taken back, and the same told of the one that was meant, in one answer.

What is wrong must be said, or which task it is not: 是A-2 alone answers a question and puts nothing right.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.dialogue.contact import evidence, undoing
from bot.dialogue.contact.putting_right import CODES, OWN, TOLD_ANEW, just_told, line_of
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import CODE, names_it, of_contact
from bot.dialogue.turn import Turn
from bot.dialogue.understand import understand
from bot.dialogue.understanding import tasks
from bot.dialogue.understanding.lexicon import lexicon
from db.ledger import Line
from db.ledger import evidence as files
from db.ledger import undoing as entries
from db.models import History, Inbound
from db.words import OPEN_STATES

_SAY = Pieces(
    "putting_right",
    **OWN,
    task=rf"{CODE}|第?\d{{1,3}}[号项]",
    right=r"[〔\[]?(?P<right>{task})[〕\]]?",
    wrong=r"[〔\[]?(?P<wrong>{task})[〕\]]?",
    erring="(?:{slip}{numbered}?|错|{mixed})了?|不对",
    erred=r"{own}{numbered}?(?:{erring}){mark}",
    said="{just_now}(?:[那这][条个])?[说报讲写]的",
    that="{just_now}的?(?:[那这]一?[条个项])?{kind}?",
    into="[写报发填打看记]成了?",
    moved="(?:改|记|算|挪)(?:到|成|给|在)",
    of_it=r"[^，,。；;\d没未不吗]{0,6}",
)

_OTHER_TASK = (
    _SAY("^{erred}?(?:上面|刚才|前面)?{it_is}{right}[的项]?{mark}而?不是\\s*{wrong}[的项]?{end}"),
    _SAY("^{erred}?(?:上面|刚才|前面)?(?:说的|报的)?不是\\s*{wrong}[的项]?{mark}{it_is}{right}[的项]?{end}"),
    _SAY("^{erred}{it_is}{right}[的项]?{end}"),
    _SAY("^{erred}{right}才[是对]{of_it}{end}"),
    _SAY("^{own}{wrong}{own}{numbered}?(?:{erring}){mark}{it_is}{right}[的项]?{end}"),
    _SAY("^{own}把?{right}{into}{wrong}{end}"),
    _SAY("^{said}{it_is}{right}[的项]?{end}"),
    _SAY("^{that}{it_is}{right}的[。！!]*$"),
    _SAY("^{that}{own}{moved}{right}[上里去的]*{end}"),
)
_ERRED = _SAY("{slip}|{mixed}|错了|不对")
_OF_A_FIGURE = re.compile("时间|日[期子]|期限|数|比例|百分比|进度")
"""What is said of a day or an amount: 时间写错了，是9号 names no task."""
_A_DAY = re.compile(r"\d\s*[日号月]")


@dataclass(frozen=True, slots=True)
class OtherTask:
    """The task that was meant, and the one of which it was told where the words name it."""

    right: str
    wrong: str | None

    @property
    def is_sure(self) -> bool:
        """Tell whether it is meant by its code: 9号 may be a day."""
        return "-" in self.right


def other_task(text: str) -> OtherTask | None:
    """Return of which task it should have been, where the words say so: 是A-3不是A-2, 说错了，是A-3, A-3写成A-2了; else None."""
    found = next((match for one in _OTHER_TASK if (match := one.match(text.strip()))), None)
    if found is None:
        return None
    said = OtherTask(found["right"].strip("第号项"), (found.groupdict().get("wrong") or "").strip("第号项") or None)
    return said if said.is_sure or _OF_A_FIGURE.search(text) is None else None


def heard(turn: Turn, text: str) -> bool:
    """Let what the person has just told count for the task that they meant; tell whether the words say so. Where it is not plain
    what they mean, nothing is changed and they are told.
    """
    said = other_task(text) if not turn.files else None
    if said is None:
        return False
    meant = of_contact(turn, [said.right]).only
    wrong = of_contact(turn, [said.wrong]).only if said.wrong is not None else None
    entry = None
    if said.wrong is None or wrong is not None:
        entry = just_told(turn, wrong.assignment.id if wrong is not None else None)
    told = TOLD_ANEW.get(entry.action) if entry is not None and entry.action is not None else None
    if entry is None or told is None or meant is None:
        why = f"没有可改到〔{said.right}〕的记录；请写〔{said.right}〕和办理情况"
        return said.is_sure and _changes_nothing(turn, text, why)
    if _may_be_of_another_thing(turn, said, entry, text):
        return False
    together = entries.with_it(turn.session, entry)
    if _asked_since(turn, entry.at):
        return _changes_nothing(turn, text, "前面还有一问没有选定是哪一项，请先在该提问下选择", sure=True)
    if len(together) > 1 and wrong is None:
        codes = "、".join(line_of(turn, one).code for one in reversed(together))
        return _changes_nothing(turn, text, f"刚才一并报了{codes}，请写明哪一项错了：是{meant.code}不是……", sure=True)
    if entry.assignment_id == meant.assignment.id or meant.assignment.state not in OPEN_STATES:
        return _changes_nothing(turn, text, f"〔{meant.code}〕{meant.assignment.state.zh}", sure=True)
    if not entries.stands(turn.session, entry):
        return _changes_nothing(turn, text, "此后该任务已有新的办理，不能再改；请联系协调员", sure=True)
    line = undoing.take_back(turn, entry)
    alone = CODES.sub("", entry.words).strip("、，,和及与 ")
    words = alone if len(together) > 1 else _renamed(entry.words, line, meant.code)
    turn.corrects = True
    told(turn, meant, words, understand(words, on=turn.today(meant), coordinator=False))
    _say_where_files_stay(turn, entry, line, meant)
    return True


def _may_be_of_another_thing(turn: Turn, said: OtherTask, entry: History, text: str) -> bool:
    """Tell whether a number may be the day that was told, 写错了，是9号, or 那个 the file that came since."""
    if not said.is_sure and _A_DAY.search(_renamed(entry.words, line_of(turn, entry), "")):
        return True
    last = files.last_entry(turn.session, turn.visitor.person.id, turn.visitor.chat.id, entry.at)
    return _ERRED.search(text) is None and last is not None and last.event == files.HANDED_IN


def _renamed(words: str, line: Line, code: str) -> str:
    """Return what was told of a task with another's name in the place of its own, by whatever it was called: A-7, 7号."""
    for one in reversed(tasks.find(words, lexicon())):
        if all(names_it(line, name) for name in one.tasks):
            words = f"{words[: one.start]}{code}{words[one.end :]}"
    return words


def _changes_nothing(turn: Turn, text: str, why: str, *, sure: bool = False) -> bool:
    """Say that nothing was changed, and why; but words that speak of no error are heard as ever where nothing was told before."""
    if not sure and _ERRED.search(text) is None:
        return False
    turn.reply("refused", why=f"没有改动：{why}。")
    return True


def _asked_since(turn: Turn, at: datetime) -> bool:
    """Tell whether it was asked since then which task something is about, and nobody has said so yet."""
    query = select(Inbound).where(
        Inbound.chat_id == turn.visitor.chat.id,
        Inbound.person_id == turn.visitor.person.id,
        col(Inbound.outcome).in_((evidence.ASKED, evidence.WAITS)),
        Inbound.at >= at,
        Inbound.id != turn.inbound_id,
    )
    return any(not one.words.keys() & {"chosen", "evidence_for"} for one in turn.session.exec(query))


def _say_where_files_stay(turn: Turn, entry: History, line: Line, meant: Line) -> None:
    """Say of the files that came with what was told that they are still the other task's: a file is taken back by its own words."""
    query = select(Inbound).where(
        Inbound.chat_id == turn.visitor.chat.id,
        Inbound.person_id == entry.person_id,
        Inbound.at > entry.at - timedelta(days=1),
    )
    same = [one for one in turn.session.exec(query) if one.words.get("message_id") == entry.message]
    brought = [one for one in same if one.words.get("evidence_for") == line.assignment.id]
    names = "、".join(file.name for file in evidence.files_of(brought))
    if names:
        how = f"也发错了的，请写“照片发错了”撤回，再注明〔{meant.code}〕发一次"
        turn.reply("refused", why=f"{names}仍收存在〔{line.code}〕，没有改动；{how}。")
