"""What puts right one's own last words, and what only sounds like it: a code that answers a question, a question, a denial."""

import pytest

from bot.dialogue.contact.meant_another import OtherTask, other_task
from bot.dialogue.contact.putting_right import in_its_place, instead_of, right_words


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("是A-2不是A-1", OtherTask("A-2", "A-1")),
        ("不是A-1，是A-2", OtherTask("A-2", "A-1")),
        ("不对，不是A-1的，应该是A-2的", OtherTask("A-2", "A-1")),
        ("说错了，是A-2", OtherTask("A-2", None)),
        ("刚才报错了，应该是〔A-2〕的。", OtherTask("A-2", None)),
        ("不对，是A-2", OtherTask("A-2", None)),
        ("才发现写错编号了，是A-2", OtherTask("A-2", None)),
        ("上面说的是A-2", OtherTask("A-2", None)),
        ("序号填错了，应为A-2", OtherTask("A-2", None)),
        ("发错了，应该是2号的", OtherTask("2", None)),
        ("看花眼了，是第12项", OtherTask("12", None)),
        ("记混了，A-2才是弄好的", OtherTask("A-2", None)),
        ("A-1填错了，应该是A-2", OtherTask("A-2", "A-1")),
        ("1号打错了，是2号", OtherTask("2", "1")),
        ("把A-2打成A-1了", OtherTask("A-2", "A-1")),
        ("刚才那条是A-2的", OtherTask("A-2", None)),
        ("刚才报的挪到A-2上", OtherTask("A-2", None)),
    ],
)
def test_a_word_of_error_or_what_it_is_not_says_that_another_task_was_meant(words: str, meant: OtherTask) -> None:
    assert other_task(words) == meant


@pytest.mark.parametrize(
    "words",
    [
        "是A-2的",
        "是A-2",
        "A-2",
        "应该是A-2",
        "为A-2",
        "其实是A-2",
        "说的是A-2",
        "是A-2不是A-1吗",
        "没说错，是A-2",
        "不是A-1",
        "刚才的通知填错了，是A-2的",
        "时间填错了，是8号",
        "数报错了，是12项",
        "说错了，A-2才是60%",
        "记混了，A-2才是没弄的",
        "刚才那个是A-2吗",
        "刚才那张照片是A-2的",
        "挪到A-2",
        "2号的",
    ],
)
def test_what_may_answer_a_question_puts_nothing_right(words: str) -> None:
    assert other_task(words) is None


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("打错了，是13台", "13台"),
        ("说错了，应该是13台", "13台"),
        ("A-1 报错了，应该是50%", "50%"),
        ("进度刚才报错了，应该是50%", "50%"),
        ("报错了，应该是已办结", "已办结"),
        ("不对，应为六成", "六成"),
        ("写错了，不是13台，是12台", "12台"),
        ("刚打错了，31台", "31台"),
        ("18户，打错了", "18户"),
        ("是18户 刚写错了", "18户"),
        ("不对 七成", "七成"),
        ("报错了 70%", "70%"),
        ("手误，52口", "52口"),
        ("看错了，完成40%", "完成40%"),
        ("数错了 一共是52口", "52口"),
        ("多报了一口，24口", "24口"),
        ("看错了，是52口", "52口"),
        ("封了13口，刚才打错了", "封了13口"),
        ("A-2 28口，刚才那个数写错了", "28口"),
    ],
)
def test_what_is_right_is_taken_where_ones_own_words_were_wrong(words: str, right: str) -> None:
    assert right_words(words) == right


@pytest.mark.parametrize(
    ("told", "right", "together"),
    [
        ("A-2 查了12台", "13台", "A-2 查了13台"),
        ("40处隐患改了31处，其余9处8月5日前改完", "改了25处", "40处隐患改了25处，其余9处8月5日前改完"),
        ("完成60%，缺设备", "50%。", "完成50%，缺设备"),
        ("40处隐患改了31处，其余9处下周改", "25处", "40处隐患改了31处，其余9处下周改（更正：25处）"),
        ("40处隐患改了31处", "还有9户没改", "40处隐患改了31处（更正：还有9户没改）"),
        ("查了12台", "已办结", "已办结"),
        ("正在推进", "已办结", "已办结"),
    ],
)
def test_what_is_right_takes_the_place_of_what_was_wrong_and_of_nothing_else(
    told: str, right: str, together: str
) -> None:
    assert in_its_place(told, right) == together


@pytest.mark.parametrize(
    "words",
    [
        "你们发的表不对，是去年的",
        "通知时间不对，应该是下午三点吧",
        "名单有误，应该是12家",
        "不对，应该是40台吧",
        "打错了吗，是13台",
        "没打错，是13台",
        "如果打错了，应该是13台",
        "厂家发错货了，应该是13台",
        "说错了，是A-2",
    ],
)
def test_what_was_wrong_elsewhere_or_is_not_sure_puts_nothing_right(words: str) -> None:
    assert right_words(words) is None


@pytest.mark.parametrize(
    ("told", "said", "then"),
    [
        ("A-1封填25口", "不是25，是52口", "A-1封填52口"),
        ("A-1封填25口", "52口不是25口", "A-1封填52口"),
        ("A-1封填25口", "把52写成25了", "A-1封填52口"),
        ("A-1封填25口", "不是25口 52口", "A-1封填52口"),
        ("A-1封填25口共40口", "不是25，是35", "A-1封填35口共40口"),
        ("A-1封填25口", "应该是52口", "A-1封填52口"),
    ],
)
def test_the_wrong_figure_that_is_named_gives_way_to_the_right_one(told: str, said: str, then: str) -> None:
    assert instead_of(said, told) == then


@pytest.mark.parametrize("said", ["不是25，是35", "52写成25了", "应该是52家"])
def test_of_a_figure_that_nobody_told_nothing_is_put_right(said: str) -> None:
    assert instead_of(said, "A-1封填18口") is None


@pytest.mark.parametrize("said", ["打错字了", "不对", "应该是52口", "25口都封了"])
def test_without_another_figure_or_an_error_nothing_is_put_right(said: str) -> None:
    assert right_words(said) is None


def test_the_only_amount_of_what_was_told_gives_way_to_another() -> None:
    assert in_its_place("A-1封填25口", "31个") == "A-1封填31个"
    assert in_its_place("A-1封填25口，剩7口", "31个") != "A-1封填31个，剩7口"
