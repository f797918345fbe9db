"""Spans behind one that is counted from an event count on from it: nobody knows their days any better."""

from datetime import date

import pytest

from jobs.reading.deadlines import Frame, Setting, find_deadlines
from jobs.reading.deadlines.following import FOLLOWS

ISSUED = date(2026, 3, 16)


def _whys(text: str) -> list[str | None]:
    return [one.uncertain for one in find_deadlines(text, Frame(Setting.PROSE, 2026, issued=ISSUED))]


@pytest.mark.parametrize(
    "text",
    [
        "市园林局收到报修后两日内派人查看，五日内修复，一个月内回访。",
        "市园林局自合同签订之日起7日内进场，30日内完工，再60日内移交。",
        "市园林局苗木到货后3个工作日内验收，10个工作日内栽完，20个工作日内补齐。",
    ],
)
def test_all_of_them_are_in_doubt(text: str) -> None:
    first, *others = _whys(text)
    assert first not in (None, FOLLOWS)
    assert others == [FOLLOWS, FOLLOWS]


@pytest.mark.parametrize(
    "text",
    [
        "市园林局自本通知印发后3日内报方案，10日内开工。",
        "市园林局3日内报方案，10日内开工。",
        "市园林局收到报修后两日内派人查看。10日内报送全年计划。",
        "市园林局收到报修后两日内派人查看，6月底前报送全年计划。",
    ],
)
def test_what_counts_from_the_paper_or_begins_anew_is_not(text: str) -> None:
    assert _whys(text)[-1] is None


@pytest.mark.parametrize("said", ["9月最后一周", "9月最后三天"])
def test_the_last_days_of_a_month_are_no_days_ahead(said: str) -> None:
    found = find_deadlines(said, Frame(Setting.CHAT, 2026, on=ISSUED))
    assert [one.due for one in found] == [date(2026, 9, 30)]
