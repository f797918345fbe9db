"""Problems in words: what was found, without who sets it right by when; the measure; when 问题 is a command."""

from datetime import date

import pytest

from bot.dialogue import commanding
from bot.dialogue.room import problems
from db import register
from db.session import MEMORY, Store
from jobs.campaigns.findings import read_problem
from jobs.problems.said import clauses_of_units, measure, parted

UNIT, HELPER = "市应急管理局", "市消防救援支队"


@pytest.mark.parametrize(
    ("said", "named", "found"),
    [
        ("A罐区围堰开裂，市应急管理局，7月15日前整改", (UNIT, "7月15日前"), "A罐区围堰开裂"),
        ("A罐区围堰开裂，由市应急管理局牵头、市消防救援支队配合，7月15日前整改到位。", (UNIT, HELPER, "7月15日前"), "A罐区围堰开裂"),
        ("安全阀超期，压力表未检，责任单位：市应急管理局，整改期限：7月20日", (UNIT, "7月20日"), "安全阀超期，压力表未检"),
        ("围堰开裂两处，雨水入河，市应急管理局，7月15日前整改", ("围堰开裂两处", UNIT, "7月15日前"), "围堰开裂两处，雨水入河"),
        ("围堰开裂两处，市应急管理局，7月15日前整改", ("围堰开裂两处", UNIT, "7月15日前"), "围堰开裂两处"),
        ("市应急管理局，A罐区围堰开裂，7月15日前整改", (UNIT, "7月15日前"), "A罐区围堰开裂"),
        ("B泵房渗漏，请市应急管理局于7月15日前完成整改；", (UNIT, "7月15日前"), "B泵房渗漏"),
        ("请市应急管理局于7月15日前修复围堰。", (UNIT, "7月15日前"), "请市应急管理局于7月15日前修复围堰"),
        ("市应急管理局，7月15日前整改", (UNIT, "7月15日前"), "市应急管理局，7月15日前整改"),
        ("市应急管理局值班室无人值守，7月15日前整改", (UNIT, "7月15日前"), "市应急管理局值班室无人值守"),
    ],
)  # fmt: skip
def test_what_was_found_is_all_but_who_and_when(said: str, named: tuple[str, ...], found: str) -> None:
    assert parted(said, named, [UNIT])[0] == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("食堂地滑 教育局 月底前", [("食堂地滑", "教育局", "2022-06-30")]),
        ("食堂地滑 市教育局 6月30日前整改", [("食堂地滑", "市教育局", "2022-06-30")]),
        ("1.食堂漏气 教育局 6月20日前 2.灭火器过期 应急局 6月30日前", [("食堂漏气", "教育局", "2022-06-20"), ("灭火器过期", "应急局", "2022-06-30")]),
        ("1.食堂漏气 教育局 2.灭火器过期 应急局 月底前", [("食堂漏气", "教育局"), ("灭火器过期", "应急局", "2022-06-30")]),
        ("1.食堂漏气，教育局，6月20日前\n2.灭火器过期，应急局，6月30日前", [("食堂漏气", "教育局", "2022-06-20"), ("灭火器过期", "应急局", "2022-06-30")]),
    ],
)  # fmt: skip
def test_blanks_part_the_clauses_of_a_problem_as_commas_do(said: str, found: list[tuple[str, ...]]) -> None:
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        for name in (UNIT, "市教育局"):
            register.ensure_unit(session, name)
        tasks = read_problem(session, said, date(2022, 6, 8)).tasks
        told = [(one.text, *one.responsible, *(str(when.due) for when in one.milestones)) for one in tasks]
        assert told == found
        assert all(register.find_unit(session, name) for one in tasks for name in one.responsible)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("现场检查发现：1.锅炉房无人值守；2.配电箱未接地。请应急局7月5日前整改到位", [("锅炉房无人值守", "应急局", "2022-07-05"), ("配电箱未接地", "应急局", "2022-07-05")]),
        ("东风化工厂存在以下问题：①锅炉房无人值守；②配电箱未接地，请应急局7月5日前整改", [("东风化工厂存在以下问题：锅炉房无人值守", "应急局", "2022-07-05"), ("东风化工厂存在以下问题：配电箱未接地", "应急局", "2022-07-05")]),
        ("一是锅炉房无人值守，应急局7月1日前整改；二是食堂地滑，教育局7月5日前整改", [("锅炉房无人值守", "应急局", "2022-07-01"), ("食堂地滑", "教育局", "2022-07-05")]),
        ("检查发现：\n1.锅炉房无人值守；\n2.配电箱未接地。\n请应急局7月5日前整改到位", [("锅炉房无人值守", "应急局", "2022-07-05"), ("配电箱未接地", "应急局", "2022-07-05")]),
        ("围堰开裂1.5米，安全出口2处被堵，应急局7月5日前整改", [("围堰开裂1.5米，安全出口2处被堵", "应急局", "2022-07-05")]),
        ("今天群众举报校门口堆放烟花，请教育局核实处理。", [("今天群众举报校门口堆放烟花", "教育局")]),
        ("6月20日检查发现灭火器过期，应急局7月1日前整改", [("6月20日检查发现灭火器过期", "应急局", "2022-07-01")]),
        ("昨天应急局检查发现食堂地滑，请教育局整改", [("昨天应急局检查发现食堂地滑", "教育局")]),
        ("化工园区泄漏，请应急局今晚处理", [("化工园区泄漏", "应急局", "2022-06-22")]),
        ("灭火器过期，应急局立行立改", [("灭火器过期", "应急局")]),
        ("液氨管道泄漏，让应急局三天内整改", [("液氨管道泄漏", "应急局", "2022-06-25")]),
    ],
)  # fmt: skip
def test_each_numbered_problem_is_one_and_who_and_when_are_those_of_the_order(
    said: str, found: list[tuple[str, ...]]
) -> None:
    store = Store(MEMORY)
    store.create_all()
    with store.write() as session:
        for name in (UNIT, "市教育局"):
            register.ensure_unit(session, name)
        understood = read_problem(session, said, date(2022, 6, 22))
        told = [
            (one.text, *one.lead, *one.responsible, *(str(when.due) for when in one.milestones))
            for one in understood.tasks
        ]
        assert told == found
        assert understood.left == ()


def test_a_clause_that_is_a_unit_says_whose_it_is() -> None:
    assert clauses_of_units("安全阀超期未检，立即整改，市市场监管局。") == ["市市场监管局"]
    assert clauses_of_units("围堰开裂两处，雨水入河") == []


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("措施：停用A罐", "停用A罐"),
        ("整改措施 停用A罐", "停用A罐"),
        ("措施A-3：停用A罐", "A-3：停用A罐"),
        ("措施 7 停用A罐", "7 停用A罐"),
        ("措施：", ""),
        ("措施落实到位了", None),
        ("我们的整改措施是：停用A罐", "停用A罐"),
        ("A-3的措施是停用A罐", "A-3 停用A罐"),
        ("整改措施如下：停用A罐", "停用A罐"),
        ("整改措施是什么", None),
        ("措施是加强巡查吗？", None),
        ("整改措施已落实", None),
        ("已采取措施", None),
        ("A-3 改一下措施：停用A罐", "A-3 停用A罐"),
        ("措施改为：停用A罐", "停用A罐"),
        ("措施 A-3 怎么写？", None),
        ("措施 A-3 如何填", None),
        ("A-3 改一下：停用A罐", None),
    ],
)
def test_a_measure_is_told_by_its_word_and_what_stands_behind_it(said: str, told: str | None) -> None:
    assert measure(said) == told


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("检查发现食堂后厨燃气软管老化，请省经信厅6月20日前整改到位", True),
        ("今天现场检查时，发现A罐区围堰开裂，省应急管理厅，7月15日前整改", True),
        ("抽查发现灭火器过期，责成省经信厅立即整改", True),
        ("今天在开发区查到一家企业消防通道被堵，请应急厅6月20号前整改到位", True),
        ("上午去化工园区检查，发现围堰开裂，请省经信厅整改", True),
        ("查出灭火器过期两具，省经信厅6月20日前更换", True),
        ("查到省经信厅已整改", False),
        ("检查发现围堰开裂", False),
        ("检查发现的问题都整改了吗？", False),
        ("检查发现没有问题，不用整改", False),
        ("请省经信厅6月20日前整改到位", False),
        ("省经信厅自己检查发现两处问题，已整改", False),
        ("检查发现围堰开裂请省经信厅7月15日前整改", True),
        ("检查发现A-4的围堰又开裂，请省经信厅7月15日前整改", True),
        ("检查发现A-4还没有整改，退回", False),
        ("现场检查发现A-4整改到位，销号", False),
        ("现场检查发现A-4未整改，请重开，7月1日前整改", False),
        ("检查发现，请把A-4期限改为7月1日前整改", False),
        ("昨天检查发现A-4整改得不错，表扬", False),
        ("今天检查发现整改情况很好", False),
        ("检查发现整改不彻底，谁负责", False),
        ("检查发现处理不了，换一个单位", False),
        ("检查发现消防通道堵塞，省经信厅已要求企业整改", False),
    ],
)
def test_a_finding_that_somebody_is_to_set_right_is_a_problem(said: str, wanted: bool) -> None:
    assert problems.is_told(said) is wanted


@pytest.mark.parametrize(
    ("said", "latin"),
    [
        ("问题：A罐区围堰开裂", "problem"),
        ("隐患 A罐区围堰开裂", "problem"),
        ("问题清单 逾期", "problems"),
        ("整改清单", "measures"),
        ("两张清单", "two_lists"),
        ("问题不大", None),
        ("隐患排查得怎么样", None),
    ],
)
def test_a_common_word_is_a_command_only_where_it_stands_apart(said: str, latin: str | None) -> None:
    found = commanding.find(said)
    assert (found[0].latin if found is not None else None) == latin
