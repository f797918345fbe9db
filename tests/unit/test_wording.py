"""What a task is called: its words without its number and without the labels that say who and when."""

import pytest

from db.ledger.wording import duty, titled


@pytest.mark.parametrize(
    ("printed", "called"),
    [
        ("3.修订动火审批办法。牵头单位：市住建局；完成时限：9月30日前", "修订动火审批办法。"),
        ("（二）开展冬季巡查 责任部门：安监站", "开展冬季巡查"),
        ("排查老旧管网（责任单位：市住建局，5月底前）", "排查老旧管网"),
        ("更新台账；整改时限：每季度末", "更新台账"),
        ("投入1.5亿元改造泵站", "投入1.5亿元改造泵站"),
        ("1.5月底前完成复核", "1.5月底前完成复核"),
        ("明确责任单位：各乡镇", "明确责任单位：各乡镇"),
        ("责任单位：市住建局", "责任单位：市住建局"),
        ("责任单位：县粮储局\n督办事项：翻修仓房。\n完成时限：6月20日", "翻修仓房。"),
        ("责任单位：市林业局。任务：报批林地。时限：6月30日前。", "报批林地。"),
    ],
)
def test_a_task_is_called_by_what_is_to_be_done(printed: str, called: str) -> None:
    assert duty(printed) == called


@pytest.mark.parametrize(
    ("text", "deliverable", "called"),
    [
        ("3.修订动火审批办法。", "", "修订动火审批办法。"),
        ("修订动火审批办法，6月底前形成初稿，9月底前印发。", "形成初稿", "形成初稿（修订动火审批办法）"),
        ("建成应急广播平台：6月底前出方案，9月底前建成，之后报进展。", "方案", "方案（建成应急广播平台）"),
        ("建成应急广播平台：6月底前出方案，9月底前建成，之后报进展。", "之后报进展", "之后报进展（建成应急广播平台）"),
        ("6月底前完成老旧电梯摸底，9月底前建成。", "建成", "建成（完成老旧电梯摸底）"),
        ("建成应急广播平台，6月底前完成选址。", "完成选址", "完成选址"),
        ("6月底前出方案，9月底前建成。", "方案", "方案"),
        ("乙油库：经营许可证到期前办理延续", "提出延续申请", "乙油库：经营许可证提出延续申请"),
        ("乙油库：经营许可证到期前办理延续", "", "乙油库：经营许可证到期前办理延续"),
    ],
)
def test_what_is_owed_is_the_deliverable_and_of_what_expires_whose_and_which(
    text: str, deliverable: str, called: str
) -> None:
    assert titled(text, deliverable) == called
