"""同意四天, 给甲局多一周, A-1、A-2各延五天: what is given by so many days counts from each deadline, and no press gives another day."""

import pytest

from db.words import Rank
from tests.harness.story import Story, task

FORESTS, HEALTH, WATER = "市林业局", "市卫生健康委员会", "市水务局"
WHO = "韩协调"


@pytest.fixture
def asking(story: Story) -> Story:
    story.begins(
        "2022-06-01 09:00",
        task(1, "2022-06-24", lead=(FORESTS,), text="清理防火隔离带。"),
        task(2, "2022-06-24", lead=(WATER,), text="检修泄洪闸。"),
        task(3, "2022-07-04", lead=(HEALTH,), text="核对急救药品。"),
        task(4, "2022-07-06", lead=(WATER,), text="疏浚支渠。"),
    )
    story.appoints(WHO, Rank.COORDINATOR)
    story.until("2022-06-14 10:00")
    for words in ("A-3 要延期到7月20日，厂家没有货", "提交"):
        story.group(HEALTH).says(words, who="卫工")
    story.forget()
    return story


GIVEN = (
    ("A-1、A-2都往后推四天", "〔A-1、A-2〕期限改为6月28日"),
    ("A-1和A-4各延一周", "〔A-1〕期限改为7月1日；〔A-4〕期限改为7月13日"),
    ("A-4延后五天", "〔A-4〕期限改为7月11日"),
    ("给林业局多四天", "〔A-1〕期限改为6月28日"),
    ("林业再宽限两天", "〔A-1〕期限改为6月26日"),
    ("再给市水务局一个星期", "〔A-2〕期限改为7月1日", "〔A-4〕期限改为7月13日"),
    ("卫健委多给六天吧", "〔A-3〕同意延期至7月10日"),
    ("A-3同意延期四天", "同意延期至7月8日", "不同意"),
    ("A-3准一周", "同意延期至7月11日", "不同意"),
    ("A-3最多给四天", "同意延期至7月8日", "不同意"),
    ("A-3同意，7月12前必须弄完", "同意延期至7月12日", "不同意"),
    ("A-3同意，先问问厂家", "同意延期至7月20日", "不同意"),
)
NOT_GIVEN = ("林业局拖了四天", "市水务局申请多给五天", "能不能给林业局多四天", "会上说A-4延到昨天")


def test_so_many_days_are_counted_from_each_deadline(asking: Story) -> None:
    for words, *labels in GIVEN:
        assert _offered(asking, words) == labels, words
    for words in NOT_GIVEN:
        assert not any("延期至" in label or "期限改为" in label for label in _offered(asking, words)), words
    asking.forget()


def test_what_is_pressed_is_the_day_that_was_shown(asking: Story) -> None:
    for words, label, unit, told in (
        ("A-1和A-4各延一周", "〔A-1〕期限改为7月1日；〔A-4〕期限改为7月13日", FORESTS, "2022年7月1日"),
        ("A-3同意延期四天", "同意延期至7月8日", HEALTH, "2022年7月8日"),
    ):
        _offered(asking, words)
        shown = asking.cast.unheard[-1][0]
        asking.forget()
        asking.room.presses(shown, label.strip("〔〕"), who=WHO, there=True)
        assert any(message.chat == unit and told in message.text for message, _id in asking.cast.unheard), words
    asking.forget()


def _offered(story: Story, words: str) -> list[str]:
    story.forget()
    story.room.says(words, who=WHO)
    labels = [label for message, _id in story.cast.unheard for label, _data in message.buttons]
    return [label for label in labels if not label.startswith("看")]
