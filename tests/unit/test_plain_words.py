"""Few words, each for what it is: yes and no, later, what sends a report back, a day to come on which something is said to be over."""

from datetime import date

import pytest

from bot.dialogue import courtesy, yes_or_no
from bot.dialogue.contact import own_score
from bot.dialogue.contact.ahead import day_to_come
from bot.dialogue.contact.found import what_was_found
from bot.dialogue.room.reasons import sends_back

ON = date(2022, 6, 8)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("是", True), ("是的", True), ("对", True), ("对的。", True), ("嗯嗯", True), ("没错", True), ("嗯，就是这个", True), ("是它", True),
        ("不是", False), ("不是的", False), ("不对", False), ("不是这项", False), ("还没", False), ("错了", False),
        ("是A-2", None), ("对外公布了", None), ("是的，已办结", None), ("不是我们的", None), ("不对外", None), ("好的", None), ("收到", None),
    ],
)  # fmt: skip
def test_yes_and_no_say_nothing_else(text: str, means: bool | None) -> None:
    assert yes_or_no.plain(text) is means


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("在忙", True), ("我在开会", True), ("领导在开会", True), ("稍等", True), ("等一下", True), ("等会说", True), ("在开会，稍等", True),
        ("稍等，我在外面", True), ("正忙着呢", True), ("待会儿再写", True), ("一会儿", True),
        ("等一下 先不退", False), ("设备还在路上", False), ("会议未开", False), ("领导在开会研究整改方案", False), ("在忙于整改", False), ("没有照片", False),
    ],
)  # fmt: skip
def test_who_is_busy_gives_no_reason(text: str, later: bool) -> None:
    assert courtesy.puts_off(text) is later


@pytest.mark.parametrize(
    ("text", "later"), [("领导出差", False), ("主任在开会", False), ("领导出差，稍等", True), ("在忙", True)]
)
def test_whoever_is_away_is_a_reason_for_more_time(text: str, later: bool) -> None:
    assert courtesy.puts_off(text, of_more_time=True) is later


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("A-4重报", ""), ("A-4退给他们重做", ""), ("退给他们重做", ""), ("A-4让他们重报", ""), ("A-4不行，重报", ""), ("A-1重新填一下", ""),
        ("退给单位", ""), ("照片不清，退给他们重做", "照片不清"), ("A-4缺照片，让他们重报", "缺照片"), ("A-4数据不对重报", "数据不对"),
        ("A-4重报了吗", None), ("A-4要重报吗？", None), ("A-4不用重做", None), ("已重报", None), ("重报了", None), ("A-4退回了没", None),
        ("请他们重视", None), ("谁要重报", None), ("重点抓", None),
        ("A-1 重做的方案不错", None), ("A-1 他们正在重做", None), ("A-1 单位重做后材料齐了", None), ("他们重新报的材料可以了", None),
        ("A-1下周重报", None), ("A-1 不合格才退给他们", None), ("A-1 等他们重报", None), ("如果不行就退回去重做", None), ("退给单位的那份", None),
        ("重新写表格", None), ("A-1 同意重新报", None), ("不对的话重报", None), ("A-1 还没重报，先放着", None),
    ],
)  # fmt: skip
def test_who_wants_it_done_again_sends_it_back(text: str, why: str | None) -> None:
    assert sends_back(text) == why


@pytest.mark.parametrize(
    "text", ["这个月扣了几分", "我们扣分了吗", "上个月扣了多少分", "记分", "我单位得分多少", "6月记分", "被扣分了没有"]
)
def test_a_unit_asks_for_its_own_points(text: str) -> None:
    assert own_score.asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "谁扣分最多",
        "评审得了多少分",
        "扣分标准是什么",
        "为什么扣分",
        "检查扣分的3处已整改",
        "A-2不该扣分",
        "其他单位扣了几分",
        "公司信用分扣分了吗",
        "这次安全生产考试我们得了多少分",
    ],
)
def test_another_s_points_why_and_what_others_score_are_another_question(text: str) -> None:
    assert not own_score.asks(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("A-2 12号办好了", date(2022, 6, 12)), ("A-1 6月12日已办结", date(2022, 6, 12)), ("A-1 下周三完成了", date(2022, 6, 15)),
        ("明天上午就办完了", date(2022, 6, 9)), ("A-2 12号已经全部整改完", date(2022, 6, 12)),
        ("A-2 12号办好", None), ("A-2 12号能办好", None), ("A-2 预计12号办完", None), ("A-1 12号前办好了", None), ("A-1 6月5日已办结", None), ("A-1 5号办好了", None),
        ("A-1 6月30日到期，已办结", None), ("A-1 已于6月30日前完成", None), ("A-1 6月30日的任务已办结", None), ("A-1 已办结，12号送材料", None),
    ],
)  # fmt: skip
def test_what_is_over_on_a_day_to_come_is_a_contradiction(text: str, day: date | None) -> None:
    assert day_to_come(text, ON) == day


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("我们扣分了", False),
        ("我们扣分了吗", True),
        ("我公司扣了几分", True),
        ("扣了几分", False),
        ("六月扣了几分", True),
        ("上个月一共扣了多少分？", True),
        ("6月消防验收扣了几分", False),
    ],
)
def test_what_is_not_said_to_the_bot_names_whose_points_and_asks(text: str, asks: bool) -> None:
    assert own_score.asks(text, is_spoken_to=False) == asks


@pytest.mark.parametrize(
    "text",
    [
        "报告问题：办结确认材料上传不了",
        "反映问题，A-1的材料系统传不上去",
        "上报问题：A-1 表格第3列怎么填",
        "反映问题：这张表如何报",
    ],
)
def test_trouble_with_the_papers_of_a_task_is_no_hazard(text: str) -> None:
    assert what_was_found(text) is None


@pytest.mark.parametrize("what", ["填埋场渗漏，现场无人值守", "消防系统失效", "A-1号罐法兰泄漏", "围堰开裂"])
def test_a_hazard_is_one_whatever_it_is_called(what: str) -> None:
    assert what_was_found(f"发现问题：{what}") == what


def test_what_may_be_told_of_the_work_is_no_courtesy() -> None:
    courteous = "大家辛苦了|开会去了|吃饭去了|机器人挺行|小助手可以啊|系统真好用"
    assert [said for said in courteous.split("|") if courtesy.word_for(said) is None] == []
    of_the_work = "我们开会了|大家开会了|系统可以了|系统行|系统还行|这个系统可以啊"
    assert [said for said in of_the_work.split("|") if courtesy.word_for(said) is not None] == []
