"""What a contact is told who asks for help, was not understood, or says 进展 and no more."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.dialogue import prompts
from bot.dialogue.contact import answers
from bot.dialogue.phrases import Pieces
from bot.dialogue.targets import Target, own
from bot.dialogue.turn import Turn
from bot.dialogue.understand import Understanding
from db import ledger
from db.ledger import Line, undoing
from db.models import Inbound
from db.words import OPEN_STATES, Action
from jobs.notices.press import Verb, button
from jobs.notices.render import MAX_ITEM_BUTTONS, item_buttons, shorten
from jobs.notices.views import item_view


def help_contact(turn: Turn) -> None:
    """Say in six lines what the person can do now, with a task of theirs as the example."""
    lines = _open(turn)
    minutes = turn.desk.policy_of(turn.session, None).undo_minutes
    mine = undoing.last_act(turn.session, None, turn.visitor.person.id, turn.now - timedelta(minutes=minutes))
    turn.reply(
        "help_contact",
        open=len(lines),
        waiting=sum(map(answers.awaits_receipt, lines)),
        code=lines[0].code if lines else "",
        minutes=minutes if mine is not None else 0,
    )


_SAY = Pieces(
    "guiding",
    before="(?:请问|老师|我们?|我|咱|到底|具体|应?该|要|需要)*",
    how_to="{how}(?:个)?{use}(?:法)?|{this}?(?:应?该|要)?{how}{use}",
    where_to="(?:在|从|往|到)?{where}{press}|{tap}{where}",
    taught="求(?:指导|教|带)|(?:谁|能|哪位|能不能|有人)?(?:能|来)?(?:教|带|指导)(?:我|我们)?(?:一下|下)|(?:我们?)?(?:不会|不懂){press+use}",
)
_ASKS_HOW = _SAY("{before}(?:{how_to}|{where_to}|{taught})(?:呀|啊|呢|吗|嘛|的|了|呗)*[?？。！!~]*")
"""How somebody asks what to do with the bot itself, and names nothing of a duty: 这个怎么弄, 点哪里, 能教一下吗."""


def asked_how(turn: Turn, said: Understanding, text: str) -> bool:
    """Help somebody who asks, of no task, what to do here, 这个怎么弄, 点哪里; tell whether it was that. In answer to a notice it is asked of that."""
    answers_one = turn.incoming.reply_to or turn.incoming.quoted or turn.files or turn.chosen is not None
    if answers_one or said.tasks or not turn.is_spoken_to or not _ASKS_HOW.fullmatch(text.strip()):
        return False
    help_contact(turn)
    return True


def _open(turn: Turn) -> Sequence[Line]:
    which = replace(own(turn.visitor.units), current=True, states=OPEN_STATES)
    return ledger.lines(turn.session, which, nearest=True)


def not_understood(turn: Turn, text: str) -> None:
    """Say in a line that words were not understood, and offer the two things that they may have meant; who calls without
    a word is told what can be done.
    """
    if not text:
        help_contact(turn)
        return
    meant = [button(Verb.PROGRESS_OF_ONE, turn.inbound_id), button(Verb.AS_QUESTION, turn.inbound_id)]
    turn.reply("not_understood", words=text, buttons=meant)


def progress_of_one(turn: Turn, said_in: Inbound) -> None:
    """Record an earlier message as progress of the one task that is open, else ask of which."""
    lines, words = _open(turn), said_in.words["text"]
    if not lines:
        turn.reply("refused", why=answers.NOT_FOUND)
    elif len(lines) == 1:
        answers.progress(turn, lines[0], words)
    else:
        offered = [
            button(Verb.AS_PROGRESS, said_in.id, line.assignment.id, f"〔{line.code}〕{shorten(line.title, 12)}")
            for line in lines[:MAX_ITEM_BUTTONS]
        ]
        more = len(lines) > len(offered)
        turn.reply("ask_which", only="", what=shorten(words, 30), rows=[], buttons=offered, more=more)


_SAYS_PROGRESS = re.compile(
    r"(?:我们?|来|要|先)?(?:[报填说]|汇报|报告|更新)?(?:一?下)?(?:工作)?(?:进展|进度)(?:情况)?(?:如下)?[：:。！!]*"
)
"""What says that progress is to be told, and tells none: A-1 进展."""

_TASKS = re.compile(r"[〔\[]?(?:[A-Za-z]{1,2}\d{0,2}-)?\d{1,4}(?:\.\d{1,3})?[〕\]]?|[\s、，,]")


def asked_for_a_line(turn: Turn, target: Target, text: str) -> bool:
    """Ask for a line of progress where a message says 进展 and nothing behind it, as the button does; tell whether it was that."""
    if turn.files or _SAYS_PROGRESS.fullmatch(_TASKS.sub("", text)) is None:
        return False
    found = answers.which(turn, target)
    if found is not None:
        ask_for_a_line(turn, found)
    return True


def ask_for_a_line(turn: Turn, line: Line) -> None:
    """Ask for a line of progress on a task that is open, and wait for it."""
    if line.assignment.state not in OPEN_STATES:
        answers.tell_stale(turn, line)
        return
    prompts.expect(turn, Action.PROGRESS, line)
    turn.reply("ask_progress", code=line.code, line=line, asks_text=True)


def offer_buttons(turn: Turn, target: Target) -> None:
    """Ask somebody whom the service does not name to press a button instead."""
    if answers.tell_lost(turn, target):
        return
    line = target.only if target.named or len(target.lines) == 1 else None
    if line is not None:
        turn.reply("anonymous", buttons=item_buttons(item_view(line, turn.today(line))), line=line, item=True)
    else:
        buttons = [
            button(Verb.SHOW, one.assignment.id, label=f"〔{one.code}〕") for one in target.lines[:MAX_ITEM_BUTTONS]
        ]
        turn.reply("anonymous", buttons=buttons)
