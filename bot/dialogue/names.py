"""Introducing: a person whose name the service does not tell is asked for it once, and may tell it until it is known.

A name is not proof of anything: nobody becomes a signer, or somebody else who holds a rank, by saying so.
"""

from bot.dialogue import prompts
from bot.dialogue.phrases import Pieces
from bot.dialogue.turn import Turn
from db import register
from db.bodies import ReplyBody
from jobs.notices.render import say
from jobs.reading.likely import SURNAMES

_SAY = Pieces("names", surname=tuple(SURNAMES), name=r"(?:{double}|{surname})[\u4e00-\u9fff·]{1,3}")
_SAID = _SAY(r"^(?:我[是叫]|(?:本人)?姓名[是为]?)\s*[:：]?\s*(?P<name>{name})[。.！!]?$")
_BARE = _SAY("^(?P<name>{name})[。.！!]?$")


def told(turn: Turn, text: str) -> bool:
    """Take a name that a person tells; tell whether the message was that."""
    person = turn.visitor.person
    if turn.abilities.names or turn.incoming.anonymous or not person.nameless:
        return False
    found = _SAID.match(text) or (_BARE.match(text) if _is_answered(turn) else None)
    if found is None:
        return False
    name = found["name"]
    if _is_somebody_s(turn, name):
        turn.reply("refused", why=f"“{name}”已是登记人员的姓名；如就是本人，请协调员登记您的账号。")
    else:
        register.rename(person, name)
        turn.reply("named", name=name)
    return True


def _is_answered(turn: Turn) -> bool:
    """Tell whether the person replies to the question itself; elsewhere 谢谢 would be somebody of the name of 谢."""
    question = turn.source.notice.body if turn.source is not None else None
    return isinstance(question, ReplyBody) and question.asks_name


def _is_somebody_s(turn: Turn, name: str) -> bool:
    """Tell whether a name gives rights: a signer's, or that of somebody who holds a rank."""
    others = [one for one in register.people_named(turn.session, name) if one.id != turn.visitor.person.id]
    return turn.desk.policy.may_sign(name, ()) or any(register.ranks(turn.session, one) for one in others)


def ask_once(turn: Turn) -> None:
    """Ask who it is, once, of whom the record would otherwise know by an account's id only; not beside another question."""
    person = turn.visitor.person
    if person.nameless and person.name_asked_at is None and turn.outcomes and prompts.waiting(turn) is None:
        person.name_asked_at = turn.now
        turn.reply_text(say("ask_name"), outcome="ask_name", asks_text=True, asks_name=True)
