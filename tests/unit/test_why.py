"""Where a day is known and why more time is needed is asked for: what says why, and what plainly says something else."""

from datetime import date

import pytest

from bot.dialogue.contact.more_time import is_answer
from bot.dialogue.understand import understand

TODAY, DUE, ASKED = date(2022, 6, 1), date(2022, 6, 30), date(2022, 7, 15)


def _says_why(text: str) -> bool:
    said = understand(text, on=TODAY, due=DUE, coordinator=False)
    answers = {is_answer(text, said, TODAY, ASKED, "", directly=directly) for directly in (True, False)}
    assert len(answers) == 1, "where the day is known it is the same whether or not the question is replied to"
    return answers.pop()


@pytest.mark.parametrize(
    "text",
    ["没钱", "人手不够", "设备没到", "下雨", "停电", "等审批", "要走流程", "李工请假了", "领导要看", "领导在看方案", "内容多", "请示还没批", "请厂家检修中",
     "请专家论证", "帮扶对象外出", "把握不准", "将在7月进场", "等会议纪要", "等领导签字", "晚点到货", "明天下午才能进场", "材料寄出去了在路上", "招标公告发了",
     "文件还没发给我们", "合同刚发给甲方", "完成八成，剩下的等设备", "收到，因为缺钱", "缺钱谢谢", "王工你们没给模板", "还差两家没报", "理由：招标流标", "问了住建局还没回"],
)  # fmt: skip
def test_whatever_may_say_why_is_taken_for_the_reason(text: str) -> None:
    assert _says_why(text)


@pytest.mark.parametrize(
    "text",
    ["收到", "好的", "嗯嗯", "在吗", "在吗，有事问", "谢谢您", "A-3办结了", "办结了", "那个表发我一下", "把模板发给我", "文件发群里吧", "照片发了", "我看看", "详情",
     "稍等", "稍等一下", "晚点写", "待会儿补", "改天再说", "原因回头补", "等我问问领导", "我问一下再回复", "知道了，我去问", "下班前给你", "@王工 看一下", "王工你来填",
     "已转给王工", "这个归住建局管", "已完成八成", "今天完成了三家", "明天王工值班", "请把截止日期再说一下", "怎么写", "还有哪些没办", "发错了", "？", "1"],
)  # fmt: skip
def test_what_plainly_is_something_else_is_no_reason(text: str) -> None:
    assert not _says_why(text)
