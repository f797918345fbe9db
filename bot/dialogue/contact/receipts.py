"""收到: what a receipt is given for, who sees to it, by when an answer is to come."""

from bot.dialogue import by_words
from bot.dialogue.contact import answers, several
from bot.dialogue.targets import Target, choose
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Understanding
from db.kinds import SIGNED_FOR


def sign(turn: Turn, said: Understanding, target: Target, text: str) -> None:
    """Take a receipt for what it is given for: a message that asks for none is only nodded at, and who signs for some of a
    list is asked for which.
    """
    if said.tasks or turn.chosen is not None:
        answers.acknowledge(turn, target)
        return
    if turn.source is not None and turn.source.notice.kind not in SIGNED_FOR:
        turn.reply("noted", over="", nothing=False, line=None)
        return
    waiting = [one for one in target.lines if answers.awaits_receipt(one)]
    called = by_words.whose_receipt(target.lines, text)
    if called:
        answers.acknowledge(turn, Target(tuple(called), True))
    elif len(waiting) > 1 and not turn.everybody and several.NOT_ALL.search(text):
        choose(turn, waiting, text)
    else:
        answers.acknowledge(turn, target)


def note(turn: Turn, said: Understanding, target: Target, text: str) -> None:
    """Note who sees to it now, of which task; that an answer is to come is said of all that waits, where nothing is named."""
    if answers.tell_lost(turn, target):
        return
    if target.only is not None or (target.named and len(said.tasks) > 1):
        answers.note(turn, target.lines, text, said)
    elif said.in_charge is not None and target.lines:
        choose(turn, target.lines, text, everybody=True)
    else:
        waiting = [line for line in target.lines if target.named or answers.awaits_receipt(line)]
        if waiting:
            answers.note(turn, waiting, text, said)
        else:
            answers.acknowledge(turn, target)
