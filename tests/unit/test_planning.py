"""Pure planning, as properties: whatever the day, the state and the ticks."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.ledger import workflow
from db.words import ENDED_STATES, OPEN_STATES, Action, DeadlineKind, NoticeKind, Reason, Role, State
from db.workdays import china
from jobs.desk import default_policy
from jobs.planning.bundle import gravity, over_cap
from jobs.planning.plan import plan
from jobs.planning.policy import PolicyError, parse_policy
from jobs.planning.quiet import instant, is_open, spread
from jobs.planning.retry import LONGEST, backoff
from jobs.planning.subject import Place, Step, Subject

ZONE = ZoneInfo("Asia/Shanghai")
POLICY = parse_policy(default_policy())
WORKDAYS = china()
PLACE = Place(ZONE, 9 * 60 + 12)
START = datetime(2022, 3, 1, 3, 0, tzinfo=UTC)

subjects = st.builds(
    Subject,
    role=st.sampled_from(Role),
    kind=st.just(DeadlineKind.DATE),
    state=st.sampled_from(State),
    due=st.dates(date(2022, 1, 1), date(2022, 12, 31)),
    planned_until=st.just(START),
    asked_at=st.none() | st.just(START),
    chases=st.integers(0, 4),
    silent_told=st.booleans(),
    answered_at=st.none() | st.just(START),
    decision_pending=st.booleans(),
    on_hold=st.booleans(),
    ladder_from=st.none() | st.dates(date(2022, 1, 1), date(2022, 12, 31)),
    ceiling=st.none() | st.sampled_from([NoticeKind.REMINDER, NoticeKind.OVERDUE, NoticeKind.SUPERVISION]),
)
moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=540 + minutes))


def open_subject(due: str, **changes: object) -> Subject:
    made = Subject(Role.LEAD, DeadlineKind.DATE, State.PENDING, date.fromisoformat(due), START)
    return replace(made, **changes)  # type: ignore[arg-type]


def play(subject: Subject, ticks: list[datetime]) -> list[Step]:
    """Plan at each tick, remembering what a store would."""
    steps = []
    for now in ticks:
        planned = plan(subject, POLICY, WORKDAYS, PLACE, now)
        steps += planned.steps
        subject = replace(subject, planned_until=planned.planned_until)
    return steps


@given(subjects, moments)
def test_nothing_is_told_outside_hours_or_on_a_day_off(subject: Subject, now: datetime) -> None:
    for step in plan(subject, POLICY, WORKDAYS, PLACE, now).steps:
        local = step.at.astimezone(ZONE)
        assert WORKDAYS.is_workday(local.date())
        assert time(8, 30) <= local.time() < time(18)


@given(subjects, moments)
def test_who_owes_nothing_or_waits_for_a_decision_hears_nothing_and_nothing_is_consumed(
    subject: Subject, now: datetime
) -> None:
    planned = plan(subject, POLICY, WORKDAYS, PLACE, now)
    if subject.state not in OPEN_STATES or subject.decision_pending or subject.on_hold:
        assert planned.steps == ()
        assert (planned.next_at, planned.planned_until) == (None, subject.planned_until)


@given(subjects, moments)
def test_who_assists_never_climbs_and_nobody_climbs_above_the_ceiling(subject: Subject, now: datetime) -> None:
    for step in plan(subject, POLICY, WORKDAYS, PLACE, now).steps:
        if subject.role is Role.ASSIST:
            assert step.kind is NoticeKind.REMINDER
        if subject.ceiling is not None and step.told and step.kind in dict(POLICY.ladder):
            assert gravity(step.kind) <= gravity(subject.ceiling)


@given(subjects, moments)
def test_planning_twice_plans_nothing_twice(subject: Subject, now: datetime) -> None:
    first = plan(subject, POLICY, WORKDAYS, PLACE, now)
    again = plan(replace(subject, planned_until=first.planned_until), POLICY, WORKDAYS, PLACE, now)
    repeated = {step.rule for step in again.steps} - {"silent"}
    assert not any(not rule.startswith("chase") for rule in repeated)


@given(subjects, moments, st.integers(1, 600))
def test_nothing_falls_due_before_the_next_instant(subject: Subject, now: datetime, minutes: int) -> None:
    """At night what is left over is put off to the chat's minute, though it would go out at the opening if asked again."""
    planned = plan(subject, POLICY, WORKDAYS, PLACE, now)
    if planned.steps or planned.next_at is None or not is_open(now, POLICY, WORKDAYS, Place(ZONE, 0)):
        return
    later = min(now + timedelta(minutes=minutes), planned.next_at - timedelta(seconds=1))
    if later > now:
        subject = replace(subject, planned_until=planned.planned_until)
        assert plan(subject, POLICY, WORKDAYS, PLACE, later).steps == ()


@settings(max_examples=60)
@given(
    st.dates(date(2022, 3, 5), date(2022, 9, 30)),
    st.lists(moments, min_size=1, max_size=25),
    st.sampled_from([Role.LEAD, Role.RESPONSIBLE, Role.ASSIST]),
)
def test_every_reminder_and_rung_of_the_window_is_told_or_suppressed_with_a_reason(
    due: date, ticks: list[datetime], role: Role
) -> None:
    subject = open_subject(due.isoformat(), role=role)
    end = datetime(2023, 3, 1, 3, 0, tzinfo=UTC)
    steps = play(subject, [*sorted(ticks), end])
    days = [before for before in POLICY.days_before
            if instant(WORKDAYS.on_or_before(due - timedelta(days=before)), PLACE) > START]  # fmt: skip
    expected = {f"reminder-{before}" for before in days}
    expected |= set() if role is Role.ASSIST else {str(kind) for kind, _after in POLICY.ladder}
    assert sorted(step.rule for step in steps) == sorted(expected)
    assert all(isinstance(step.reason, Reason) for step in steps)


def test_a_silent_unit_climbs_in_order() -> None:
    ticks = [START + timedelta(minutes=20 * count) for count in range(72 * 200)]
    told = [step.rule for step in play(open_subject("2022-06-30"), ticks) if step.told]
    assert told == ["reminder-30", "reminder-14", "reminder-7", "reminder-3", "reminder-1", "reminder-0", "overdue",
                    "supervision", "bulletin", "summons"]  # fmt: skip


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        plan(open_subject("2022-06-30"), POLICY, WORKDAYS, PLACE, datetime(2022, 6, 1))  # noqa: DTZ001


@given(st.text(min_size=1))
def test_every_chat_has_its_own_minute_and_never_a_crowded_one(key: str) -> None:
    minute = spread(key, POLICY)
    assert minute == spread(key, POLICY)
    assert POLICY.spread_from <= time(minute // 60, minute % 60) <= POLICY.spread_to
    assert minute % 30


def test_offices_shut_at_the_close_to_the_second() -> None:
    place = Place(ZONE, 0)
    for text, expected in (("08:29:59", False), ("08:30:00", True), ("17:59:59", True), ("18:00:00", False)):
        moment = datetime.fromisoformat(f"2022-06-01T{text}+08:00")
        assert is_open(moment, POLICY, WORKDAYS, place) is expected


@given(st.sampled_from(NoticeKind), st.integers(0, 10))
def test_the_cap_holds_all_but_the_escalations_above_the_first(kind: NoticeKind, told: int) -> None:
    held = over_cap(kind, told, 3)
    assert held == (told >= 3 and gravity(kind) <= gravity(NoticeKind.OVERDUE))


@given(st.integers(1, 100), st.text())
def test_waits_grow_and_are_bounded(tries: int, key: str) -> None:
    wait = backoff(tries, key)
    assert timedelta(seconds=26) <= wait <= timedelta(seconds=LONGEST * 1.125)
    assert wait == backoff(tries, key)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[limits]\ndaily_cap = 0", "limits.daily_cap"), ("[limits]\ncap = 3", "limits.cap"), ("[ladder]\noverdue = 20", "ladder"),
        ("[hours]\nopens = 19:00:00", "hours"), ("[people]\nsigners = []", "people.signers"), ("nonsense", "TOML"),
        ('[[ceiling]]\nunit = "x"\nhighest = "moon"', "ceiling"), ("[reminders]\ndays_before = [\"7\"]", "reminders.days_before"),
    ],
)  # fmt: skip
def test_a_wrong_policy_names_its_key(text: str, words: str) -> None:
    with pytest.raises(PolicyError, match=words):
        parse_policy(text, default_policy())


@given(st.sampled_from(State), st.lists(st.sampled_from(Action), max_size=12))
def test_states_change_by_the_table_alone(state: State, actions: list[Action]) -> None:
    for action in actions:
        after = workflow.after(state, action)
        move = workflow.TABLE.get(action)
        assert (after is not None) == (move is not None and state in move.froms)
        if after is State.CLOSED and state is not State.CLOSED:
            assert (state, action) in {(State.REPORTED, Action.VERIFY)}
        if after is not None and state in ENDED_STATES and after is not state:
            assert action is Action.REOPEN
        state = after or state


def test_workdays_from_a_day_off_count_the_first_workday_as_one() -> None:
    assert WORKDAYS.after(date(2022, 10, 1), 1) == date(2022, 10, 8)
    assert WORKDAYS.before(date(2022, 10, 7), 1) == date(2022, 9, 30)
    assert WORKDAYS.on_or_after(date(2022, 1, 29)) == date(2022, 1, 29)
    assert WORKDAYS.between(date(2022, 9, 30), date(2022, 10, 9)) == 2
    assert WORKDAYS.provisional(date(2050, 1, 1))
    assert not WORKDAYS.is_workday(date(2050, 1, 1))
