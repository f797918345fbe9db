"""打错了，是13台; 进度刚才报错了，应该是50%: what was just told of a task is taken back and told anew, in one answer."""

import re
from datetime import timedelta

from bot.dialogue.contact import answers, undoing
from bot.dialogue.targets import CODE, Target, of_contact
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding, understand
from db.ledger import undoing as entries
from db.ledger.acts import TooLate
from db.words import OPEN_STATES, Action

_ERRED = re.compile(r"[报打写填说发弄搞数输记]错|不对|有误")
_RIGHT = re.compile(
    r"(?:应该?(?:是|为)|应为|改[成为]|更正[为成]|其实是?|实际是?|^[^，,。；;]*[，,；;\s]\s*(?:不是.{1,12}[，,]\s*)?(?:就?是|为))\s*(?P<words>\S.*)$"
)
_TELLS = (Intent.UNDO, Intent.PROGRESS, Intent.NOT_DONE, Intent.NONE)


_OTHER_TASK = re.compile(
    rf"^(?:不对|说错了|错了|上面|刚才)?[，,\s]*(?:说的|报的|应该?|其实)*(?:是|为)\s*[〔\[]?(?P<right>{CODE})[〕\]]?(?:的)?(?:[，,\s]*不是\s*[〔\[]?{CODE}[〕\]]?的?)?[。！!]*$"
    rf"|^(?:不对|说错了|错了)?[，,\s]*(?:说的)?不是\s*[〔\[]?{CODE}[〕\]]?的?[，,\s]*(?:应该?)?是\s*[〔\[]?(?P<other>{CODE})[〕\]]?的?[。！!]*$"
)
"""是A-3不是A-2: what was just told is of another task."""


def of_another(turn: Turn, text: str) -> bool:
    """Let what the person has just told count for the task that they meant; tell whether the words say so."""
    said = _OTHER_TASK.match(text.strip()) if not turn.files else None
    if said is None:
        return False
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    entry = entries.last_act(turn.session, None, turn.visitor.person.id, turn.now - timedelta(minutes=minutes))
    meant = of_contact(turn, [said["right"] or said["other"]]).only
    if (
        entry is None
        or meant is None
        or entry.chat_id != turn.visitor.chat.id
        or entry.assignment_id == meant.assignment.id
        or meant.assignment.state not in OPEN_STATES
    ):
        return False
    told = _TOLD_ANEW.get(entry.action) if entry.action is not None else None
    if told is None:
        return False
    try:
        line = undoing.take_back(turn, entry)
    except TooLate:
        return False
    words = re.sub(rf"[〔\[]?{re.escape(line.code)}[〕\]]?", meant.code, entry.words)
    turn.corrects = True
    told(turn, meant, words, understand(words, on=turn.today(meant), coordinator=False))
    return True


_TOLD_ANEW = {
    Action.PROGRESS: answers.progress,
    Action.REPORT: lambda turn, line, words, _said: answers.report(turn, line, words),
}


def heard(turn: Turn, said: Understanding, target: Target, text: str) -> bool:
    """Put right what the person has just told of a task, where the words say that it was wrong and what is right; tell whether they did."""
    right = _RIGHT.search(text) if _ERRED.search(text) and said.intent in _TELLS and not turn.files else None
    if right is None:
        return False
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    since = turn.now - timedelta(minutes=minutes)
    of = target.only.assignment.id if target.named and target.only is not None else None
    words = right["words"].strip()
    again = understand(words, on=turn.today(), coordinator=False)
    entry = entries.last_act(turn.session, of, turn.visitor.person.id, since)
    if entry is None or entry.action is not Action.PROGRESS or entry.chat_id != turn.visitor.chat.id:
        return _told_anew(turn, target, words, again) if entry is None else False
    try:
        line = undoing.take_back(turn, entry)
    except TooLate:  # somebody has built on it
        return _told_anew(turn, target, words, again)
    turn.corrects = True
    answers.progress(turn, line, words, again)
    return True


def _told_anew(turn: Turn, target: Target, words: str, said: Understanding) -> bool:
    """Record what is right beside what stands; tell whether it is known of which task."""
    if target.named and target.only is not None and target.only.assignment.state in OPEN_STATES:
        answers.progress(turn, target.only, words, said)
        return True
    return False
