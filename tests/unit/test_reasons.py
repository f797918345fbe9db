"""A reason is asked for: what is one, what lets the decision go, and what speaks of something else."""

from datetime import date

import pytest

from bot.dialogue.room.reasons import Answer, answer_in, decides_otherwise, judgement, reason_in, without_talk
from db.words import Action

ON = date(2022, 6, 8)
ITS = frozenset({"A-1", "1"})


@pytest.mark.parametrize(
    ("text", "action", "meant"),
    [
        ("没有照片", Action.RETURN, Answer.REASON),
        ("A-1 没有照片", Action.RETURN, Answer.REASON),
        ("退回重办，缺验收单", Action.RETURN, Answer.REASON),
        ("与A-2重复，请合并报送", Action.RETURN, Answer.REASON),
        ("缺少复核结果的公布文件", Action.RETURN, Answer.REASON),
        ("不符合要求", Action.RETURN, Answer.REASON),
        ("年底前须完成评估，请增派检测力量", Action.REFUSE, Answer.REASON),
        ("现场与报告不符", Action.REOPEN, Answer.REASON),
        ("没有按期批复", Action.REFUSE, Answer.REASON),
        ("不能办结，证照还没有下来", Action.RETURN, Answer.REASON),
        ("取消会议不是理由", Action.REFUSE, Answer.REASON),
        ("等一下 先不退", Action.RETURN, Answer.GIVES_UP),
        ("等一下", Action.RETURN, Answer.GIVES_UP),
        ("先不退了，刚收到照片", Action.RETURN, Answer.GIVES_UP),
        ("算了", Action.REFUSE, Answer.GIVES_UP),
        ("A-1先不退", Action.RETURN, Answer.GIVES_UP),
        ("那就不用退了", Action.RETURN, Answer.GIVES_UP),
        ("不重开了", Action.REOPEN, Answer.GIVES_UP),
        ("A-2没有照片", Action.RETURN, Answer.SOMETHING_ELSE),
        ("〔A-2〕不属实", Action.REOPEN, Answer.SOMETHING_ELSE),
        ("A-1退回", Action.RETURN, Answer.SOMETHING_ELSE),
        ("A-1", Action.RETURN, Answer.SOMETHING_ELSE),
        ("照片呢？", Action.RETURN, Answer.SOMETHING_ELSE),
        ("谁还没回", Action.RETURN, Answer.SOMETHING_ELSE),
        ("通过了", Action.RETURN, Answer.SOMETHING_ELSE),
        ("还是同意吧", Action.REFUSE, Answer.SOMETHING_ELSE),
    ],
)
def test_a_reason_is_taken_and_nothing_else_for_one(text: str, action: Action, meant: Answer) -> None:
    assert answer_in(text, action, ITS.__contains__, ON) is meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("同意", (Action.VERIFY, "")),
        ("属实", (Action.VERIFY, "")),
        ("情况属实。", (Action.VERIFY, "")),
        ("不行", (Action.RETURN, "")),
        ("不符，缺照片", (Action.RETURN, "缺照片")),
        ("不同意 没有照片", (Action.RETURN, "没有照片")),
        ("没照片", None),
        ("照片呢？", None),
        ("可以销了", (Action.VERIFY, "")),
        ("同意延期", None),
        ("好的", None),
    ],
)
def test_a_reply_to_a_report_is_of_the_report(text: str, said: tuple[Action, str] | None) -> None:
    assert judgement(text) == said


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("这个不行啊，让他们补一下图纸", "补图纸"),
        ("不行，退回去让他们重新拍", "重新拍"),
        ("图纸是旧的，叫他们改一下日期", "图纸是旧的，改日期"),
        ("图纸不清楚，让他们去现场", "图纸不清楚，让他们去现场"),
        ("不行", "不行"),
        ("缺少补充协议；数据对不上", "缺少补充协议；数据对不上"),
    ],
)
def test_what_is_said_to_colleagues_beside_a_reason_does_not_reach_its_unit(words: str, reason: str) -> None:
    assert without_talk(words) == reason


@pytest.mark.parametrize("words", ["不能通过", "没有通过", "这次不能销号", "还不能同意。"])
def test_who_only_says_again_that_they_do_not_agree_gives_no_reason(words: str) -> None:
    assert reason_in(words) == ""
    assert reason_in(f"{words}，缺附件") != ""


@pytest.mark.parametrize(
    ("words", "otherwise"),
    [
        ("市水利局，市气象局通过", "市气象局通过"),
        ("图是旧的，B-3同意", "B-3同意"),
        ("缺章，其他的都通过了", "其他的都通过"),
        ("县局不同意", ""),
        ("区局已同意缓办", ""),
        ("待市气象局通过后再报", ""),
        ("验收没通过", ""),
        ("没经市水利局同意", ""),
        ("须经县应急局批准", ""),
    ],
)
def test_what_decides_of_somebody_else_is_no_reason(words: str, otherwise: str) -> None:
    assert decides_otherwise(words) == otherwise


def test_no_row_of_signs_makes_a_reason_try_endless_ways() -> None:
    for sign in ("这个", "不行", "退回", "让他们", "局", "其他的", "，", " "):
        without_talk(sign * 2000)
        decides_otherwise(sign * 2000)
