"""Tables that a copy flattened: a cell a line, bars or blank lines between, rows parted by blanks, drawn boxes."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from jobs.reading.document import Document
from jobs.reading.read import read_text
from tests.reading.test_columns import rows_of_a_list, told

HEADINGS = ("序号", "工作任务", "责任单位", "完成时限")
ROWS = [
    ("1", "对老旧校舍开展结构安全鉴定。", "市教育局、市住建局", "5月底前"),
    ("2", "更换学校食堂燃气报警装置。", "市教育局", "2024年8月"),
    ("3", "组织开学前消防联合检查。", "市消防支队", "8月25日前"),
]
MEANT = [
    ("1", "对老旧校舍开展结构安全鉴定。", ("市教育局", "市住建局"), ["2024-05-31"]),
    ("2", "更换学校食堂燃气报警装置。", ("市教育局",), ["2024-08-31"]),
    ("3", "组织开学前消防联合检查。", ("市消防支队",), ["2024-08-25"]),
]

Rows = Sequence[Sequence[str]]


def read(body: str) -> Document:
    return read_text(f"某市校园安全整治任务清单\n\n{body}\n", year=2024)


def facts(document: Document) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    return [(task.number, *told(task)) for task in document.tasks]


def drawn(rows: Rows) -> str:
    line = "├────┼────────┼──────┼────┤"
    return f"\n{line}\n".join("│" + "│".join(row) + "│" for row in rows)


FORMS: dict[str, Callable[[Rows], str]] = {
    "a cell a line": lambda rows: "\n".join("\n".join(row) for row in rows),
    "blank lines between the cells": lambda rows: "\n\n".join("\n\n".join(row) for row in rows),
    "bars in lines of their own": lambda rows: "\n|\n".join("\n|\n".join(row) for row in rows),
    "each cell closed by a bar": lambda rows: "\n".join("|\n".join(row) + "|" for row in rows),
    "a cell a line after a tab, rows parted": lambda rows: "\n\n".join("\n".join("\t" + cell for cell in row) for row in rows),
    "tabs": lambda rows: "\n".join("\t".join(row) for row in rows),
    "bars": lambda rows: "\n".join(" | ".join(row) for row in rows),
    "bars around": lambda rows: "\n".join("| " + " | ".join(row) + " |" for row in rows),
    "blanks": lambda rows: "\n".join(" ".join(row) for row in rows),
    "wide blanks": lambda rows: "\n".join("\u3000".join(row) for row in rows),
    "a drawn box": drawn,
    "all in one line": lambda rows: " ".join(" ".join(row) for row in rows),
    "all in one line, its title before": lambda rows: "整治任务分解表 " + " ".join(" ".join(row) for row in rows),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_list_reads_the_same_however_a_copy_flattened_it(form: str) -> None:
    assert facts(read(FORMS[form]([HEADINGS, *ROWS]))) == MEANT


@pytest.mark.parametrize("form", FORMS)
def test_what_follows_a_flattened_table_is_no_row_of_it(form: str) -> None:
    after = "\n\n联系人：赵一，电话：88110000\n\n请各单位认真抓好落实，并于每月25日前由市教育局汇总报送市安委办。"
    document = read(FORMS[form]([HEADINGS, *ROWS]) + after)
    assert facts(document)[:3] == MEANT
    assert all("请各单位" not in task.text and "联系人" not in task.text for task in document.tasks[:3])


@settings(max_examples=60)
@given(rows_of_a_list, st.sampled_from(sorted(FORMS)))
def test_any_list_reads_the_same_in_any_flattened_form(
    listed: list[tuple[str, str, tuple[str, str]]], form: str
) -> None:
    rows = [(str(number), text, units, day) for number, (text, units, (day, _due)) in enumerate(listed, 1)]
    meant = [(text, tuple(units.split("、")), [due]) for text, units, (_day, due) in listed]
    assert [told(task) for task in read(FORMS[form]([HEADINGS, *rows])).tasks] == meant


@pytest.mark.parametrize("form", ["a cell a line", "blank lines between the cells", "blanks"])
def test_a_flattened_list_in_traditional_script_reads_the_same_and_keeps_its_own_words(form: str) -> None:
    document = read(OpenCC("s2t").convert(FORMS[form]([HEADINGS, *ROWS])))
    assert facts(document) == MEANT
    assert "對老舊校舍" in (document.tasks[0].original or "")


def test_several_lines_of_one_cell_are_one_cell() -> None:
    (task,) = read(
        "序号\n\n惠民实事\n\n责任单位\n\n时限\n\n1\n\n改造农贸市场三处。\n\n市商务局\n\n市市场监管局\n\n城投公司\n\n10月底前"
    ).tasks
    assert told(task)[1:] == (("市商务局", "市市场监管局", "城投公司"), ["2024-10-31"])


def test_a_number_and_units_that_two_rows_share_are_printed_once_and_hold_for_both() -> None:
    document = read(
        "序号\n任务\n责任单位\n时限\n1\n新建养老服务站两处。\n市民政局\n6月底前开工\n新建日间照料中心一处。\n12月底前\n2\n改造敬老院。\n市民政局\n9月底前"
    )
    assert facts(document) == [
        ("1", "新建养老服务站两处。", ("市民政局",), ["2024-06-30"]),
        ("1", "新建日间照料中心一处。", ("市民政局",), ["2024-12-31"]),
        ("2", "改造敬老院。", ("市民政局",), ["2024-09-30"]),
    ]


def test_headings_between_the_rows_of_a_flattened_table_are_sections() -> None:
    document = read(
        "序号\n任务\n责任单位\n一、源头管控\n1\n核查生产企业名单。\n市工信局\n二、流通管控\n2\n抽检销售门店。\n市市场监管局"
    )
    assert [(task.section, task.text) for task in document.tasks] == [
        ("一、源头管控", "核查生产企业名单。"), ("二、流通管控", "抽检销售门店。"),
    ]  # fmt: skip


def test_a_header_that_is_printed_on_every_page_is_no_row() -> None:
    head, (first, second, third) = "\n".join(HEADINGS), ("\n".join(row) for row in ROWS)
    assert facts(read(f"{head}\n{first}\n{second}\n— 1 —\n{head}\n{third}")) == MEANT


def test_two_columns_parted_by_one_bar_are_a_table() -> None:
    document = read("工作任务 | 责任单位\n排查校车线路隐患。 | 市交警支队\n更新校门防撞设施。 | 市教育局、市公安局")
    assert [told(task) for task in document.tasks] == [
        ("排查校车线路隐患。", ("市交警支队",), []), ("更新校门防撞设施。", ("市教育局", "市公安局"), []),
    ]  # fmt: skip


def test_a_line_break_inside_a_cell_of_a_row_with_bars_ends_no_row() -> None:
    document = read(
        "任务 | 要求 | 牵头单位 | 协助单位 | 期限\n整治围挡 | 补齐破损围挡。 | 市城管局 | 市住建局\n市交通局 | 9月20日前 |\n清运渣土 | 夜间作业。 | 市城管局 | 市公安局 | 10月底 |"
    )
    assert [(task.lead, task.assist, told(task)[2]) for task in document.tasks] == [
        (("市城管局",), ("市住建局", "市交通局"), ["2024-09-20"]), (("市城管局",), ("市公安局",), ["2024-10-31"]),
    ]  # fmt: skip


def test_a_cell_of_several_lines_that_a_spreadsheet_put_in_quotes_is_one() -> None:
    (task,) = read('序号\t任务\t责任单位\t时限\n1\t排查索道。\t"市文旅局\n市市场监管局"\t6月底').tasks
    assert told(task) == ("排查索道。", ("市文旅局", "市市场监管局"), ["2024-06-30"])


def test_lines_of_a_cell_in_a_drawn_box_are_one_cell() -> None:
    (task, second) = read(
        "┌──┬────┬────┬──┐\n│编 号│工 程 名 称│实施单位│完工时间│\n├──┼────┼────┼──┤\n│G1│城东泵站及配│市水务局、城东│10月 │\n│  │套管网工程│水务有限公司│    │\n├──┼────┼────┼──┤\n│G2│滨河步道│市园林局│11月│\n└──┴────┴────┴──┘"
    ).tasks
    assert (task.number, *told(task)) == (
        "G1",
        "城东泵站及配套管网工程",
        ("市水务局", "城东水务有限公司"),
        ["2024-10-31"],
    )
    assert told(second)[1:] == (("市园林局",), ["2024-11-30"])


@pytest.mark.parametrize(
    "text",
    [
        "任务\n\n责任单位\n\n时限\n",
        "一、工作任务\n\n二、责任单位\n\n三、时限\n\n各单位要高度重视。",
        "重点任务\n责任单位要切实履行职责，抓好落实。\n时限要求由各单位自行确定。",
        "任务 责任 使命 担当",
    ],
)
def test_words_that_also_head_columns_make_no_table_of_a_text(text: str) -> None:
    assert read(text).tasks == ()


def test_a_long_flattened_list_is_read_to_its_end() -> None:
    rows = [(str(number), f"完成第{number}处隐患点加固。", "市自然资源局", "10月底前") for number in range(1, 1501)]
    document = read(FORMS["a cell a line"]([HEADINGS, *rows]))
    assert [task.number for task in document.tasks] == [row[0] for row in rows]


@pytest.mark.parametrize("title", ["任务清单", "某市任务清单", "2024年重点工作责任分解表", "任务与责任"])
@pytest.mark.parametrize("form", ["bars around", "a cell a line", "blanks", "each cell closed by a bar"])
def test_a_title_of_any_length_is_no_heading_of_a_column(title: str, form: str) -> None:
    assert facts(read_text(f"{title}\n\n{FORMS[form]([HEADINGS, *ROWS])}", year=2024)) == MEANT


def test_two_columns_parted_by_one_tab_are_a_table() -> None:
    document = read("单位\t任务\n市发改委\t5月底前清理管道占压\n市教育局\t年底前轮训驾驶员")
    assert [told(task)[1:] for task in document.tasks] == [
        (("市发改委",), ["2024-05-31"]), (("市教育局",), ["2024-12-31"]),
    ]  # fmt: skip


# ---------------------------------------------------------------- forms

FORM = [
    ("督办编号", "督7号"), ("承办单位", "区水务局"), ("协办单位", "区财政局"), ("督办事项", "尽快修复东渠三处渗漏段，恢复灌溉"), ("办结时限", "2024年6月10日前"),
]  # fmt: skip
ANOTHER = [
    ("督办编号", "督8号"), ("承办单位", "区教育局"), ("协办单位", "区住建局、区消防大队"), ("督办事项", "拆除校门口违建"), ("办结时限", "2024年5月底前"),
]  # fmt: skip
PAIRS: dict[str, Callable[[Rows], str]] = {
    "a cell a line": lambda rows: "\n".join("\n".join(row) for row in rows),
    "blank lines between": lambda rows: "\n\n".join("\n\n".join(row) for row in rows),
    "tabs": lambda rows: "\n".join("\t".join(row) for row in rows),
    "wide blanks": lambda rows: "\n".join("    ".join(row) for row in rows),
    "bars": lambda rows: "\n".join(" | ".join(row) for row in rows),
    "a cell a line in traditional script": lambda rows: OpenCC("s2t").convert("\n".join("\n".join(row) for row in rows)),
}  # fmt: skip


@pytest.mark.parametrize("form", PAIRS)
def test_forms_read_the_same_however_a_copy_flattened_them(form: str) -> None:
    first, second = read(PAIRS[form]([*FORM, *ANOTHER]) + "\n\n请按时办结，并报区政府督查室。").tasks[:2]
    assert (first.responsible, first.assist, told(first)[0], told(first)[2]) == (
        ("区水务局",), ("区财政局",), FORM[3][1], ["2024-06-10"],
    )  # fmt: skip
    assert (second.responsible, second.assist, told(second)[2]) == (
        ("区教育局",), ("区住建局", "区消防大队"), ["2024-05-31"],
    )  # fmt: skip


@pytest.mark.parametrize("form", PAIRS)
def test_one_form_is_one_task(form: str) -> None:
    (task,) = read(PAIRS[form](FORM)).tasks
    assert (task.responsible, told(task)[2]) == (("区水务局",), ["2024-06-10"])


def test_the_text_of_a_task_is_no_heading_of_a_flattened_table() -> None:
    cells = (
        "改革任务 具体举措 成果形式 牵头科室 启动时间 完成时间 信用监管 建立企业信用“一件事” 操作指引 监管科 2月 6月"
    )
    (task,) = read(cells.replace(" ", "\n")).tasks
    assert (task.text, task.lead, told(task)[2]) == ("建立企业信用“一件事”", ("监管科",), ["2024-06-30"])


def test_quarters_below_a_heading_that_spans_them_are_what_is_due_by_each() -> None:
    """进度安排 over 第一季度 and 第二季度: a copy prints it before them, and below it no row has a cell."""
    header = ("序号", "实事名称", "进度安排", "第一季度", "第二季度", "责任单位")
    row = ("1", "改造河西菜场，更换照明设施。", "办理立项手续。", "完成摊位翻新。", "县商务局")
    again = ("2", "修缮城北步道。", "完成设计。", "铺设路面。", "县住建局")
    body = "\n\n".join([*header, *row, "（二）出行便利（1项）", *header, *again])
    first, second = read(body).tasks
    due = [(one.text, str(one.due), one.deliverable) for one in first.milestones]
    assert due == [("第一季度", "2024-03-31", "办理立项手续。"), ("第二季度", "2024-06-30", "完成摊位翻新。")]
    assert (first.responsible, second.responsible) == (("县商务局",), ("县住建局",))


def test_a_page_says_what_it_offers_below_a_table_and_no_row_of_it() -> None:
    rows = "\n\n".join(cell for row in [HEADINGS, *ROWS] for cell in row)
    assert facts(read(f"{rows}\n\n收藏 推荐 打印 | 录入:zhang | 阅读:\n相关新闻")) == MEANT


def test_all_the_places_that_there_are_stand_among_units_as_one_name() -> None:
    rows = [("序号", "项目", "牵头部门", "相关责任部门", "完成时间"), ("7", "推进托幼服务普及", "教育局", "民政局等部门,13个街道、镇", "2024年")]  # fmt: skip
    (task,) = read("\n\n".join(cell for row in rows for cell in row)).tasks
    assert (task.lead, task.responsible) == (("教育局",), ("民政局", "13个街道、镇"))


BARE = ("a cell a line", "blank lines between the cells", "tabs", "blanks")


@pytest.mark.parametrize("form", BARE)
def test_rows_that_lost_their_header_are_read_by_what_they_look_like_and_told(form: str) -> None:
    document = read(FORMS[form](ROWS))
    assert facts(document) == MEANT
    assert [one.why for one in document.problems] == ["表格没有表头，各栏按内容判断，请核对"]


@pytest.mark.parametrize("form", [*BARE, "all in one line"])
def test_a_list_without_numbers_in_one_line_or_without_a_header_is_read(form: str) -> None:
    rows = [row[1:] for row in ROWS]
    header = [HEADINGS[1:]] if form == "all in one line" else []
    assert [fact[1:] for fact in facts(read(FORMS[form]([*header, *rows])))] == [one[1:] for one in MEANT]


@pytest.mark.parametrize(
    "form", ["a cell a line", "blank lines between the cells", "tabs", "bars", "bars around", "blanks"]
)
def test_a_first_column_without_a_heading_is_what_is_to_be_done(form: str) -> None:
    header = [("", "责任单位", "完成时限")] if form in ("tabs", "bars", "bars around") else [("责任单位", "完成时限")]
    assert [fact[1:] for fact in facts(read(FORMS[form]([*header, *(row[1:] for row in ROWS)])))] == [
        one[1:] for one in MEANT
    ]


def test_a_list_pasted_with_commas_may_lack_its_first_heading() -> None:
    document = read(",责任单位,完成时限\n更换燃气阀门,市教育局,5月底前\n抽检校车,市交警支队,8月25日前")
    assert [fact[2:] for fact in facts(document)] == [
        (("市教育局",), ["2024-05-31"]),
        (("市交警支队",), ["2024-08-25"]),
    ]


def test_a_list_of_news_with_its_sources_and_days_is_no_table_of_tasks() -> None:
    news = [
        ("召开校车安全会", "市教育局", "2024-03-05"),
        ("开展消防演练", "市消防支队", "2024-03-02"),
        ("检查食堂", "市教育局", "2024-02-28"),
    ]
    assert read(FORMS["a cell a line"](news)).tasks == ()


def test_a_table_of_which_a_copy_left_nothing_between_the_cells_is_told_and_not_guessed() -> None:
    document = read("序号工作任务责任单位完成时限1更换阀门市教育局6月底2抽检校车市交警支队8月底前")
    assert (document.tasks, document.problems[0].why) == ((), "像是一张表格被并成了一行，分不出各栏，请改用原来的表格")
    assert [one.text for one in document.unread if one.kind == "deadline"] == ["6月底", "8月底前"]


def test_two_commas_of_a_pasted_list_are_a_blank_cell() -> None:
    lines = (
        "序号,任务,牵头,配合,完成时限",
        "1,新建停车位,县城管局,,6月底前",
        "2,改造公厕,县住建局,各镇,7月底前",
        "3,更换路灯,,县城管局,",
    )
    document = read_text("\n".join(lines), year=2026)
    assert [(task.text, task.lead, task.assist) for task in document.tasks] == [
        ("新建停车位", ("县城管局",), ()),
        ("改造公厕", ("县住建局",), ("各镇",)),
        ("更换路灯", (), ("县城管局",)),
    ]
