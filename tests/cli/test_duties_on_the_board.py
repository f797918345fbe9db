"""值班 on the board: who is on duty by day, where too few are, changed by a form with the rights that the chat has."""

from datetime import date

import pytest
from sqlmodel import select

from db.models import Duty
from jobs.desk import default_policy
from jobs.planning.policy import parse_policy
from tests.cli.test_acting_on_the_board import answer_in
from tests.cli.test_entering import CONTACT, COORDINATOR, LEADER, Office
from tests.cli.test_pages_of_the_board import number_of, words
from tests.cli.test_rounds_on_the_board import EVIL, fills
from tests.harness.story import ECONOMY, EMERGENCY, at

TWO_A_DAY = "[duty]\noffice = 2\nunits = 1\n"


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A Monday morning in an office that wants two on duty each day."""
    made = Office(tmp_path_factory.mktemp("office"))
    made.stage.clock.turn_to(at("2022-06-06 10:00"))
    made.house.desk.policy = parse_policy(TWO_A_DAY, default_policy())
    return made


def kept(office: Office) -> list[tuple[int | None, date, str]]:
    with office.house.store.read() as session:
        found = session.exec(select(Duty).where(Duty.ended_at == None).order_by(Duty.day, Duty.id)).all()  # noqa: E711
        return [(one.unit_id, one.day, one.name) for one in found]


def test_a_coordinator_names_who_is_on_duty_for_some_days_and_gaps_are_shown(office: Office) -> None:
    visitor = office.enters(COORDINATOR)
    told = fills(visitor, "/board/duties", "duty", day="2022-06-07", last="2022-06-08", people="张工、李工")
    assert "本办值班（已记下）" in answer_in(told)
    assert kept(office) == [(None, date(2022, 6, day), name) for day in (7, 8) for name in ("张工", "李工")]
    fills(visitor, "/board/duties", "duty", day="2022-06-08", people="王工")
    page = words(visitor.get("/board/duties").text)
    assert "每天 2 人" in page
    assert "周一 6月6日 今天 没有人 缺2人" in page
    assert "周二 6月7日 张工 李工 周三 6月8日 王工 缺1人" in page


def test_a_part_of_a_day_is_chosen_in_the_form_or_stands_with_the_names_and_who_has_the_rest_stays(
    office: Office,
) -> None:
    visitor = office.enters(COORDINATOR)
    fills(visitor, "/board/duties", "duty", day="2022-06-07", people="张工、李工")
    fills(visitor, "/board/duties", "duty", day="2022-06-07", part="夜班", people="王工、赵工")
    fills(visitor, "/board/duties", "duty", day="2022-06-08", people="上午王工、李工，下午赵工")
    page = words(visitor.get("/board/duties").text)
    assert "周二 6月7日 张工（白班） 李工（白班） 王工（夜班） 赵工（夜班） 周三" in page
    assert "周三 6月8日 王工（上午） 李工（上午） 赵工（下午） 缺1人" in page


def test_two_exchange_their_days_by_a_form_and_where_one_has_no_such_day_nothing_changes(office: Office) -> None:
    visitor, own = office.enters(COORDINATOR), number_of(office, ECONOMY)
    fills(visitor, "/board/duties", "duty", day="2022-06-07", people="张工")
    fills(visitor, "/board/duties", "duty", day="2022-06-09", people="李工")
    days = {"day": "2022-06-07", "day2": "2022-06-09"}
    assert "已记下" in answer_in(fills(visitor, "/board/duties", "swap", who="张工", who2="李工", **days))
    exchanged = [(None, date(2022, 6, 7), "李工"), (None, date(2022, 6, 9), "张工")]
    assert kept(office) == exchanged
    for wrong in (
        {"who": "张工", "who2": "李工"},
        {"who": "赵工", "who2": "张工"},
        {"who": "李工", "who2": " "},
        {"who": EVIL, "who2": "张工"},
    ):
        assert answer_in(fills(visitor, "/board/duties", "swap", **days, **wrong))
        assert kept(office) == exchanged, wrong
    unit = office.enters(CONTACT)
    for day, name in (("2022-06-07", "赵工"), ("2022-06-09", "钱工")):
        fills(unit, f"/board/duties?unit={own}", "duty", day=day, people=name)
    fills(unit, f"/board/duties?unit={own}", "swap", who="赵工", who2="钱工", **days)
    assert [name for whose, _day, name in kept(office) if whose == own] == ["钱工", "赵工"]


def test_a_unit_changes_its_own_roster_and_reads_the_offices(office: Office) -> None:
    own, other = number_of(office, ECONOMY), number_of(office, EMERGENCY)
    fills(office.enters(COORDINATOR), "/board/duties", "duty", day="2022-06-07", people="王工")
    unit = office.enters(CONTACT)
    page = unit.get("/board/duties").text
    assert "王工" in page
    assert 'value="duty"' not in page
    told = fills(unit, f"/board/duties?unit={own}", "duty", day="2022-06-09", people="赵工")
    assert f"{ECONOMY}值班（已记下）" in answer_in(told)
    assert (own, date(2022, 6, 9), "赵工") in kept(office)
    assert unit.get(f"/board/duties?unit={other}").status_code == 404
    token = unit.token(f"/board/duties?unit={own}")
    for data, status in (
        ({"whose": "", "day": "2022-06-07", "people": "赵工"}, 403),
        ({"whose": str(other), "unit": str(own), "day": "2022-06-07", "people": "赵工"}, 303),
        ({"unit": str(other), "day": "2022-06-07", "people": "赵工"}, 403),
    ):
        answer = unit.ask("POST", "/board/act", data=data | {"do": "duty", "token": token})
        assert answer.status_code == status, data
    assert {(whose, name) for whose, _day, name in kept(office)} == {(None, "王工"), (own, "赵工")}


def test_a_unit_that_is_not_there_is_no_choice_of_the_office(office: Office) -> None:
    coordinator = office.enters(COORDINATOR)
    for whose in ("999", "0", "无"):
        told = fills(coordinator, "/board/duties", "duty", whose=whose, day="2022-06-07", people="王工")
        assert "没有办理：没有这个单位，请刷新页面再选。" in answer_in(told), whose
    assert kept(office) == []


def test_a_leader_looks_and_changes_nothing_and_a_stranger_does_not_even_look(office: Office) -> None:
    fills(office.enters(LEADER), "/board/duties", "duty", day="2022-06-07", people="王工")
    assert kept(office) == []
    assert office.visitor().get("/board/duties").status_code == 401
    assert office.enters(COORDINATOR).get("/board/duties?unit=77").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "", "people": "张工"},
        {"day": "2022-06-07", "people": " "},
        {"day": "2022-06-01", "people": "张工"},
        {"day": "2022-06-07", "last": "2022-06-01", "people": "张工"},
        {"day": "2022-06-07", "people": "谁知道呢谁知道呢"},
        {"day": "2022-06-07", "people": EVIL},
    ],
)
def test_what_a_form_says_wrongly_is_told_and_changes_nothing(office: Office, wrong: dict[str, str]) -> None:
    assert answer_in(fills(office.enters(COORDINATOR), "/board/duties", "duty", **wrong))
    assert kept(office) == []
