"""分别 whose units, or whose shares, stand elsewhere than its days: each has its own, to be looked at."""

import pytest

from jobs.reading.document import MilestoneRead
from jobs.reading.due import SEVERALLY
from jobs.reading.read import read_text
from jobs.reading.severally import IN_ORDER

DAYS = ((5, 31), (7, 31), (10, 31))


def _told(text: str) -> tuple[MilestoneRead, ...]:
    (task,) = read_text(f"关于做好林场防火的通知\n{text}", year=2026).tasks
    return task.milestones


def _bound(told: tuple[MilestoneRead, ...]) -> list[object]:
    return [((one.due.month, one.due.day), one.units) if one.due else None for one in told]


@pytest.mark.parametrize(
    "text",
    [
        "3.南岭、西坡、后山隔离带分别于5月底、7月底、10月底前开通。（责任单位：石桥镇、马坊镇、柳河乡）",
        "3.南岭、西坡、后山隔离带由石桥镇、马坊镇、柳河乡分别负责，5月底、7月底、10月底前开通。",
        "3.南岭、西坡、后山隔离带分别于5月底、7月底、10月底前开通，由石桥镇、马坊镇、柳河乡分别承担。",
    ],
)
def test_units_that_stand_elsewhere_have_each_its_own_day_and_one_is_asked(text: str) -> None:
    told = _told(text)
    assert _bound(told) == list(zip(DAYS, [("石桥镇",), ("马坊镇",), ("柳河乡",)], strict=True))
    assert {one.uncertain for one in told} == {IN_ORDER}


def test_who_leads_has_each_day_beside_its_unit_and_each_its_own_place() -> None:
    told = _told(
        "3.开通隔离带3条（分别为：南岭5月底前、西坡7月底前、后山10月底前）。"
        "（县林业局牵头，石桥镇、马坊镇、柳河乡分别负责）"
    )
    assert [(one.units, one.deliverable) for one in told] == [
        (("县林业局", "石桥镇"), "南岭"),
        (("县林业局", "马坊镇"), "西坡"),
        (("县林业局", "柳河乡"), "后山"),
    ]
    assert {one.uncertain for one in told} == {IN_ORDER}


def test_more_units_than_days_are_asked_about() -> None:
    told = _told("3.南岭、西坡隔离带分别于5月底、7月底前开通。（责任单位：石桥镇、马坊镇、柳河乡）")
    assert [(one.units, one.uncertain) for one in told] == [(None, SEVERALLY)] * 2


def test_several_units_that_each_do_something_first_share_the_days_of_the_rest() -> None:
    told = _told("3.石桥镇、马坊镇分别召开动员会，5月底前完成自查，7月底前完成整改，10月底前总结。")
    assert {one.uncertain for one in told} == {None}


@pytest.mark.parametrize(
    ("cell", "each"),
    [
        ("5月、7月、10月底分别完成30%、60%、100%", ["完成30%", "完成60%", "完成100%"]),
        ("5月底、7月底、10月底前分别完成勘界、清表、验收", ["完成勘界", "清表", "验收"]),
        ("5月底、7月底、10月底前分别开展春季、夏季、秋季巡护", ["春季、夏季、秋季巡护"] * 3),
    ],
)
def test_shares_of_one_unit_are_each_due_on_its_own_day(cell: str, each: list[str]) -> None:
    told = _told(f"|序号|任务|责任单位|完成时限|\n|---|---|---|---|\n|1|隔离带|县林业局|{cell}|")
    assert [(one.due.month, one.due.day) if one.due else None for one in told] == list(DAYS)
    assert [one.deliverable.removeprefix("开展") for one in told] == each
