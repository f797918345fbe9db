"""What is written beside the words of a broadcast: options to choose from, and when it goes out."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.directions import directed, moment_of
from bot.dialogue.options import choice_in
from db.words import Refusal

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2022, 6, 1, 15, 0, tzinfo=ZONE)
OPTIONS = ("已转移", "未转移", "需支援")


def audience(text: str) -> bool:
    return text.startswith(("全部", "逾期"))


@pytest.mark.parametrize(
    ("written", "words", "options", "when"),
    [
        ("全部 今晚有暴雨", "全部 今晚有暴雨", (), ""),
        ("全部 塔吊作业今天一律停，现在就发", "全部 塔吊作业今天一律停", (), ""),
        ("全部 塔吊作业今天一律停。马上发出吧。", "全部 塔吊作业今天一律停", (), ""),
        ("全部 预警信号现在就发", "全部 预警信号现在就发", (), ""),
        ("全部 请报情况。选项：已转移/未转移/需支援", "全部 请报情况。", OPTIONS, ""),
        ("全部 请报情况\n选项:已转移 未转移 需支援", "全部 请报情况", OPTIONS, ""),
        ("全部 请报情况（选项：已转移、未转移、需支援）", "全部 请报情况", OPTIONS, ""),
        ("全部 请报情况。可选：能／不能。请抓紧。", "全部 请报情况。\n请抓紧。", ("能", "不能"), ""),
        ("全部 请报值班表。定于明天8点发送", "全部 请报值班表。", (), "明天8点"),
        ("全部 请报值班表，定于6月5日15:30发出。", "全部 请报值班表，", (), "6月5日15:30"),
        ("定于明早八点半发送：全部 请报值班表", "全部 请报值班表", (), "明早八点半"),
        ("全部 请报值班表 定时：今晚8点", "全部 请报值班表", (), "今晚8点"),
        ("明天8点 全部 请报值班表", "全部 请报值班表", (), "明天8点"),
        ("明天8点发送 请报值班表", "请报值班表", (), "明天8点"),
        ("全部 请报值班表。定于昨天9点发送", "全部 请报值班表。", (), "昨天9点"),
        ("全部 请报值班表，定于会后发送", "全部 请报值班表，", (), "会后"),
        ("全部 请报情况 选项：是/否 定于明天8点发送", "全部 请报情况", ("是", "否"), "明天8点"),
        # what only speaks of a time, or of options, is part of the words
        ("明天8点 请准时参会", "明天8点 请准时参会", (), ""),
        ("全部 会议定于明天8点召开", "全部 会议定于明天8点召开", (), ""),
        ("全部 会议定于明天8点", "全部 会议定于明天8点", (), ""),
        ("全部 请于明天8点前报送", "全部 请于明天8点前报送", (), ""),
        ("全部 简报定于明天8点发送各单位", "全部 简报定于明天8点发送各单位", (), ""),
    ],
)  # fmt: skip
def test_directions_are_parted_from_the_words(written: str, words: str, options: tuple[str, ...], when: str) -> None:
    found = directed(written, audience)
    assert (found.words, found.options, found.when) == (words, options, when)


@pytest.mark.parametrize(
    "written", ["选项：只有一个", "选项：一/二/三/四/五/六", "选项：已经全部转移到安置点了/未转移", "选项：是/是"]
)
def test_options_that_are_no_choice_are_told_so(written: str) -> None:
    with pytest.raises(Refusal, match="例如：选项：已转移/未转移/需支援"):
        directed(f"全部 请报情况 {written}", audience)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("明天8点", "2022-06-02 08:00"), ("明天上午8点30分", "2022-06-02 08:30"), ("明早八点半", "2022-06-02 08:30"),
        ("今晚8点", "2022-06-01 20:00"), ("下午4点", "2022-06-01 16:00"), ("16:05", "2022-06-01 16:05"),
        ("8点", "2022-06-02 08:00"), ("后天中午12点", "2022-06-03 12:00"), ("明天中午1点", "2022-06-02 13:00"),
        ("6月5日15：30", "2022-06-05 15:30"), ("下周一9时", "2022-06-06 09:00"), ("周五下午三点一刻", "2022-06-03 15:15"),
        ("今晚12点", "2022-06-02 00:00"), ("6月5日24时", "2022-06-06 00:00"), ("明天", "2022-06-02 08:30"),
        ("明天 8 点整", "2022-06-02 08:00"), ("凌晨2点", "2022-06-02 02:00"), ("后天下午两点", "2022-06-03 14:00"),
    ],
)  # fmt: skip
def test_when_it_is_to_go_out_is_read(written: str, meant: str) -> None:
    assert moment_of(written, NOW, ZONE, time(8, 30)).strftime("%Y-%m-%d %H:%M") == meant


@pytest.mark.parametrize("written", ["今晚", "明早", "25点", "明天8点99分", "6月31日8点", "8"])
def test_a_time_that_cannot_be_read_is_told_with_an_example(written: str) -> None:
    with pytest.raises(Refusal, match=r"没有看懂几时发送.*定于明天8点发送"):
        moment_of(written, NOW, ZONE, time(8, 30))


def test_a_time_that_is_past_is_told() -> None:
    for written in ("今天8点", "昨天9点"):
        with pytest.raises(Refusal, match="已经过了"):
            moment_of(written, NOW, ZONE, time(8, 30))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("已转移", "已转移"), ("已转移。", "已转移"), ("已轉移", "已转移"), ("已转移，共120人", "已转移"), ("省经信厅：需支援！", "需支援"),
        ("报告，未转移", "未转移"),
        ("未全部转移", ""), ("已转移120人", ""), ("已转移吗", ""), ("村东已转移，村西未转移", ""), ("收到", ""), ("", ""),
    ],
)  # fmt: skip
def test_an_option_is_chosen_by_saying_it_and_nothing_like_it(said: str, meant: str) -> None:
    assert choice_in(said, OPTIONS) == meant


def test_of_two_options_one_of_which_stands_in_the_other_the_one_that_is_said_is_meant() -> None:
    assert choice_in("未转移", ("转移", "未转移")) == "未转移"


def test_a_time_at_the_end_is_when_it_goes_out_and_a_wish_is_not_printed() -> None:
    found = directed("全部 周日清点沙袋，明早七点发", lambda _said: True)
    assert (found.words, found.when) == ("全部 周日清点沙袋", "明早七点")
    for wish in ("口气缓和点", "落款写防汛办", "写客气点"):
        with pytest.raises(Refusal, match="不会照印"):
            directed(f"全部 周日清点沙袋，{wish}", lambda _said: True)
    assert directed("全部 补助9月1日发放", lambda _said: True).words == "全部 补助9月1日发放"
