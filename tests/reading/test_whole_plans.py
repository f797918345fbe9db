"""What the title of a paper says of its days: of which month it is, and that it sets out what comes."""

from datetime import date
from pathlib import Path

import pytest

from jobs.reading.read import read_document, read_text
from tests.harness import documents
from tests.harness.documents import write
from tests.reading.test_passages import line_of


@pytest.mark.parametrize(
    ("title", "issued", "days"),
    [
        ("关于印发《某市5月份重点工作提示》的通知", date(2022, 4, 29), "2022-05-31;2022-05-20?"),
        ("某市1月重点任务清单", date(2021, 12, 28), "2022-01-31;2022-01-20?"),
        ("某市5月份重点工作提示", date(2022, 5, 3), "2022-05-31;2022-05-20?"),
        ("某市重点工作提示", date(2022, 4, 29), "2022-04-30;2022-04-20?"),
    ],
)
def test_the_end_of_the_month_is_that_of_the_month_a_paper_is_called_after(title: str, issued: date, days: str) -> None:
    document = read_text(f"{title}\n\n1.月底前报告看台检修情况，中旬完成培训。（市体育局）\n", year=2022, issued=issued)
    (task,) = document.tasks
    assert line_of(task) == f"|市体育局||{days}"


@pytest.mark.parametrize("title", ["某市体育工作要点", "关于印发《某市体育工作要点》的通知"])
@pytest.mark.parametrize("clause", ["新馆6月18日开馆", "6月18日举办开幕式", "北湖公园6月18日对外迎客"])
def test_what_is_on_a_day_in_a_plan_is_due_then_and_to_be_looked_at_whatever_the_verb(title: str, clause: str) -> None:
    duty = f"1.{clause}，10月底前覆盖各镇。（市体育局）"
    (task,) = read_text(f"{title}\n\n{duty}\n", year=2022).tasks
    assert line_of(task) == "|市体育局||2022-06-18?;2022-10-31"


def test_what_was_on_a_day_is_none_of_a_plan_s_deadlines() -> None:
    (task,) = read_text("某市体育工作要点\n\n1.新馆4月18日已开馆，10月底前覆盖各镇。（市体育局）\n", year=2022).tasks
    assert line_of(task) == "|市体育局||2022-10-31"


def test_by_when_a_case_is_to_be_closed_is_its_deadline_where_no_other_column_says_a_day(tmp_path: Path) -> None:
    table = documents.docx("乱堆乱放问题清单", [
        ["编号", "点位", "问题描述", "责任主体", "整改措施", "销号时间"],
        ["A-1", "北湖东岸", "堆放花盆", "城南街道", "清走花盆", "4月10日"],
        ["A-2", "北湖西岸", "堆放砖石", "市园林局", "清走砖石", "6月20日前"],
    ])  # fmt: skip
    tasks = read_document(write(tmp_path / "table.docx", table), 2022).tasks
    assert [line_of(task).rstrip("?") for task in tasks] == ["|城南街道||2022-04-10", "|市园林局||2022-06-20"]
