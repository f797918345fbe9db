"""等您办: what in a chat still waits for somebody, in one line at its top, each with the message where it is done."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.service.web.views import Said
from db import ledger, register
from db.models import Assignment, Chat, NoticeItem, Question
from db.words import LIVING, ChatRole, Lamp, State
from jobs.notices.press import Press, Verb

SIGNING = "待签发"
"""What waits for leaders, whose room says it first; coordinators are shown drafts that they do not sign."""

WAITS = {
    Verb.VERIFY: "待核查",
    Verb.GRANT: "延期待批",
    Verb.PASS_ON: "待复查",
    Verb.UPHOLD: "异议待定",
    Verb.TAKE_AS_READ: "清单待核对",
    Verb.SIGN: SIGNING,
    Verb.SIGN_ALL: SIGNING,
    Verb.COSIGN: "待第二人确认",
    Verb.ACKNOWLEDGE: "待签收",
    Verb.ACKNOWLEDGE_ALL: "待签收",
}
"""What waits as long as a message of ours carries such a button: what it is called, what wants a decision first."""


BY_NAME = frozenset({Verb.REPORT, Verb.PROGRESS, Verb.SHOW})
"""By which buttons a message is about a task that somebody owes."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """So much waits (``count``, in messages of the chat or in assignments); the latest message of it is ``key`` on its page."""

    zh: str
    count: int
    key: str
    measure: str = "条"


def awaited_in(
    session: Session, chat: Chat, said: Sequence[Said], now: datetime, *, coordinators_sign: bool
) -> list[Awaited]:
    """Return what waits in a chat, by what it has said and how that stands ``now``: decisions and receipts, questions, what is
    late or will be soon.
    """
    leave_out = {SIGNING} if chat.role is ChatRole.COORDINATORS and not coordinators_sign else set()
    first = SIGNING if chat.role is ChatRole.LEADERS else ""
    found = [one for one in awaited(said, _answered(session, said), first) if one.zh not in leave_out]
    return (
        found + _questions(session, said) + (_burning(session, chat, said, now) if chat.role is ChatRole.UNIT else [])
    )


def awaited(said: Sequence[Said], answered: frozenset[Press] = frozenset(), first: str = "") -> list[Awaited]:
    """Return what waits in a chat by the buttons that its messages still carry, but those of what was ``answered``: in the order
    of ``WAITS``, what is to be told ``first`` before it.
    """
    found: dict[str, list[str]] = {zh: [] for zh in WAITS.values()}
    for one in said:
        for zh in dict.fromkeys(WAITS[press.verb] for press in _presses(one) if press not in answered):
            found[zh].append(one.key)
    waits = [Awaited(zh, len(keys), keys[-1]) for zh, keys in found.items() if keys]
    return sorted(waits, key=lambda one: bool(first) and one.zh != first)


def _presses(one: Said, verbs: Collection[Verb] = WAITS) -> Iterator[Press]:
    for button in one.buttons:
        press = Press.read(button.data)
        if press is not None and press.verb in verbs:
            yield press


def _questions(session: Session, said: Sequence[Said]) -> list[Awaited]:
    """Return the questions of units that nobody has answered."""
    asked = {one.question: one.key for one in said if one.question is not None}
    still = select(Question.id).where(col(Question.id).in_(asked), col(Question.answered_at).is_(None))
    keys = [key for number, key in asked.items() if number in set(session.exec(still))]
    return [Awaited("待答复", len(keys), keys[-1])] if keys else []


def _burning(session: Session, chat: Chat, said: Sequence[Said], now: datetime) -> list[Awaited]:
    """Return what of a chat's units is late and what will be soon, where a message offers to say how it stands."""
    units = [unit.id for unit in register.units_of(session, chat.id)]
    about = {press.what: place for place, one in enumerate(said) for press in _presses(one, BY_NAME)}
    found = []
    for lamp in (Lamp.RED, Lamp.YELLOW) if units and about else ():
        which = ledger.Which(LIVING, units=units, lamps=(lamp,), days=ledger.days(session, now))
        places = [about[line.assignment.id] for line in ledger.lines(session, replace(which, ids=list(about)))]
        found += [Awaited(lamp.zh, ledger.count(session, which), said[max(places)].key, "项")] if places else []
    return found


def _answered(session: Session, said: Sequence[Said]) -> frozenset[Press]:
    """Return which buttons for a receipt nobody need press: whoever told of progress has long seen it."""
    presses = {press for one in said for press in _presses(one)}
    ones = {press for press in presses if press.verb is Verb.ACKNOWLEDGE}
    whole = {press for press in presses if press.verb is Verb.ACKNOWLEDGE_ALL}
    still = select(Assignment.id).where(Assignment.state == State.PENDING)
    open_ones = set(session.exec(still.where(col(Assignment.id).in_([press.what for press in ones]))))
    items = select(NoticeItem.notice_id).join(Assignment, col(Assignment.id) == NoticeItem.assignment_id)
    of_notices = items.where(
        col(NoticeItem.notice_id).in_([press.what for press in whole]), Assignment.state == State.PENDING
    )
    open_whole = set(session.exec(of_notices))
    return frozenset(
        {press for press in ones if press.what not in open_ones}
        | {press for press in whole if press.what not in open_whole}
    )
