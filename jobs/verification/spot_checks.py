"""Spot checks 抽查: some of what is closed is drawn by a seed that is recorded, its units are told, and what is found of each is kept."""

import re
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from db import history, ledger, locking, outbox
from db.audit.spot_checks import DRAWN, FAILS, HOLDS, draw, runs
from db.bodies import KeptFile, SpotCheckBody
from db.history import Actor
from db.ledger import Line, Which, evidence
from db.many import among
from db.models import Assignment, Campaign, History, SpotCheck, SpotCheckItem
from db.outbox import Item
from db.words import EVERY, LIVING, NoticeKind, Phase, Reason, Refusal, Role, State
from jobs.reading.deadlines.resolve import number


class NoSpotCheck(Refusal):
    """Nothing can be drawn, or nothing be said of what was; the message is one line."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many are to be drawn: so many, or per cent of the list, rounded up."""

    count: int = 0
    percent: int = 0

    @classmethod
    def read(cls, text: str) -> "Share | None":
        """Read 10%, 5项, 5, 三成 or 一半; None where none is named."""
        part = _PART.search(text)
        if part is not None:
            return cls(percent=50 if part["tenths"] is None else 10 * (number(part["tenths"]) or 0))
        found = _SHARE.search(text)
        if found is None:
            return None
        count = int(found["number"])
        return cls(percent=count) if found["percent"] else cls(count=count)

    def of(self, pool: int) -> int:
        """Return how many of a list of so many that is."""
        return min(pool, -(-pool * self.percent // 100) if self.percent else self.count)

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.percent}%" if self.percent else f"{self.count}项"


_SHARE = re.compile(r"(?<![\d.A-Za-z-])(?P<number>[1-9]\d{0,3})\s*(?:(?P<percent>[%％])|项|个|(?=$|[\s，,。]))")


_PART = re.compile("一半|半数|(?P<tenths>[1-9一二两三四五六七八九])成(?!员|立|果|效)")


def pool(session: Session, campaign: Campaign) -> list[Line]:
    """Return what of a campaign may be drawn: what is closed, but for who only assists and for what was drawn before."""
    before = select(SpotCheckItem.assignment_id).join(SpotCheck, col(SpotCheck.id) == SpotCheckItem.check_id)
    looked_at = set(session.exec(before.where(SpotCheck.campaign_id == campaign.id)))
    which = Which(EVERY, campaign=campaign.id, states=[State.CLOSED], roles=[Role.LEAD, Role.RESPONSIBLE])
    return [line for line in ledger.lines(session, which) if line.assignment.id not in looked_at]


def begin(
    session: Session, campaign: Campaign, share: Share, actor: Actor, now: datetime, seed: str = ""
) -> tuple[SpotCheck, list[Line]]:
    """Draw, write down by which seed among what, and tell the units; raise ``NoSpotCheck`` where nothing can be drawn."""
    locking.hold(session, [campaign])
    if campaign.status not in LIVING:
        raise NoSpotCheck(f"专项行动{campaign.id}{campaign.status.zh}，不能抽查")
    closed = pool(session, campaign)
    if share.percent > 100 or not share.of(len(closed)):
        raise NoSpotCheck(
            f"《{campaign.title}》中没有可抽查的：已销号而未抽查过的共{len(closed)}项"
            if not closed
            else "抽查比例不能超过100%"
        )
    seed = seed or secrets.token_hex(8)
    numbers = [line.assignment.id for line in closed]
    lots = draw(numbers, share.of(len(closed)), seed)
    made = SpotCheck(campaign_id=campaign.id, share=str(share), seed=seed, pool=len(closed), drawn_at=now)
    session.add(made)
    session.flush()
    session.add_all(SpotCheckItem(check_id=made.id, assignment_id=number) for number in lots)
    after = {"check": made.id, "share": made.share, "seed": seed, "pool": runs(numbers), "drawn": lots}
    history.append(session, campaign.id, now, DRAWN, actor, after=after)
    session.flush()
    found = [line for line in closed if line.assignment.id in set(lots)]
    _tell(session, campaign, found, SpotCheckBody(made.id), now)
    return made, found


def _tell(session: Session, campaign: Campaign, lines: Sequence[Line], body: SpotCheckBody, now: datetime) -> None:
    by_unit: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_unit[line.unit.id].append(line)
    for unit, theirs in by_unit.items():
        outbox.tell_unit(
            session,
            unit,
            now=now,
            kind=NoticeKind.SPOT_CHECK,
            reason=Reason.ASKED,
            campaign_id=campaign.id,
            items=[Item(line.assignment.id, NoticeKind.SPOT_CHECK, Reason.ASKED) for line in theirs],
            body=body,
        )


# ---------------------------------------------------------------- what was found


def by_number(session: Session, number: int) -> SpotCheck | None:
    """Return a spot check by its number."""
    return session.get(SpotCheck, number)


def latest(session: Session, campaign_id: int) -> SpotCheck | None:
    """Return a campaign's last spot check."""
    query = select(SpotCheck).where(SpotCheck.campaign_id == campaign_id)
    return session.exec(query.order_by(col(SpotCheck.id).desc())).first()


def items(session: Session, check: SpotCheck) -> list[tuple[SpotCheckItem, Line]]:
    """Return what was drawn, in the order of the list."""
    rows = {
        row.assignment_id: row for row in session.exec(select(SpotCheckItem).where(SpotCheckItem.check_id == check.id))
    }
    return [(rows[line.assignment.id], line) for line in ledger.lines(session, Which(EVERY, ids=sorted(rows)))]


@dataclass(frozen=True, slots=True)
class Drawn:
    """An assignment that was drawn, and the entry that says what was found of it, None while nobody has looked."""

    line: Line
    holds: bool | None
    entry: History | None

    @property
    def waits(self) -> bool:
        """Tell whether it is still to be judged."""
        return self.holds is None and self.line.assignment.state is State.CLOSED


def drawn(session: Session, check: SpotCheck) -> list[Drawn]:
    """Return what a check drew, in the order of the list, each with what was found, by whom and when."""
    rows = items(session, check)
    query = select(History).where(among(col(History.assignment_id), "these"), col(History.event).in_((HOLDS, FAILS)))
    told = session.execute(query, {"these": [line.assignment.id for _item, line in rows]}).scalars()
    found = {entry.assignment_id: entry for entry in told if entry.after.get("check") == check.id}
    return [Drawn(line, item.holds, found.get(line.assignment.id)) for item, line in rows]


def draws(session: Session, campaign_id: int) -> dict[int, History]:
    """Return the entry of each draw of a campaign, by the number of the check."""
    query = select(History).where(History.campaign_id == campaign_id, History.event == DRAWN)
    return {entry.after["check"]: entry for entry in session.exec(query)}


def waiting(session: Session, assignment_id: int) -> SpotCheckItem | None:
    """Return the spot check of an assignment that waits for somebody's word."""
    query = select(SpotCheckItem).where(
        SpotCheckItem.assignment_id == assignment_id, col(SpotCheckItem.holds).is_(None)
    )
    return session.exec(query.order_by(col(SpotCheckItem.check_id).desc())).first()


def holds(session: Session, line: Line, actor: Actor, now: datetime, words: str = "") -> None:
    """Write down that what was reported is so, and tell the unit; raise ``NoSpotCheck`` where nothing waits for it."""
    item = waiting(session, line.assignment.id)
    if item is None or line.assignment.state is not State.CLOSED:
        raise NoSpotCheck(f"〔{line.code}〕{line.unit.name}没有等着的抽查")
    _decide(session, item, line.assignment, True, actor, now, words)
    _tell(session, line.campaign, [line], SpotCheckBody(item.check_id, True, actor.name), now)


def reopened(
    session: Session, assignment: Assignment, actor: Actor, now: datetime, words: str, files: Sequence[KeptFile] = ()
) -> bool:
    """Write down of what was opened again that its spot check failed, with the pictures of what was found; tell whether there was
    one. From now on it stands in the list of problems.
    """
    item = waiting(session, assignment.id)
    if item is None:
        return False
    _decide(session, item, assignment, False, actor, now, words)
    if files:
        evidence.hand_in(session, assignment, files, actor, now, Phase.BEFORE)
    return True


def _decide(
    session: Session, item: SpotCheckItem, assignment: Assignment, found: bool, actor: Actor, now: datetime, words: str
) -> None:
    item.holds, item.decided_at = found, now
    outbox.withdraw(
        session, assignment.id, Reason.ANSWERED, (NoticeKind.SPOT_CHECK,)
    )  # that it was drawn, if not out yet
    history.append(
        session,
        assignment.campaign_id,
        now,
        HOLDS if found else FAILS,
        actor,
        assignment_id=assignment.id,
        after={"check": item.check_id},
        words=words,
    )
    session.flush()


def summary(session: Session, campaign_id: int) -> tuple[int, int, int]:
    """Return how much of a campaign was drawn in all, how much of that holds, and how much does not."""
    query = select(SpotCheckItem.holds).join(SpotCheck, col(SpotCheck.id) == SpotCheckItem.check_id)
    found = list(session.exec(query.where(SpotCheck.campaign_id == campaign_id)))
    return len(found), found.count(True), found.count(False)
