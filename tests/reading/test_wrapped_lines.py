"""Texts whose lines a copy wrapped: at any width, over the end of a page, and beside lines that are whole."""

import pytest

from jobs.reading.blocks import Paragraph
from jobs.reading.document import Place
from jobs.reading.preparing import with_whole_days
from jobs.reading.read import read_text
from tests.reading.test_passages import line_of

LONG = (
    "1.修缮市民中心屋面防水层和外墙涂料，更换破损的门窗玻璃、灯具和消防栓箱，疏通地下车库排水沟，清洗中央空调冷却塔，"
    "检修电梯、扶梯和无障碍升降平台，对配电室和水泵房逐一登记造册，同步完善标识标牌和导览系统，市机关事务局要在5月31日前"
    "完成屋面防水，市住建局要在6月15日前完成外墙粉刷，做到一处一档、责任到人、经费到位，不留空档，不出纰漏和差错。"
)
SHORT = ("2.盘点物资。市应急局于5月20日前报告水泵和编织袋的存量。", "3.市体育局每周检查一次看台和灯架的牢固情况。")


def wrapped(width: int, indent: str) -> str:
    lines = [indent + one for one in (LONG, *SHORT)]
    return "\n".join(one[at : at + width] for one in lines for at in range(0, len(one), width))


@pytest.mark.parametrize("indent", ["", "    ", "　　"])
@pytest.mark.parametrize("width", [24, 30, 38, 46])
def test_a_paragraph_reads_the_same_however_many_lines_it_was_wrapped_into(width: int, indent: str) -> None:
    document = read_text(f"某市工作安排\n\n{wrapped(width, indent)}\n", year=2022)
    assert [line_of(task) for task in document.tasks] == [
        "|市机关事务局、市住建局||2022-05-31;2022-06-15",
        "|市应急局||2022-05-20",
        "|市体育局||FREQ=WEEKLY",
    ]


def test_a_line_that_is_shorter_than_the_others_does_not_go_on_behind_a_blank_line() -> None:
    items = [f"{at}.{LONG[2:70]}，6月{at}日前办结。责任单位：市住建局" for at in range(1, 7)]
    last = "7.定期检修市民中心的电梯和扶梯。责任单位：市机关事务局，市应急局"
    after = "各科室要对照安排，于6月20日前报送小结。"
    document = read_text("\n\n".join(["某市工作安排", *items, last, after, ""]), year=2022)
    assert line_of(document.tasks[-1]) == "|各科室||2022-06-20"
    assert line_of(document.tasks[-2]) == "|市机关事务局、市应急局||"


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("市园林局补植行道树，6月\n30日前完成。", "2022-06-30"),
        ("市园林局补植行道树，2022年\n6月30日前完成。", "2022-06-30"),
        ("市园林局补植行道树，20\n22年6月底前完成。", "2022-06-30"),
        ("市园林局补植行道树，6月3\n0日前完成。", "2022-06-30"),
        ("市园林局补植行道树，6月30\n日前完成。", "2022-06-30"),
        ("市园林局补植行道树，9月\n底前完成。", "2022-09-30"),
        ("市园林局补植行道树，9月底\n前完成。", "2022-09-30"),
    ],
)
def test_a_day_that_a_line_s_end_parts_is_that_day_in_a_line_of_any_length(written: str, due: str) -> None:
    document = read_text(f"某市工作安排\n\n1.{written}\n2.市水利局于7月10日前完成清淤。\n", year=2022)
    assert [line_of(task) for task in document.tasks] == [f"|市园林局||{due}", "|市水利局||2022-07-10"]


@pytest.mark.parametrize(
    "lines",
    [
        "一、整治河道\n市水利局负责，3月\n20日 清洁日活动",
        "市水利局的安排\n2022年\n6月30日前完成清淤。",
        "市水利局于6月底完成\n前进镇的清淤。",
        "市水利局抽检20批次，编号6\n10月底前完成。",
    ],
)
def test_lines_that_a_day_begins_or_that_only_look_so_stay_apart(lines: str) -> None:
    paragraphs = [Paragraph(line, Place(line=at)) for at, line in enumerate(lines.split("\n"))]
    assert list(with_whole_days(paragraphs)) == paragraphs
