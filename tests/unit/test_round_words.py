"""What a unit says of a round beside its answers, purely."""

import pytest

from bot.dialogue.contact.round_words import asks_for_time, finds_untrue, later_apart, refuses

LATER = (
    "能不能晚一天报|我们晚点报行吗|申请延期报送|报送时间能不能推迟两天|能否推迟到周五报|报表晚一天给您|可以晚两天再报吗？"
    "|缓一缓报|想晚几天再交表|恐怕要晚半天才能交"
)
DELAYED = (
    "阀门延迟交付，目前完成60%|锅炉延期交货，已完成招标|项目推迟到8月交工，目前完成60%|资料晚了两天交，现已交齐"
    "|数据缓报三家，其余已完成|因设备延迟交货，进度60%，问题是缺人|施工方迟交资料，正在催|招标延期，预计7月交付使用"
    "|供货方推迟送货，下周才能装|晚交的三家已罚|缓缴费用的企业已报送|业主推迟给钱"
)


@pytest.mark.parametrize("said", LATER.split("|"))
def test_who_wants_to_answer_later_says_so_in_a_whole_clause(said: str) -> None:
    assert later_apart(said) == (True, "")


@pytest.mark.parametrize(
    ("said", "beside"),
    [("台账还没汇总，晚一天报", "台账还没汇总"), ("已完成60%，数据晚两天报。", "已完成60%")],
)
def test_what_is_said_beside_the_wish_is_left(said: str, beside: str) -> None:
    assert later_apart(said) == (True, beside)


@pytest.mark.parametrize("said", DELAYED.split("|"))
def test_what_tells_of_goods_that_come_later_wants_nothing(said: str) -> None:
    assert not later_apart(said)[0]
    assert not asks_for_time(said)


@pytest.mark.parametrize(
    "said",
    [
        "申请延期到7月10日",
        "设备没到，延期到7月10日",
        "供货方推迟送货，能否顺延一周",
        "A-3推迟到7月底",
        "再给我们两周？",
    ],
)
def test_who_asks_for_more_time_for_a_task_is_heard_so(said: str) -> None:
    assert asks_for_time(said)


REFUSES = (
    "不同意，C-4数字不对|我不同意报送|不同意李工填的数|这个数不能报|先别确认，数要改|暂缓上报，等核实|不认可所报的内容"
)
UNTRUE = "C-4不对，应该是18家|C-4数报错了|不是20家，是25家|数据还要再核实一下|完成比例偏高|C-4的内容有问题|C-4应该25处|第3项有误"
OF_THE_WORK = (
    "企业不同意停产，申请延期到7月10日|业主不同意签字，工作推不动|财政局不同意拨款，招标推迟|今天不能报办结，明天报"
    "|C-4应该是下周能完成|居民不认可方案，正在做工作|证照不能报批，缺环评|C-4应该是6月30日完成|商户不签协议，C-4卡住了"
    "|C-4现场情况还需核实，企业名单有误已退回|不能报废的设备已移交|先不报办结，材料没齐|数据有误的3家已退回|方案需修改，正在改"
    "|C-4居民不同意，应该是补偿没谈好|不是我们的事"
)


@pytest.mark.parametrize("said", REFUSES.split("|"))
def test_what_another_told_may_not_go_where_a_whole_clause_says_so(said: str) -> None:
    assert refuses(said)


@pytest.mark.parametrize("said", UNTRUE.split("|"))
def test_what_another_told_is_not_so_where_a_whole_clause_says_so(said: str) -> None:
    assert finds_untrue(said)


@pytest.mark.parametrize("said", OF_THE_WORK.split("|"))
def test_who_else_does_not_agree_and_what_else_is_wrong_is_of_the_work(said: str) -> None:
    assert (refuses(said), finds_untrue(said)) == (False, False)
