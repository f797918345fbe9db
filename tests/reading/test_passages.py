"""Passages of plans in the forms that offices use, each with its tasks: ``passages.txt``; and what a document says of itself."""

from datetime import date
from pathlib import Path

import pytest

from jobs.reading.document import Place, TaskRead
from jobs.reading.read import read_text
from tests.reading.test_clauses import told

HERE = Path(__file__).parent


def passages() -> list[tuple[str, list[str]]]:
    found = []
    for block in (HERE / "passages.txt").read_text(encoding="utf-8").split("\n----\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        text = "\n".join(line for line in lines if not line.startswith("=>"))
        if text:
            found.append((text, [line[2:].replace(" ", "") for line in lines if line.startswith("=>")]))
    return found


def line_of(task: TaskRead) -> str:
    units = ("、".join(names) for names in (task.lead, task.responsible, task.assist))
    return "|".join((*units, ";".join(told(one) for one in task.milestones)))


@pytest.mark.parametrize(("text", "tasks"), passages(), ids=lambda one: one[:24] if isinstance(one, str) else "")
def test_a_passage_gives_its_tasks(text: str, tasks: list[str]) -> None:
    document = read_text(f"某市重点工作方案\n\n{text}\n", year=2022)
    assert [line_of(task) for task in document.tasks] == tasks


def test_what_a_stage_says_for_the_items_under_it_keeps_its_own_place() -> None:
    text = "某市方案\n\n（一）筹备阶段（4月底前）\n1.起草方案。（市体育局负责）\n"
    (task,) = read_text(text, year=2022).tasks
    (milestone,) = task.milestones
    assert (task.place, milestone.place, milestone.text) == (Place(line=4), Place(line=3), "4月底前")


def test_units_that_several_sub_items_share_are_to_be_looked_at() -> None:
    text = "某市方案\n\n1.健全机制\n（1）修订预案。\n（2）储备物资。\n（责任单位：县应急局）\n"
    document = read_text(text, year=2022)
    shared = "单位写在几项之后，按几项共用处理，请核对"
    assert [task.uncertain for task in document.tasks] == [shared, None]
    assert [(problem.place, problem.why) for problem in document.problems] == [(Place(line=4), shared)]


def test_a_range_that_opens_its_sentence_is_to_be_looked_at_also_in_a_notice() -> None:
    duty = "二、3月11日至4月30日，各社区、各物业主管部门对楼道、车棚、地下空间等重点部位和群租房逐户过筛。"
    (task,) = read_text(f"某区关于开展消防检查的通知\n\n{duty}\n", year=2022).tasks
    assert line_of(task) == "|各社区、各物业主管部门||2022-04-30?"
    report = "3月11日至4月30日，全区共检查商铺820家。"
    assert read_text(f"某区关于开展消防检查的通知\n\n{report}\n", year=2022).tasks == ()


def test_a_dated_duty_of_nobody_says_why_it_is_doubtful() -> None:
    (task,) = read_text("某市方案\n\n务必于5月底前完成加固。\n", year=2022).tasks
    assert (task.gaps, task.uncertain) == (("unit",), "有期限，但看不出由谁办理")


@pytest.mark.parametrize(
    ("text", "deliverable"),
    [
        ("（二）自查阶段（7月3日至15日）。各镇政府要逐户自查。", "自查阶段"),
        ("1.清理台账。（责任单位：市城管局；完成时限：9月底前动态清零）", "动态清零"),
        ("1.清理台账。（责任单位：市城管局；完成时限：9月底前完成）", ""),
        ("市城管局于9月底前报区督查组（联系电话：1234567）。", "报区督查组"),
        ("市城管局力争年内开工。", "开工"),
    ],
)
def test_what_falls_due_is_told_without_what_stands_around_it(text: str, deliverable: str) -> None:
    (task,) = read_text(f"某市方案\n\n{text}\n", year=2022).tasks
    assert [one.deliverable for one in task.milestones] == [deliverable]


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("二〇二二年三月六日", date(2022, 3, 6)),
        ("二00九年三月二十五日", date(2009, 3, 25)),
        ("２０２２年３月６日", date(2022, 3, 6)),
        ("2022年3月6日印发", date(2022, 3, 6)),
        ("（2022年3月6日）", date(2022, 3, 6)),
        ("某市人民政府办公室　2022年3月6日", date(2022, 3, 6)),
        ("某市应急管理局2022年3月6日印发", date(2022, 3, 6)),
        ("发布日期：2022-03-06　来源：市政府办公室", date(2022, 3, 6)),
        ("成文日期：2022年3月6日　发布日期：2022年3月9日", date(2022, 3, 6)),
        ("发布时间:2022.3.6 10:12 浏览次数:12", date(2022, 3, 6)),
        ("∙【公布日期】2022.03.06", date(2022, 3, 6)),
        ("截至2022年3月6日", None),
        ("2022年13月6日", None),
    ],
)
def test_the_day_of_issue_is_read_however_it_is_printed(line: str, day: date | None) -> None:
    assert read_text(f"某市方案\n\n{line}\n\n1.制定方案。（市住建局负责）\n").issued == day


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("首页\n政务公开\n某市2022年重点工作责任分解表", "某市2022年重点工作责任分解表"),
        (
            "法规库\n某县人民政府办公室关于印发2022年民生实事任务分工的通知",
            "某县人民政府办公室关于印发2022年民生实事任务分工的通知",
        ),
        ("某市人民政府办公室\n关于印发某市消防整治方案的通知", "某市人民政府办公室关于印发某市消防整治方案的通知"),
        ("关于印发2022年某市\n重点任务分工方案的通知", "关于印发2022年某市重点任务分工方案的通知"),
        ("某省任务清单\n（2022年度）", "某省任务清单（2022年度）"),
        (
            "某市人民政府办公室\n关于印发2022年《政府工作报告》\n重点任务分工的通知",
            "某市人民政府办公室关于印发2022年《政府工作报告》重点任务分工的通知",
        ),
        ("《某市关于建立报告制度的通知》\n浏览量： 时间：2022-03-06", "某市关于建立报告制度的通知"),
        (
            "文件类型\n通知\n发文字号\n某办发〔2022〕3号\n某市人民政府办公室关于印发某市除雪方案的通知",
            "某市人民政府办公室关于印发某市除雪方案的通知",
        ),
        (
            "您所在的位置：网站首页 > 教务处 > 通知公告 > 教学管理 > 学籍管理\n2022年秋季报到事项的通知",
            "2022年秋季报到事项的通知",
        ),
        (
            "某办发〔2022〕3号某县人民政府办公室关于印发某县除雪方案的通知",
            "某县人民政府办公室关于印发某县除雪方案的通知",
        ),
        (
            "某自治州2022年深化改革优化环境重点工作推进计划落实措施\n为做好全州深化改革优化环境的各项工作，制定本措施。",
            "某自治州2022年深化改革优化环境重点工作推进计划落实措施",
        ),
        ("某县常务会议议定事项督办通知单\n主办单位：县发改局", "某县常务会议议定事项督办通知单"),
        ("索引号：0001\n发布日期：2022-03-06\n某市应急预案", "某市应急预案"),
        ("各县人民政府：\n现将《某市护林防火工作方案》印发给你们。", "某市护林防火工作方案"),
        ("各县人民政府：\n《某市护林防火工作方案》已经市政府同意，现印发给你们。", "某市护林防火工作方案"),
        (
            "【法规编号】7.1\n【效力】有效\n某县人民政府办公室关于印发某县除雪责任分工的通知",
            "某县人民政府办公室关于印发某县除雪责任分工的通知",
        ),
        (
            "某县人民政府办公室关于印发某县冬季除雪防滑责任分工的通知\n某县人民政府办公室关于印发某县冬季除雪防滑责任分工的通知\n各镇人民政府：",
            "某县人民政府办公室关于印发某县冬季除雪防滑责任分工的通知",
        ),
    ],
)
def test_a_title_is_found_among_what_stands_around_it(above: str, title: str) -> None:
    assert read_text(f"{above}\n\n1.制定方案，6月底前完成。（市住建局负责）\n", year=2022).title == title


def test_a_title_of_the_coming_year_goes_before_the_day_of_issue() -> None:
    document = read_text("某市2023年工作要点\n\n2022年12月20日\n\n1.制定方案，6月底前完成。（市住建局负责）\n")
    assert (document.reference_year, document.tasks[0].milestones[0].due) == (2023, date(2023, 6, 30))
    early = read_text("某市2022年工作要点\n\n2022年3月20日\n\n1.制定方案，6月底前完成。（市住建局负责）\n")
    assert early.reference_year == 2022


def test_a_page_that_was_put_up_in_the_next_year_leaves_its_paper_of_the_year_of_its_number_and_asks() -> None:
    text = "某市关于护林防火的意见（某政〔2021〕40号）\n\n发布时间：2022-01-05 10:00\n\n1.修防火道，5月底前完成。（市林业局负责）\n"
    document = read_text(text)
    (milestone,) = document.tasks[0].milestones
    assert (document.reference_year, milestone.due) == (2021, date(2021, 5, 31))
    assert milestone.uncertain == "年份未写明，且该日在参照日之前"


def test_a_plan_all_of_whose_days_are_of_one_year_is_of_that_year() -> None:
    text = "某市方案\n\n（一）筹备阶段（2022年3月1日—3月20日）。各镇要制定方案。\n（二）验收阶段（2022年6月1日—6月9日）。各镇要自查。\n"
    document = read_text(text)
    assert [one.uncertain for task in document.tasks for one in task.milestones] == [None, None]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("来源：某县政府网　发布时间：2022-04-02 09:30　浏览次数：12", "是文件自己的日期"),
        ("浏览量： 时间：2022-04-02 09:30:11", "是文件自己的日期"),
        ("公示期间，任何单位和个人如有异议，请于7日内书面向区民政局反映。", "是写给公众的，不是交办的任务"),
    ],
)
def test_what_a_page_says_of_itself_and_what_anybody_may_do_is_no_duty_and_says_so(line: str, why: str) -> None:
    document = read_text(f"某市方案\n\n{line}\n\n1.制定方案，6月底前完成。（市住建局负责）\n", year=2022)
    assert [task.number for task in document.tasks] == ["1"]
    assert [one.why for one in document.unread] == [why]


def test_what_puts_a_paper_out_is_no_list_of_units_that_nobody_took_up() -> None:
    text = "某市方案\n\n现将《某区政府2022年重点任务》印发给你们，请贯彻执行。\n\n1.制定方案，6月底前完成。（市住建局负责）\n"
    assert read_text(text, year=2022).unread == ()


def test_a_text_rolled_into_one_line_is_of_the_year_with_which_it_begins() -> None:
    text = "2022 年某区中小学护苗行动方案为保障学生安全，制定本方案。一、步骤（一）自查阶段（4 月 2 日-4 月 6 日）。各中小学校要逐校自查，发现隐患立即上报并跟踪处置，做到不漏一处、不留一患、不出一事，确保校园安全。（二）督查阶段（5 月）。区教体局组织督查，对问题突出的学校点名通报，限期改正，并将结果记入年度考核。"
    document = read_text(text)
    days = [one.due for task in document.tasks for one in task.milestones]
    assert (document.reference_year, days) == (2022, [date(2022, 4, 6), date(2022, 5, 31)])


def test_a_year_that_only_the_page_bears_is_asked_about() -> None:
    text = "某县部署春灌\n\n时间：2022-04-02 09:30:11\n\n县水利局要在5月20日前检修泵站。\n\n县林业局要在国庆前修通防火道。\n"
    document = read_text(text)
    days = [one for task in document.tasks for one in task.milestones]
    assert (document.reference_year, [one.due for one in days]) == (2022, [date(2022, 5, 20), date(2022, 9, 30)])
    assert {one.uncertain for one in days} == {"没有写年份，取自网页的日期，请核对"}


def test_one_past_year_is_not_that_of_what_a_paper_says_of_the_next() -> None:
    text = "某县召开公厕建设会\n\n县住建局2021年度完成公厕27座。\n\n会议强调，启动2022年公厕建设，确保8月底前全面建成。"
    days = [one for task in read_text(text).tasks for one in task.milestones if "8月" in one.text]
    assert [one.uncertain is None for one in days] == [False]


def test_a_line_of_a_chat_that_has_words_of_a_page_is_a_duty_all_the_same() -> None:
    (task,) = read_text("某市方案\n\n请信息科6月5日前更新来源目录，并发布公告", year=2022).tasks
    assert (task.responsible, task.milestones[0].due) == (("信息科",), date(2022, 6, 5))


def test_an_annex_that_is_named_and_not_there_is_told() -> None:
    document = read_text(
        "某市方案\n\n1.制定方案，6月底前完成。（市住建局负责）\n\n附件：1.目标责任表（略）\n", year=2022
    )
    assert [(problem.text, problem.why) for problem in document.problems] == [
        ("附件：1.目标责任表（略）", "附件没有随文，未读取")
    ]


def test_of_a_plan_of_several_years_a_day_without_a_year_is_to_be_looked_at() -> None:
    text = "某区治本攻坚三年行动方案（2024—2026年）\n\n1.制定方案，4月10日前印发，2025年6月底前评估。（区应急局负责）\n"
    document = read_text(text)
    (task,) = document.tasks
    assert (document.reference_year, document.reference_basis) == (2024, "标题中几年的首年")
    assert [(one.due, one.uncertain) for one in task.milestones] == [
        (date(2024, 4, 10), "文件跨几年而这里没有写年份，按首年计，请核对"),
        (date(2025, 6, 30), None),
    ]


def test_full_width_digits_in_a_title_and_in_numbers_are_digits() -> None:
    document = read_text("某镇２０２２年重点任务清单\n\n１．３月２０日前组建扑火队。（镇应急办牵头）\n")
    assert [(task.number, task.milestones[0].due) for task in document.tasks] == [("1", date(2022, 3, 20))]


def test_a_title_is_no_duty_and_says_so() -> None:
    document = read_text("隐患整治台账（2022年第二季度）\n\n1.整改隐患，6月底前完成。（市住建局负责）\n")
    assert [task.number for task in document.tasks] == ["1"]
    assert [(one.text, one.why) for one in document.unread] == [("2022年第二季度", "是标题里的时间")]


def test_a_label_that_only_says_when_something_begins_has_no_deadline_and_says_so() -> None:
    document = read_text("某市实事\n\n一、提高低保标准。责任单位：市民政局\n完成时限：7月1日起执行\n", year=2022)
    (task,) = document.tasks
    assert task.gaps == ("deadline",)
    assert [problem.why for problem in document.problems] == ["只写了从哪天起，没有写到哪天为止"]


def test_a_paper_without_a_unit_asks_whom_it_calls() -> None:
    (task,) = read_text("某市函\n\n县水利局：\n请于6月10日前报送计划。\n", year=2022).tasks
    assert (task.responsible, task.uncertain) == (("县水利局",), "没有写由谁办理，按收文单位处理，请核对")


def bound(text: str) -> list[tuple[str, str, tuple[str, ...] | None, str | None]]:
    (task,) = read_text(f"某市重点工作方案\n\n{text}\n", year=2022).tasks
    return [(str(one.due), one.deliverable, one.units, one.uncertain) for one in task.owed]


def test_each_part_of_an_item_binds_its_day_to_its_own_units() -> None:
    assert bound(
        "2.整治冷库：由市商务局负责，4月10日前摸清底数；市住建局负责图纸；市消防支队牵头，市应急局配合，6月底前验收。"
    ) == [
        ("2022-04-10", "摸清底数", ("市商务局",), None),
        ("2022-06-30", "验收", ("市消防支队", "市应急局"), None),
        ("None", "", ("市住建局",), "这几个单位的期限没有写明，请核对"),
    ]
    assert bound("3.由县水利局牵头，县农业农村局配合；8月底前清淤；10月底前护坡。") == [
        ("2022-08-31", "清淤", None, None), ("2022-10-31", "护坡", None, None),
    ]  # fmt: skip


def test_whoever_is_named_last_before_a_day_owes_it() -> None:
    assert [units for _due, _thing, units, _why in bound(
        "5.由区应急局牵头，5月底前排查；违建的由区城管局8月底前拆除，线路由区供电公司9月底前改造，区住建局做好指导。"
    )] == [("区应急局",), ("区城管局",), ("区供电公司", "区住建局")]  # fmt: skip


def test_who_only_stands_in_a_bracket_without_a_day_is_owed_all_the_same() -> None:
    assert bound("1.定出标准（责任单位：区城管局）；巡查到位（责任单位：区环卫所，完成时限：5月底前）。") == [
        ("2022-05-31", "巡查到位", ("区环卫所",), None),
        ("None", "", ("区城管局",), "这几个单位的期限没有写明，请核对"),
    ]


def test_a_day_behind_another_unit_is_not_surely_that_of_the_one_before() -> None:
    (first, second) = bound("2.县应急局于4月底前出台意见，县文旅局为此8月底前改写景区预案。")
    assert (first[3], second[2], second[3]) == (None, None, "期限前面还写有别的单位，请核对由谁办理")
    (first, second) = bound("2.县应急局4月底前出台意见，县文旅局据其改写景区预案，8月底前报备。")
    assert (first[3], second[3]) == (None, "期限前面还写有别的单位，请核对由谁办理")


def test_what_a_report_tells_is_asked_about_but_for_what_it_plans() -> None:
    text = "某县安全生产工作总结\n\n一、主要做法\n县教育局6月底前完成校车排查。\n二、下一步打算\n县住建局要于9月底前清零。\n"
    first, second = read_text(text, year=2022).tasks
    assert (first.uncertain, second.uncertain) == ("所在的文字是总结，说的可能是做过的事，请核对", None)
    (asked,) = read_text("关于报送年度工作总结的通知\n\n县教育局要于12月底前报送总结。\n", year=2022).tasks
    assert asked.uncertain is None


def test_of_two_days_with_a_stroke_between_them_each_keeps_its_own_words() -> None:
    assert [(due, thing) for due, thing, _units, _why in bound(
        "整改方案请于10月18日前、整改报告请于12月5日前报送区安委办。"
    )] == [("2022-10-18", "整改方案"), ("2022-12-05", "报送区安委办")]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ("市水务局11月20日前排空蓄水池。", "市园林局2028年1月底前修剪行道树。", "市交通局2028年3月底前修补路面。"),
        (
            "序号\t内容\t责任单位\t时间",
            "1\t清点图书\t市图书馆\t12月10日前",
            "2\t修缮书库\t市文旅局\t2028年2月20日前",
            "3\t重新开馆\t市图书馆\t2028年4月",
        ),
        ("市水务局12月底前检修闸门。", "市园林局2028年春节前布置花坛。", "市交通局2028年3月底前修补路面。"),
    ],
)
def test_a_month_before_the_next_years_months_is_asked_about_where_nothing_says_its_year(
    lines: tuple[str, ...],
) -> None:
    text = "某市冬春工作任务\n\n" + "\n".join(lines)
    (first, *_others) = [one for task in read_text(text).tasks for one in task.milestones]
    assert first.uncertain == "没有写年份，取自后文的期限，可能是上一年，请核对"


def test_a_month_before_a_later_one_of_the_year_that_is_named_is_of_that_year() -> None:
    text = "某市冬春工作任务\n\n市水务局2月20日前排空蓄水池。\n市园林局2028年6月底前修枝。\n市交通局2028年9月底前修路。"
    assert [one.uncertain for task in read_text(text).tasks for one in task.milestones] == [None, None, None]


@pytest.mark.parametrize(
    "text",
    [
        "1.责任单位由市住建局调整为市体育局，6月20日前完成。",
        "1.修缮看台，6月底前完成。（责任单位：市住建局变更为市体育局）",
    ],
)
def test_a_duty_that_another_unit_had_is_to_be_looked_at(text: str) -> None:
    (task,) = read_text(f"某市方案\n\n{text}\n", year=2022).tasks
    assert (task.responsible[-1:], task.uncertain) == (("市体育局",), "写明办理单位有变更，请核对由谁办理")


def test_whose_each_day_is_where_the_day_comes_first_or_another_is_given_longer() -> None:
    text = "1.6月底前由市体育局完成看台加固，市财政局保障资金。\n2.清溪镇6月5日前拆完看台，石门镇可延至6月8日。"
    first, second = read_text(f"某市方案\n\n{text}\n", year=2022).tasks
    assert [one.units for one in (*first.milestones, *second.milestones)] == [("市体育局",), ("清溪镇",), ("石门镇",)]
