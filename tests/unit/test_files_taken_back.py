"""What takes back a file, what is asked, and what only sounds like it: words of the work, questions, denials, conditions."""

import pytest

from bot.dialogue.contact.withdrawing import Meant, meant_by

CALLED = ("甲区", "乙区", "盖章页")


@pytest.mark.parametrize(
    "clause",
    [
        "上面那张发错了",
        "照片传错了",
        "刚才那份附件撤回",
        "请把刚才的照片撤回",
        "撤回佐证 A-1",
        "有一张照片发重了",
        "乙区那张发错了",
        "盖章页传错了",
        "误发的照片撤回",
        "照片发错群了",
    ],
)
def test_a_file_and_nothing_else_said_to_be_sent_by_mistake_is_taken_back(clause: str) -> None:
    assert meant_by(clause, CALLED) is Meant.TAKEN_BACK


@pytest.mark.parametrize("clause", ["发错了", "撤回", "不好意思发错了", "请撤回", "误发", "这是误发的"])
def test_under_the_receipt_the_bare_words_will_do(clause: str) -> None:
    assert meant_by(clause, pointed=True) is Meant.TAKEN_BACK
    assert meant_by(clause) is Meant.NO


@pytest.mark.parametrize(
    "clause",
    [
        "刚才的照片不要了",
        "那个附件作废",
        "照片可能发错了",
        "给企业的文件发错了",
        "照片收回",
        "撤销佐证",
        "照片能不能撤回",
        "照片撤回了",
    ],
)
def test_what_may_be_said_of_something_else_is_asked(clause: str) -> None:
    assert meant_by(clause, CALLED) is Meant.PERHAPS


@pytest.mark.parametrize(
    "clause",
    [
        "那张照片发错了吗？",
        "照片撤回了没有？",
        "如果照片发错了可以撤回吗",
        "照片不是发错的",
        "这份材料不能收回",
        "照片没发错",
        "别撤回照片",
        "闲置土地已收回的材料见照片",
        "公司营业执照已撤销的文件已上传",
        "违规占用的前两个场地已收回",
        "佐证照片见上",
        "照片已撤回",
    ],
)
def test_questions_denials_and_words_of_the_work_take_no_file_back(clause: str) -> None:
    assert meant_by(clause, CALLED) is Meant.NO


@pytest.mark.parametrize(
    "clause",
    [
        "占道经营物品已收回",
        "现已撤销该项许可",
        "重复发放的补贴已收回",
        "误发的证书已全部收回",
        "已收回",
        "没发错",
        "发错了吗",
    ],
)
def test_not_even_under_the_receipt(clause: str) -> None:
    assert meant_by(clause, pointed=True) is Meant.NO
