"""Acts on one assignment, column by column: what each changes of the row, what it withdraws, and who hears of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from db import outbox, register
from db.bodies import Body, DecisionBody, KeptFile, RequestBody
from db.history import Actor
from db.kinds import KINDS
from db.ledger import acts, undoing
from db.ledger.acts import Act, NotAllowed, TooLate
from db.ledger.snapshots import TRACKED
from db.models import (
    Assignment,
    Campaign,
    Chat,
    Evidence,
    Extension,
    History,
    Milestone,
    Notice,
    NoticeItem,
    Person,
    Task,
    Unit,
)
from db.outbox import Item
from db.session import MEMORY, Store
from db.words import Action, CampaignStatus, ChatRole, DeadlineKind, NoticeKind, Reason, Role, State
from tests.harness.bodies import some_body

NOW = datetime(2022, 6, 20, 2, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)
BORN = NOW - timedelta(days=19)
DUE, LATER = date(2022, 6, 30), date(2022, 7, 15)


@dataclass
class Office:
    """One running campaign with one assignment, three chats and two people, inside one transaction."""

    session: Session
    assignment: Assignment
    unit: Actor
    coordinator: Actor

    def does(self, action: Action, *, by: Actor | None = None, words: str = "因故", **act: Any) -> History:
        party = acts.workflow.TABLE[action].party
        who = by or (self.unit if party is acts.Party.UNIT else self.coordinator)
        return acts.perform(self.session, self.assignment, Act(action, words=words, **act), who, NOW)

    def row(self) -> dict[str, Any]:
        return {name: getattr(self.assignment, name) for name in Assignment.model_fields}

    def request(self, due: date = LATER) -> Extension:
        """Let a request for more time wait for a decision."""
        self.assignment.decision_pending = True
        asked = Extension(assignment_id=self.assignment.id, requested_by_id=self.unit.person_id, requested_at=BEFORE,
                          old_due=DUE, new_due=due, words="因故")  # fmt: skip
        self.session.add(asked)
        self.session.flush()
        return asked

    def waiting(self) -> set[NoticeKind]:
        """Return the kinds that are still to be told of the assignment."""
        query = select(NoticeItem.kind).where(col(NoticeItem.withdrawn_why).is_(None), NoticeItem.rule == "waits")
        return set(self.session.exec(query))

    def withdrawn(self) -> set[Reason | None]:
        query = select(NoticeItem.withdrawn_why).where(col(NoticeItem.withdrawn_why).is_not(None))
        return set(self.session.exec(query))

    def told(self) -> list[tuple[NoticeKind, str]]:
        """Return what the act made known, and to which chat."""
        query = select(Notice, Chat).join(Chat, col(Chat.id) == Notice.chat_id).where(Notice.created_at == NOW)
        return [(notice.kind, chat.title) for notice, chat in self.session.exec(query.order_by(col(Notice.id)))]

    def heard(self) -> list[Body]:
        """Return what the notices say that the acts caused, in order."""
        query = select(Notice).where(Notice.created_at == NOW)
        return [notice.body for notice in self.session.exec(query.order_by(col(Notice.id)))]


@cache
def _store() -> Store:
    """Return one store for all tests, with everything but the assignment; what a test does is rolled back."""
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        campaign = Campaign(title="测", letter="A", timezone="Asia/Shanghai", source_name="t", source_hash="t")
        session.add(campaign)
        session.flush()
        task = Task(campaign_id=campaign.id, position=1, key="1", number="1", section="", text="开展工作")
        session.add(task)
        session.flush()
        session.add(Milestone(task_id=task.id, position=1, code="A-1", text="", kind=DeadlineKind.DATE, due=DUE))
        unit = register.ensure_unit(session, "省经信厅")
        session.flush()
        chats = {name: register.ensure_chat(session, "console", name, name) for name in ("单位群", "协调室", "领导群")}
        register.bind(session, unit, chats["单位群"])
        register.bind_room(session, ChatRole.COORDINATORS, chats["协调室"])
        register.bind_room(session, ChatRole.LEADERS, chats["领导群"])
        session.add_all([Person(name="张工"), Person(name="王协调")])
    return store


@contextmanager
def office(
    state: State = State.PENDING, status: CampaignStatus = CampaignStatus.ACTIVE, **row: Any
) -> Iterator[Office]:
    with _store().write() as session:
        campaign, milestone = session.exec(select(Campaign)).one(), session.exec(select(Milestone)).one()
        unit, people = session.exec(select(Unit)).one(), session.exec(select(Person).order_by(col(Person.id))).all()
        campaign.status = status
        told: dict[str, Any] = {
            "due": DUE, "original_due": DUE, "born_at": BORN, "planned_until": BEFORE, "asked_at": BEFORE, "chases": 2,
            "chased_at": BEFORE, "silent_told": True, "next_action_at": None, **row,
        }  # fmt: skip
        if state is State.CLOSED:
            told.setdefault("closed_at", BEFORE)
        if state is not State.PENDING:
            told = {"acknowledged_by": "李工", "acknowledged_at": BEFORE, "answered_at": BEFORE, **told}
        assignment = Assignment(campaign_id=campaign.id, milestone_id=milestone.id, unit_id=unit.id,
                                role=Role.LEAD, state=state, **told)  # fmt: skip
        session.add(assignment)
        session.flush()
        for kind in NoticeKind:
            outbox.tell_unit(session, unit.id, now=BEFORE, kind=kind, reason=Reason.CHANGED, campaign_id=campaign.id,
                             body=some_body(kind), items=[Item(assignment.id, kind, Reason.CHANGED, rule="waits")])  # fmt: skip
        try:
            yield Office(session, assignment, Actor("张工", people[0].id), Actor("王协调", people[1].id))
        finally:
            session.rollback()


RECEIPT = {"acknowledged_by": "张工", "acknowledged_at": NOW}
ANSWERED = {"answered_at": NOW, "asked_at": None, "chased_at": None, "chases": 0, "silent_told": False}
LOOK = {"next_action_at": NOW, "version": 1}
UNIT_ID, COORDINATOR_ID = 1, 2
MOVED = {"due": LATER, "planned_until": NOW}
PLANNINGS = {"asked_at", "chased_at", "chases", "silent_told", "planned_until", "next_action_at"}
"""What planning remembers for itself; everything else that an act changes stands in the record."""

CHANGES = [
    # from, act, what it is given, what changes of the row
    (State.PENDING, Action.ACKNOWLEDGE, {}, {"state": State.ACKNOWLEDGED, **RECEIPT, **ANSWERED}),
    (State.IN_PROGRESS, Action.ACKNOWLEDGE, {}, {**RECEIPT, **ANSWERED}),
    (State.PENDING, Action.PROGRESS, {"percent": 80}, {"state": State.IN_PROGRESS, "percent": 80, **RECEIPT, **ANSWERED}),
    (State.ACKNOWLEDGED, Action.PROGRESS, {}, {"state": State.IN_PROGRESS, **ANSWERED}),
    (State.PENDING, Action.REPORT, {},
     {"state": State.REPORTED, "reported_by_id": UNIT_ID, "reported_at": NOW, **RECEIPT, **ANSWERED}),
    (State.IN_PROGRESS, Action.REPORT, {},
     {"state": State.REPORTED, "reported_by_id": UNIT_ID, "reported_at": NOW, **ANSWERED}),
    (State.PENDING, Action.REQUEST_EXTENSION, {"due": LATER},
     {"state": State.ACKNOWLEDGED, "decision_pending": True, **RECEIPT, **ANSWERED}),
    (State.ACKNOWLEDGED, Action.REQUEST_EXTENSION, {"due": LATER}, {"decision_pending": True, **ANSWERED}),
    (State.REPORTED, Action.VERIFY, {}, {"state": State.CLOSED, "closed_at": NOW}),
    (State.REPORTED, Action.RETURN, {}, {"state": State.IN_PROGRESS, "returns": 1}),
    (State.CLOSED, Action.REOPEN, {}, {"state": State.IN_PROGRESS, "closed_at": None}),
    (State.ACKNOWLEDGED, Action.SUSPEND, {}, {"state": State.SUSPENDED, "resume_state": State.ACKNOWLEDGED}),
    (State.ACKNOWLEDGED, Action.CANCEL, {}, {"state": State.CANCELLED}),
    (State.ACKNOWLEDGED, Action.WAIVE, {}, {"state": State.WAIVED}),
    (State.ACKNOWLEDGED, Action.CORRECT, {"due": LATER}, MOVED),
    (State.ACKNOWLEDGED, Action.CORRECT, {}, {}),
    (State.ACKNOWLEDGED, Action.CORRECT, {"role": Role.ASSIST}, {"role": Role.ASSIST}),
    (State.ACKNOWLEDGED, Action.CORRECT, {"due": LATER, "role": Role.LEAD}, MOVED),
    (State.ACKNOWLEDGED, Action.CORRECT, {"due": DUE, "role": Role.ASSIST},
     {"role": Role.ASSIST, "planned_until": NOW}),
]  # fmt: skip


@pytest.mark.parametrize(("state", "action", "given", "changes"), CHANGES)
def test_an_act_changes_these_columns_and_no_other(
    state: State, action: Action, given: dict[str, Any], changes: dict[str, Any]
) -> None:
    with office(state) as here:
        before = here.row()
        entry = here.does(action, **given)
        after = here.row()
        assert {name: value for name, value in after.items() if value != before[name]} == {**changes, **LOOK}
        assert set(entry.after) == set(entry.before) == {"version", *changes} - PLANNINGS


def test_a_resumed_assignment_is_what_it_was() -> None:
    with office(State.SUSPENDED, resume_state=State.IN_PROGRESS) as here:
        here.does(Action.RESUME)
        assert here.assignment.state is State.IN_PROGRESS


def test_a_return_takes_the_report_back_and_a_reopening_both() -> None:
    with office(State.REPORTED, reported_at=BEFORE) as here:
        entry = here.does(Action.RETURN)
        assert here.assignment.reported_at is None
        assert set(entry.before) == {"state", "returns", "reported_at", "version"}
    with office(State.CLOSED, reported_at=BEFORE) as here:
        here.does(Action.REOPEN)
        assert (here.assignment.reported_at, here.assignment.closed_at) == (None, None)


def test_what_is_verified_no_longer_waits_for_a_choice() -> None:
    with office(State.REPORTED, on_hold=True) as here:
        entry = here.does(Action.VERIFY)
        assert not here.assignment.on_hold
        assert entry.before["on_hold"]


# ---------------------------------------------------------------- more time


def test_a_request_for_more_time_stands_with_who_asked_when_and_why() -> None:
    with office(State.ACKNOWLEDGED) as here:
        here.does(Action.REQUEST_EXTENSION, words="设备推迟", due=LATER)
        asked = here.session.exec(select(Extension)).one()
        assert (asked.requested_by_id, asked.requested_at, asked.old_due, asked.new_due, asked.words) == (
            UNIT_ID, NOW, DUE, LATER, "设备推迟",
        )  # fmt: skip
        assert (asked.granted, asked.withdrawn) == (None, False)


@pytest.mark.parametrize(
    ("given", "row", "why"),
    [({}, {}, "写明延期到哪一天"), ({"due": LATER}, {"decision_pending": True}, "待批"), ({"due": DUE}, {}, "须晚于现期限"),
     ({"due": DUE - timedelta(days=1)}, {}, "须晚于现期限2022年6月30日"), ({"due": LATER, "by": Actor("命令行")}, {}, "具名")],
)  # fmt: skip
def test_a_request_for_more_time_is_refused(given: dict[str, Any], row: dict[str, Any], why: str) -> None:
    with office(State.ACKNOWLEDGED, **row) as here:
        before = here.row()
        with pytest.raises(NotAllowed, match=why):
            here.does(Action.REQUEST_EXTENSION, **given)
        assert here.row() == before


def test_what_has_no_day_may_be_given_one_on_request() -> None:
    with office(State.ACKNOWLEDGED, due=None, original_due=None) as here:
        here.does(Action.REQUEST_EXTENSION, due=DUE)
        assert here.assignment.decision_pending


def test_a_granted_request_moves_the_day_and_the_ladder_counts_from_the_new_one() -> None:
    with office(State.ACKNOWLEDGED, ladder_from=DUE, on_hold=True) as here:
        asked, before = here.request(), here.row()
        entry = here.does(Action.GRANT)
        changed = {name: value for name, value in here.row().items() if value != before[name]}
        assert changed == {
            **MOVED,
            "extensions": 1,
            "decision_pending": False,
            "ladder_from": None,
            "on_hold": False,
            **LOOK,
        }
        assert (asked.granted, asked.decided_by_id, asked.decided_at, asked.new_due) == (
            True,
            COORDINATOR_ID,
            NOW,
            LATER,
        )
        assert here.assignment.original_due == DUE
        assert entry.before == {"due": "2022-06-30", "extensions": 0, "decision_pending": True, "on_hold": True,
                                "ladder_from": "2022-06-30", "version": 0}  # fmt: skip


def test_a_coordinator_may_grant_another_day() -> None:
    with office(State.ACKNOWLEDGED) as here:
        asked = here.request()
        here.does(Action.GRANT, due=date(2022, 7, 8))
        assert asked.new_due == here.assignment.due == date(2022, 7, 8)


def test_a_refused_request_leaves_the_day() -> None:
    with office(State.ACKNOWLEDGED) as here:
        asked, before = here.request(), here.row()
        here.does(Action.REFUSE)
        assert {name: value for name, value in here.row().items() if value != before[name]} == {
            "decision_pending": False,
            **LOOK,
        }
        assert (asked.granted, asked.decided_by_id, asked.decided_at) == (False, COORDINATOR_ID, NOW)


@pytest.mark.parametrize("action", [Action.GRANT, Action.REFUSE])
def test_nothing_is_decided_that_nobody_asked_for(action: Action) -> None:
    with office(State.ACKNOWLEDGED) as here, pytest.raises(NotAllowed, match="没有待批的延期申请"):
        here.does(action)


@pytest.mark.parametrize(
    ("due", "planned_until"),
    [(date(2022, 6, 21), NOW), (date(2022, 6, 20), NOW), (date(2022, 6, 19), BORN)],
)
def test_planning_starts_anew_and_for_a_day_that_is_past_from_the_beginning(due: date, planned_until: datetime) -> None:
    with office(State.ACKNOWLEDGED) as here:
        here.does(Action.CORRECT, due=due)
        assert (here.assignment.due, here.assignment.planned_until) == (due, planned_until)


def test_what_is_past_is_told_by_the_campaigns_own_day() -> None:
    """At 01:00 of the 21st in Shanghai, 17:00 of the 20th in UTC, the 20th is past."""
    with office(State.ACKNOWLEDGED) as here:
        night = datetime(2022, 6, 20, 17, 0, tzinfo=UTC)
        acts.perform(here.session, here.assignment, Act(Action.CORRECT, due=date(2022, 6, 20)), here.coordinator, night)
        assert here.assignment.planned_until == BORN


def test_what_was_never_planned_is_planned_from_its_birth_whatever_its_day() -> None:
    with office(State.ACKNOWLEDGED, planned_until=None, due=None, original_due=None) as here:
        here.does(Action.CORRECT, due=DUE)
        assert (here.assignment.planned_until, here.assignment.original_due) == (None, DUE)


@pytest.mark.parametrize("given", [{"due": DUE}, {"role": Role.LEAD}, {"due": DUE, "role": Role.LEAD}])
def test_a_correction_that_says_what_stands_there_already_is_told_so(given: dict[str, Any]) -> None:
    with office(State.ACKNOWLEDGED) as here:
        before = here.row()
        with pytest.raises(TooLate, match="已经更正过"):
            here.does(Action.CORRECT, **given)
        assert here.row() == before


# ---------------------------------------------------------------- two keys, and what does not apply


def test_closing_takes_two_keys() -> None:
    with office(State.REPORTED) as here:
        here.assignment.reported_by_id = here.coordinator.person_id
        with pytest.raises(NotAllowed, match="本人报的办结不能由本人核查"):
            here.does(Action.VERIFY)
        here.does(Action.VERIFY, by=here.unit)
        assert here.assignment.state is State.CLOSED


def test_who_reported_may_still_return_it_and_the_program_has_no_name() -> None:
    with office(State.REPORTED, reported_by_id=COORDINATOR_ID) as here:
        here.does(Action.RETURN)
    with office(State.REPORTED) as here:
        here.does(Action.VERIFY, by=Actor("命令行"))
        assert here.assignment.state is State.CLOSED


def test_what_does_not_apply_changes_nothing_and_says_how_things_stand() -> None:
    with office(State.CLOSED) as here:
        before = here.row()
        with pytest.raises(NotAllowed, match="该任务已销号，不能报办结"):
            here.does(Action.REPORT)
        assert here.row() == before


def test_who_comes_second_is_judged_by_what_the_first_has_left() -> None:
    """What was read a moment ago may be old: the row is locked, and read anew."""
    with office() as here:
        entry = here.does(Action.ACKNOWLEDGE)
        elsewhere(here, version=9)
        with pytest.raises(TooLate, match="已有新的办理"):
            undoing.undo(here.session, entry, here.unit, NOW)
        elsewhere(here, state=State.WAIVED)
        with pytest.raises(TooLate, match="不能报办结"):
            here.does(Action.REPORT)


def elsewhere(here: Office, **changes: Any) -> None:
    """Let somebody else change the row, of which the session knows nothing yet: it holds none."""
    here.session.flush()
    here.session.info.clear()
    here.session.execute(update(Assignment).values(changes).execution_options(synchronize_session=False))


def test_in_a_campaign_that_is_over_nothing_is_done_and_nothing_undone() -> None:
    with office() as here:
        entry = here.does(Action.ACKNOWLEDGE)
        here.session.exec(select(Campaign)).one().status = CampaignStatus.ENDED
        here.session.flush()
        before = here.row()
        with pytest.raises(NotAllowed, match="不再办理"):
            here.does(Action.REPORT)
        with pytest.raises(NotAllowed, match="不再办理"):
            undoing.undo(here.session, entry, here.unit, NOW)
        assert here.row() == before


# ---------------------------------------------------------------- the record, and who hears of it


def test_every_act_is_one_entry_with_what_was_before_and_after() -> None:
    with office() as here:
        entry = here.does(Action.PROGRESS, words="已完成八成", percent=80)
        assert (entry.event, entry.action, entry.who, entry.person_id, entry.words, entry.at, entry.assignment_id) == (
            "报进展", Action.PROGRESS, "张工", UNIT_ID, "已完成八成", NOW, here.assignment.id,
        )  # fmt: skip
        assert entry.before == {"state": "pending", "percent": None, "acknowledged_by": None, "acknowledged_at": None,
                                "answered_at": None, "version": 0}  # fmt: skip
        assert entry.after == {"state": "in_progress", "percent": 80, "acknowledged_by": "张工",
                               "acknowledged_at": NOW.isoformat(), "answered_at": NOW.isoformat(), "version": 1}  # fmt: skip


def test_what_came_by_telephone_is_marked_so() -> None:
    with office() as here:
        assert here.does(Action.ACKNOWLEDGE, on_behalf=True).event == "签收（代录）"


LADDER = {
    NoticeKind.SLIP, NoticeKind.SUMMARY, NoticeKind.REMINDER, NoticeKind.RECEIPT_CHASE, NoticeKind.PROGRESS_QUERY,
    NoticeKind.CHECKIN, NoticeKind.OVERDUE, NoticeKind.SUPERVISION, NoticeKind.SILENT, NoticeKind.CATCH_UP, NoticeKind.ROUND,
}  # fmt: skip
ASKS = {NoticeKind.VERIFY_REQUEST}
CHASES = {NoticeKind.RECEIPT_CHASE, NoticeKind.SILENT, NoticeKind.PROGRESS_QUERY}

WITHDRAWS = [
    (State.PENDING, Action.ACKNOWLEDGE, {}, CHASES, {Reason.ANSWERED}),
    (State.PENDING, Action.PROGRESS, {}, CHASES, {Reason.ANSWERED}),
    (State.PENDING, Action.REPORT, {}, LADDER, {Reason.ANSWERED, Reason.REPORTED}),
    (State.PENDING, Action.REQUEST_EXTENSION, {"due": LATER}, LADDER, {Reason.ANSWERED, Reason.DECISION_PENDING}),
    (State.REPORTED, Action.VERIFY, {}, LADDER | ASKS, {Reason.ENDED, Reason.ANSWERED}),
    (State.REPORTED, Action.RETURN, {}, ASKS, {Reason.ANSWERED}),
    (State.PENDING, Action.SUSPEND, {}, LADDER, {Reason.SUSPENDED}),
    (State.PENDING, Action.CANCEL, {}, LADDER, {Reason.ENDED}),
    (State.PENDING, Action.WAIVE, {}, LADDER, {Reason.ENDED}),
    (State.PENDING, Action.CORRECT, {"due": LATER}, LADDER, {Reason.CHANGED}),
    (State.PENDING, Action.CORRECT, {}, set(), set()),
    (State.PENDING, Action.CORRECT, {"role": Role.ASSIST}, set(), set()),
    (State.SUSPENDED, Action.CORRECT, {"due": LATER}, LADDER, {Reason.SUSPENDED}),
]  # fmt: skip


@pytest.mark.parametrize(("state", "action", "given", "kinds", "reasons"), WITHDRAWS)
def test_what_no_longer_applies_is_withdrawn_with_its_reason(
    state: State, action: Action, given: dict[str, Any], kinds: set[NoticeKind], reasons: set[Reason]
) -> None:
    with office(state) as here:
        here.does(action, **given)
        assert set(NoticeKind) - here.waiting() == kinds
        assert here.withdrawn() == reasons


def test_a_report_beside_a_request_for_more_time_is_why_nobody_is_reminded() -> None:
    with office(State.ACKNOWLEDGED, decision_pending=True) as here:
        here.does(Action.REPORT)
        assert here.withdrawn() == {Reason.ANSWERED, Reason.REPORTED}


def test_a_granted_request_withdraws_what_spoke_of_the_old_day() -> None:
    with office(State.ACKNOWLEDGED) as here:
        here.request()
        here.does(Action.GRANT)
        assert set(NoticeKind) - here.waiting() == LADDER | ASKS
        assert here.withdrawn() == {Reason.CHANGED, Reason.ANSWERED}


HEARS = [
    (State.PENDING, Action.ACKNOWLEDGE, {}, []),
    (State.PENDING, Action.PROGRESS, {}, []),
    (State.PENDING, Action.REPORT, {}, [(NoticeKind.VERIFY_REQUEST, "协调室")]),
    (State.PENDING, Action.REPORT, {"office_task": True}, [(NoticeKind.VERIFY_REQUEST, "领导群")]),
    (State.PENDING, Action.REQUEST_EXTENSION, {"due": LATER}, [(NoticeKind.VERIFY_REQUEST, "协调室")]),
    (State.REPORTED, Action.VERIFY, {}, [(NoticeKind.DECISION, "单位群")]),
    (State.REPORTED, Action.RETURN, {}, [(NoticeKind.DECISION, "单位群")]),
    (State.PENDING, Action.CANCEL, {}, [(NoticeKind.DECISION, "单位群")]),
]  # fmt: skip


@pytest.mark.parametrize(("state", "action", "given", "heard"), HEARS)
def test_the_other_side_hears_of_it(
    state: State, action: Action, given: dict[str, Any], heard: list[tuple[NoticeKind, str]]
) -> None:
    with office(state) as here:
        here.does(action, **given)
        assert here.told() == heard
        for notice in here.session.exec(select(Notice).where(Notice.created_at == NOW)):
            assert notice.reason is Reason.CHANGED
            assert notice.campaign_id == here.assignment.campaign_id
            who = "张工" if notice.kind is NoticeKind.VERIFY_REQUEST else "王协调"
            assert notice.body == KINDS[notice.kind].body(action, who, "因故", 1)  # type: ignore[call-arg]
            items = here.session.exec(select(NoticeItem).where(NoticeItem.notice_id == notice.id)).all()
            assert [(item.assignment_id, item.kind) for item in items] == [(here.assignment.id, notice.kind)]


def test_with_a_decision_go_the_coordinators_files_and_with_a_report_the_evidence() -> None:
    theirs, ours = KeptFile("a", "意见.docx"), KeptFile("b", "佐证.pdf")
    with office(State.REPORTED) as here:
        here.does(Action.RETURN, files=(theirs,))
        assert here.heard()[-1].files == (theirs,)
        here.session.add(Evidence(assignment_id=here.assignment.id, person_id=here.unit.person_id, at=BEFORE,
                                  size=1, sha256=ours.sha256, name=ours.name))  # fmt: skip
        here.session.flush()
        here.does(Action.REPORT)
        assert here.heard()[-1].files == (ours,)


@pytest.mark.parametrize(
    ("given", "was"),
    [({"due": LATER}, {"due": "2022-06-30"}), ({"role": Role.ASSIST}, {"role": "lead"}), ({}, {}),
     ({"due": LATER, "role": Role.ASSIST}, {"due": "2022-06-30", "role": "lead"})],
)  # fmt: skip
def test_of_a_correction_the_unit_hears_what_stood_there_before(given: dict[str, Any], was: dict[str, str]) -> None:
    with office(State.ACKNOWLEDGED) as here:
        here.does(Action.CORRECT, **given)
        assert [body.was for body in here.heard() if isinstance(body, DecisionBody)] == [was]


def test_of_a_draft_nobody_hears_and_nothing_is_planned() -> None:
    with office(State.REPORTED, status=CampaignStatus.DRAFT) as here:
        here.does(Action.VERIFY)
        assert here.told() == []
        assert here.assignment.next_action_at is None


def test_of_a_paused_campaign_people_still_hear_decisions_and_nothing_is_planned() -> None:
    with office(State.REPORTED, status=CampaignStatus.PAUSED) as here:
        here.does(Action.VERIFY)
        assert here.told() == [(NoticeKind.DECISION, "单位群")]
        assert here.assignment.next_action_at is None


# ---------------------------------------------------------------- undoing


@pytest.mark.parametrize(
    ("action", "given"),
    [(Action.ACKNOWLEDGE, {}), (Action.PROGRESS, {"percent": 80}), (Action.REPORT, {}),
     (Action.REQUEST_EXTENSION, {"due": LATER})],
)  # fmt: skip
def test_an_undone_act_leaves_the_row_as_it_was(action: Action, given: dict[str, Any]) -> None:
    with office(ladder_from=DUE) as here:
        before = {name: value for name, value in here.row().items() if name in TRACKED}
        entry = here.does(action, **given)
        here.assignment.next_action_at = None
        undoing.undo(here.session, entry, here.unit, NOW)
        after = {name: value for name, value in here.row().items() if name in TRACKED}
        assert after == {**before, "version": 2}
        assert here.assignment.next_action_at == NOW
        taken_back = here.session.exec(select(History).order_by(col(History.seq).desc())).first()
        assert taken_back is not None
        assert (taken_back.event, taken_back.action, taken_back.who) == (f"撤回{action.zh}", Action.UNDO, "张工")
        assert taken_back.after["version"] == 2
        assert taken_back.before["version"] == 1


def test_an_undone_act_gives_back_the_moments_that_were_there() -> None:
    earlier = BEFORE - timedelta(days=3)
    with office(State.IN_PROGRESS, acknowledged_at=earlier, reported_at=earlier, answered_at=earlier) as here:
        for action in (Action.ACKNOWLEDGE, Action.REPORT):
            undoing.undo(here.session, here.does(action), here.unit, NOW)
            row = here.assignment
            assert (row.acknowledged_at, row.reported_at, row.answered_at) == (earlier, earlier, earlier)
            assert row.state is State.IN_PROGRESS


def test_an_undone_request_for_more_time_waits_no_longer() -> None:
    with office(State.ACKNOWLEDGED) as here:
        entry = here.does(Action.REQUEST_EXTENSION, due=LATER)
        undoing.undo(here.session, entry, here.unit, NOW)
        assert here.session.exec(select(Extension)).one().withdrawn
        assert acts.pending_extension(here.session, here.assignment) is None
        with pytest.raises(NotAllowed, match="没有待批"):
            here.does(Action.GRANT)


def test_of_more_time_that_is_granted_the_unit_hears_the_new_day_and_not_what_stood_there_before() -> None:
    with office(State.ACKNOWLEDGED) as here:
        here.does(Action.REQUEST_EXTENSION, due=LATER)
        here.does(Action.GRANT)
        assert here.assignment.due == LATER
        assert [body.was for body in here.heard() if isinstance(body, DecisionBody)] == [{}]


@pytest.mark.parametrize(
    ("action", "given", "gone"),
    [(Action.REPORT, {}, True), (Action.REQUEST_EXTENSION, {"due": LATER}, True), (Action.PROGRESS, {}, False)],
)
def test_who_was_asked_to_decide_is_not_asked_about_what_was_undone(
    action: Action, given: dict[str, Any], gone: bool
) -> None:
    with office(State.ACKNOWLEDGED) as here:
        entry = here.does(action, **given)
        undoing.undo(here.session, entry, here.unit, NOW)
        assert (NoticeKind.VERIFY_REQUEST not in here.waiting()) is gone


def test_an_act_on_which_somebody_has_built_is_not_undone() -> None:
    with office() as here:
        entry = here.does(Action.REPORT)
        here.does(Action.RETURN)
        with pytest.raises(NotAllowed, match="已有新的办理"):
            undoing.undo(here.session, entry, here.unit, NOW)
        assert here.assignment.state is State.IN_PROGRESS


def test_what_is_no_act_on_an_assignment_is_not_undone() -> None:
    with office() as here:
        entry = here.does(Action.ACKNOWLEDGE)
        entry.assignment_id = None
        with pytest.raises(NotAllowed, match="不能撤回"):
            undoing.undo(here.session, entry, here.unit, NOW)


def test_the_last_act_that_can_be_undone_is_the_persons_own_and_recent() -> None:
    with office() as here:
        unit, since = here.unit.person_id, NOW - timedelta(minutes=10)
        assert undoing.last_act(here.session, None, unit, since) is None
        first = here.does(Action.ACKNOWLEDGE)
        entry = here.does(Action.PROGRESS)
        assert undoing.last_act(here.session, None, unit, since) == entry != first
        assert undoing.last_act(here.session, here.assignment.id, unit, NOW) == entry
        assert undoing.last_act(here.session, 999, unit, since) is None
        assert undoing.last_act(here.session, None, unit, NOW + timedelta(seconds=1)) is None
        assert undoing.last_act(here.session, None, here.coordinator.person_id, since) is None
        undoing.undo(here.session, entry, here.unit, NOW)
        assert undoing.last_act(here.session, None, unit, since) is None


def test_what_a_coordinator_decided_is_nothing_that_is_undone() -> None:
    with office(State.REPORTED) as here:
        here.does(Action.VERIFY)
        assert undoing.last_act(here.session, None, here.coordinator.person_id, BEFORE) is None


def test_a_decision_leaves_the_question_of_what_still_waits_for_one() -> None:
    with office(State.REPORTED) as here:
        here.request()
        here.does(Action.GRANT)
        assert NoticeKind.VERIFY_REQUEST in here.waiting()
    with office(State.REPORTED) as here:
        here.request()
        here.does(Action.RETURN)
        assert NoticeKind.VERIFY_REQUEST in here.waiting()


def test_a_question_that_brings_files_goes_out_although_it_was_decided() -> None:
    with office(State.REPORTED) as here:
        query = select(Notice).join(NoticeItem, col(NoticeItem.notice_id) == Notice.id)
        notice = here.session.exec(query.where(Notice.kind == NoticeKind.VERIFY_REQUEST)).one()
        notice.carry(FILES)
        here.session.flush()
        here.does(Action.RETURN)
        assert NoticeKind.VERIFY_REQUEST in here.waiting()


FILES = RequestBody(Action.REPORT, "张工", files=(KeptFile("a" * 64, "证明.pdf"),))


def test_one_question_with_files_keeps_all_of_that_assignment_and_none_of_another() -> None:
    def asks(here: Office, about: tuple[int, ...], body: RequestBody) -> None:
        outbox.tell_unit(here.session, here.assignment.unit_id, now=BEFORE, kind=NoticeKind.VERIFY_REQUEST, body=body,
                         reason=Reason.CHANGED, campaign_id=here.assignment.campaign_id,
                         items=[Item(number, NoticeKind.VERIFY_REQUEST, Reason.CHANGED, rule="waits") for number in about])  # fmt: skip

    with office(State.REPORTED) as here:
        asks(here, (here.assignment.id,), FILES)
        here.does(Action.RETURN)
        assert NoticeKind.VERIFY_REQUEST in here.waiting()
    with office(State.REPORTED) as here:
        asks(here, (), FILES)
        here.does(Action.RETURN)
        assert NoticeKind.VERIFY_REQUEST not in here.waiting()
