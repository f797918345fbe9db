"""Words that undo or decide, purely: a question, a denial, a condition or another's words never do."""

import pytest

from bot.dialogue.contact import more_time, standing
from bot.dialogue.room import second_thoughts
from bot.dialogue.room.wish_said import Said
from bot.dialogue.room.wished import new_text
from bot.dialogue.understanding.hearing import heard


@pytest.mark.parametrize(
    "text",
    ["不延了，能按期完成", "延期申请不要了", "延期申请撤回吧", "撤回延期申请", "撤销A-1的延期", "A-1 不用延期了", "不需要延期吧", "取消延期", "麻烦把延期申请撤回一下",
     "延期的事算了", "不必再延期了", "A-1 延期取消", "我们不延了", "撤回GZ-12的延期申请，材料到了", "不用延期了我们能按期完成", "延期申请不用了谢谢", "收回延期申请",
     "之前的延期申请撤回", "以前申请的延期撤回", "上次的延期申请撤回吧", "撤回延期申请，等设备到了再说", "不延期了，整改完成后马上报"],
)  # fmt: skip
def test_a_request_is_let_go_in_plain_words(text: str) -> None:
    assert more_time.lets_go(text)


@pytest.mark.parametrize(
    "text",
    ["延期申请不要拖太久，麻烦尽快批", "延期申请能撤回吗？", "A-1 延期申请可以取消吗", "不要撤回延期申请", "别取消延期申请", "我们没有撤回延期申请",
     "不用延期了吗", "要是天气好就不延了", "如果批不了，就撤回延期申请", "没说不延了", "延期申请取消不了", "延期申请怎么撤回", "撤回延期申请里的那张图",
     "不用延期太久", "他们取消延期了", "听说延期申请撤回了", "谁说不延了", "因疫情取消延期的项目", "能不能撤回延期", "延期申请不要批得太晚",
     "延期申请没撤回", "延期申请不能取消", "不是不延了", "省厅取消了延期政策", "延期申请的材料撤回"],
)  # fmt: skip
def test_a_request_stands_where_that_is_asked_denied_or_only_thought_of(text: str) -> None:
    assert not more_time.lets_go(text)


@pytest.mark.parametrize(
    "text",
    [
        "批了吗",
        "延期批了吗",
        "A-2核查通过了吗",
        "A-6通过了没有",
        "怎么还没批",
        "什么时候核查",
        "通过了吗？",
        "销号了吗",
    ],
)
def test_how_it_stands_is_told_to_who_asks_whether_it_was_decided(text: str) -> None:
    assert standing.asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "没批复的文件在哪里？",
        "通过了吗，上次会议",
        "A-1审计通过了吗",
        "方案会上通过了吗？",
        "环评通过了吗",
        "没批准的怎么办？",
    ],
)
def test_what_others_decide_is_not_told_as_the_state_of_a_report(text: str) -> None:
    assert not standing.asks(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("把A-1的内容改成完成ＰＰＰ项目（一期）：繁體字", "完成ＰＰＰ项目（一期）：繁體字"),
        ("A-1内容应为“新建 3 座泵站。”", "新建 3 座泵站。"),
        ("A-1的内容改为：「完成验收」。", "完成验收"),
        ("A-1内容改成完成“一网通办”改造", "完成“一网通办”改造"),
        ("把A-1的內容改成完成驗收", "完成驗收"),
    ],
)
def test_a_new_text_is_kept_as_it_was_written(text: str, words: str) -> None:
    assert new_text(Said(heard(text), written=text)) == words


@pytest.mark.parametrize(
    "text", ["群里有人说错了", "A-1 的负责人写错了，应为李工", "收回的土地台账怎么还没有", "撤回的文件在哪"]
)
def test_what_others_said_or_a_list_has_wrong_undoes_nothing(text: str) -> None:
    assert not second_thoughts.errs(text)


@pytest.mark.parametrize(
    "text", ["核错了", "撤回", "刚才核错了", "A-1 退回错了", "撤回刚才的群发", "我批错了", "收回刚才的决定"]
)
def test_who_did_something_by_mistake_is_told_what_takes_its_place(text: str) -> None:
    assert second_thoughts.errs(text)
