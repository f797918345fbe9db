"""Ending: a campaign that is over, or a draft that is not wanted, is nobody's any more.

It stays in the history, and what ran can still be looked at. Nobody is told of it, asked about it or lets it be acted on; what still waits in the outbox is
withdrawn in the same transaction. Ending is final.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from db import days, ledger, locking, outbox
from db.bodies import RelayBody
from db.history import Actor, append
from db.ledger import Which, questions
from db.ledger.questions import Unanswered
from db.models import Assignment, Campaign, Doubt, History, Paper, Prompt
from db.words import LIVING, OPEN_STATES, UNENDED, CampaignStatus, NoticeKind, Reason, Refusal, State


class EndingRefused(Refusal):
    """The campaign cannot be ended or dropped; the message is one line."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a campaign leaves unfinished: assignments that are open, reports and requests for more time that wait for a
    decision, notices on their way, questions that wait for an answer and will be closed, and how many drafts of each kind wait for
    a signature and will never go out.
    """

    open: int
    reported: int
    requests: int
    waiting: int
    questions: int
    drafts: tuple[tuple[NoticeKind, int], ...]

    @property
    def unsigned(self) -> str:
        """Name the drafts as people read it; "" where there is none."""
        return "、".join(f"{kind.zh}{number}份" for kind, number in self.drafts)


def left_by(session: Session, campaign: Campaign) -> Left:
    """Return what ending the campaign would leave as it is; changes nothing. Raise ``EndingRefused`` where it cannot be
    ended.
    """
    _refuse_what_cannot_end(session, campaign)
    query = (
        select(Assignment.state, func.count())
        .where(Assignment.campaign_id == campaign.id)
        .group_by(col(Assignment.state))
    )
    counts = dict(session.exec(query).all())
    requests = ledger.count(session, Which(LIVING, campaign=campaign.id, waits_for_more_time=True))
    papers = select(Paper.kind, func.count()).where(
        Paper.campaign_id == campaign.id, col(Paper.signed_at).is_(None), col(Paper.dropped_at).is_(None)
    )
    drafts = session.exec(papers.group_by(col(Paper.kind)).order_by(col(Paper.kind))).all()
    return Left(
        open=sum(counts.get(state, 0) for state in OPEN_STATES),
        reported=counts.get(State.REPORTED, 0),
        requests=requests,
        waiting=outbox.waiting_of(session, campaign.id),
        questions=len(questions.of_campaign(session, campaign.id, None)),
        drafts=tuple((NoticeKind(kind), number) for kind, number in drafts),
    )


def end(session: Session, campaign: Campaign, actor: Actor, now: datetime) -> Left:
    """End a campaign that runs or is paused; return what it leaves. Raise ``EndingRefused`` for any other."""
    _refuse_what_cannot_end(session, campaign)
    _rest(session, campaign)  # whoever acts on one of them at this moment is done first: acting locks in this order
    locking.hold(session, [campaign])
    left = left_by(session, campaign)
    asked = questions.of_campaign(session, campaign.id, None)
    _lay_down(session, campaign, "结束专项", actor, now)
    for one in asked:
        _close(session, campaign, one, actor, now)
    return left


def _close(session: Session, campaign: Campaign, one: Unanswered, actor: Actor, now: datetime) -> None:
    """Answer a question that waits about what is over, so that who asked does not wait for ever."""
    one.question.answered_by_id, one.question.answered_at = actor.person_id, now
    body = RelayBody(answer=True, who=actor.name, question=one.question.words, code=one.code, over=campaign.title)
    outbox.enqueue(
        session,
        now=now,
        kind=NoticeKind.RELAY,
        reason=Reason.OVER,
        chat_id=one.question.chat_id,
        body=body,
        reply_to=one.question.message_id,
    )


def discard(session: Session, campaign: Campaign, actor: Actor, now: datetime) -> None:
    """Drop a draft; the same file can be imported again. Raise ``EndingRefused`` for any other."""
    locking.hold(session, [campaign])
    if campaign.status in LIVING:
        begun = _done_by(session, campaign, ("启动",)) or campaign.status.zh
        raise EndingRefused(f"专项行动{campaign.id}{begun}，不能放弃；可以暂停或结束", chat="。", terminal="")
    _refuse_what_is_over(session, campaign)
    _lay_down(session, campaign, "放弃导入", actor, now)


def _refuse_what_cannot_end(session: Session, campaign: Campaign) -> None:
    if campaign.status is CampaignStatus.DRAFT:
        raise EndingRefused(f"专项行动{campaign.id}尚未启动；不要了可以放弃", chat="。", terminal="")
    _refuse_what_is_over(session, campaign)


def _refuse_what_is_over(session: Session, campaign: Campaign) -> None:
    if campaign.status is CampaignStatus.ENDED:
        raise EndingRefused(epitaph(session, campaign), chat="。", terminal="")


def _lay_down(session: Session, campaign: Campaign, event: str, actor: Actor, now: datetime) -> None:
    number = campaign.id
    outbox.withdraw_campaign(session, number)
    owed = select(Assignment.id).where(Assignment.campaign_id == number)
    asked = select(Doubt.id).where(Doubt.campaign_id == number)
    session.execute(delete(Prompt).where(col(Prompt.assignment_id).in_(owed) | col(Prompt.doubt_id).in_(asked)))
    campaign.status, campaign.next_digest_at = CampaignStatus.ENDED, None
    append(session, number, now, event, actor, after={"status": str(campaign.status)})
    session.flush()


def _rest(session: Session, campaign: Campaign) -> None:
    """Let the planner look at none of the campaign's assignments any more."""
    session.execute(update(Assignment).where(col(Assignment.campaign_id) == campaign.id).values(next_action_at=None))


def may_be_read(campaign: Campaign) -> bool:
    """Tell whether a campaign may be looked at: whatever ran, also when it is over; a draft that was dropped is nobody's."""
    return campaign.status in UNENDED or campaign.activated_at is not None


def standing(campaign: Campaign) -> str:
    """Say where a campaign stands; one that never ran was dropped, not ended."""
    dropped = campaign.status is CampaignStatus.ENDED and campaign.activated_at is None
    return "已放弃" if dropped else campaign.status.zh


def epitaph(session: Session, campaign: Campaign) -> str:
    """Say in one line that a campaign is over, by whom and on which day of its zone."""
    over = _done_by(session, campaign, ("结束专项", "放弃导入")) or standing(campaign)
    return f"专项行动{campaign.id}{over}，不再办理"


def _done_by(session: Session, campaign: Campaign, events: Sequence[str]) -> str | None:
    """Say who did the last of ``events`` to a campaign, and on which day of its zone; None where nobody did."""
    query = select(History).where(History.campaign_id == campaign.id, col(History.event).in_(events))
    entry = session.exec(query.order_by(col(History.id).desc())).first()
    if entry is None:
        return None
    day = days.written(entry.at.astimezone(ZoneInfo(campaign.timezone)).date())
    return f"已由{entry.who}于{day}{_WORDS[entry.event]}"


_WORDS = {"启动": "启动", "结束专项": "结束", "放弃导入": "放弃"}
