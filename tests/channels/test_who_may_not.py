"""What a discipline refuses, on each service: who may not is told so in a line, and nothing is changed."""

from sqlmodel import select

from db import ledger
from db.ledger import Which
from db.models import Duty, Problem, Round, SpotCheck
from db.words import EVERY, State
from tests.channels.test_verification import LEVELS, begun
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess
from tests.stories.test_expiries import licence


def two_groups(world: InProcess, *tasks: object) -> tuple[Group, Group, Group]:
    room = world.room()
    groups = [world.group(f"{unit}工作群", bound_to=(unit,)) for unit in (ECONOMY, EMERGENCY)]
    world.begins("2022-06-06 10:00", *(tasks or (task(1, "2022-06-13"), task(2, "2022-12-30", lead=(EMERGENCY,)))))  # type: ignore[arg-type]
    world.takes_silently()
    return room, groups[0], groups[1]


def test_a_unit_opens_no_round_and_closes_none(world: InProcess) -> None:
    room, group, _other = two_groups(world)
    asks = "6月10日前报送危化专项进展，发黄灯以上单位"
    group.says(f"/round@{BOT_NAME} {asks}")
    with world.store.read() as session:
        assert session.exec(select(Round)).all() == []
    world.takes_silently()
    room.says(f"/round@{BOT_NAME} {asks}", who="王协调")
    preview = room.hears("【调度预览】")
    group.presses(preview, "确认发出")
    with world.store.read() as session:
        assert session.exec(select(Round)).one().opened_at is None
    room.presses(preview, "确认发出", who="王协调")
    world.takes_silently()
    group.says(f"/close_round@{BOT_NAME}")
    with world.store.read() as session:
        assert session.exec(select(Round)).one().closed_at is None
    world.silent = True


def test_a_unit_says_nothing_of_anothers_roster(world: InProcess) -> None:
    _room, group, _other = two_groups(world)
    group.says(f"/duty@{BOT_NAME} {EMERGENCY}明天王工值班")
    with world.store.read() as session:
        assert {one.unit_id for one in session.exec(select(Duty))} <= {ledger_unit(world, ECONOMY)}
    world.silent = True


def ledger_unit(world: InProcess, name: str) -> int:
    with world.store.read() as session:
        return next(one.unit.id for one in ledger.lines(session, Which(EVERY)) if one.unit.name == name)


def test_who_reported_does_not_check_themselves_nor_does_another_unit(world: InProcess) -> None:
    _room, lead, unit = begun(
        world, LEVELS, task(1, "2022-07-29", lead=(ECONOMY,), responsible=(EMERGENCY,)), groups=(ECONOMY, EMERGENCY)
    )
    unit.says("A-1 办结", who="张工", reply=unit.hears("交办通知"))
    asked = unit.said("待自查")
    world.takes_silently()
    unit.presses(asked, "自查通过", who="张工")
    lead.presses(asked, "自查通过", who="孙科")
    assert world.line(1, EMERGENCY).assignment.level is not None
    assert world.line(1, EMERGENCY).assignment.level.zh == "自查"
    world.silent = True


def test_a_unit_neither_draws_nor_judges_a_spot_check(world: InProcess) -> None:
    room, group, _other = two_groups(world)
    group.says("A-1 办结", reply=group.said("交办通知"))
    world.until("2022-06-06 10:10")
    world.takes_silently()
    room.says(f"/verify@{BOT_NAME} 1", who="王协调")
    group.says(f"/spot_check@{BOT_NAME} A 100%")
    with world.store.read() as session:
        assert session.exec(select(SpotCheck)).all() == []
    world.takes_silently()
    room.says(f"/spot_check@{BOT_NAME} A 100%", who="王协调")
    listed = room.hears("抽中1项")
    room.presses(listed, "A-1", who="王协调")
    one = room.hears("〔A-1〕")
    group.presses(one, "不属实（重开）")
    group.presses(one, "属实")
    assert world.line(1).assignment.state is State.CLOSED
    world.silent = True


def test_a_unit_records_no_problem_and_takes_no_measure_of_anothers(world: InProcess) -> None:
    room, group, other = two_groups(world)
    sentence = f"A罐区围堰开裂，{EMERGENCY}，7月15日前整改"
    group.says(f"/problem@{BOT_NAME} {sentence}")
    with world.store.read() as session:
        assert session.exec(select(Problem)).all() == []
    world.takes_silently()
    room.says(f"/problem@{BOT_NAME} {sentence}", who="王协调")
    room.presses(room.hears("待登记问题"), "交办", who="王协调")
    world.takes_silently()
    group.says(f"/measure@{BOT_NAME} B-1 我们来修")
    with world.store.read() as session:
        (line,) = ledger.lines(session, Which(EVERY, problems=True))
        assert line.assignment.state is State.PENDING
    assert other.room.id
    world.silent = True


def test_a_unit_renews_nothing_of_anothers(world: InProcess) -> None:
    _room, _group, other = two_groups(
        world,
        licence(1, acts=[("2022-09-30", "提出延续申请"), ("2022-12-31", "到期前办结")]),
        task(2, "2022-12-30", lead=(EMERGENCY,)),
    )
    other.says("A-1.2 已换证，新有效期至2026年7月1日", who="钱工")
    assert world.line(1).assignment.state is State.PENDING
    world.silent = True
