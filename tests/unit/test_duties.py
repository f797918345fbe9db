"""值班, purely: what a sentence says of who is on duty when."""

from datetime import date, timedelta

import pytest

from jobs.duties.feasts import days_off, unpublished
from jobs.duties.said import Said, What, outside, read
from jobs.reading.phones import parted

MONDAY = date(2022, 6, 20)
TOMORROW = MONDAY + timedelta(days=1)


def _days(first: date, count: int) -> tuple[date, ...]:
    return tuple(first + timedelta(days=one) for one in range(count))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("明天王工值班", Said(What.SET, (TOMORROW,), ("王工",))),
        ("明天王工、李工值班。", Said(What.SET, (TOMORROW,), ("王工", "李工"))),
        ("6月25日张建国和李明值班", Said(What.SET, (date(2022, 6, 25),), ("张建国", "李明"))),
        ("本周六由王主任带班", Said(What.SET, (date(2022, 6, 25),), ("王主任",))),
        ("明天李能值班", Said(What.SET, (TOMORROW,), ("李能",))),
        ("明天王世能、李明月值班", Said(What.SET, (TOMORROW,), ("王世能", "李明月"))),
        ("明天张延年改由李能值班", Said(What.REPLACE, (TOMORROW,), ("张延年", "李能"))),
        ("明天王工改由李明来值班", Said(What.REPLACE, (TOMORROW,), ("王工", "李明"))),
        ("我26号有事，跟孙工27号换", Said(What.SWAP, (date(2022, 6, 26), date(2022, 6, 27)), ("我", "孙工"))),
        ("6月26日出差，想和吴敏6月27日换班", Said(What.SWAP, (date(2022, 6, 26), date(2022, 6, 27)), ("我", "吴敏"))),
        ("我26号跟孙工27号换一下", Said(What.SWAP, (date(2022, 6, 26), date(2022, 6, 27)), ("我", "孙工"))),
        ("6月26日吴敏跟27号周科换一下班", Said(What.SWAP, (date(2022, 6, 26), date(2022, 6, 27)), ("吴敏", "周科"))),
        ("26号我请假，孙工替我", Said(What.REPLACE, (date(2022, 6, 26),), ("我", "孙工"))),
        ("6月26日周科换成吴敏", Said(What.REPLACE, (date(2022, 6, 26),), ("周科", "吴敏"))),
        ("明天我值班", Said(What.SET, (TOMORROW,), ("我",))),
        ("明天值班人员：王工", Said(What.SET, (TOMORROW,), ("王工",))),
        ("6月25日至27日王工值班", Said(What.SET, tuple(date(2022, 6, day) for day in (25, 26, 27)), ("王工",))),
        ("明天王工改由李工值班", Said(What.REPLACE, (TOMORROW,), ("王工", "李工"))),
        ("明天王工换成李工值班", Said(What.REPLACE, (TOMORROW,), ("王工", "李工"))),
        ("明天王工和6月25日李工换班", Said(What.SWAP, (TOMORROW, date(2022, 6, 25)), ("王工", "李工"))),
        ("这周王工值班", Said(What.SET, _days(MONDAY, 7), ("王工",))),
        ("下周王工、李工值班", Said(What.SET, _days(date(2022, 6, 27), 7), ("王工", "李工"))),
        ("下周一至周五王工值班", Said(What.SET, _days(date(2022, 6, 27), 5), ("王工",))),
        ("周末王工、李工值班", Said(What.SET, _days(date(2022, 6, 25), 2), ("王工", "李工"))),
        ("下周末王工值班", Said(What.SET, _days(date(2022, 7, 2), 2), ("王工",))),
        ("7月王工值班", Said(What.SET, _days(date(2022, 7, 1), 31), ("王工",))),
        ("6月值班表", Said(What.ASK, _days(MONDAY, 11))),
        ("本周谁值班", Said(What.ASK, _days(MONDAY, 7))),
        ("下个月值班表", Said(What.ASK, _days(date(2022, 7, 1), 31))),
        ("周五王工值班", Said(What.SET, (date(2022, 6, 24),), ("王工",))),
        ("明天谁值班？", Said(What.ASK, (TOMORROW,))),
        ("王工明天值班", Said(What.SET, (TOMORROW,), ("王工",))),
        ("安排张建国周五值班", Said(What.SET, (date(2022, 6, 24),), ("张建国",))),
        ("王工、李主任明天值班", Said(What.SET, (TOMORROW,), ("王工", "李主任"))),
        ("明天改由李工值班", Said(What.SET, (TOMORROW,), ("李工",))),
        ("把明天值班的王工换成李工", Said(What.REPLACE, (TOMORROW,), ("王工", "李工"))),
        ("王工明天的班改由李工", Said(What.REPLACE, (TOMORROW,), ("王工", "李工"))),
        ("王工明天有事，换李工值", Said(What.REPLACE, (TOMORROW,), ("王工", "李工"))),
        ("明天王工请假，李工替他", Said(What.REPLACE, (TOMORROW,), ("王工", "李工"))),
        ("李工周六来不了，赵工替他值班", Said(What.REPLACE, (date(2022, 6, 25),), ("李工", "赵工"))),
        ("王主任明天出差，由李处长值班", Said(What.REPLACE, (TOMORROW,), ("王主任", "李处长"))),
        ("明天王工、后天李工值班", Said(What.EACH, _days(TOMORROW, 2), ("王工", "李工"))),
        ("本周六李工、张工，周日赵工值班", Said(What.EACH, (date(2022, 6, 25), date(2022, 6, 25), date(2022, 6, 26)), ("李工", "张工", "赵工"))),
        ("10月1日王工、2日李工、3日张工值班", Said(What.EACH, _days(date(2022, 10, 1), 3), ("王工", "李工", "张工"))),
        ("10月31日王工、1日李工值班", Said(What.EACH, _days(date(2022, 10, 31), 2), ("王工", "李工"))),
        ("10月1日至2日王工、3日李工值班", Said(What.EACH, _days(date(2022, 10, 1), 3), ("王工", "王工", "李工"))),
        ("10月1日王工值班，2日李工值班", Said(What.EACH, _days(date(2022, 10, 1), 2), ("王工", "李工"))),
        ("王工10月1日、李工2日值班", Said(What.EACH, _days(date(2022, 10, 1), 2), ("王工", "李工"))),
        ("国庆值班：王工1号2号，李工3号4号，张工5-7号", Said(What.EACH, _days(date(2022, 10, 1), 7), ("王工", "王工", "李工", "李工", "张工", "张工", "张工"))),
        ("值班安排：10月1日王工；2日李工", Said(What.EACH, _days(date(2022, 10, 1), 2), ("王工", "李工"))),
        ("下周一至周五王工、李工轮流值班", Said(What.EACH, _days(date(2022, 6, 27), 5), ("王工", "李工", "王工", "李工", "王工"))),
        ("下周一至周三轮流值班：王工、李工、赵工", Said(What.EACH, _days(date(2022, 6, 27), 3), ("王工", "李工", "赵工"))),
        ("下周一至周三我们轮流值班，王工、李工、赵工", Said(What.EACH, _days(date(2022, 6, 27), 3), ("王工", "李工", "赵工"))),
        ("王工、李工、赵工轮流值班，下周一至周三", Said(What.EACH, _days(date(2022, 6, 27), 3), ("王工", "李工", "赵工"))),
        ("6月27日到29日我局轮流值班。王工27号，李工28号，赵工29号", Said(What.EACH, _days(date(2022, 6, 27), 3), ("王工", "李工", "赵工"))),
        ("6月27日王工值班。28日李工值班。", Said(What.EACH, _days(date(2022, 6, 27), 2), ("王工", "李工"))),
        ("明天王工、李工轮流带班", Said(What.SET, (TOMORROW,), ("王工", "李工"))),
        ("周末由王工、李工轮值", Said(What.EACH, _days(date(2022, 6, 25), 2), ("王工", "李工"))),
        ("国庆期间王工、李工值班", Said(What.SET, _days(date(2022, 10, 1), 7), ("王工", "李工"))),
        ("王工国庆值班", Said(What.SET, _days(date(2022, 10, 1), 7), ("王工",))),
        ("2022年国庆假期张建国、李明轮流值班", Said(What.EACH, _days(date(2022, 10, 1), 7), ("张建国", "李明", "张建国", "李明", "张建国", "李明", "张建国"))),
        ("中秋节王工值班", Said(What.SET, _days(date(2022, 9, 10), 3), ("王工",))),
        ("十一长假由王主任带班", Said(What.SET, _days(date(2022, 10, 1), 7), ("王主任",))),
        ("国庆节当天王工值班", Said(What.SET, (date(2022, 10, 1),), ("王工",))),
        ("元旦期间王工值班", Said(What.SET, _days(date(2022, 12, 31), 3), ("王工",))),
        ("端午值班表", Said(What.ASK, _days(date(2023, 6, 22), 3))),
        ("取消国庆期间值班", Said(What.CLEAR, _days(date(2022, 10, 1), 7))),
        ("明天王工13800138000值班", Said(What.SET, (TOMORROW,), ("王工",), (("王工", "13800138000"),))),
        ("明天王工 13800138000、李工（电话：0571-87654321） 值班", Said(What.SET, (TOMORROW,), ("王工", "李工"), (("王工", "13800138000"), ("李工", "0571-87654321")))),
        ("明天王工改由李工13900139000值班", Said(What.REPLACE, (TOMORROW,), ("王工", "李工"), (("李工", "13900139000"),))),
        ("取消明天值班", Said(What.CLEAR, (TOMORROW,))),
        ("明天的值班取消", Said(What.CLEAR, (TOMORROW,))),
        ("删掉周五的值班安排", Said(What.CLEAR, (date(2022, 6, 24),))),
        ("取消6月25日至27日值班", Said(What.CLEAR, tuple(date(2022, 6, day) for day in (25, 26, 27)))),
        ("取消王工明天的值班", Said(What.CLEAR, (TOMORROW,), ("王工",))),
        ("明天王工不值班了", Said(What.CLEAR, (TOMORROW,), ("王工",))),
        ("王工明天不值班了", Said(What.CLEAR, (TOMORROW,), ("王工",))),
        ("明天不用王工值班了", Said(What.CLEAR, (TOMORROW,), ("王工",))),
        ("明天不值班", Said(What.CLEAR, (TOMORROW,), ("我",))),
        ("明天不用值班了", Said(What.CLEAR, (TOMORROW,), ("我",))),
        ("明天我不值班", Said(What.CLEAR, (TOMORROW,), ("我",))),
        ("明天不需要来值班", Said(What.CLEAR, (TOMORROW,), ("我",))),
        ("取消明天的值班吧", Said(What.CLEAR, (TOMORROW,))),
        ("明天王工值班？", Said(What.ASK, (TOMORROW,))),
        ("明天王工值班吗", Said(What.ASK, (TOMORROW,))),
        ("明天王工改由李工值班吗？", Said(What.ASK, (TOMORROW,))),
        ("谁值班", Said(What.ASK, (MONDAY,))),
        ("把25号的值班改成张主任", Said(What.SET, (date(2022, 6, 25),), ("张主任",))),
        ("明天由王工值班，电话13912345678", Said(What.SET, (TOMORROW,), ("王工",), (("王工", "13912345678"),))),
        ("25号值班的是谁，电话给我一个", Said(What.ASK, (date(2022, 6, 25),))),
        ("明天王工李工两个人一起值班", Said(What.SET, (TOMORROW,), ("王工", "李工"))),
        ("明天王工程师值班", Said(What.SET, (TOMORROW,), ("王工程师",))),
        ("下周值班表：周一王工，周二李工，周三到周五赵工", Said(What.EACH, _days(date(2022, 6, 27), 5), ("王工", "李工", "赵工", "赵工", "赵工"))),
        ("本周六我来值", Said(What.SET, (date(2022, 6, 25),), ("我",))),
        ("李工跟王工把明后天的班对调一下", Said(What.CROSS, _days(TOMORROW, 2), ("李工", "王工"))),
        ("王工和李工把周六、周日的班换一下", Said(What.CROSS, _days(date(2022, 6, 25), 2), ("王工", "李工"))),
        ("6月25号到27号值班：王工、李工、赵工，一人一天", Said(What.EACH, _days(date(2022, 6, 25), 3), ("王工", "李工", "赵工"))),
        ("国庆节七天王工和李工轮着值", Said(What.EACH, _days(date(2022, 10, 1), 7), ("王工", "李工", "王工", "李工", "王工", "李工", "王工"))),
        ("值班表", Said(What.ASK, (MONDAY,))),
        ("本周六值班是谁", Said(What.ASK, (date(2022, 6, 25),))),
    ],
)  # fmt: skip
def test_a_sentence_says_who_is_on_duty(text: str, said: Said) -> None:
    assert read(text, MONDAY) == said


@pytest.mark.parametrize(
    "text",
    ["明天高压泵换成金属泵", "明天水泵换成新泵", "26号有事，跟业主27号换", "我们26号跟住建局27号换", "明天阀门换一下", "26号设备调试", "明天的值班换个人", "明天值班改成视频会议", "值班改到明天", "已安排专人值班", "加强值班值守", "请各单位落实24小时值班制度", "值班制度已落实", "明天没人值班", "A-1 值班室已建成", "辛苦了",
     "取消明天值班吗", "取消明天值班安排吗", "不要取消明天值班", "明天值班不取消", "明天值班不要取消", "没有取消明天值班", "如果下雨取消明天值班", "能不能取消明天值班",
     "明天不用安排值班", "王工明天请假，李工替他参会", "明天王工出差", "明天大家轮流值班", "王工明天有事，问题代为反映", "明天不是王工值班", "王工不是明天值班", "明天王工不能值班", "明天王工能值班", "明天李主任能值班", "明天我能值班", "明天方能值班", "明天小李能值班", "明天王工没值班", "明天上午王工，下午李工值班", "明天王工、夜间李工值班", "周末王工、李工、赵工轮流值班", "别让王工明天值班", "明天周末不值班",
     "明天他们值班", "取消值班", "值班表清空", "取消明天值班？", "查看明天值班安排", "大家明天值班", "企业周五值班", "关于明天值班", "A-1取消了值班室", "国庆前王工值班", "十一点王工值班", "月底前王工值班", "下季度王工值班", "上旬王工值班", "今年12月31日至明年5月1日王工值班"],
)  # fmt: skip
def test_what_says_nothing_of_who_or_when_is_left_alone(text: str) -> None:
    assert read(text, MONDAY) is None


def test_days_off_that_no_calendar_tells_yet_are_none_and_are_told_to_be_so() -> None:
    december = date(2026, 12, 30)
    assert read("春节期间王工值班", december) is None
    assert unpublished("春节期间王工值班", december) == "春节期间"
    assert unpublished("国庆期间王工值班", MONDAY) == ""
    assert days_off("国庆期间", date(2022, 10, 5)) == _days(date(2022, 10, 5), 3), "what is left of it"
    assert days_off("国庆期间", date(2022, 10, 8)) == _days(date(2023, 9, 29), 8), "the next one, with what joins it"


def test_a_number_stands_with_the_name_before_it_and_a_day_is_none() -> None:
    assert parted("王工13800138000、李工(电话0571-87654321)") == (
        "王工、李工", [("王工", "13800138000"), ("王工、李工", "0571-87654321")],
    )  # fmt: skip
    for text in ("20220625", "A-12345678", "6月25日", "138001380001", "3项"):
        assert parted(text)[1] == [], text


def test_days_that_are_none_of_the_time_over_them_are_nobody_s() -> None:
    for said, when in (
        ("端午值班安排：3号王工，4号李工", "端午"),
        ("6月值班：王工1号，李工28号", "6月"),
        ("下周值班：王工25号，李工28号", "下周"),
    ):
        assert (read(said, MONDAY), outside(said, MONDAY)) == (None, when), said
    told = read("6月值班：王工21号，李工28号", MONDAY)
    assert told is not None
    assert told.days == (TOMORROW, date(2022, 6, 28))
    assert outside("6月值班：王工21号，李工28号", MONDAY) == ""


def test_who_takes_turns_may_stand_behind_it_and_a_look_may_be_asked_for() -> None:
    turns = read("21号到23号轮流值班：王工、李工", MONDAY)
    assert turns == Said(What.EACH, _days(TOMORROW, 3), ("王工", "李工", "王工"))
    asked = read("看一下6月份的值班", MONDAY)
    assert asked is not None
    assert (asked.what, asked.days[-1]) == (What.ASK, date(2022, 6, 30))


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("明天还是陈丽值班", ("陈丽",)),
        ("明天又是小赵值班", ("小赵",)),
        ("明天麻烦小赵值班", ("小赵",)),
        ("后天变成陈丽值班", ("陈丽",)),
        ("明天值班换成小赵", ("小赵",)),
        ("明天值班改成陈丽", ("陈丽",)),
        ("明天小赵值班，后天陈丽", ("小赵", "陈丽")),
    ],
)
def test_what_stands_before_a_name_is_no_part_of_it(said: str, names: tuple[str, ...]) -> None:
    found = read(said, date(2022, 6, 8))
    assert found is not None
    assert found.names == names
