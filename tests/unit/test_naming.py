"""One office under several names; a register that people correct and that remembers."""

import inspect
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, SQLModel, select

from bot.tools import unit_sheet
from db import register
from db.history import OPERATOR
from db.models import Assignment, Broadcast, BroadcastUnit, Chat, Route, Unit
from db.register import RegisterError, merging
from db.register.likeness import keep_apart, suggestions
from db.register.merging import merge
from db.register.naming import level_of, likeness, same_office
from db.session import MEMORY, Store
from jobs import roster
from jobs.reading.roster import UNIT_HEADINGS
from jobs.sheets import book

NOW = datetime(2022, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("省发改委", "省发展改革委"), ("市发改委", "市发展和改革委员会"), ("省经信厅", "省经济和信息化厅"), ("应急管理局", "市应急管理局"),
        ("徐州市应急管理局", "市应急局"), ("市卫健委", "市卫生健康委员会"), ("县住建局", "县住房城乡建设局"), ("市自然资源和规划局", "市资规局"),
        ("市政府", "市人民政府"), ("市安委办", "市安全生产委员会办公室"), ("市市场监管局", "市市场监督管理局"), ("浙江省公安厅", "省公安厅"),
        ("高新区管委会", "高新区管理委员会"), ("县乡村振兴局", "乡村振兴局"),
    ],
)  # fmt: skip
def test_two_names_of_one_office(one: str, other: str) -> None:
    assert same_office(one, other)
    assert likeness(one, other) == 100


@pytest.mark.parametrize(
    ("one", "other"),
    [("省应急厅", "市应急局"), ("徐州市公安局", "南京市公安局"), ("市委", "市委宣传部"), ("市公安局", "市公安局交警支队"), ("市水利局", "市税务局"),
     ("镇江市公安局", "江市公安局")],
)  # fmt: skip
def test_two_offices_are_two(one: str, other: str) -> None:
    assert not same_office(one, other)


@pytest.mark.parametrize(
    ("name", "level"),
    [("省应急管理厅", "省级"), ("浙江省公安厅", "省级"), ("市应急局", "市级"), ("县应急局", "县级"), ("高新区管委会", "县级"), ("某公司", ""),
     ("市场监管局", ""), ("应急管理部", "国家级")],
)  # fmt: skip
def test_a_name_tells_its_level(name: str, level: str) -> None:
    assert level_of(name) == level


@pytest.fixture
def store() -> Store:
    made = Store(MEMORY)
    made.create_all()
    return made


def names(session: Session) -> set[str]:
    return {unit.name for unit in session.exec(select(Unit))}


def test_an_abbreviation_finds_the_unit_that_is_there(store: Store) -> None:
    with store.write() as session:
        unit = register.ensure_unit(session, "市发展和改革委员会")
        assert register.ensure_unit(session, "市发改委").id == unit.id
        register.ensure_unit(session, "省发改委")
        assert names(session) == {"市发展和改革委员会", "省发改委"}


def test_a_name_that_fits_two_units_finds_none(store: Store) -> None:
    with store.write() as session:
        register.ensure_unit(session, "市公安局")
        register.ensure_unit(session, "县公安局")
        assert register.find_unit(session, "公安局") is None


def test_a_likeness_is_suggested_and_what_a_person_decides_is_remembered(store: Store) -> None:
    with store.write() as session:
        known = register.ensure_unit(session, "市消防救援支队")
        other = register.ensure_unit(session, "市消防支队")
        (found,) = suggestions(session)
        assert (found.unit.name, found.known.name) == ("市消防支队", "市消防救援支队")
        keep_apart(session, other, known)
        assert suggestions(session) == []


def test_merged_names_are_one_unit_from_then_on(store: Store) -> None:
    with store.write() as session:
        known = register.ensure_unit(session, "市消防救援支队")
        merge(session, register.ensure_unit(session, "市消防支队"), known, OPERATOR, NOW)
        assert names(session) == {"市消防救援支队"}
        assert register.ensure_unit(session, "市消防支队").id == known.id
        assert session.exec(select(Assignment)).all() == []
        with pytest.raises(RegisterError, match="就是"):
            merge(session, known, known, OPERATOR, NOW)


def test_what_either_of_two_answered_a_broadcast_is_the_answer_of_the_one(store: Store) -> None:
    with store.write() as session:
        known, doubled = (register.ensure_unit(session, name) for name in ("市水利局", "市水务局"))
        room = Chat(channel="local", external_id="room", title="协调室")
        session.add(room)
        session.flush()
        called = Broadcast(room_id=room.id, who="王协调", audience="全部", created_at=NOW)
        session.add(called)
        session.flush()
        said = {"choice": "已转移", "who": "钱工", "at": NOW.isoformat()}
        session.add(BroadcastUnit(broadcast_id=called.id, unit_id=known.id))
        session.add(
            BroadcastUnit(
                broadcast_id=called.id, unit_id=doubled.id, confirmed_by="钱工", confirmed_at=NOW, answers=[said]
            )
        )
        session.add(Route(unit_id=doubled.id, chat_id=room.id, fallback=True))
        session.flush()
        merge(session, doubled, known, OPERATOR, NOW)
        (receipt,) = session.exec(select(BroadcastUnit)).all()
        assert (receipt.unit_id, receipt.confirmed_by, receipt.answers) == (known.id, "钱工", [said])
        assert [(route.unit_id, route.fallback) for route in session.exec(select(Route))] == [(known.id, True)]


def test_a_merge_thinks_of_every_table_that_speaks_of_a_unit() -> None:
    source = inspect.getsource(merging)
    speaking = {
        mapper.class_.__name__
        for mapper in SQLModel._sa_registry.mappers
        if any(key.column.table.name == "unit" for key in mapper.local_table.foreign_keys)
    }
    assert len(speaking) > 10
    assert {name for name in speaking if name not in source} == set()


def test_a_former_name_means_the_office_that_took_over(store: Store) -> None:
    with store.write() as session:
        now = register.ensure_unit(session, "省应急管理厅")
        register.add_alias(session, now, "省安全生产监督管理局", former=True)
        assert register.ensure_unit(session, "省安全生产监督管理局").id == now.id
        assert register.aliases(session, now) == []
        assert register.aliases(session, now, former=True) == ["省安全生产监督管理局"]


def test_the_register_goes_out_as_a_sheet_and_comes_back_filled_in(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "units.xlsx"
    with store.write() as session:
        register.ensure_unit(session, "市应急管理局")
        register.ensure_unit(session, "市公安局")
        path.write_bytes(roster.book(session))
        again = roster.apply(session, unit_sheet.read(path), OPERATOR, NOW)
        assert (again.new, again.names, again.members, again.refused) == ([], [], [], [])
        rows = [
            ("市应急管理局", "市级", "安监局", "市安监局", ""),
            ("各县区政府", "县级", "", "", "甲县政府、乙区政府"),
            ("市公安局", "", "安监局", "", ""),
        ]
        path.write_bytes(book("单位", UNIT_HEADINGS, rows, (1, 1, 1, 1, 1)))
        done = roster.apply(session, unit_sheet.read(path), OPERATOR, NOW)
        assert len(done.new) == 3
        assert (len(done.names), sum(len(names) for _unit, names in done.members)) == (2, 2)
        assert done.refused == ["单位名录第4行：“安监局”已是市应急管理局的名称，不能再指市公安局"]
        assert register.find_unit(session, "市安监局") is not None


def test_a_sheet_without_its_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(book("别的", ("甲", "乙"), [("一", "二")], (1, 1)))
    with pytest.raises(RegisterError, match="没有“单位”一栏"):
        unit_sheet.read(path)
