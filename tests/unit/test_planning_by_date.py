"""Planning by the calendar: what is told of one assignment on a day, what is not and why, and when to look again.

The assignment is due on Thursday 2022-06-30 and its chat's minute is 09:12, where nothing else is said. The days around:
3–5 June are off (端午), 26 June and 3 July are Sundays; the workdays after the deadline are 1, 4, 5, 6, 7, 8, 11 … July.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from db.words import DeadlineKind, NoticeKind, Reason, Role, State
from db.workdays import china
from jobs.desk import default_policy
from jobs.planning.bundle import gravity, over_cap
from jobs.planning.plan import plan
from jobs.planning.policy import PolicyError, parse_policy
from jobs.planning.quiet import end_of_morning, instant, is_open, next_morning, next_open, next_turn, spread
from jobs.planning.retry import backoff
from jobs.planning.subject import Place, Plan, Step, Subject

ZONE = ZoneInfo("Asia/Shanghai")
POLICY = parse_policy(default_policy())
WORKDAYS = china()
PLACE = Place(ZONE, 9 * 60 + 12)

TOLD = True


def moment(text: str) -> datetime:
    """Read a local time of 2022, or of the year that is written."""
    text = text if len(text) > 11 else f"2022-{text}"
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def subject(**changes: object) -> Subject:
    start = moment("03-01 09:12")
    made = Subject(Role.LEAD, DeadlineKind.DATE, State.PENDING, date(2022, 6, 30), start)
    return replace(made, **changes)  # type: ignore[arg-type]


def look(since: str, now: str, **changes: object) -> Plan:
    """Plan the window (since, now] of the assignment."""
    return plan(subject(planned_until=moment(since), **changes), POLICY, WORKDAYS, PLACE, moment(now))


def steps(since: str, now: str, **changes: object) -> dict[str, tuple[bool, Reason]]:
    return {step.rule: (step.told, step.reason) for step in look(since, now, **changes).steps}


def day(now: str, **changes: object) -> dict[str, tuple[bool, Reason]]:
    """Plan a whole day of June or July, from midnight to its evening."""
    return steps(f"{now} 00:00", f"{now} 17:00", **changes)


def only(since: str, now: str, **changes: object) -> Step:
    (step,) = look(since, now, **changes).steps
    return step


# ---------------------------------------------------------------- before the deadline


@pytest.mark.parametrize(
    ("today", "before", "asks"),
    [("05-31", 30, False), ("06-16", 14, False), ("06-23", 7, True), ("06-27", 3, True), ("06-29", 1, True),
     ("06-30", 0, True)],
)  # fmt: skip
def test_a_reminder_comes_so_many_days_before_and_asks_for_a_receipt_from_the_seventh(
    today: str, before: int, asks: bool
) -> None:
    step = only(f"{today} 09:11", f"{today} 09:12")
    why = Reason.DAYS_BEFORE if before else Reason.ON_THE_DAY
    assert (step.rule, step.kind, step.told, step.reason) == (f"reminder-{before}", NoticeKind.REMINDER, TOLD, why)
    assert (step.days, step.asks_receipt, step.occurrence) == (before, asks, "2022-06-30")
    assert step.at == moment(f"{today} 09:12")


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.IN_PROGRESS])
def test_who_has_answered_is_asked_for_no_receipt_anew(state: State) -> None:
    assert [only(f"{day} 09:11", f"{day} 09:12", state=state).asks_receipt for day in ("06-23", "06-29")] == [
        False,
        False,
    ]


def test_between_two_reminders_nothing_is_said() -> None:
    for today in ("06-15", "06-17", "06-22", "06-24", "06-28"):
        assert day(today) == {}


def test_a_window_begins_after_its_start_and_ends_with_its_end() -> None:
    assert steps("06-23 09:12", "06-23 09:13") == {}
    assert steps("06-23 09:10", "06-23 09:11") == {}
    assert "reminder-7" in steps("06-23 09:11", "06-23 09:12")


def test_a_unit_that_assists_is_reminded_and_signs_nothing() -> None:
    step = only("06-23 09:11", "06-23 09:12", role=Role.ASSIST)
    assert (step.told, step.asks_receipt) == (TOLD, False)


def test_a_reminder_of_a_day_off_moves_to_the_workday_before_and_joins_the_one_there() -> None:
    sunday = date(2022, 7, 3)
    assert day("07-01", due=sunday) == {
        "reminder-1": (False, Reason.SUPERSEDED), "reminder-0": (TOLD, Reason.DAYS_BEFORE),
    }  # fmt: skip
    assert only("06-24 09:11", "06-24 09:12", due=sunday).days == 9  # the seventh day before is a Sunday


def test_after_an_outage_the_reminder_closest_to_the_day_is_told_and_the_others_are_dropped() -> None:
    assert steps("06-20 09:12", "06-28 10:00") == {
        "reminder-7": (False, Reason.SUPERSEDED), "reminder-3": (TOLD, Reason.DAYS_BEFORE),
    }  # fmt: skip


def test_a_unit_that_heard_of_it_today_is_not_reminded_today() -> None:
    step = only("06-23 09:11", "06-23 09:12", last_told_on=date(2022, 6, 23))
    assert (step.told, step.reason, step.asks_receipt) == (False, Reason.TOLD_TODAY, False)
    assert only("06-23 09:11", "06-23 09:12", last_told_on=date(2022, 6, 22)).told


def test_nobody_is_reminded_of_a_day_that_is_past() -> None:
    assert steps("06-28 09:12", "07-01 09:12") == {
        "reminder-1": (False, Reason.TOO_LATE), "reminder-0": (False, Reason.TOO_LATE),
        "overdue": (TOLD, Reason.WORKDAYS_AFTER),
    }  # fmt: skip


def test_what_has_no_day_is_neither_reminded_of_nor_climbed() -> None:
    assert look("05-01 09:12", "12-30 10:00", due=None) == Plan((), None, moment("12-30 10:00"))


# ---------------------------------------------------------------- after it


@pytest.mark.parametrize(
    ("today", "rung", "days"),
    [("07-01", NoticeKind.OVERDUE, -1), ("07-05", NoticeKind.SUPERVISION, -5), ("07-11", NoticeKind.BULLETIN, -11),
     ("07-21", NoticeKind.SUMMONS, -21)],
)  # fmt: skip
def test_the_ladder_climbs_by_workdays_after_the_deadline(today: str, rung: NoticeKind, days: int) -> None:
    step = only(f"{today} 09:11", f"{today} 09:12")
    assert (step.rule, step.kind, step.told, step.reason) == (str(rung), rung, TOLD, Reason.WORKDAYS_AFTER)
    assert (step.days, step.occurrence, step.asks_receipt) == (days, "2022-06-30", False)


def test_after_an_outage_only_the_highest_word_and_the_highest_paper_remain() -> None:
    assert steps("06-30 09:12", "07-22 10:00") == {
        "overdue": (False, Reason.SUPERSEDED), "supervision": (TOLD, Reason.WORKDAYS_AFTER),
        "bulletin": (False, Reason.SUPERSEDED), "summons": (TOLD, Reason.WORKDAYS_AFTER),
    }  # fmt: skip


def test_nobody_climbs_above_the_units_ceiling() -> None:
    assert steps("06-30 09:12", "07-22 10:00", ceiling=NoticeKind.OVERDUE) == {
        "overdue": (TOLD, Reason.WORKDAYS_AFTER), "supervision": (False, Reason.CEILING),
        "bulletin": (False, Reason.CEILING), "summons": (False, Reason.CEILING),
    }  # fmt: skip
    assert steps("07-10 09:12", "07-11 10:00", ceiling=NoticeKind.BULLETIN) == {
        "bulletin": (TOLD, Reason.WORKDAYS_AFTER)
    }


def test_the_ladder_counts_from_the_day_that_activation_chose() -> None:
    later = only("07-15 09:11", "07-15 09:12", ladder_from=date(2022, 7, 14))
    assert (later.rule, later.occurrence, later.days) == ("overdue", "2022-07-14", -15)
    assert day("07-01", ladder_from=date(2022, 7, 14)) == {}


def test_a_unit_that_assists_never_climbs() -> None:
    assert steps("06-30 09:12", "07-22 10:00", role=Role.ASSIST) == {}


# ---------------------------------------------------------------- receipts


ASKED = {"asked_at": moment("06-23 09:12"), "last_told_on": date(2022, 6, 23)}


def test_a_receipt_is_chased_one_workday_after_it_was_asked_for() -> None:
    step = only("06-24 09:11", "06-24 09:12", **ASKED)
    assert (step.rule, step.kind, step.told, step.reason) == (
        "chase-1",
        NoticeKind.RECEIPT_CHASE,
        TOLD,
        Reason.NO_RECEIPT,
    )
    assert (step.asks_receipt, step.occurrence) == (True, "2022-06-24")
    assert steps("06-24 09:10", "06-24 09:11", **ASKED) == {}


def test_the_next_chase_comes_a_workday_later() -> None:
    far = {**ASKED, "due": date(2022, 7, 29)}  # reminded on 29 June first
    chased = {**far, "chases": 1, "last_told_on": date(2022, 6, 24)}
    assert look("06-24 09:12", "06-24 10:00", **chased).next_at == moment("06-27 09:12")
    assert day("06-28", **{**chased, "last_told_on": date(2022, 6, 27)}) == {"chase-2": (TOLD, Reason.NO_RECEIPT)}
    assert look("06-24 09:11", "06-24 09:12", **far).next_at == moment("06-27 09:12")


def test_no_chase_is_planned_while_one_is_still_on_its_way() -> None:
    chased = {"asked_at": moment("06-20 09:12"), "due": date(2022, 7, 29), "last_told_on": date(2022, 6, 21)}
    waiting = look("06-24 09:11", "06-24 10:00", **chased, chasing=True)
    assert waiting.steps == ()
    assert waiting.next_at == moment("06-27 09:12")
    assert day("06-24", **chased) == {"chase-1": (TOLD, Reason.NO_RECEIPT)}


def test_the_next_chase_counts_from_the_day_on_which_a_service_took_the_one_before() -> None:
    late = {"asked_at": moment("06-20 09:12"), "due": date(2022, 7, 29), "chases": 1, "chased_at": moment("06-24 15:00"),
            "last_told_on": date(2022, 6, 21)}  # fmt: skip
    assert day("06-24", **late) == {}
    assert day("06-27", **late) == {"chase-2": (TOLD, Reason.NO_RECEIPT)}
    assert day("06-27", **{**late, "chases": 3}) == {"silent": (TOLD, Reason.NO_RECEIPT_REPEATED)}


def test_what_fell_due_on_an_earlier_day_does_not_wait_for_the_chats_minute_and_takes_todays_with_it() -> None:
    assert steps("06-22 09:12", "06-24 08:40") == {"reminder-7": (TOLD, Reason.DAYS_BEFORE)}
    assert steps("06-28 09:12", "06-30 08:40") == {
        "reminder-1": (False, Reason.SUPERSEDED), "reminder-0": (TOLD, Reason.ON_THE_DAY),
    }  # fmt: skip
    assert steps("06-22 09:12", "06-24 08:30") == {"reminder-7": (TOLD, Reason.DAYS_BEFORE)}
    assert look("06-22 09:12", "06-24 08:29").next_at == moment("06-24 09:12")
    assert look("06-22 09:12", "06-23 08:40").steps == ()


def test_a_day_on_which_the_unit_hears_of_it_anyway_is_no_day_to_chase() -> None:
    planned = look("06-27 09:11", "06-27 09:12", **ASKED)
    assert [step.rule for step in planned.steps] == ["reminder-3"]
    assert planned.next_at == moment("06-28 09:12")
    assert day("06-28", **{**ASKED, "last_told_on": date(2022, 6, 28)}) == {}


def test_after_three_chases_the_coordinators_are_told_once() -> None:
    asked = moment("06-20 09:12")
    silent = {"asked_at": asked, "chases": 3, "last_told_on": date(2022, 6, 23), "due": date(2022, 7, 29)}
    step = only("06-24 09:11", "06-24 09:12", **silent)
    assert (step.rule, step.kind, step.reason) == ("silent", NoticeKind.SILENT, Reason.NO_RECEIPT_REPEATED)
    assert (step.told, step.asks_receipt, step.occurrence) == (TOLD, False, asked.isoformat())
    assert day("06-24", **{**silent, "chases": 2}) == {"chase-3": (TOLD, Reason.NO_RECEIPT)}
    assert day("06-24", **silent, silent_told=True) == {}


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"role": Role.ASSIST}, "who assists signs nothing"), ({"asked_at": None}, "nobody asked"),
     ({"silent_told": True}, "the coordinators know")],
)  # fmt: skip
def test_a_receipt_is_not_chased(changes: dict[str, object], why: str) -> None:
    assert day("06-24", **{**ASKED, **changes}) == {}, why


def test_the_day_itself_is_still_a_day_to_chase_and_the_days_after_are_the_ladders() -> None:
    asked = {"asked_at": moment("06-29 09:12")}
    assert steps("06-30 09:12", "06-30 10:00", **asked) == {"chase-1": (TOLD, Reason.NO_RECEIPT)}
    assert day("07-04", **asked) == {}


def test_what_has_no_day_is_chased_too() -> None:
    assert day("06-24", due=None, **ASKED) == {"chase-1": (TOLD, Reason.NO_RECEIPT)}


def test_chases_come_as_many_workdays_apart_as_the_policy_says() -> None:
    policy = replace(POLICY, chase_every=2)
    for now, rules in (("06-22 10:00", []), ("06-23 10:00", ["chase-1"])):
        asked = subject(asked_at=moment("06-21 09:12"), planned_until=moment("06-21 10:00"), due=date(2022, 9, 30))
        assert [step.rule for step in plan(asked, policy, WORKDAYS, PLACE, moment(now)).steps] == rules


def test_a_rung_that_the_ceiling_forbids_is_nothing_that_the_unit_heard() -> None:
    told = steps(
        "06-30 09:12", "07-01 09:12", asked_at=moment("06-30 09:12"), due=date(2022, 7, 29),
        ladder_from=date(2022, 6, 30), ceiling=NoticeKind.SLIP,
    )  # fmt: skip
    assert told == {"overdue": (False, Reason.CEILING), "chase-1": (TOLD, Reason.NO_RECEIPT)}


def test_a_paper_for_the_signer_is_nothing_that_the_unit_heard() -> None:
    """A drafted bulletin does not spare the unit the chase of its receipt (which after the deadline is the ladder's)."""
    due = {"due": date(2022, 7, 29), "ladder_from": date(2022, 6, 30)}
    told = steps("07-11 09:11", "07-11 09:12", asked_at=moment("07-08 09:12"), **due)
    assert told == {"bulletin": (TOLD, Reason.WORKDAYS_AFTER), "chase-1": (TOLD, Reason.NO_RECEIPT)}


# ---------------------------------------------------------------- progress

SIGNED = {"state": State.ACKNOWLEDGED, "due": date(2022, 7, 3), "answered_at": moment("06-10 15:00")}


def test_progress_is_asked_on_the_first_workday_of_the_last_week() -> None:
    step = only("06-27 09:11", "06-27 09:12", **SIGNED)  # the seventh day before is Sunday the 26th
    assert (step.rule, step.kind, step.told, step.reason) == (
        "progress_query", NoticeKind.PROGRESS_QUERY, TOLD, Reason.NO_PROGRESS,
    )  # fmt: skip
    assert (step.occurrence, step.asks_receipt) == ("2022-07-03", False)
    assert "progress_query" not in day("06-24", **SIGNED)


def test_progress_is_asked_five_workdays_after_the_last_answer() -> None:
    late = {**SIGNED, "answered_at": moment("06-22 23:00")}
    assert day("06-28", **late) == {}
    assert day("06-29", **late) == {"progress_query": (TOLD, Reason.NO_PROGRESS)}


def test_progress_is_asked_up_to_the_day_itself_and_never_after() -> None:
    on_the_day = {**SIGNED, "due": date(2022, 6, 30), "answered_at": moment("06-23 15:00")}
    assert day("06-30", **on_the_day) == {
        "reminder-0": (TOLD, Reason.ON_THE_DAY), "progress_query": (False, Reason.SUPERSEDED),
    }  # fmt: skip
    assert "progress_query" not in steps("06-30 00:00", "07-01 09:12", **on_the_day)
    assert "progress_query" not in steps(
        "06-28 00:00", "07-08 10:00", **{**SIGNED, "answered_at": moment("06-30 15:00")}
    )


@pytest.mark.parametrize(
    "changes", [{"state": State.IN_PROGRESS}, {"state": State.PENDING}, {"role": Role.ASSIST}, {"answered_at": None}]
)
def test_progress_is_asked_only_of_who_signed_and_said_nothing_more(changes: dict[str, object]) -> None:
    assert day("06-27", **{**SIGNED, **changes}) == {}


def test_progress_is_not_asked_of_what_has_no_day() -> None:
    assert day("06-27", **{**SIGNED, "due": None}) == {}


def test_a_chase_of_the_day_takes_the_place_of_asking_for_progress() -> None:
    told = day("06-27", **SIGNED, asked_at=moment("06-24 09:12"))
    assert told == {"chase-1": (TOLD, Reason.NO_RECEIPT), "progress_query": (False, Reason.SUPERSEDED)}


# ---------------------------------------------------------------- what never ends

ONGOING = {"kind": DeadlineKind.ONGOING, "due": None}


def test_what_never_ends_is_asked_about_four_times_a_year() -> None:
    step = only("06-20 09:11", "06-20 09:12", **ONGOING)
    assert (step.rule, step.kind, step.told, step.reason, step.occurrence, step.days) == (
        "checkin", NoticeKind.CHECKIN, TOLD, Reason.PERIOD, "2022-06-20", None,
    )  # fmt: skip
    assert look("06-20 09:12", "06-20 10:00", **ONGOING).next_at == moment("09-20 09:12")
    assert look("12-20 09:12", "12-20 10:00", **ONGOING).next_at == moment("2023-03-20 09:12")


def test_a_check_in_of_a_day_off_waits_for_the_workday_after() -> None:
    assert look("03-18 09:12", "03-18 10:00", **ONGOING).next_at == moment("03-21 09:12")  # the 20th is a Sunday
    assert only("03-20 09:12", "03-21 10:00", **ONGOING).occurrence == "2022-03-20"


def test_after_an_outage_only_the_latest_check_in_is_asked_for() -> None:
    planned = look("03-21 09:12", "2023-03-22 10:00", **ONGOING)
    assert [(step.occurrence, step.told, step.reason) for step in planned.steps] == [
        ("2022-06-20", False, Reason.SUPERSEDED), ("2022-09-20", False, Reason.SUPERSEDED),
        ("2022-12-20", False, Reason.SUPERSEDED), ("2023-03-20", TOLD, Reason.PERIOD),
    ]  # fmt: skip


def test_a_duty_with_a_day_or_of_another_kind_has_no_check_ins() -> None:
    assert day("06-20", kind=DeadlineKind.ONGOING, due=date(2022, 9, 30)) == {}
    assert day("06-20", kind=DeadlineKind.EVENT, due=None) == {}


# ---------------------------------------------------------------- when nothing is said, and when to look again


@pytest.mark.parametrize(
    "changes",
    [{"state": State.REPORTED}, {"state": State.CLOSED}, {"state": State.SUSPENDED}, {"decision_pending": True},
     {"on_hold": True}],
)  # fmt: skip
def test_what_waits_for_somebody_else_is_not_planned_and_nothing_is_used_up(changes: dict[str, object]) -> None:
    assert look("06-22 09:12", "06-23 09:12", **changes) == Plan((), None, moment("06-22 09:12"))


def test_outside_office_hours_everything_waits_for_the_chats_minute() -> None:
    for now, opens in (("06-23 09:11", "06-23 09:12"), ("06-23 18:00", "06-24 09:12"), ("06-25 12:00", "06-27 09:12")):
        assert look("06-22 09:12", now) == Plan((), moment(opens), moment("06-22 09:12"))


def test_the_next_look_is_at_the_next_thing_that_falls_due() -> None:
    assert look("06-20 09:12", "06-20 10:00").next_at == moment("06-23 09:12")
    assert look("06-30 09:12", "06-30 10:00").next_at == moment("07-01 09:12")
    assert look("07-21 09:12", "07-21 10:00").next_at is None
    assert look("06-20 09:12", "06-20 10:00").planned_until == moment("06-20 10:00")


@pytest.mark.parametrize(
    ("now", "opens", "turn", "morning"),
    [
        ("06-23 08:00", "06-23 09:12", "06-24 09:12", "06-23 08:33"),
        ("06-23 08:33", "06-23 09:12", "06-24 09:12", "06-24 08:33"),
        ("06-23 09:12", "06-23 09:12", "06-24 09:12", "06-24 08:33"),
        ("06-23 17:59", "06-23 17:59", "06-24 09:12", "06-24 08:33"),
        ("06-24 18:00", "06-27 09:12", "06-27 09:12", "06-27 08:33"),
        ("06-25 08:00", "06-27 09:12", "06-27 09:12", "06-27 08:33"),
        ("06-02 19:00", "06-06 09:12", "06-06 09:12", "06-06 08:33"),
    ],
)  # fmt: skip
def test_a_chat_opens_at_its_minute_of_a_workday(now: str, opens: str, turn: str, morning: str) -> None:
    at = moment(now)
    assert next_open(at, POLICY, WORKDAYS, PLACE) == moment(opens)
    assert next_turn(at, POLICY, WORKDAYS, PLACE) == moment(turn)
    assert next_morning(at, POLICY, WORKDAYS, PLACE) == moment(morning)
    assert is_open(at, POLICY, WORKDAYS, PLACE) == (now == opens)


def test_a_chat_without_a_minute_of_its_own_opens_with_the_office() -> None:
    early = Place(ZONE, 0)
    assert next_open(moment("06-23 00:00"), POLICY, WORKDAYS, early) == moment("06-23 08:30")
    assert next_open(moment("06-23 08:30"), POLICY, WORKDAYS, early) == moment("06-23 08:30")
    assert instant(date(2022, 6, 23), PLACE) == datetime(2022, 6, 23, 1, 12, tzinfo=UTC)
    full = Place(ZONE, 9 * 60)
    assert (
        instant(date(2022, 6, 23), full)
        == next_open(moment("06-23 08:00"), POLICY, WORKDAYS, full)
        == moment("06-23 09:00")
    )


def test_the_morning_is_over_when_the_last_chat_has_had_its_minute() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    over = end_of_morning(date(2025, 3, 3), POLICY, zone).astimezone(zone)
    assert datetime.combine(date(2025, 3, 3), POLICY.spread_to, zone) < over < datetime(2025, 3, 3, 12, tzinfo=zone)


def test_chats_are_spread_over_the_whole_morning_but_never_on_the_hour_or_its_half() -> None:
    minutes = {spread(f"chat-{number}", POLICY) for number in range(4000)}
    crowded = {9 * 60, 9 * 60 + 30, 10 * 60}
    assert minutes == set(range(8 * 60 + 31, 10 * 60 + 30)) - crowded


def test_where_the_policy_leaves_only_a_crowded_minute_that_one_is_taken() -> None:
    narrow = replace(POLICY, spread_from=time(9, 0), spread_to=time(9, 0))
    assert spread("chat", narrow) == 9 * 60


# ---------------------------------------------------------------- gravity, the cap, waits


def test_the_gravest_kind_of_a_bundle_comes_first_and_what_is_no_rung_weighs_nothing() -> None:
    ladder = ["summary", "slip", "checkin", "reminder", "receipt_chase", "progress_query", "overdue", "supervision",
              "bulletin", "summons"]  # fmt: skip
    assert sorted(sorted(ladder), key=lambda kind: gravity(NoticeKind(kind))) == ladder
    assert gravity(NoticeKind.SUMMARY) == 0
    assert gravity(NoticeKind.REPLY) == -1


@pytest.mark.parametrize(
    ("kind", "told_today", "waits"),
    [(NoticeKind.REMINDER, 2, False), (NoticeKind.REMINDER, 3, True), (NoticeKind.REMINDER, 4, True), (NoticeKind.SLIP, 3, True),
     (NoticeKind.OVERDUE, 3, True), (NoticeKind.SUPERVISION, 3, False), (NoticeKind.BULLETIN, 9, False)],
)  # fmt: skip
def test_a_chat_hears_three_automatic_messages_a_day_and_escalations_above_the_first_beside_them(
    kind: NoticeKind, told_today: int, waits: bool
) -> None:
    assert over_cap(kind, told_today, POLICY.daily_cap) is waits


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 30), (1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (13, 3600), (10**6, 3600)]
)
def test_waits_double_up_to_an_hour_and_are_spread_by_an_eighth_to_both_sides(tries: int, seconds: int) -> None:
    waits = [backoff(tries, str(key)).total_seconds() / seconds for key in range(300)]
    assert 0.875 <= min(waits) < 0.9
    assert 1.1 < max(waits) <= 1.125
    assert backoff(tries, "a") != backoff(tries, "b")


# ---------------------------------------------------------------- the policy

BOUNDS = {
    # key: the lowest and the highest value that it may have
    "reminders.receipt_from": (0, 366), "receipts.chase_every": (1, 30), "receipts.chases": (0, 20),
    "progress.yellow_days": (0, 366), "progress.silent_workdays": (1, 100), "progress.checkin_day": (1, 28),
    "limits.daily_cap": (1, 100), "limits.retry_hours": (1, 720), "limits.undo_minutes": (0, 1440),
    "broadcasts.receipt_hours": (1, 720), "broadcasts.chase_minutes": (1, 1440), "broadcasts.urgent_minutes": (1, 1440),
    "broadcasts.urgent_rounds": (0, 20),
}  # fmt: skip


def changed(key: str, value: object) -> str:
    section, name = key.split(".")
    return f"[{section}]\n{name} = {value}"


@pytest.mark.parametrize(("key", "bounds"), BOUNDS.items())
def test_a_number_of_the_policy_lies_between_its_bounds(key: str, bounds: tuple[int, int]) -> None:
    name = key.split(".")[1]
    for value in bounds:
        assert getattr(parse_policy(changed(key, value), default_policy()), name) == value
    for wrong in (bounds[0] - 1, bounds[1] + 1, "true", '"7"', 1.5):
        with pytest.raises(PolicyError, match=key):
            parse_policy(changed(key, wrong), default_policy())


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [("reminders.days_before", "[0, 366, 7, 7]", (366, 7, 0)), ("progress.checkin_months", "[12, 1]", (12, 1))],
)
def test_a_list_of_the_policy_is_kept_in_order_and_once(key: str, value: str, kept: tuple[int, ...]) -> None:
    assert getattr(parse_policy(changed(key, value), default_policy()), key.split(".")[1]) == kept


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("reminders.days_before", "[-1]"), ("reminders.days_before", "[367]"), ("reminders.days_before", "[]"),
     ("reminders.days_before", "7"), ("progress.checkin_months", "[0]"), ("progress.checkin_months", "[13]"),
     ("hours.opens", '"08:30"'), ("people.office", "7"), ("people.named_contacts_only", "1"), ("people.signers", '"leader"'),
     ("people.signers", "[7]"), ("people.signers", "[]"), ("ladder.summons", "251"), ("ladder.overdue", "0"),
     ("hours.moon", "1"), ("moon.opens", "1")],
)  # fmt: skip
def test_what_the_policy_cannot_mean_is_refused_by_its_key(key: str, wrong: str) -> None:
    with pytest.raises(PolicyError, match=key):
        parse_policy(changed(key, wrong), default_policy())


@pytest.mark.parametrize("rung", ["overdue", "supervision", "bulletin", "summons"])
def test_the_rungs_of_the_ladder_come_one_after_the_other(rung: str) -> None:
    policy = parse_policy("[ladder]\noverdue = 1\nsupervision = 2\nbulletin = 3\nsummons = 250", default_policy())
    assert [policy.workdays_until(NoticeKind(name)) for name in ("overdue", "supervision", "bulletin", "summons")] == [
        1, 2, 3, 250,
    ]  # fmt: skip
    for value in {1, 250} - {policy.workdays_until(NoticeKind(rung))}:
        if (rung, value) not in (("overdue", 1), ("summons", 250)):
            with pytest.raises(PolicyError, match="逐级推迟"):
                parse_policy(changed(f"ladder.{rung}", value), default_policy())
    for value in (0, 251):
        with pytest.raises(PolicyError, match=f"ladder.{rung} 不对"):
            parse_policy(changed(f"ladder.{rung}", value), default_policy())


HOURS = "[hours]\nopens = {}\nspread_from = {}\nspread_to = {}\ncloses = {}"


@pytest.mark.parametrize(
    ("hours", "fits"),
    [("09:00:00 09:00:00 09:00:00 09:01:00", True), ("09:01:00 09:00:00 09:30:00 18:00:00", False),
     ("08:00:00 09:31:00 09:30:00 18:00:00", False), ("08:00:00 09:00:00 18:00:00 18:00:00", False)],
)  # fmt: skip
def test_the_morning_window_lies_within_the_office_hours(hours: str, fits: bool) -> None:
    text = HOURS.format(*hours.split())
    if fits:
        assert parse_policy(text, default_policy()).closes == time(9, 1)
    else:
        with pytest.raises(PolicyError, match="hours"):
            parse_policy(text, default_policy())


def test_the_first_ceiling_that_fits_a_unit_decides() -> None:
    told = '[[ceiling]]\nunit = "省委*"\nhighest = "{}"\n[[ceiling]]\nunit = "省*"\nhighest = "{}"'
    for highest in ("slip", "reminder", "overdue", "supervision", "bulletin", "summons"):
        policy = parse_policy(told.format(highest, "slip"), default_policy())
        assert policy.ceiling_for("省委宣传部") is NoticeKind(highest)
    assert policy.ceiling_for("省公安厅") is NoticeKind.SLIP
    assert policy.ceiling_for("市公安局") is None
    for wrong in ('ceiling = "x"', "ceiling = [7]", '[[ceiling]]\nunit = 7\nhighest = "slip"', '[[ceiling]]\nunit = "x"',
                  '[[ceiling]]\nunit = "x"\nhighest = "digest"'):  # fmt: skip
        with pytest.raises(PolicyError, match="ceiling"):
            parse_policy(wrong, default_policy())


def test_a_signer_is_named_by_rank_or_by_name() -> None:
    from db.words import Rank

    policy = replace(POLICY, signers=("leader", "王主任"))
    assert policy.may_sign("李四", [Rank.CONTACT, Rank.LEADER])
    assert policy.may_sign("王主任", [])
    assert not policy.may_sign("李四", [Rank.COORDINATOR])


def test_policies_that_say_the_same_are_the_same() -> None:
    assert parse_policy(default_policy()).digest == POLICY.digest
    assert parse_policy(changed("limits.daily_cap", 3), default_policy()).digest == POLICY.digest
    for key, value in (("limits.daily_cap", 4), ("hours.digest_at", "08:34:00"), ("people.signers", '["x"]')):
        assert parse_policy(changed(key, value), default_policy()).digest != POLICY.digest


def test_a_policy_of_its_own_must_be_whole() -> None:
    with pytest.raises(PolicyError, match="缺少 hours"):
        parse_policy("")
    assert parse_policy(default_policy()).ceilings == ()
    with pytest.raises(PolicyError, match="TOML"):
        parse_policy("hours = [")
    with pytest.raises(PolicyError, match="moon"):
        parse_policy("moon = 1", default_policy())


def test_days_are_those_of_the_campaigns_zone() -> None:
    """Half past midnight in Shanghai is still the day before in UTC; a receipt asked for then counts from the 23rd."""
    asked = {"asked_at": moment("06-23 00:30"), "due": date(2022, 7, 29)}
    assert day("06-23", **asked) == {}
    assert day("06-24", **asked) == {"chase-1": (TOLD, Reason.NO_RECEIPT)}
