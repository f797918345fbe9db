"""记分: what the record says of an assignment, as points."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db.words import Action, ScoreKind, State
from db.workdays import china
from jobs.desk import default_policy
from jobs.planning.policy import PolicyError, parse_policy
from jobs.scoring.points import Fact, Point, Subject, points, total, written

WEIGHTS = parse_policy(default_policy()).weights
JULY = date(2022, 7, 1), date(2022, 7, 31)
BORN, DUE = date(2022, 6, 1), date(2022, 7, 8)


def on(day: int, month: int = 7) -> date:
    return date(2022, month, day)


def fact(day: date, action: Action, state: State, due: date | None = DUE, entry: int = 1) -> Fact:
    return Fact(entry, day, action, state, due)


def subject(*facts: Fact, chased: tuple[tuple[date, int], ...] = (), rests: tuple[tuple[date, date], ...] = (),
            due: date | None = DUE) -> Subject:  # fmt: skip
    return Subject(7, BORN, State.PENDING, due, facts, chased, rests)


def scored(one: Subject, first: date = JULY[0], last: date = JULY[1]) -> tuple[Point, ...]:
    return points(one, first, last, WEIGHTS, china().is_workday)


def told(one: Subject) -> list[tuple[str, int]]:
    return [(str(point.kind), point.tenths) for point in scored(one)]


def done(day: date, verified: date, due: date = DUE) -> tuple[Fact, Fact]:
    return (
        fact(day, Action.REPORT, State.REPORTED, due),
        fact(verified, Action.VERIFY, State.CLOSED, due, entry=2),
    )


def test_whoever_reports_on_the_last_day_was_in_time_whenever_it_is_verified() -> None:
    assert scored(subject(*done(DUE, on(20)))) == (Point(7, ScoreKind.ON_TIME, on(20), 10, entry=2),)


def test_a_day_over_the_deadline_is_a_workday_at_whose_end_nothing_was_reported() -> None:
    """8 July is a Friday: the weekend counts nothing, and the day of the report itself no more."""
    assert scored(subject(*done(on(13), on(20)))) == (Point(7, ScoreKind.LATE, on(12), -2, days=2),)


def test_what_waits_for_verification_is_not_late_and_is_again_when_it_is_returned() -> None:
    returned = fact(on(13), Action.RETURN, State.IN_PROGRESS, entry=3)
    one = subject(fact(DUE, Action.REPORT, State.REPORTED), returned, *done(on(15), on(18)))
    assert told(one) == [("returned", -10), ("late", -2)]


def test_lateness_of_one_assignment_costs_a_month_so_much_at_most() -> None:
    assert told(subject(due=on(1, 6) + timedelta(days=1))) == [("late", -20)]


def test_what_was_opened_again_is_late_from_the_day_that_it_owes_now_and_as_late_before_as_it_was() -> None:
    """Done in time by 8 July and opened again on 20 July: the 21st is the first late day. What was late before stays late."""
    opened = fact(on(20), Action.REOPEN, State.IN_PROGRESS, on(20), entry=3)
    [late] = [one for one in scored(subject(*done(DUE, on(11)), opened), last=on(22)) if one.kind is ScoreKind.LATE]
    assert late.days == 2
    again = fact(on(20), Action.REOPEN, State.IN_PROGRESS, on(29), entry=3)
    assert told(subject(*done(on(13), on(15)), again)) == [("late", -2)]


def test_each_month_has_its_own_days() -> None:
    one = subject(due=on(28))
    assert [point.days for point in scored(one)] == [1]
    assert [point.days for point in scored(one, on(1, 8), on(5, 8))] == [5]


def test_nothing_was_late_before_it_was_given_out_nor_while_its_campaign_rested() -> None:
    old = Subject(7, on(13), State.PENDING, on(1, 3))
    assert [point.days for point in scored(old, last=on(15))] == [2]
    assert [point.days for point in scored(subject(rests=((on(11), on(12)),)), last=on(14))] == [2]


def test_more_time_asked_for_before_the_deadline_counts_from_then() -> None:
    later = on(15)
    one = subject(
        fact(DUE, Action.REQUEST_EXTENSION, State.IN_PROGRESS),
        fact(on(14), Action.GRANT, State.IN_PROGRESS, later, entry=9),
        *done(later, on(20), later),
    )
    assert told(one) == [("on_time", 10)]


def test_more_time_asked_for_too_late_leaves_the_days_until_it_was_granted() -> None:
    later = on(15)
    one = subject(
        fact(on(11), Action.REQUEST_EXTENSION, State.IN_PROGRESS),
        fact(on(14), Action.GRANT, State.IN_PROGRESS, later, entry=9),
        *done(later, on(20), later),
    )
    assert told(one) == [("late", -3), ("on_time", 10)]


def test_whoever_was_told_a_wrong_day_was_not_late_by_it() -> None:
    assert told(subject(fact(on(20), Action.CORRECT, State.PENDING, on(22)), *done(on(22), on(25), on(22)))) == [
        ("on_time", 10)
    ]


def test_a_correction_to_an_earlier_day_makes_nobody_late_before_it_was_made() -> None:
    one = subject(fact(on(20), Action.CORRECT, State.PENDING, on(1)), due=on(29))
    assert [(point.day, point.days) for point in scored(one, last=on(21))] == [(on(21), 2)]


def test_an_answer_that_had_to_be_chased_counts_once_however_often() -> None:
    one = subject(*done(DUE, on(20)), chased=((on(5), 31), (on(4), 30)))
    assert scored(one)[0] == Point(7, ScoreKind.RECEIPT_LATE, on(4), -5, notice=30)
    assert [point.kind for point in scored(one)].count(ScoreKind.RECEIPT_LATE) == 1


def test_what_is_asked_again_after_the_first_answer_is_no_late_receipt() -> None:
    one = subject(fact(on(4), Action.ACKNOWLEDGE, State.ACKNOWLEDGED), *done(DUE, on(20)), chased=((on(6), 31),))
    assert told(one) == [("on_time", 10)]


def test_whoever_says_who_sees_to_it_has_answered() -> None:
    one = subject(fact(on(4), Action.NOTE, State.ACKNOWLEDGED), *done(DUE, on(20)), chased=((on(6), 31),))
    assert told(one) == [("on_time", 10)]


def test_a_reward_for_answering_unasked_is_given_once_where_the_policy_has_one() -> None:
    one = subject(fact(on(4), Action.ACKNOWLEDGE, State.ACKNOWLEDGED, entry=5), *done(DUE, on(20)))
    assert [
        point
        for point in points(one, *JULY, WEIGHTS._replace(receipt=2), china().is_workday)
        if point.kind is ScoreKind.RECEIPT
    ] == [Point(7, ScoreKind.RECEIPT, on(4), 2, entry=5)]


def test_what_was_taken_back_or_opened_again_counts_nothing() -> None:
    undone = subject(
        fact(on(6), Action.REPORT, State.REPORTED), fact(on(6), Action.UNDO, State.PENDING), *done(on(11), on(12))
    )
    assert told(undone) == []
    reopened = subject(*done(DUE, on(11)), fact(on(12), Action.REOPEN, State.IN_PROGRESS, entry=4))
    assert told(reopened) == [("late", -14)]


def test_each_return_and_each_extension_has_its_own_row() -> None:
    weights = WEIGHTS._replace(extended=-2)
    one = subject(
        fact(on(4), Action.RETURN, State.IN_PROGRESS, entry=1),
        fact(on(5), Action.RETURN, State.IN_PROGRESS, entry=2),
        fact(on(6), Action.REQUEST_EXTENSION, State.IN_PROGRESS, entry=3),
        fact(on(7), Action.GRANT, State.IN_PROGRESS, on(31), entry=4),
    )
    found = points(one, *JULY, weights, china().is_workday)
    assert [(point.kind, point.entry) for point in found] == [
        (ScoreKind.RETURNED, 1), (ScoreKind.RETURNED, 2), (ScoreKind.EXTENDED, 4),
    ]  # fmt: skip
    assert total(found) == -22


def test_what_has_no_deadline_is_neither_late_nor_in_time() -> None:
    facts = (fact(DUE, Action.REPORT, State.REPORTED, None), fact(on(20), Action.VERIFY, State.CLOSED, None))
    assert told(subject(*facts, due=None)) == []


@pytest.mark.parametrize(("tenths", "words"), [(10, "+1"), (-5, "−0.5"), (0, "0"), (23, "+2.3"), (-120, "−12")])
def test_a_score_is_written_as_people_write_it(tenths: int, words: str) -> None:
    assert written(tenths) == words


@pytest.mark.parametrize("wrong", ["0.25", "101", '"1"', "true"])
def test_weights_have_one_decimal_at_most(wrong: str) -> None:
    with pytest.raises(PolicyError, match=r"score\.on_time"):
        parse_policy(f"[score]\non_time = {wrong}", default_policy())


def test_what_a_spot_check_found_untrue_costs_its_weight_and_is_not_done_in_time_any_more() -> None:
    opened = fact(on(25), Action.REOPEN, State.IN_PROGRESS, entry=3)
    untrue = Fact(4, on(25), None, State.IN_PROGRESS, DUE, untrue=True)
    assert Point(7, ScoreKind.UNTRUE, on(25), -20, entry=4) in scored(subject(*done(DUE, on(20)), opened, untrue))
    assert ScoreKind.ON_TIME not in {point.kind for point in scored(subject(*done(DUE, on(20)), opened, untrue))}
    weights = WEIGHTS._replace(untrue=0)
    found = points(subject(untrue), *JULY, weights, china().is_workday)
    assert ScoreKind.UNTRUE not in {point.kind for point in found}


@pytest.mark.parametrize(
    ("first_told", "days"), [(date.min, 5), (on(12), 3), (date.max, 0)], ids=["from the start", "on the 12th", "never"]
)
def test_a_unit_is_late_from_the_day_after_it_was_first_told(first_told: date, days: int) -> None:
    one = replace(subject(), told=first_told)
    assert sum(point.days for point in scored(one, last=on(15))) == days


def test_who_spoke_of_it_knew_of_it_though_no_message_reached_them() -> None:
    one = replace(subject(fact(on(1), Action.PROGRESS, State.IN_PROGRESS)), told=date.max)
    assert [point.days for point in scored(one, last=on(15)) if point.kind is ScoreKind.LATE] == [5]
