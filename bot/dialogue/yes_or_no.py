"""是, 对, 不是: a plain word in answer to what the bot has just asked this person is a press of the one button that says so."""

import re
from datetime import timedelta

from sqlmodel import col, select

from bot.dialogue import access, typed_choice
from bot.dialogue.targets import choose, own
from bot.dialogue.turn import Turn
from db import ledger, outbox
from db.bodies import ReplyBody
from db.ledger import current_periods
from db.models import Inbound, Notice
from jobs.notices.press import Press, Verb

SOON = timedelta(minutes=10)
"""How soon a word that answers no message is the answer to the bot's last question to this person."""

_YES = re.compile(
    r"(?:嗯++|是|对|没错|正确|确认|可以)(?:的|啊|呀|呢|对|是|嗯)?(?:[，,\s]?就?(?:是|办|说)?(?:这个|它|这项|这件|的))?[。！!~～]?"
)
_NO = re.compile(
    r"(?:不是|不对|错了|没有|否|不|都不是|没办完|没办好|还没)(?:的|啊|呀|呢|吧)?(?:这个|它|这项|这件)?[。！!~～]?"
)

_SHORT = 16
"""How long words may be that are no more than a choice."""

_SAYS_SO = (Verb.CHOOSE, Verb.REPORT, Verb.WISH, Verb.CLOSE_ROUND, Verb.CLOSE_BROADCAST)
"""What 是 may press: that it is this task, that it is done, that this is wanted, that nobody is waited for any longer. Where a question has several such it says nothing,
nor where it asks whether something is done or only goes on.
"""


def plain(text: str) -> bool | None:
    """Tell whether words say yes or no and nothing else; None where they say anything else."""
    word = text.strip()
    return True if _YES.fullmatch(word) else False if _NO.fullmatch(word) else None


def answered(turn: Turn, text: str) -> str | None:
    """Return the press that a plain word stands for; "" where it was answered here, None where it answers no question of ours."""
    yes = plain(text)
    short = yes is not None or len(text.strip()) <= _SHORT
    question = _asked(turn) if short and not turn.files else None
    if question is None:
        return None
    body = question.body_as(ReplyBody)
    ways = _ways(body)
    chosen = typed_choice.pressed(turn.session, text, ways)
    if yes is None and chosen is None:
        return None
    turn.source = turn.source or next(iter(outbox.messages_of(turn.session, question.id)), None)
    if chosen is not None:
        return chosen
    if yes and len(ways) == 1:
        return ways[0][1]
    if yes:
        either = any(press.verb is Verb.REPORT for press, _data in ways)
        which = "请写明是已办结还是报进展" if either else "请写是哪一项的编号"
        turn.reply("refused", why=f"没有办理：{which}，或按上面的按钮。")
    elif [press.verb for press, _data in ways] == [Verb.CHOOSE] and body.which is not None and turn.visitor.units:
        asked_about, said_in = body.which, ways[0][0].version
        turn.attempt(lambda: _another(turn, asked_about, said_in))
    else:
        turn.reply_text("好的，没有办理。", outcome="given_up")
    return ""


def _asked(turn: Turn) -> Notice | None:
    """Return the question of ours that somebody answers: the one they reply to, else the last thing that they were asked here."""
    if turn.source is not None:
        found: Notice | None = turn.source.notice
    else:
        here = (Inbound.chat_id == turn.visitor.chat.id, Inbound.person_id == turn.visitor.person.id)
        before = select(Inbound).where(*here, Inbound.id != turn.inbound_id, Inbound.at > turn.now - SOON)
        said = turn.session.exec(before.order_by(col(Inbound.id).desc())).first()
        message = said.words.get("message_id") if said is not None else None
        answers = select(Notice).where(Notice.chat_id == turn.visitor.chat.id, Notice.reply_to == message)
        found = turn.session.exec(answers.order_by(col(Notice.id).desc())).first() if message is not None else None
    body = found.legible if found is not None else None
    return found if isinstance(body, ReplyBody) and _ways(body) else None


def _ways(body: ReplyBody) -> list[tuple[Press, str]]:
    """Return the buttons of a question that say so, each with its data; all of them where 办结 is one of several answers."""
    read = [(Press.read(data), data) for _label, data in body.buttons]
    found = [(press, data) for press, data in read if press is not None]
    if any(press.verb is Verb.REPORT for press, _data in found):
        return found
    return [(press, data) for press, data in found if press.verb in _SAYS_SO]


def _another(turn: Turn, said_in: int, not_this: int) -> None:
    """Ask which other task it was, where it is not the one that was thought of."""
    said = access.own_message(turn.session, turn.visitor, said_in)
    theirs = current_periods(ledger.lines(turn.session, own(turn.visitor.units), nearest=True))
    others = [line for line in theirs if line.assignment.id != not_this]
    if others:
        turn.inbound_id = said.id
        choose(turn, others, said.words["text"], units=len(turn.visitor.units) > 1)
    else:
        turn.reply_text("好的，没有办理。", outcome="given_up")
