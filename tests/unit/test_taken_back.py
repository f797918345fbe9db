"""What takes back one's own last act, and what speaks of a mistake that was none, is feared or supposed, or was another's."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, understand

ON = date(2022, 6, 1)


@pytest.mark.parametrize(
    "words",
    [
        "填错了",
        "刚才填错了",
        "我填错了",
        "A-1填错了",
        "不好意思，发错了",
        "刚才进度填错了",
        "撤回",
        "点错了没办完",
        "请撤回",
        "发错群了",
        "撤回，等弄完再报",
        "刚才报错了，等整改完成后再报",
        "口误",
    ],
)
def test_what_was_said_by_mistake_is_taken_back(words: str) -> None:
    assert understand(words, on=ON, coordinator=False).intent is Intent.UNDO


@pytest.mark.parametrize(
    "words",
    [
        "A-1没填错",
        "没有报错",
        "不是写错了",
        "别搞错了",
        "怕填错了",
        "以免报错",
        "如果填错了就撤回",
        "要是发错了，请撤回",
        "刚才的通知填错了，是A-2的",
        "误发的证书已全部收回",
        "填错了吗",
        "不要撤回",
    ],
)
def test_a_mistake_that_is_denied_feared_supposed_or_anothers_takes_nothing_back(words: str) -> None:
    assert understand(words, on=ON, coordinator=False).intent is not Intent.UNDO
