"""Words that undo or decide, purely: a question, a denial, a condition or another's words never do."""

import pytest

from bot.dialogue.contact import more_time


@pytest.mark.parametrize(
    "text",
    ["不延了，能按期完成", "延期申请不要了", "延期申请撤回吧", "撤回延期申请", "撤销A-1的延期", "A-1 不用延期了", "不需要延期吧", "取消延期", "麻烦把延期申请撤回一下",
     "延期的事算了", "不必再延期了", "A-1 延期取消", "我们不延了", "撤回GZ-12的延期申请，材料到了", "不用延期了我们能按期完成", "延期申请不用了谢谢", "收回延期申请"],
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
