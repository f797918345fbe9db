"""The year in which a list is read, against what the list itself says."""

from datetime import date

import pytest

from db.words import DeadlineKind
from jobs.reading.document import Document, MilestoneRead, TaskRead
from jobs.reading.years import doubt

TODAY = date(2026, 11, 28)


def read(title: str, year: int | None, *spans: str, issued: date | None = None) -> Document:
    milestones = tuple(MilestoneRead(text=span, kind=DeadlineKind.DATE) for span in spans)
    return Document(title, year, "", issued, (TaskRead("1", "1", "", "做", milestones=milestones),))


@pytest.mark.parametrize(
    ("document", "why", "instead"),
    [
        (read("某市2022年任务分解表", 2027), "标题写的是2022年", 2022),
        (read("某市2027年任务分解表", 2026, issued=date(2026, 11, 20)), "标题写的是2027年", 2027),
        (read("三年行动（2022—2024年）任务表", 2025), "标题写的是2022—2024年", 2024),
        (read("任务分解表", 2100, issued=date(2022, 3, 2)), "文件是2022年印发的", 2022),
        (read("任务分解表", 2027, "2022年6月底前", "2022.11.30"), "期限里写的是2022年", 2022),
        (read("任务分解表", 2100, "6月底前"), "文件里没有写年份，今年是2026年", 2026),
    ],
)
def test_a_year_that_contradicts_the_document_is_doubted(document: Document, why: str, instead: int) -> None:
    found = doubt(document, TODAY)
    assert found is not None
    assert (found.why, found.instead) == (why, instead)


@pytest.mark.parametrize(
    "document",
    [
        read("某市2022年任务分解表", 2022),
        read("三年行动（2022—2024年）任务表", 2023),
        read("2021年督察反馈问题整改清单", 2022, issued=date(2022, 3, 2)),
        read("关于印发〔2019〕2号文件任务分解表", 2026, "6月底前"),
        read("任务分解表", 2027, issued=date(2026, 11, 20)),
        read("任务分解表", 2022, "2022年6月底前"),
        read("任务分解表", 2023, "2022年6月底前", "2024年底前"),
        read("任务分解表", 2027, "6月底前"),
        read("任务分解表", None, "6月底前"),
    ],
)
def test_a_year_that_the_document_bears_out_is_not_doubted(document: Document) -> None:
    assert doubt(document, TODAY) is None
