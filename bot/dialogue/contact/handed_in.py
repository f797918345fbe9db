"""What a contact hands in is kept, once it is known for which task, and what is said beside it is done."""

import re

from bot.dialogue import prompts
from bot.dialogue.contact import answers, evidence, problems, renewals, saying
from bot.dialogue.targets import Target, choose, closed, understood
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Intent, Understanding
from db.ledger import Line, line
from db.models import Inbound
from db.words import EVERY

SAYS_WHAT_A_FILE_IS_FOR = re.compile(
    r"[〔\[]?(?:[A-Za-z]{1,2}\d{0,2}-\d{1,4}|(?<![\d.])\d{1,3}(?!\d))(?:\.\d{1,3})?[〕\]]?(?![\d.%月日年/-])|[\s、，,]|佐证(?:材料)?|附件"
)
"""What says no more than which task a file is for."""


def tells(turn: Turn, text: str) -> bool:
    """Tell whether a message says anything; a code beside a file says only what the file is for."""
    return bool(SAYS_WHAT_A_FILE_IS_FOR.sub("", text) if turn.files else text)


def of_some_tasks_alone(turn: Turn, text: str) -> bool:
    """Hear what only some tasks are asked: the measure of a problem, until when something is valid anew; tell whether it was that."""
    return problems.heard(turn, text) or renewals.heard(turn, text)


def hear(turn: Turn, said: Understanding, target: Target, text: str) -> None:
    """Keep what was handed in, once it is known for which assignment, then hear what was said with it."""
    if evidence.was_kept(turn):
        turn.reply("refused", why="这些文件此前已经收存，没有再收一次；还要交给另一项的，请写编号再发一次。")
        return
    if not (target.lines or target.named):
        target = closed(turn)
    found = _what_files_are_for(turn, said, target, text)
    if not found and turn.incoming.album and target.lines and not text:
        evidence.wait_for_album(turn, target)
    elif not found and said.intent is Intent.QUESTION:
        answers.ask(turn, None, text)
    elif not found and target.lines:
        choose(turn, target.lines, text or evidence.names(turn), units=len(turn.visitor.units) > 1)
    elif not found:
        why = "".join(target.over).rstrip("。") or "没有找到可收存佐证的任务；请写编号，“我的任务”可查看编号"
        evidence.not_kept(turn, turn.files, why)
    else:
        answers.tell_lost(turn, target)
        files = [*turn.files, *evidence.waiting_in_album(turn)]
        others = _placed_by_the_same_choice(turn)
        kept = [one for one in found if evidence.keep(turn, one, [*files, *evidence.files_of(others)])]
        if kept and turn.chosen is not None:
            evidence.went_along(turn, others, kept[0])
        if len(kept) == 1:
            asked, turn.chosen = turn.chosen, kept[0]
            if of_some_tasks_alone(turn, text):
                return
            turn.chosen = asked
        if kept and said.intent in _BESIDE_FILES and tells(turn, text):
            turn.attempt(lambda: saying.act(turn, said, Target(tuple(kept), True), text))


def _placed_by_the_same_choice(turn: Turn) -> list[Inbound]:
    """Return the messages whose files a choice takes along: all that wait, but those that say something of their own."""
    if turn.chosen is None:
        return []
    waiting = [(one, understood(turn, one.words["text"])) for one in evidence.unplaced(turn)]
    return [one for one, said in waiting if said.intent not in _BESIDE_FILES and said.task is None and not said.tasks]


_BESIDE_FILES = frozenset({*saying.ON_A_TASK, Intent.EXTEND, Intent.ACKNOWLEDGE, Intent.QUESTION})
"""What is acted on where it is said beside a file; other words only tell what the file shows."""


def _what_files_are_for(turn: Turn, said: Understanding, target: Target, text: str) -> tuple[Line, ...]:
    """Return the assignments: those that are named, the album's, what the bot has just asked about, the only one."""
    if target.named and (target.only is not None or len(said.tasks) > 1):
        return target.lines
    found = evidence.album_goes_to(turn)
    prompt = prompts.waiting(turn)
    if found is None and prompt is not None and prompt.assignment_id and not target.named:
        found = line(turn.session, prompt.assignment_id, EVERY) if said.intent not in _BESIDE_FILES else None
    found = found or target.only
    return (found,) if found else ()
