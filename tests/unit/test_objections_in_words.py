"""异议 in words: what objects to a score, what takes it as it is or speaks of something else, and what plainly decides."""

import pytest

from bot.dialogue.contact.objections import agrees, objects_unasked, speaks_against
from bot.dialogue.room.scores import decision


@pytest.mark.parametrize(
    ("said", "agreed", "against"),
    [
        ("没什么意见", True, False),
        ("对六月得分没有不同意见", True, False),
        ("没什么不对的", True, False),
        ("我局不会不服", True, False),
        ("不该拖延，我们检讨", True, False),
        ("不该扣，但确是我们的错，认了", True, False),
        ("意见已收到", False, False),
        ("感谢对我们提出意见", False, False),
        ("已按意见整改完", False, False),
        ("本不应该拖延", False, False),
        ("不对的地方以后改", False, False),
        ("不认可，专家没来", False, True),
        ("扣分太多了，A-1是因为企业不配合", False, True),
        ("扣得太重了", False, True),
        ("A-1没有意见，A-2不该扣", False, True),
        ("A-1我们认可，A-2不认可", False, True),
        ("有不同意见，扣错了", False, True),
        ("A-3的分我们认", True, False),
        ("A-3我们不认", False, True),
        ("这一分扣得没道理", False, True),
    ],
)
def test_who_answers_a_score_agrees_or_objects_or_does_neither(said: str, agreed: bool, against: bool) -> None:
    assert (agrees(said), speaks_against(said)) == (agreed, against)


@pytest.mark.parametrize(
    ("said", "objects"),
    [
        ("A-3 验收扣分的两处已整改，专家意见已落实", False),
        ("A-3 已办结，企业得分不合理的部分已更正", False),
        ("A-3得分有误的5家已重新复核", False),
        ("A-3得分有误，已更正", False),
        ("办结 3，专家扣分的意见已整改", False),
        ("扣分项意见都落实了", False),
        ("对A-3扣分有异议，专家没来", True),
        ("A-3的扣分我们不认可", True),
        ("A-3扣分不合理，当天已补报", True),
        ("6月记分有误", True),
        ("A-3不该扣我们的分", True),
        ("A-3扣分不认，4月交过纸质的", True),
        ("纸质的4月就交了，A-3这个分扣得没道理", True),
        ("A-3不该扣", True),
        ("退回是系统的问题，分不该扣", True),
        ("上月扣我们2分，冤", True),
        ("A-3的扣分我们还是不认", True),
        ("A-3分工不合理，正在调整", False),
        ("A-3企业不认罚，正在申诉", False),
        ("不该扣的押金已退", False),
        ("A-3扣分不合理的两处已更正", False),
    ],
)
def test_unasked_only_who_plainly_speaks_against_their_points_objects(said: str, objects: bool) -> None:
    assert objects_unasked(said) is objects


@pytest.mark.parametrize(
    ("before", "after", "upheld"),
    [
        ("采纳", "", True),
        ("同意", "", True),
        ("", "成立", True),
        ("", "予以采纳", True),
        ("采纳", "吧", True),
        ("不予采纳", "", False),
        ("不认可", "", False),
        ("", "不能采纳", False),
        ("", "不成立。", False),
        ("驳回", "", False),
        ("采纳", "不成立", None),
        ("采纳", "，先核实", None),
        ("采纳", "需要领导同意", None),
        ("采纳", "吗", None),
        ("认可", "？", None),
        ("驳回", "前先问一下省厅", None),
        ("拟采纳", "", None),
        ("能采纳", "", None),
        ("", "先放着", None),
    ],
)
def test_only_a_plain_whole_decision_decides(before: str, after: str, upheld: bool | None) -> None:
    assert decision(before, after) is upheld
