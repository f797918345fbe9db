"""What is kept of people once a campaign is over, and until when: their words, names and files go, the record stays a valid chain.

So many days after a campaign ended (``DUBAN_KEEP_DAYS``), or when the operator asks for it, one entry of its record says what is gone: the numbers of
the entries whose names and words were taken, and the hashes of the files. Then those go who are known for nothing else: strangers, and accounts
without a rank whose campaigns are all over. What the office itself wrote and decided (list, ledger, papers, broadcasts) stays.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, exists, or_, update
from sqlmodel import Session, col, func, select

from db import audit, history
from db.archive import Archive
from db.audit import GONE, held
from db.bodies import AlarmBody
from db.history import SYSTEM, Actor
from db.models import (
    Account,
    Appointment,
    Assignment,
    Broadcast,
    Campaign,
    Deputy,
    Duty,
    Evidence,
    Extension,
    GoneFile,
    History,
    Inbound,
    Notice,
    NoticeItem,
    Objection,
    Person,
    PhoneCall,
    Question,
)
from db.words import CampaignStatus, Refusal
from jobs import personal, quoted, strays

_OVER = ("结束专项", "放弃导入")


class RetentionRefused(Refusal):
    """The words of a campaign cannot be taken away now; the message is one line."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How much is gone: entries of the record that lost name and words, messages and requests that lost what they said, files (their
    hashes), people.
    """

    campaigns: tuple[str, ...] = ()
    entries: int = 0
    messages: int = 0
    files: tuple[str, ...] = ()
    people: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        """Return both together."""
        return Taken(
            self.campaigns + other.campaigns,
            self.entries + other.entries,
            self.messages + other.messages,
            self.files + other.files,
            self.people + other.people,
        )

    def __bool__(self) -> bool:
        """Tell whether anything is gone."""
        return bool(self.campaigns or self.people)

    def told(self) -> str:
        """Return it in one line."""
        counts = [
            (self.entries, "条记录的姓名和文字"),
            (self.messages, "条来往消息的内容"),
            (len(self.files), "个佐证文件"),
            (self.people, "个已无身份的账号"),
        ]
        told = "、".join(f"{count}{what}" for count, what in counts if count) or "没有可删的个人信息"
        return f"{'、'.join(self.campaigns)}：{told}" if self.campaigns else told


def due(session: Session, days: int, now: datetime) -> Campaign | None:
    """Return a campaign that has been over for so many days and still has people's words, the one that ended first."""
    over = select(History.campaign_id, func.max(History.at).label("at")).where(col(History.event).in_(_OVER))
    ended = over.group_by(col(History.campaign_id)).subquery()
    gone = exists().where(col(History.campaign_id) == Campaign.id, col(History.event) == GONE)
    query = (
        select(Campaign)
        .join(ended, ended.c.campaign_id == Campaign.id)
        .where(Campaign.status == CampaignStatus.ENDED, ended.c.at < now - timedelta(days=days), ~gone)
    )
    return session.exec(query.order_by(ended.c.at).limit(1)).first()


def take(session: Session, campaign: Campaign, actor: Actor, now: datetime) -> Taken:
    """Take names, words and files out of a campaign that is over; say so in its record. Raise ``RetentionRefused``.

    What was handed over of ledgers and tables more than a day ago goes as well, whatever it was of. The files themselves are the
    caller's to take away (``sweep``, ``strays.sweep``) once this is committed.
    """
    if campaign.status is not CampaignStatus.ENDED:
        raise RetentionRefused(f"专项行动{campaign.id}还没有结束；先结束，再删除个人信息")
    if history.latest(session, campaign.id, GONE) is not None:
        raise RetentionRefused(f"专项行动{campaign.id}的个人信息已经删除过")
    entries = history.blank(session, campaign.id)
    messages = _blank_words(session, campaign.id) + quoted.blank(session, _about(campaign.id))
    quoted.unmark(session, _about(campaign.id) & ~_about_others(campaign.id))
    strays.let_go(session, now - strays.YOUNG)
    files = _files(session, campaign.id)
    for sha256 in files:
        session.merge(GoneFile(sha256=sha256, campaign_id=campaign.id, at=now))
    history.append(session, campaign.id, now, GONE, actor, after={"erased": history.runs(entries), "gone": files})
    session.flush()
    return Taken((campaign.title,), len(entries), messages, tuple(files))


def forget_people(session: Session, days: int, now: datetime) -> Taken:
    """Forget who has had no rank and said nothing for so many days, and is named in the record of no campaign that is not over; blank
    what was talked about in so old messages of no campaign, and the telephone numbers of so old days of duty, also where they went above.
    """
    until = now - timedelta(days=days)
    old_talk = (col(Notice.campaign_id).is_(None)) & (col(Notice.created_at) < until)
    messages = quoted.blank(session, old_talk)
    quoted.forget_who_was_on_duty(session, until)
    strays.let_go(session, until)
    called = col(PhoneCall.done_at) < until
    session.execute(update(PhoneCall).where(called, col(PhoneCall.outcome) != "").values(outcome=""))
    session.execute(update(Duty).where(col(Duty.day) < until.date(), col(Duty.phone).is_not(None)).values(phone=None))
    heard = select(Inbound.person_id).where(Inbound.at >= until, col(Inbound.person_id).is_not(None))
    ranked = select(Appointment.person_id).where(
        or_(col(Appointment.ended_at).is_(None), col(Appointment.ended_at) >= until)
    )
    once = select(Inbound.person_id).where(col(Inbound.person_id).is_not(None)).union(select(Appointment.person_id))
    kept = select(Campaign.id).where(
        ~exists().where(col(History.campaign_id) == Campaign.id, col(History.event) == GONE)
    )
    named = select(History.person_id).where(col(History.person_id).is_not(None), col(History.campaign_id).in_(kept))
    deputies = select(Deputy.person_id).union(select(Deputy.leader_id))
    query = select(Person).where(
        col(Person.id).in_(select(Account.person_id)),
        col(Person.id).in_(once),
        *(col(Person.id).not_in(these) for these in (heard, ranked, named, deputies)),
    )
    people = session.exec(query).all()
    for person in people:
        personal.forget(session, person, now, SYSTEM, quotes=False)
    return Taken(messages=messages, people=len(people))


def sweep(session: Session, archive: Archive) -> None:
    """Take away the files that the record says are gone, also those that a crash left; one that was handed in again since stays."""
    gone = session.exec(select(GoneFile.sha256).where(col(GoneFile.swept).is_(False))).all()
    named = audit.named_files(session, archive) if gone else {}
    for sha256 in gone:
        if sha256 not in named:
            archive.drop(sha256)
    session.execute(update(GoneFile).where(col(GoneFile.swept).is_(False)).values(swept=True))


def as_told(taken: Taken) -> AlarmBody:
    """Return what the coordinators' room hears of it."""
    return AlarmBody(taken.told(), "保存期限已到；台账、记录和发文保留，链条仍可核验。", "", heading=GONE)


# ---------------------------------------------------------------- what is whose


def _blank_words(session: Session, campaign: int) -> int:
    """Blank what people gave as reasons, asked and objected to; return how many of them had words."""
    owed = select(Assignment.id).where(Assignment.campaign_id == campaign)
    count = 0
    for table in (Extension, Question, Objection):
        theirs = col(table.assignment_id).in_(owed), col(table.words) != ""
        count += session.exec(select(func.count()).select_from(table).where(*theirs)).one()
        session.execute(update(table).where(*theirs).values(words="").execution_options(synchronize_session="fetch"))
    return count


def _about(campaign: int) -> Any:
    owed = select(Assignment.id).where(Assignment.campaign_id == campaign)
    items = select(NoticeItem.notice_id).where(col(NoticeItem.assignment_id).in_(owed))
    return or_(col(Notice.campaign_id) == campaign, col(Notice.id).in_(items))


def _about_others(campaign: int) -> Any:
    """Return what holds of notices that speak of other campaigns' tasks as well."""
    others = select(Assignment.id).where(Assignment.campaign_id != campaign)
    return col(Notice.id).in_(select(NoticeItem.notice_id).where(col(NoticeItem.assignment_id).in_(others)))


def _files(session: Session, campaign: int) -> list[str]:
    """Return the hashes of the evidence that no other campaign still has, no broadcast, list or later message."""
    ours = (
        select(Evidence.sha256)
        .join(Assignment, col(Assignment.id) == Evidence.assignment_id)
        .where(Assignment.campaign_id == campaign)
    )
    elsewhere = held().where(Assignment.campaign_id != campaign)
    lists = select(Campaign.source_hash)
    found = set(session.exec(ours.where(col(Evidence.sha256).not_in(elsewhere), col(Evidence.sha256).not_in(lists))))
    return sorted(found - _named_besides(session, campaign, found))


def _named_besides(session: Session, campaign: int, files: Collection[str]) -> set[str]:
    """Return which of these files were sent to all, or came again since the campaign ended, so that something else may be done with them."""
    if not files:
        return set()
    ended = history.latest(session, campaign, *_OVER)
    texts = session.exec(select(cast(col(Broadcast.files), Text))).all()
    if ended is not None:
        texts = [*texts, *session.exec(select(cast(col(Inbound.words), Text)).where(Inbound.at > ended.at))]
    return {sha256 for sha256 in files if any(sha256 in text for text in texts)}
