"""等您办: what now waits in a chat for its people, counted from the store, each with where it is done: its latest message on the
page, else its list on the board.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.service.web import looks
from bot.service.web.lists import doubtful
from bot.service.web.readers import Reader
from bot.service.web.views import Said
from db import ledger, register
from db.ledger import Which, questions
from db.models import Campaign, Chat, NoticeItem, Objection, ScoreSheet
from db.words import LIVING, ChatRole, Lamp, Level, State
from jobs.desk import Desk
from jobs.notices.press import Press, Verb
from jobs.papers import drafts
from jobs.rounds.standing import open_for, stands

BY_NAME = frozenset({Verb.REPORT, Verb.PROGRESS, Verb.SHOW})
"""By which buttons a message is about a task that somebody owes."""

VERIFIES = frozenset({Verb.VERIFY, Verb.LOOK_AT_REPORTS})
"""By which reports are verified, one or many."""

SIGNS = frozenset({Verb.SIGN, Verb.SIGN_ALL, Verb.ASK_DROP_PAPER})
"""By which papers are signed or dropped."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """So much of something waits: its latest message on the page is ``key`` ("" where it is on none), its list ``board``."""

    zh: str
    count: int
    key: str
    board: str
    measure: str = "项"


class Awaiting:
    """What waits in a chat, told of what its page says: ``said``, of which the latest stands last."""

    def __init__(self, session: Session, desk: Desk, chat: Chat, said: Sequence[Said], now: datetime) -> None:
        """Read what waits ``now``."""
        self._session, self._desk, self._chat, self._said, self._now = session, desk, chat, said, now
        self._units = [unit.id for unit in register.units_of(session, chat.id)] if chat.role is ChatRole.UNIT else []

    def found(self, *, coordinators_sign: bool) -> list[Awaited]:
        """Return what waits, what wants a decision first; a chat of nobody known is told nothing."""
        match self._chat.role:
            case ChatRole.COORDINATORS:
                signing = [self._signing()] if coordinators_sign else []
                told = [*self._deciding(), *signing, self._asked()]
            case ChatRole.LEADERS:
                told = [self._signing(), self._verifying_ours()]
            case ChatRole.UNIT if self._units:
                told = [*self._looking(), *self._signing_twice(), self._receipts(), *self._burning()]
            case _:
                told = []
        return [one for one in told if one.count]

    # ------------------------------------------------------------ our rooms

    def _deciding(self) -> list[Awaited]:
        session = self._session
        reported, more_time = Which(LIVING, levels=(Level.OFFICE,)), Which(LIVING, waits_for_more_time=True)
        return [
            Awaited("待核查", ledger.count(session, reported), self._last(VERIFIES), "/board?wait=verify"),
            Awaited("延期待批", ledger.count(session, more_time), self._last({Verb.GRANT}), "/board?wait=extension"),
            Awaited("异议待定", _objections(session), self._last({Verb.UPHOLD}), "/board/scores"),
            Awaited("清单待核对", doubtful(session), self._last({Verb.TAKE_AS_READ}), "/board/lists", "处"),
        ]

    def _signing(self) -> Awaited:
        return Awaited("待签发", len(drafts.unsigned(self._session)), self._last(SIGNS), "/board/papers", "份")

    def _verifying_ours(self) -> Awaited:
        """Return the reports of the coordinators' own office, on which leaders look."""
        found = ledger.lines(self._session, Which(LIVING, levels=(Level.OFFICE,)))
        office = {one: self._desk.policy_of(self._session, one).office for one in {line.campaign.id for line in found}}
        ours = [line for line in found if line.unit.name == office[line.campaign.id]]
        return Awaited("待核查", len(ours), self._last(VERIFIES), "/board?wait=verify")

    def _asked(self) -> Awaited:
        still = questions.open_ones(self._session)
        key = next((one.key for one in reversed(self._said) if one.question in still), "")
        return Awaited("待答复", len(still), key, "/board/questions", "条")

    # ------------------------------------------------------------ units

    def _looking(self) -> list[Awaited]:
        waiting = looks.waiting(self._session, Reader(None, frozenset(self._units)))
        return [Awaited("待复查", len(waiting), self._last({Verb.PASS_ON}), "/board?wait=review")]

    def _signing_twice(self) -> list[Awaited]:
        rounds = [one for one in open_for(self._session, self._units) if one.signatures > 1]
        waits = {
            made.id: sum(
                one.waits_for_signature and one.line.unit.id in self._units for one in stands(self._session, made)
            )
            for made in rounds
        }
        told = [(number, count) for number, count in waits.items() if count]
        return [
            Awaited("待第二人确认", count, self._last({Verb.COSIGN}, {number}), f"/board/round/{number}")
            for number, count in told
        ]

    def _receipts(self) -> Awaited:
        which = Which(LIVING, units=self._units, states=(State.PENDING,), asked=True)
        owed = [line.assignment.id for line in ledger.lines(self._session, which)]
        slips = select(NoticeItem.notice_id).where(col(NoticeItem.assignment_id).in_(owed))
        key = self._last({Verb.ACKNOWLEDGE}, owed) or self._last({Verb.ACKNOWLEDGE_ALL}, set(self._session.exec(slips)))
        return Awaited("待签收", len(owed), key, f"/board?wait=silent&unit={self._units[0]}")

    def _burning(self) -> list[Awaited]:
        """Return what is late and what will be soon."""
        found = []
        for lamp in (Lamp.RED, Lamp.YELLOW):
            which = Which(LIVING, units=self._units, lamps=(lamp,), days=ledger.days(self._session, self._now))
            about = {press.what for one in self._said for press in _presses(one, BY_NAME)}
            here = {line.assignment.id for line in ledger.lines(self._session, replace(which, ids=about))}
            count, board = ledger.count(self._session, which), f"/board?lamp={lamp}&unit={self._units[0]}"
            found.append(Awaited(lamp.zh, count, self._last(BY_NAME, here), board))
        return found

    def _last(self, verbs: Collection[Verb], about: Collection[int] | None = None) -> str:
        """Return the latest message of the page that has such a button, about one of these where any are given; "" where none has."""
        for one in reversed(self._said):
            if any(about is None or press.what in about for press in _presses(one, verbs)):
                return one.key
        return ""


def _presses(one: Said, verbs: Collection[Verb]) -> Iterator[Press]:
    for button in one.buttons:
        press = Press.read(button.data)
        if press is not None and press.verb in verbs:
            yield press


def _objections(session: Session) -> int:
    query = (
        select(func.count())
        .select_from(Objection)
        .join(ScoreSheet, col(ScoreSheet.id) == Objection.sheet_id)
        .join(Campaign, col(Campaign.id) == ScoreSheet.campaign_id)
    )
    return int(session.exec(query.where(col(Objection.upheld).is_(None), col(Campaign.status).in_(LIVING))).one())
