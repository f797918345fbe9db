"""For whom a broadcast is, as coordinators write it: never for all where one was meant."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from db import register
from db.session import MEMORY, Store
from jobs.audiences import EVERYBODY, addressed, audience, but, excepted_at_the_end
from jobs.rounds.asked import read
from jobs.rounds.whom import WhomRefused, whom

NOW = datetime(2022, 6, 8, 2, tzinfo=UTC)
HOUSING, EMERGENCY, TRAFFIC, SCHOOLS = "市住房和城乡建设局", "市应急管理局", "市交通运输局", "市教育局"


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        for name in (HOUSING, EMERGENCY, TRAFFIC, SCHOOLS):
            unit = register.ensure_unit(session, name)
            chat = register.ensure_chat(session, "telegram", name, name)
            register.bind(session, unit, chat)
        register.ensure_unit(session, "甲县水利局")
        register.ensure_unit(session, "乙县水利局")
    with store.read() as session:
        yield session


@pytest.mark.parametrize(
    ("written", "units", "words"),
    [
        (f"{HOUSING} 台风来了", [HOUSING], "台风来了"),
        ("教育局以外各单位 明天开会", [HOUSING, EMERGENCY, TRAFFIC], "明天开会"),
        ("交通、应急 明天开会", [TRAFFIC, EMERGENCY], "明天开会"),
        ("住建、交通请立即核实", [HOUSING, TRAFFIC], "请立即核实"),
        ("住建局 台风来了", [HOUSING], "台风来了"),
        ("住建局、应急局：台风来了", [HOUSING, EMERGENCY], "台风来了"),
        ("市住建局、教育局 明天开会", [HOUSING, SCHOOLS], "明天开会"),
        ("住建局和交通局 明天开会", [HOUSING, TRAFFIC], "明天开会"),
        ("住建局请立即核实", [HOUSING], "请立即核实"),
        ("除住建局外 明天开会", [EMERGENCY, TRAFFIC, SCHOOLS], "明天开会"),
        ("除住建局、教育局外，其他单位 明天开会", [EMERGENCY, TRAFFIC], "明天开会"),
        ("全部（除住建局外） 明天开会", [EMERGENCY, TRAFFIC, SCHOOLS], "明天开会"),
        ("全部 不含住建局 明天开会", [EMERGENCY, TRAFFIC, SCHOOLS], "明天开会"),
        ("全部（除住建局）明天开会", [EMERGENCY, TRAFFIC, SCHOOLS], "明天开会"),
        ("全部（不含住建局、教育局）：明天开会", [EMERGENCY, TRAFFIC], "明天开会"),
        ("各单位（住建局除外） 明天开会", [EMERGENCY, TRAFFIC, SCHOOLS], "明天开会"),
        ("除住建局外的：明天开会", [EMERGENCY, TRAFFIC, SCHOOLS], "明天开会"),
        ("全部，住建局不用 明天开会", [EMERGENCY, TRAFFIC, SCHOOLS], "明天开会"),
        ("不含市住建局 明天开会", [EMERGENCY, TRAFFIC, SCHOOLS], "明天开会"),
        ("全部单位不包括住建局、教育局 明天开会", [EMERGENCY, TRAFFIC], "明天开会"),
        ("全部（含镇街）明天开会", [HOUSING, EMERGENCY, TRAFFIC, SCHOOLS], "（含镇街）明天开会"),
        ("全部 住建局不参加明天的会", [HOUSING, EMERGENCY, TRAFFIC, SCHOOLS], "住建局不参加明天的会"),
        ("全部 除夕值班安排如下", [HOUSING, EMERGENCY, TRAFFIC, SCHOOLS], "除夕值班安排如下"),
        ("逾期单位请抓紧", [], "请抓紧"),
        ("未签收的单位 请签收", [], "请签收"),
        ("应急局", [EMERGENCY], ""),
    ],
)  # fmt: skip
def test_units_are_found_by_what_people_call_them(session: Session, written: str, units: list[str], words: str) -> None:
    found = audience(session, written, NOW)
    assert ([unit.name for unit in found.units], found.words, found.unknown, found.named) == (units, words, "", True)


@pytest.mark.parametrize(
    ("written", "units", "words"),
    [
        ("住建局明天开会", [HOUSING], "明天开会"),
        ("除住建局外各单位明天开会", [EMERGENCY, TRAFFIC, SCHOOLS], "明天开会"),
        ("未签收的单位尽快签收", [], "尽快签收"),
        ("逾期单位明天开会", [], "明天开会"),
        ("各单位：今晚有暴雨，请加强值守！（24小时）", [HOUSING, EMERGENCY, TRAFFIC, SCHOOLS], "今晚有暴雨，请加强值守！（24小时）"),
    ],
)  # fmt: skip
def test_in_a_sentence_no_mark_stands_behind_the_name(
    session: Session, written: str, units: list[str], words: str
) -> None:
    found = audience(session, written, NOW, joined=True)
    assert ([unit.name for unit in found.units], found.words, found.unknown, found.named) == (units, words, "", True)


@pytest.mark.parametrize(
    ("written", "unknown"),
    [
        ("住建群 台风来了", "住建群"),
        ("卫健局 明天开会", "卫健局"),
        ("卫健局明天开会", "卫健局"),
        ("请卫健局、住建局 明天开会", "卫健局"),
        ("市住建局、卫健局 明天开会", "卫健局"),
        ("市住建局 卫健局 明天开会", "卫健局"),
        ("水利局 明天开会", "水利局"),
        ("除卫健局外 明天开会", "卫健局"),
        ("全部 不含卫健局 明天开会", "卫健局"),
        ("全部（除卫健局）明天开会", "卫健局"),
        ("全部 不含住建局、卫健局 明天开会", "卫健局"),
        ("红灯单位 抓紧", "红灯单位"),
        ("住建局明天开会", "住建局"),
    ],
)
def test_what_may_be_a_name_is_asked_about(session: Session, written: str, unknown: str) -> None:
    assert audience(session, written, NOW).unknown == unknown


@pytest.mark.parametrize(
    ("written", "rest", "who"),
    [
        ("全部 请报值班表，住建局除外", "全部 请报值班表", "住建局"),
        ("全部 请报情况。选项：有/无/待查，教育局除外。", "全部 请报情况。选项：有/无/待查", "教育局"),
        ("全部 请报情况 选项：有/无 不含市教育局", "全部 请报情况 选项：有/无", "市教育局"),
        ("明天开会（住建局、教育局不用通知）", "明天开会", "住建局、教育局"),
        ("明天开会，除住建局外", "明天开会", "住建局"),
        ("明天开会，卫健局除外", "明天开会", "卫健局"),
        ("全部 今晚有雨请巡查，排水队不用通知", "全部 今晚有雨请巡查", "排水队"),
        ("每天报一次，节假日除外", "每天报一次，节假日除外", ""),
        ("按时报数，已报的除外", "按时报数，已报的除外", ""),
        ("全部 除住建局外 明天开会", "全部 除住建局外 明天开会", ""),
        ("表里不含单价", "表里不含单价", ""),
    ],
)
def test_who_is_left_out_at_the_end_is_no_part_of_the_words(
    session: Session, written: str, rest: str, who: str
) -> None:
    assert excepted_at_the_end(session, written) == (rest, who)


def test_whoever_is_left_out_at_the_end_is_not_told_and_a_name_that_nobody_has_is_asked_about(session: Session) -> None:
    everybody = audience(session, "全部 请报值班表", NOW)
    found = but(session, everybody, "住建局")
    assert [unit.name for unit in found.units] == [EMERGENCY, TRAFFIC, SCHOOLS]
    assert (found.name, found.unknown) == (f"除{HOUSING}外的{EVERYBODY}", "")
    assert but(session, everybody, "卫健局").unknown == "卫健局"


@pytest.mark.parametrize(
    "written",
    ["今晚有暴雨，请加强值守。", "请各单位抓紧", "各单位请抓紧", "请尽快办，谢谢", "逾期单位名单已印发", "今晚暴雨请各单位值守", "紧急通知：明天开会"],
)  # fmt: skip
def test_what_names_nobody_is_for_everybody(session: Session, written: str) -> None:
    found = audience(session, written, NOW)
    assert (found.name, found.words, found.unknown, found.named) == (EVERYBODY, written, "", False)


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("周五前报防汛进展，发住建局、交通局", [HOUSING, TRAFFIC]),
        ("周五前请住建局报防汛进展", [HOUSING]),
        ("请住建局、应急局于周五前报送防汛进展", [HOUSING, EMERGENCY]),
        ("周五前报防汛进展，发黄灯以上单位", []),
        ("周五前报防汛进展，发红灯单位和住建局、交通局", [HOUSING, TRAFFIC]),
        ("周五前报防汛进展，发应急局和红灯单位", [EMERGENCY]),
        ("请各单位周五前报送防汛进展", []),
        ("周五前报防汛进展", []),
        ("周五前报防汛进展，只发住建局", [HOUSING]),
        ("周五前报防汛进展，仅问住建、应急", [HOUSING, EMERGENCY]),
        ("请各单位周五前报防汛进展，只要交通局报", [TRAFFIC]),
        ("按住建局要求，请各单位周五前报送防汛进展", []),
    ],
)
def test_a_round_asks_whom_it_names(session: Session, written: str, units: list[str]) -> None:
    said = read(written, date(2022, 6, 8))
    assert said is not None
    known = {unit.id: unit.name for unit in register.all_units(session)}
    assert [known[one] for one in whom(session, said)] == units


def test_a_round_for_all_units_is_for_them_though_a_list_entered_that_word_as_a_unit() -> None:
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        register.ensure_unit(session, HOUSING)
        register.ensure_unit(session, "各单位")
    said = read("请各单位下周三前报送防汛任务进展，写明进展、堵点", date(2022, 6, 8))
    assert said is not None
    with store.read() as session:
        assert whom(session, said) == []
    store.close()


@pytest.mark.parametrize(
    "written", ["周五前报防汛进展，发住建局、卫健局", "周五前报防汛进展，发卫健局", "周五前请卫健局报防汛进展"]
)
def test_a_round_asks_nobody_where_a_name_is_unknown(session: Session, written: str) -> None:
    said = read(written, date(2022, 6, 8))
    assert said is not None
    with pytest.raises(WhomRefused, match="卫健局"):
        whom(session, said)


@pytest.mark.parametrize(
    "written", ["周五前住建局报一下防汛进展", "周五前报住建局防汛进展", "周五前报防汛进展，给住建局看看"]
)
def test_a_round_asks_nobody_where_it_is_not_clear_whether_a_unit_alone_is_meant(
    session: Session, written: str
) -> None:
    said = read(written, date(2022, 6, 8))
    assert said is not None
    with pytest.raises(WhomRefused, match=f"只问{HOUSING}请写"):
        whom(session, said)


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("请各单位7月8日前报送防汛小结", [HOUSING, EMERGENCY, TRAFFIC, SCHOOLS]),
        ("请各有关单位于7月8日前报送防汛小结，教育局除外", [HOUSING, EMERGENCY, TRAFFIC]),
        ("要求全体单位（住建局、教育局除外）7月8日前自查", [EMERGENCY, TRAFFIC]),
        ("请住建局7月8日前报送防汛小结", None),
        ("请各单位配合住建局7月8日前完成检查", None),
        ("各位辛苦了", None),
    ],
)
def test_an_order_to_all_units_is_for_all_but_whom_it_excepts(
    session: Session, written: str, units: list[str] | None
) -> None:
    found = addressed(session, written, NOW)
    assert (found and [unit.name for unit in found.units]) == units


def test_a_collective_unit_that_was_expanded_is_its_members_and_a_kind_of_units_is_nobody() -> None:
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        towns = register.ensure_unit(session, "各乡镇")
        register.set_members(session, towns, ["东山镇", "西河镇"])
        for name in ("东山镇", "西河镇", HOUSING):
            register.bind(
                session, register.ensure_unit(session, name), register.ensure_chat(session, "telegram", name, name)
            )
    with store.read() as session:
        found = audience(session, "各乡镇 做好防汛", NOW)
        assert (found.name, [unit.name for unit in found.units]) == ("各乡镇", ["东山镇", "西河镇"])
        rest = audience(session, "除各乡镇外 明天开会", NOW)
        assert [unit.name for unit in rest.units] == [HOUSING]
        for said in ("各企业做好防汛", "各县区、街道明天开会", "各单位、各学校做好防汛"):
            assert audience(session, said, NOW, joined=True).unknown, said


@pytest.mark.parametrize(
    ("written", "left_out"),
    [
        ("各单位明早清点沙袋，别发给教育局", SCHOOLS),
        ("各单位明早清点沙袋，教育局不用来", SCHOOLS),
        ("各单位报送沙袋数，交通局已经报了不用发", TRAFFIC),
        ("各单位明早清点沙袋，应急局就不用了", EMERGENCY),
    ],
)
def test_who_is_said_at_the_end_to_need_nothing_gets_nothing(session: Session, written: str, left_out: str) -> None:
    words, who = excepted_at_the_end(session, written)
    found = but(session, audience(session, words, NOW, joined=True), who)
    assert left_out not in [unit.name for unit in found.units]
    assert len(found.units) == 3


@pytest.mark.parametrize("written", ["陈丽下午来签字", "小赵明天值班", "住建局、粮储周五清点沙袋"])
def test_somebody_unknown_is_asked_about_and_is_not_everybody(session: Session, written: str) -> None:
    assert audience(session, written, NOW, joined=True).unknown


@pytest.mark.parametrize("written", ["周五下午停水", "高温天气下午停工"])
def test_a_day_and_the_weather_are_nobody(session: Session, written: str) -> None:
    assert not audience(session, written, NOW, joined=True).unknown
