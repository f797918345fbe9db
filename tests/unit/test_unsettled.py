"""Words beside a verdict that leave it open, and the reasons that do not."""

import pytest

from bot.dialogue.unsettled import doubt
from db.words import Action

OPEN: list[tuple[Action | str, str]] = [
    (Action.VERIFY, "之前先看照片"),
    (Action.VERIFY, "还早"),
    (Action.VERIFY, "还早，先别报"),
    (Action.VERIFY, "不通过"),
    (Action.VERIFY, "让他们先补照片"),
    (Action.VERIFY, "之前要补照片"),
    (Action.VERIFY, "不了"),
    (Action.VERIFY, "吗"),
    (Action.VERIFY, "等赵协调看了再销号"),
    (Action.VERIFY, "A-1复查通过不了"),
    (Action.VERIFY, "可能有水分"),
    (Action.VERIFY, "有公章的话"),
    (Action.RETURN, "之前先打电话问问"),
    (Action.RETURN, "错了"),
    (Action.RETURN, "A-2不该退回"),
    (Action.RETURN, "A-2退回不合适"),
    (Action.RETURN, "没必要吧"),
    (Action.RETURN, "再等等"),
    (Action.RETURN, "先跟分管领导商量"),
    (Action.RETURN, "合适吗？"),
    (Action.RETURN, "是不是太早了"),
    (Action.RETURN, "如果照片明天还不来"),
    (Action.RETURN, "照片不清，等王局回来再退"),
    (Action.REOPEN, "没必要"),
    (Action.REOPEN, "吗"),
    (Action.REOPEN, "先不急"),
    (Action.REOPEN, "要不要"),
    (Action.REOPEN, "太早了"),
    (Action.REOPEN, "现场与报告不符，但还是再看看"),
    (Action.CANCEL, "不合适"),
    (Action.CANCEL, "要报王局同意"),
    (Action.CANCEL, "我觉得不妥"),
    (Action.SUSPEND, "不合适"),
    (Action.SUSPEND, "行不行"),
    (Action.RESUME, "再等等"),
    (Action.WAIVE, "不应该"),
    (Action.GRANT, "A-2延期同意一半"),
    (Action.GRANT, "三天"),
    (Action.GRANT, "给一个月"),
    (Action.GRANT, "之前要他们写说明"),
    (Action.REFUSE, "A-2延期不能同意太久"),
    (Action.REFUSE, "先等等"),
    (Action.REFUSE, "合适吗"),
    ("untrue", "A-2抽查不属实判错了"),
    ("untrue", "A-2抽查不属实这个结论先别下"),
    ("untrue", "A-2抽查不属实的话要扣几分"),
    ("untrue", "A-2不属实要先报王局同意"),
    ("true", "A-2属实，还差一张照片"),
]

SETTLED: list[tuple[Action | str, str]] = [
    (Action.VERIFY, ""),
    (Action.VERIFY, "现场看过，没有隐患"),
    (Action.VERIFY, "属实，没有不到位的地方"),
    (Action.VERIFY, "查看了台账，账物相符"),
    (Action.VERIFY, "整改到位，做法先进"),
    (Action.VERIFY, "下不为例"),
    (Action.RETURN, "照片不清"),
    (Action.RETURN, "A-1先不通过，退回补表"),
    (Action.RETURN, "A-1先别销号，退回重报"),
    (Action.RETURN, "先补照片再报"),
    (Action.RETURN, "先核实数字再报"),
    (Action.RETURN, "之前让补的照片没补"),
    (Action.RETURN, "之前的照片不清"),
    (Action.RETURN, "请说明是否已整改"),
    (Action.RETURN, "照片为什么没有日期？"),
    (Action.RETURN, "措施不合适，请重新写"),
    (Action.RETURN, "数字错了"),
    (Action.RETURN, "不应该用去年的照片"),
    (Action.RETURN, "理由：不合适"),
    (Action.RETURN, "等检测报告出来后再报"),
    (Action.RETURN, "没按要求整改到位"),
    (Action.RETURN, "请先核对台账"),
    (Action.RETURN, "如有困难请写明，如果已换请附照片"),
    (Action.RETURN, "交错了"),
    (Action.RETURN, "A-3先补台账，退回"),
    (Action.REOPEN, "现场与报告不符"),
    (Action.REOPEN, "7月10日前整改到位"),
    (Action.REOPEN, "又发现两处堆物，之前没清"),
    (Action.CANCEL, "与A-2重复，不用再报"),
    (Action.CANCEL, "没必要再办"),
    (Action.CANCEL, "省里已取消该项要求"),
    (Action.SUSPEND, "等资金到位再办"),
    (Action.SUSPEND, "先放一放"),
    (Action.WAIVE, "该县没有化工园区"),
    (Action.RESUME, "资金已到位"),
    (Action.GRANT, "设备没到，情况属实"),
    (Action.GRANT, "不能再延"),
    (Action.GRANT, "按7月会议纪要办"),
    (Action.REFUSE, "时间太久"),
    (Action.REFUSE, "没必要"),
    (Action.REFUSE, "年底前必须完成"),
    (Action.REFUSE, "已经延过一次，不能再拖"),
    ("untrue", "现场仍有堆物"),
    ("untrue", "A-2去现场看了，塔吊没拆，不属实"),
    ("true", "A-2现场看过，属实"),
]


@pytest.mark.parametrize(("of", "text"), OPEN)
def test_words_that_take_a_verdict_back_put_it_off_or_ask_leave_it_open(of: Action | str, text: str) -> None:
    assert doubt(text, of)


@pytest.mark.parametrize(("of", "text"), SETTLED)
def test_a_reason_or_a_remark_leaves_nothing_open(of: Action | str, text: str) -> None:
    assert not doubt(text, of)


def test_more_time_in_part_is_settled_by_a_day() -> None:
    assert not doubt("同意，最多到7月15日", Action.GRANT, day=True)
