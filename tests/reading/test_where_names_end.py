"""A unit's name swallows nothing that follows it, and of persons of rank no unit is cut."""

import pytest

from jobs.reading.document import TaskRead
from jobs.reading.read import read_text


def task_of(duty: str) -> TaskRead:
    (task,) = read_text(f"关于做好场馆开放工作的通知\n各有关单位：\n1.{duty}\n", year=2026).tasks
    return task


@pytest.mark.parametrize(
    ("duty", "units"),
    [
        ("市水务集团作为建设单位要于4月20日前进场。", ["市水务集团"]),
        ("市体育局身为主管部门要于4月25日前自查。", ["市体育局"]),
        ("市体育局对各赛事逐场评估，做到不评估不举办。", ["市体育局"]),
        ("市体育局正月十六前完成场馆检查。", ["市体育局"]),
        ("镇卫生院、镇中心校腊月二十前各组织一次演练。", ["镇卫生院", "镇中心校"]),
        ("市体育局元宵节前后开展灯会安全检查。", ["市体育局"]),
        ("原由市住建局承担的场馆移植工作，调整为市体育中心承担，6月15日前完成。", ["市体育中心"]),
    ],
)
def test_a_name_ends_where_the_sentence_goes_on(duty: str, units: list[str]) -> None:
    assert list(task_of(duty).responsible) == units


@pytest.mark.parametrize("who", ["各分管副县长", "各位副局长", "各科科长"])
def test_persons_of_rank_are_no_unit(who: str) -> None:
    task = task_of(f"请{who}4月10日前报送述职报告。")
    assert (task.uncertain is not None, any(name in who for name in task.responsible)) == (True, False)


def test_a_head_of_an_office_stands_for_it() -> None:
    assert task_of("市体育局局长于4月10日前完成包片走访。").responsible == ("市体育局",)
