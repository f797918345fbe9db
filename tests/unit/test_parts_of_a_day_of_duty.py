"""值班 by parts of a day, 上午, 白班, 夜班: what a sentence and a sheet say of it, who is lacking, and who is on duty at a moment."""

from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from db import register
from db.models import Duty
from db.session import Store
from db.words import ChatRole, DayPart
from jobs.desk import Desk
from jobs.duties import calling, keeping
from jobs.duties.in_parts import read
from jobs.duties.said import Said, What
from jobs.duties.sheet_days import of_cells
from jobs.reading import duty_sheet
from jobs.sheets import book
from tests.harness.story import at

MONDAY = date(2022, 6, 20)
TUESDAY, WEDNESDAY, SATURDAY, SUNDAY = (date(2022, 6, day) for day in (21, 22, 25, 26))
MORNING, AFTERNOON, DAY, NIGHT, WHOLE = (
    DayPart.MORNING, DayPart.AFTERNOON, DayPart.DAY, DayPart.NIGHT, DayPart.WHOLE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("明天上午王工，下午李工值班", Said(What.SET, (TUESDAY,), ("王工", "李工"), (), (MORNING, AFTERNOON))),
        ("明天白班王工、夜班李工", Said(What.SET, (TUESDAY,), ("王工", "李工"), (), (DAY, NIGHT))),
        ("明天王工值白班，李工值夜班", Said(What.SET, (TUESDAY,), ("王工", "李工"), (), (DAY, NIGHT))),
        ("明天由王工值上午班，李工值下午班", Said(What.SET, (TUESDAY,), ("王工", "李工"), (), (MORNING, AFTERNOON))),
        ("明天上午王工值班，夜间王工值班", Said(What.SET, (TUESDAY,), ("王工",), (), (MORNING | NIGHT,))),
        ("明天上午王工13800138000，下午李明值班", Said(What.SET, (TUESDAY,), ("王工", "李明"), (("王工", "13800138000"),), (MORNING, AFTERNOON))),
        ("周六白班王工、李工，夜班赵工", Said(What.SET, (SATURDAY,), ("王工", "李工", "赵工"), (), (DAY, DAY, NIGHT))),
        ("周末白天王工晚上李工值班", Said(What.SET, (SATURDAY, SUNDAY), ("王工", "李工"), (), (DAY, NIGHT))),
        ("今晚王工值班", Said(What.SET, (MONDAY,), ("王工",), (), (NIGHT,))),
        ("明晚由李明值班", Said(What.SET, (TUESDAY,), ("李明",), (), (NIGHT,))),
        ("周六晚王工值班", Said(What.SET, (SATURDAY,), ("王工",), (), (NIGHT,))),
        ("6月25日晚上王工值班", Said(What.SET, (SATURDAY,), ("王工",), (), (NIGHT,))),
        ("王工明天上午值班", Said(What.SET, (TUESDAY,), ("王工",), (), (MORNING,))),
        ("明天24小时王工值班", Said(What.SET, (TUESDAY,), ("王工",), (), (WHOLE,))),
        ("明天上午王工改由李工值班", Said(What.REPLACE, (TUESDAY,), ("王工", "李工"), (), (MORNING, MORNING))),
        ("明天夜班王工换成李工", Said(What.REPLACE, (TUESDAY,), ("王工", "李工"), (), (NIGHT, NIGHT))),
        ("取消明天上午的值班", Said(What.CLEAR, (TUESDAY,), (), (), (MORNING,))),
        ("取消王工明天夜班", Said(What.CLEAR, (TUESDAY,), ("王工",), (), (NIGHT,))),
        ("今晚谁值班？", Said(What.ASK, (MONDAY,), (), (), (NIGHT,))),
        ("明天上午王工，下午李工值班吗？", Said(What.ASK, (TUESDAY,))),
        ("周末王工、李工轮流值夜班", Said(What.EACH, (SATURDAY, SUNDAY), ("王工", "李工"), (), (NIGHT, NIGHT))),
        ("今晚王工，明晚李工值班", Said(What.EACH, (MONDAY, TUESDAY), ("王工", "李工"), (), (NIGHT, NIGHT))),
        ("周六白班王工、夜班李工，周日白班赵工、夜班钱工", Said(What.EACH, (SATURDAY, SATURDAY, SUNDAY, SUNDAY), ("王工", "李工", "赵工", "钱工"), (), (DAY, NIGHT, DAY, NIGHT))),
        ("明天王工、李工值班", Said(What.SET, (TUESDAY,), ("王工", "李工"))),
        ("明天王工值白班，李工也值白班", Said(What.SET, (TUESDAY,), ("王工", "李工"), (), (DAY, DAY))),
        ("明早王工值班", Said(What.SET, (TUESDAY,), ("王工",), (), (MORNING,))),
        ("明早上王工值班", Said(What.SET, (TUESDAY,), ("王工",), (), (MORNING,))),
        ("明早班王工", Said(What.SET, (TUESDAY,), ("王工",), (), (MORNING,))),
        ("明天王工，李工值班", Said(What.SET, (TUESDAY,), ("王工", "李工"))),
    ],
)  # fmt: skip
def test_a_sentence_says_who_has_which_part_of_a_day(text: str, said: Said) -> None:
    assert read(text, MONDAY) == said


@pytest.mark.parametrize(
    "text",
    ["明天王工、夜间李工值班", "明天上午培训，下午李工值班", "明天上午开会，下午王工汇报", "王工明天夜班，后天来办", "明天夜班人员加强巡查", "明天凌晨王工值班", "明天王工中午值班",
     "王工明天上午和李工明天下午换班", "请各单位落实夜间值班制度", "请各单位落实24小时值班制度", "今晚有暴雨，请加强值班值守", "明天上午值班室检查", "今天上午值班表已报", "明天晚上8点前完成", "明天晚上开会，王工值班", "明天开会，王工值班"],
)  # fmt: skip
def test_what_does_not_say_whose_which_part_is_says_nothing(text: str) -> None:
    assert read(text, MONDAY) is None


def sheet(headings: tuple[str, ...], *rows: tuple[str, ...]) -> tuple[duty_sheet.DutyRow, ...]:
    found = duty_sheet.read(book("值班表", headings, rows, (14,) * len(headings)))
    assert found is not None
    return found


def test_a_sheet_has_columns_of_parts_a_column_that_names_them_or_brackets_behind_a_name() -> None:
    (row,) = sheet(("日期", "白班（8:00—20:00）", "夜班人员"), ("6月21日", "王工、李工", "赵工"))
    assert row.parts == {"王工": DAY, "李工": DAY, "赵工": NIGHT}
    (row,) = sheet(("日期", "上午", "下午", "带班领导"), ("6月21日", "王工", "李工", "张主任"))
    assert row.parts == {"王工": MORNING, "李工": AFTERNOON, "张主任": WHOLE}
    (row,) = sheet(("日期", "值班人员"), ("6月21日", "王工（上午、夜班）、李工（下午）"))
    assert row.parts == {"王工": MORNING | NIGHT, "李工": AFTERNOON}
    day, night, odd = sheet(
        ("日期", "班次", "值班人员"), ("6月21日", "白班", "王工"), ("", "夜班", "李工"), ("6月22日", "第三组", "赵工")
    )
    assert (day.parts, night.day, night.parts) == ({"王工": DAY}, "6月21日", {"李工": NIGHT})
    assert odd.unread == "第三组"


@pytest.mark.parametrize(
    ("headings", "row", "phones"),
    [
        (("带班领导", "值班人员", "联系电话"), ("李局", "张工", "13800000001"), {"张工": "13800000001"}),
        (("带班领导", "值班人员", "电话"), ("李局", "张工、王工", "13800000001、13800000002"), {"张工": "13800000001", "王工": "13800000002"}),
        (("带班领导", "值班人员", "电话"), ("李局", "张工", "13800000001、13800000002"), {"李局": "13800000001", "张工": "13800000002"}),
        (("带班领导", "值班人员", "带班领导电话"), ("李局", "张工", "13800000001"), {"李局": "13800000001"}),
        (("带班领导", "电话", "值班人员", "电话"), ("李局", "13800000001", "张工", "13800000002"), {"李局": "13800000001", "张工": "13800000002"}),
        (("带班领导", "值班人员", "值班电话", "领导手机"), ("李局", "张工", "63051234", "13800000002"), {"李局": "13800000002", "张工": "63051234"}),
        (("带班领导", "联系电话"), ("李局", "13800000001"), {"李局": "13800000001"}),
        (("带班领导", "值班人员", "联系电话"), ("李局", "待定", "13800000001"), {}),
    ],
)  # fmt: skip
def test_a_number_is_that_of_who_is_on_duty_unless_its_heading_or_its_place_says_whose(
    headings: tuple[str, ...], row: tuple[str, ...], phones: dict[str, str]
) -> None:
    (read,) = sheet(("日期", *headings), ("6月21日", *row))
    assert dict(read.phones) == phones


@pytest.mark.parametrize("cell", ["待定", "（空）", "（轮休）", "无", "——", "/", "休息", "暂无", "不安排值班", "公休"])
def test_a_cell_that_says_that_nobody_is_on_duty_names_nobody(cell: str) -> None:
    (row,) = sheet(("日期", "值班人员"), ("6月21日", cell))
    assert row.names == ()


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (("6月29-30日",), ("6-29 6-30",)),
        (("6月29日（周三）至30日（周四）", "7.1-7.2", "7月4日、5日"), ("6-29 6-30", "7-1 7-2", "7-4 7-5")),
        (("6月30日 星期四", "2022-07-01", "七月的一天"), ("6-30", "7-1", "")),
        (("2022-06-24", "6月24日", "6月24日（周五）", "6月24日星期五", "待定"), ("6-24", "6-24", "6-24", "6-24", "")),
        (("6月18日", "6月19日", "6月20日"), ("6-18", "6-19", "6-20")),
        (("5月30日", "6月1日", "6月29日"), ("5-30", "6-1", "6-29")),
        (("1月1日", "1月2日"), ("2023-1-1", "2023-1-2")),
        (("2023年5月30日", "6月29日"), ("2023-5-30", "6-29")),
        (("2022/6/30", "2022-7-1", "2022.7.2"), ("6-30", "7-1", "7-2")),
        (("2022.07.03", "2022/7/4、2022/7/5", "2022.13.4"), ("7-3", "7-4 7-5", "")),
    ],
)
def test_a_sheet_names_ranges_of_days_and_what_is_over_is_not_meant_a_year_later(
    cells: tuple[str, ...], days: tuple[str, ...]
) -> None:
    def shown(day: date) -> str:
        return f"{day.month}-{day.day}" if day.year == 2022 else f"{day.year}-{day.month}-{day.day}"

    found = of_cells(cells, date(2022, 6, 23))
    assert tuple(" ".join(map(shown, each)) for each in found) == days


@pytest.fixture
def session(tmp_path: Path) -> Session:
    """An office with its room."""
    store = Store(f"sqlite:///{tmp_path / 'duban.db'}")
    store.create_all()
    made = Session(store.engine)
    register.bind_room(made, ChatRole.COORDINATORS, register.ensure_chat(made, "console", "协调室", "协调室"))
    return made


NOW = at("2022-06-20 10:00")


def gives(session: Session, day: date, **parts: DayPart) -> None:
    keeping.put(session, None, [day], list(parts), "王协调", MONDAY, NOW, parts=parts)


def test_one_part_is_given_away_and_whoever_had_the_day_keeps_the_rest(session: Session) -> None:
    gives(session, TUESDAY, 王工=WHOLE)
    assert keeping.put(session, None, [TUESDAY], ["李工"], "王协调", MONDAY, NOW, parts={"李工": AFTERNOON}) == [
        (TUESDAY, ["王工"])
    ]
    assert keeping.reached(keeping.on(session, None, TUESDAY)) == ["王工（上午、夜班）", "李工（下午）"]
    gives(session, TUESDAY, 赵工=DAY, 钱工=NIGHT)
    assert keeping.reached(keeping.on(session, None, TUESDAY)) == ["赵工（白班）", "钱工（夜班）"]
    keeping.stand_in(session, None, TUESDAY, "赵工", "李工", "王协调", MONDAY, NOW, part=MORNING)
    assert keeping.reached(keeping.on(session, None, TUESDAY)) == ["李工（上午）", "赵工（下午）", "钱工（夜班）"]
    with pytest.raises(keeping.DutyRefused, match="李工（上午）、赵工（下午）、钱工（夜班），不是钱工（上午）"):
        keeping.stand_in(session, None, TUESDAY, "钱工", "李工", "王协调", MONDAY, NOW, part=MORNING)
    keeping.clear(session, None, [TUESDAY], (), "王协调", MONDAY, NOW, DAY)
    assert keeping.reached(keeping.on(session, None, TUESDAY)) == ["钱工（夜班）"]
    with pytest.raises(keeping.DutyRefused, match="6月21日上午没有人值班；没有更改"):
        keeping.clear(session, None, [TUESDAY], (), "王协调", MONDAY, NOW, MORNING)


def test_those_who_exchange_days_take_the_parts_with_them(session: Session) -> None:
    gives(session, TUESDAY, 王工=DAY, 赵工=NIGHT)
    gives(session, WEDNESDAY, 李工=NIGHT)
    keeping.swap(session, None, (TUESDAY, WEDNESDAY), ("王工", "李工"), "王协调", MONDAY, NOW)
    assert keeping.reached(keeping.on(session, None, TUESDAY)) == ["李工（白班）", "赵工（夜班）"]
    assert keeping.reached(keeping.on(session, None, WEDNESDAY)) == ["王工（夜班）"]


@pytest.mark.parametrize(
    ("parts", "wanted", "lacking"),
    [
        ((), 1, 1),
        ((WHOLE,), 1, 0),
        ((WHOLE,), 2, 1),
        ((MORNING, AFTERNOON), 1, 0),
        ((MORNING,), 1, 1),
        ((DAY,), 1, 1),
        ((DAY, NIGHT), 1, 0),
        ((DAY, NIGHT, WHOLE), 2, 0),
        ((MORNING, AFTERNOON, NIGHT, NIGHT), 2, 1),
    ],
)
def test_a_part_of_a_day_that_is_nobodys_is_a_gap(parts: tuple[DayPart, ...], wanted: int, lacking: int) -> None:
    there = [Duty(day=TUESDAY, name=str(number), part=part, made_at=NOW, by="") for number, part in enumerate(parts)]
    assert keeping.lacking(there, wanted) == lacking


@pytest.mark.parametrize(
    ("moment", "people"),
    [
        ("2022-06-21 10:00", ["王工"]),
        ("2022-06-21 12:00", ["李工"]),
        ("2022-06-21 20:00", ["赵工"]),
        ("2022-06-22 02:00", ["赵工"]),
        ("2022-06-22 08:40", ["钱工"]),
        ("2022-06-22 20:00", ["钱工"]),
        ("2022-06-23 02:00", ["孙工"]),
    ],
)
def test_a_night_goes_on_until_the_office_opens_and_where_a_part_is_nobodys_all_of_the_day_are_told(
    session: Session, moment: str, people: list[str]
) -> None:
    gives(session, TUESDAY, 王工=MORNING, 李工=AFTERNOON, 赵工=NIGHT)
    gives(session, WEDNESDAY, 钱工=DAY)
    gives(session, date(2022, 6, 23), 孙工=WHOLE)
    assert [one.name for one in calling.at(session, Desk(), None, at(moment))] == people


@pytest.mark.parametrize(
    ("moment", "people"),
    [
        ("2022-06-22 02:00", ["王工"]),  # the next day has parts
        ("2022-06-22 08:40", ["李工"]),
        ("2022-06-24 03:00", ["钱工"]),  # the next day is nobody's
        ("2022-06-24 10:00", []),
        ("2022-06-26 03:00", ["周工"]),  # the next day is somebody's whole
    ],
)
def test_who_has_a_whole_day_has_its_night_until_the_office_opens(
    session: Session, moment: str, people: list[str]
) -> None:
    gives(session, TUESDAY, 王工=WHOLE)
    gives(session, WEDNESDAY, 李工=DAY, 赵工=NIGHT)
    gives(session, date(2022, 6, 23), 钱工=WHOLE)
    gives(session, SATURDAY, 吴工=WHOLE)
    gives(session, SUNDAY, 周工=WHOLE)
    assert [one.name for one in calling.at(session, Desk(), None, at(moment))] == people


def test_a_sheet_says_the_whole_of_its_days_and_reads_again_as_it_was_saved(session: Session) -> None:
    from jobs.duties.table import table

    gives(session, TUESDAY, 孙工=WHOLE)
    rows = sheet(("日期", "上午", "下午", "班次"), ("6月21日", "王工", "李工", ""))
    keeping.take_sheet(session, rows, "王协调", MONDAY, NOW)
    assert keeping.reached(keeping.on(session, None, TUESDAY)) == ["王工（上午）", "李工（下午）"]
    saved = duty_sheet.read(table(session, None, [TUESDAY]))
    assert saved is not None
    assert saved[0].parts == {"王工": MORNING, "李工": AFTERNOON}
    odd = sheet(("日期", "班次", "值班人员"), ("6月22日", "第三组", "赵工"))
    assert "没有看懂班次“第三组”" in keeping.take_sheet(session, odd, "王协调", MONDAY, NOW).refused[0]
