"""Days that people type: what is a task's code is no day."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.contact import more_time
from bot.dialogue.typed_days import typed_day
from bot.dialogue.understand import Understanding, understand

ON = date(2022, 6, 1)


@given(st.from_regex(r"\A[〔\[]?[A-Z]{1,2}[1-9]?-[1-9]\d{0,2}(\.[1-9])?[〕\]]?\Z"))
def test_a_code_is_no_day(code: str) -> None:
    assert typed_day(code, ON) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("July 15", date(2022, 7, 15)),
        ("15 July", date(2022, 7, 15)),
        ("Jul-15", date(2022, 7, 15)),
        ("7-15", date(2022, 7, 15)),
        ("2022-07-15", date(2022, 7, 15)),
        ("7月15日", date(2022, 7, 15)),
    ],
)
def test_a_day_is_one_in_either_language(text: str, day: date) -> None:
    assert typed_day(text, ON) == day


JULY_5, JULY_1 = date(2022, 7, 5), date(2022, 7, 1)

FOR_A_REASON = "设备没到，7月3日才到货|缺人|才完成一半|因为汛期|7月5日，缺人|改到7月5日|算了|谁说要延期了"
BESIDE_A_REASON = "收到|同意|不同意|。|好的|已办结|A-1 园区已全部完成整改|A-1 已完成八成|今天天气不错"
FOR_A_DAY = "7月5日|7月5日吧|延到7月5日|设备7月5日到|没说要延期"
BESIDE_A_DAY = "收到|同意|已完成|下雨"
FOR_MORE = "延到7月5日|7月5日|因为汛期|不延了"
BESIDE_MORE = "收到|缺人|已办结|公示记分 5月|才完成一半"


@pytest.mark.parametrize(
    ("asked", "reason", "answers", "others"),
    [
        (JULY_1, "", FOR_A_REASON, BESIDE_A_REASON),
        (None, "", FOR_A_DAY, BESIDE_A_DAY),
        (JULY_1, "缺人", FOR_MORE, BESIDE_MORE),
    ],
)
def test_what_is_asked_for_more_time_is_answered_by_a_day_or_a_reason_and_by_nothing_else(
    asked: date | None, reason: str, answers: str, others: str
) -> None:
    def answered(text: str) -> bool:
        return more_time.is_answer(text, said(text), ON, asked, reason, directly=False)

    assert [text for text in answers.split("|") if not answered(text)] == []
    assert [text for text in others.split("|") if answered(text)] == []
    assert more_time.is_answer("下雨", said("下雨"), ON, None, "", directly=True)


@pytest.mark.parametrize(
    "words", ["A-1 园区已全部完成整改", "园区已全部完成整改", "A-1 已完成八成", "今天天气不错", "谢谢"]
)
def test_what_tells_of_the_work_or_of_nothing_is_no_answer_to_a_question_for_a_day(words: str) -> None:
    assert not more_time.is_answer(words, said(words), ON, None, "", directly=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("设备没到，7月3日才到货", (None, "")),
        ("7月5日，设备7月3日才到货", (JULY_5, "设备7月3日才到货")),
        ("7月5日吧", (JULY_5, "")),
        ("延到7月5日，因为7月3日才到货", (JULY_5, "7月3日才到货")),
        ("缺人", (None, "")),
        ("7月3日才到货", (None, "")),
        ("设备7月3日到", (None, "")),
    ],
)
def test_a_day_that_stands_in_a_reason_is_not_asked_for(text: str, told: tuple[date | None, str]) -> None:
    assert more_time.told_anew(text, said(text), ON) == told


def test_the_day_of_a_step_is_not_the_day_that_is_asked_for() -> None:
    days = {
        text: more_time.day_meant(text, said(text)) for text in ("7月3日才到货", "设备7月3日到货", "7月5日报给你们")
    }
    assert days == {"7月3日才到货": None, "设备7月3日到货": None, "7月5日报给你们": JULY_5}


def said(text: str) -> Understanding:
    return understand(text, on=ON, due=date(2022, 6, 30), coordinator=False)


IN_WORDS = """
恳请宽限至九月十二日=9.12 延期到二十五号=6.25 想延到十一月二十=11.20 延到廿五日=6.25 请准予推迟到下月十八号=7.18 能不能缓到八月三号=8.3
申请延期十日=7.10 申请延到五月初八= 想拖到腊月二十三= 拟于本月二十三日前报=6.23 大概这个月二十九号装完=6.29 卅日前一定交=6.30
十二月五日前办妥=12.5 剩下的巷道六月十八号前铺完=6.18 还差两间，余下的6月20日前刷完=6.20 改了八成，尾巴6月24日前收完=6.24
敬请准予缓至九月三日=9.3 十月二十办完=10.20 10月20报=10.20 十月二十家企业报=
能推到下月十八不=7.18 缓到下个月十六成不=7.16 缓到下个月20=7.20 本月25交=6.25 延到8月3的样子= 延到7月3个村一起=7.31
十五六号能弄完= 十来号能弄完=
"""
"""What is said, and the month and day that are meant; none where nobody can tell."""


@pytest.mark.parametrize("row", IN_WORDS.split())
def test_a_day_in_words_is_that_day_and_no_other(row: str) -> None:
    said, _, day = row.partition("=")
    due = understand(said, on=ON, due=date(2022, 6, 30)).due
    assert (f"{due.month}.{due.day}" if due else "") == day


@pytest.mark.parametrize("said", ["五月六号就办完了", "五月二十号办完了", "二十三日已办结"])
def test_a_day_in_words_that_is_gone_is_gone(said: str) -> None:
    understood = understand(said, on=date(2022, 6, 28), due=date(2022, 6, 30), coordinator=False)
    assert (str(understood.intent), understood.confident, understood.due) == ("done", True, None)
