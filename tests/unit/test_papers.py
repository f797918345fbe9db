"""Papers say what happened: what a bulletin and a summons claim in each history, what closes them, who is not reached."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from db import outbox, register
from db.bodies import PaperBody
from db.history import SYSTEM, Actor
from db.kinds import body_of
from db.ledger import acts
from db.ledger.acts import Act
from db.models import Assignment, Chat, History, Notice, Paper, Route
from db.outbox import Item
from db.session import Store
from db.words import Action, CampaignStatus, ChatRole, DeliveryState, NoticeKind, Reason, State
from jobs import pending
from jobs.campaigns.import_ import import_document
from jobs.desk import Desk
from jobs.papers import drafts, signing
from jobs.papers.signing import PaperRefused
from jobs.ports import Abilities
from jobs.reading.document import Document
from tests.harness.story import ECONOMY, EMERGENCY, at, task

DAY = date(2022, 7, 11)
NOW = at("2022-07-11 10:40")
LEADER = Actor("李厅长")


class Office:
    """A running campaign with one overdue task of each of two units, their chats and the two rooms."""

    def __init__(self, store: Store) -> None:
        self.store, self.desk = store, Desk()
        with store.write() as session:
            tasks = (task(1, "2022-06-30"), task(2, "2022-06-30", lead=(EMERGENCY,)))
            done = import_document(
                session, Document("测试清单", 2022, "", None, tasks), name="x", sha256="x", timezone="Asia/Shanghai",
                today=DAY, now=NOW, actor=SYSTEM,
            )  # fmt: skip
            done.campaign.status = CampaignStatus.ACTIVE
            self.campaign = done.campaign.id
            for unit in (ECONOMY, EMERGENCY):
                chat = register.ensure_chat(session, "console", unit, unit)
                register.bind(session, register.get_unit(session, unit), chat)
            for role in (ChatRole.COORDINATORS, ChatRole.LEADERS):
                register.bind_room(session, role, register.ensure_chat(session, "console", role.zh, role.zh))
            for row in session.exec(select(Assignment)):
                row.state = State.PENDING

    def number(self, session: Session, unit: str = ECONOMY) -> int:
        return (
            session.exec(select(Assignment.id).where(Assignment.unit_id == register.get_unit(session, unit).id)).one()
            or 0
        )

    def tells(self, kind: NoticeKind, day: str, state: DeliveryState = DeliveryState.SENT, **body: Any) -> None:
        """Put a notice into the outbox as it stands after delivery."""
        with self.store.write() as session:
            unit = register.get_unit(session, ECONOMY)
            chats = [chat.id for _route, chat in register.routes_of(session, unit.id, dead=True)]
            notice = outbox.enqueue(
                session, now=at(f"{day} 09:00"), kind=kind, reason=Reason.WORKDAYS_AFTER,
                chat_id=chats[0] if chats else None, unit_id=unit.id, campaign_id=self.campaign,
                items=[Item(self.number(session), kind, Reason.WORKDAYS_AFTER)], body=body_of(kind, body),
            )  # fmt: skip
            outbox.finish(notice, state, at(f"{day} 09:00"))

    def drafts(self, kind: NoticeKind = NoticeKind.BULLETIN, *units: str, day: date = DAY) -> int:
        with self.store.write() as session:
            papers = []
            for unit in units or (ECONOMY,):
                owner = register.get_unit(session, unit).id if kind is NoticeKind.SUMMONS else None
                paper = drafts.draft(session, self.campaign, kind, day, owner, [self.number(session, unit)], NOW)
                papers.append(paper)
            drafts.show(session, list({paper.id: paper for paper in papers}.values()), NOW, NOW)
            return papers[-1].id

    def text(self, paper: int, today: date = DAY) -> str:
        with self.store.read() as session:
            return pending.text_of(session, self.desk, session.get_one(Paper, paper), Abilities(), today)

    def signs(self, paper: int, now: datetime = NOW) -> signing.Issued:
        with self.store.write() as session:
            return signing.issue(session, session.get_one(Paper, paper), LEADER, now)

    def loses_its_chat(self) -> None:
        with self.store.write() as session:
            unit = register.get_unit(session, ECONOMY)
            for route in session.exec(select(Route).where(Route.unit_id == unit.id)).all():
                session.delete(route)

    def changes(self, **columns: Any) -> None:
        with self.store.write() as session:
            row = session.get_one(Assignment, self.number(session))
            for name, value in columns.items():
                setattr(row, name, value)


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def both(office: Office) -> None:
    office.tells(NoticeKind.OVERDUE, "2022-07-01")
    office.tells(NoticeKind.SUPERVISION, "2022-07-05")


def resent(office: Office) -> None:
    office.tells(NoticeKind.OVERDUE, "2022-07-01", DeliveryState.UNKNOWN)
    office.tells(NoticeKind.OVERDUE, "2022-07-02")


def only_failed(office: Office) -> None:
    office.tells(NoticeKind.OVERDUE, "2022-07-01", DeliveryState.FAILED)


def only_unknown(office: Office) -> None:
    office.tells(NoticeKind.OVERDUE, "2022-07-01", DeliveryState.UNKNOWN)


def damaged(office: Office) -> None:
    office.tells(NoticeKind.OVERDUE, "2022-07-01")
    with office.store.write() as session:
        for notice in session.exec(select(Notice)):
            notice.body_json = {"for_information": []}


def no_route(office: Office) -> None:
    office.loses_its_chat()
    office.tells(NoticeKind.OVERDUE, "2022-07-01", DeliveryState.NO_ROUTE)


def others_were_told(office: Office) -> None:
    office.tells(NoticeKind.SUPERVISION, "2022-07-05", for_information=True)


def never(_office: Office) -> None:
    """After a long outage nothing but the paper is left."""


def dead(office: Office) -> None:
    with office.store.write() as session:
        for chat in session.exec(select(Chat).where(Chat.role == ChatRole.UNIT)):
            chat.dead_why = "机器人已被移出"


def before_the_extension(office: Office) -> None:
    office.tells(NoticeKind.OVERDUE, "2022-07-01")
    office.changes(due=date(2022, 7, 4), original_due=date(2022, 6, 30))
    office.tells(NoticeKind.SUPERVISION, "2022-07-07")


def last_year(office: Office) -> None:
    office.changes(due=date(2021, 12, 20))
    office.tells(NoticeKind.OVERDUE, "2021-12-21")


@pytest.mark.parametrize(
    ("history", "draft", "paper"),
    [
        (both, "（7月1日催办、7月5日督办）", "（7月1日催办、7月5日督办）"),
        (resent, "（7月2日催办）", "（7月2日催办）"),
        (only_failed, "（⚠此前通知发送失败，从未送达）", "（此前通知未能送达）"),
        (only_unknown, "（⚠此前通知是否送达不明）", "（此前通知未能送达）"),
        (damaged, "（⚠此前通知是否送达不明）", "（此前通知未能送达）"),
        (no_route, "（⚠未绑定会话，从未送达）", "（此前通知未能送达）"),
        (dead, "（⚠会话已失效，从未送达）", "（此前通知未能送达）"),
        (others_were_told, "（⚠此前未曾催办、督办）", "（此前通知未能送达）"),
        (never, "（⚠此前未曾催办、督办）", "（此前通知未能送达）"),
        (before_the_extension, "（7月7日督办）", "（7月7日督办）"),
        (last_year, "（2021年12月21日催办）", "（2021年12月21日催办）"),
    ],
)
@pytest.mark.parametrize("kind", [NoticeKind.BULLETIN, NoticeKind.SUMMONS])
def test_a_paper_claims_what_the_service_accepted_and_nothing_else(
    office: Office, history: Callable[[Office], None], draft: str, paper: str, kind: NoticeKind
) -> None:
    history(office)
    number = office.drafts(kind)
    assert draft in office.text(number)
    office.signs(number)
    signed = office.text(number)
    assert paper in signed
    assert "经催办、督办、通报" not in signed


def test_a_summons_names_the_bulletin_by_its_number(office: Office) -> None:
    both(office)
    with office.store.write() as session:
        issued = signing.issue(session, session.get_one(Paper, office_draft(office, session)), LEADER, NOW)
        for notice in session.exec(select(Notice).where(Notice.kind == NoticeKind.BULLETIN)):
            if not notice.body.draft:
                outbox.finish(notice, DeliveryState.SENT, NOW)
    assert issued.paper.number == 1
    summons = office.drafts(NoticeKind.SUMMONS, day=date(2022, 7, 21))
    assert "（7月1日催办、7月5日督办、7月11日通报（第1期））" in office.text(summons)
    assert "通报（第1期）" not in office.text(issued.paper.id)


@pytest.mark.parametrize("kind", [NoticeKind.BULLETIN, NoticeKind.SUMMONS])
def test_what_was_signed_in_the_evening_says_the_same_next_morning(office: Office, kind: NoticeKind) -> None:
    both(office)
    number = office.drafts(kind)
    before = office.text(number)
    assert "逾期11天（7月1日催办、7月5日督办）" in before
    office.signs(number, at("2022-07-11 21:30"))
    office.tells(NoticeKind.SUPERVISION, "2022-07-12")
    signed = office.text(number, DAY + timedelta(days=1))
    assert "逾期11天（7月1日催办、7月5日督办）" in signed, "as the signer saw it"
    assert signed.endswith("2022年7月11日")


def test_a_day_that_is_put_right_after_the_signature_changes_nothing_of_the_paper(office: Office) -> None:
    number = office.drafts()
    office.signs(number)
    signed = office.text(number)
    with office.store.write() as session:
        one = session.get_one(Assignment, office.number(session))
        acts.perform(session, one, Act(Action.CORRECT, due=date(2022, 7, 4)), Actor("王协调"), at("2022-07-11 22:00"))
    assert office.text(number, DAY + timedelta(days=1)) == signed


def office_draft(office: Office, session: Session) -> int:
    return drafts.draft(session, office.campaign, NoticeKind.BULLETIN, DAY, None, [office.number(session)], NOW).id


@pytest.mark.parametrize(
    "changed",
    [
        {"state": State.REPORTED},
        {"state": State.CLOSED, "closed_at": NOW},
        {"decision_pending": True},
        {"due": date(2022, 7, 31)},
    ],
    ids=["reported meanwhile", "closed", "waits for a decision", "extension granted meanwhile"],
)
def test_what_is_no_longer_late_is_left_out_of_what_is_signed(office: Office, changed: dict[str, Any]) -> None:
    number = office.drafts(NoticeKind.BULLETIN, ECONOMY, EMERGENCY)
    office.changes(**changed)
    issued = office.signs(number)
    assert issued.left_out == 1
    assert (ECONOMY in office.text(number), EMERGENCY in office.text(number)) == (False, True)


def test_a_paper_of_which_nothing_is_left_is_not_signed(office: Office) -> None:
    number = office.drafts()
    office.changes(state=State.REPORTED)
    with pytest.raises(PaperRefused, match="不必签发"):
        office.signs(number)
    assert "不必签发" in office.text(number)


def test_signing_counts_the_units_chats_and_names_who_was_not_reached(office: Office) -> None:
    no_route(office)
    issued = office.signs(office.drafts(NoticeKind.SUMMONS))
    assert (len(issued.chats), issued.unreached) == (0, (ECONOMY,))
    issued = office.signs(office.drafts(NoticeKind.BULLETIN))
    assert (len(issued.chats), issued.unreached) == (1, (ECONOMY,))


def test_a_signed_paper_is_closed_and_what_comes_later_begins_another(office: Office) -> None:
    first = office.drafts(NoticeKind.BULLETIN, ECONOMY)
    office.signs(first)
    second = office.drafts(NoticeKind.BULLETIN, EMERGENCY)
    assert second != first
    assert EMERGENCY not in office.text(first)
    assert EMERGENCY in office.text(second)
    assert [office.signs(second).paper.number, office.signs(office.drafts(day=date(2022, 7, 12))).paper.number] == [
        2,
        3,
    ]
    for act in (office.signs, lambda number: drops(office, number)):
        with pytest.raises(PaperRefused, match="已签发"):
            act(first)


def test_numbers_begin_anew_with_the_year_and_for_each_kind(office: Office) -> None:
    numbers = [
        office.signs(office.drafts(kind, day=day), now).paper.number
        for kind, day, now in (
            (NoticeKind.BULLETIN, DAY, NOW),
            (NoticeKind.BULLETIN, DAY + timedelta(days=1), NOW),
            (NoticeKind.SUMMONS, DAY, NOW),
            (NoticeKind.BULLETIN, date(2023, 1, 4), at("2023-01-04 10:00")),
        )
    ]
    assert numbers == [1, 2, 1, 1]


def drops(office: Office, number: int) -> None:
    with office.store.write() as session:
        signing.drop(session, session.get_one(Paper, number), Actor("王协调"), NOW)


def test_a_dropped_draft_is_never_sent_and_the_record_says_by_whom(office: Office) -> None:
    number = office.drafts()
    drops(office, number)
    with pytest.raises(PaperRefused, match="已作废"):
        office.signs(number)
    assert "【通报（已作废）】" in office.text(number)
    summons = office.drafts(NoticeKind.SUMMONS, day=date(2022, 7, 21))
    assert "通报" not in office.text(summons).partition("尚未办结")[2]
    with office.store.read() as session:
        assert [(entry.event, entry.who) for entry in session.exec(select(History)).all()][-1] == ("作废通报", "王协调")


def test_the_version_changes_with_words_items_days_claims_and_the_day_and_not_with_an_answer(office: Office) -> None:
    number = office.drafts(NoticeKind.BULLETIN, ECONOMY)

    def version(today: date = DAY) -> int:
        with office.store.read() as session:
            return drafts.version(session, [session.get_one(Paper, number)], today)

    seen = [version()]
    office.changes(state=State.REPORTED)
    assert version() == seen[0]
    office.changes(state=State.PENDING)
    for change in (
        lambda: office.tells(NoticeKind.OVERDUE, "2022-07-01"),
        lambda: office.drafts(NoticeKind.BULLETIN, EMERGENCY),
        lambda: office.changes(due=date(2022, 6, 29)),
        lambda: rewords(office, number),
    ):
        change()
        seen.append(version())
    seen.append(version(DAY + timedelta(days=1)))
    assert len(set(seen)) == 6


def rewords(office: Office, number: int) -> None:
    with office.store.write() as session:
        signing.reword(session, session.get_one(Paper, number), "经研究，通报如下：", LEADER, NOW)


def test_the_summonses_of_a_morning_are_one_message_in_each_room(office: Office) -> None:
    office.drafts(NoticeKind.SUMMONS, ECONOMY, EMERGENCY)
    with office.store.read() as session:
        shown = [one for one in session.exec(select(Notice)) if one.body.draft]
        assert [(len(one.body_as(PaperBody).papers), len(outbox.items_of(session, one.id))) for one in shown] == [
            (2, 2)
        ] * 2


def test_a_summons_that_waited_for_a_chat_comes_as_the_paper_that_was_signed(office: Office) -> None:
    office.loses_its_chat()
    office.signs(office.drafts(NoticeKind.SUMMONS))
    with office.store.write() as session:
        unit = register.get_unit(session, ECONOMY)
        chat = register.ensure_chat(session, "console", "later", "later")
        register.bind(session, unit, chat)
        outbox.release(session, unit.id, chat, NOW)
        waiting = session.exec(select(Notice).where(Notice.chat_id == chat.id)).all()
        assert [one.kind for one in waiting] == [NoticeKind.SUMMONS]


def test_the_digest_s_line_names_units_and_counts(office: Office) -> None:
    from jobs.notices.digests import unsigned_rows

    office.drafts(NoticeKind.SUMMONS, ECONOMY, EMERGENCY)
    with office.store.read() as session:
        assert unsigned_rows(session, office.campaign, date(2022, 7, 12)) == [
            f"约谈（7月11日拟稿）：{ECONOMY}、{EMERGENCY}，2项"
        ]
