"""What one message says of several tasks goes to each its own: no day is a task's number, and no share or day crosses to another task."""

import pytest

from db.words import Rank
from tests.harness.story import ECONOMY, Story, task

TEXTS = {
    1: "开展尾矿库应急演练。",
    2: "报送公路隧道隐患清单。",
    3: "开展塔吊专项检查。",
    4: "推进河道清淤工程。",
    5: "开展停车场消防检查。",
}


@pytest.fixture
def five(story: Story) -> Story:
    story.mornings = False
    story.begins("2022-06-08 09:00", *(task(number, "2022-07-31", text=text) for number, text in TEXTS.items()))
    story.appoints("王协调", Rank.COORDINATOR)
    story.group(ECONOMY).says("收到")
    story.forget()
    return story


def told(story: Story, words: str) -> str:
    """Return all that the unit hears in answer to what it says."""
    story.group(ECONOMY).says(words)
    heard = "\n".join(message.text for message, _id in story.cast.unheard if message.chat == ECONOMY)
    story.forget()
    return heard


@pytest.mark.parametrize(
    "words", ["隧道清单今天3号交不了，要4号", "隧道清单3号没问题", "塔吊检查明天3号查完，隧道清单定4号交"]
)
def test_the_day_of_a_thing_is_no_number_of_a_task(five: Story, words: str) -> None:
    heard = told(five, words)
    assert heard
    assert "〔A-4〕已" not in heard
    assert "已记录〔A-4〕" not in heard
    assert "〔A-3〕已" not in heard


def test_more_time_for_one_thing_is_not_asked_for_the_day_of_another(five: Story) -> None:
    heard = told(five, "停车场检查申请延到8月20号，名单没来；隧道清单2号没问题")
    assert "〔A-2〕延期" not in heard
    assert "申请延期" not in heard.partition("〔A-2〕")[2].partition("\n")[0]
    assert "A-5" in heard


@pytest.mark.parametrize(
    ("words", "one", "other"),
    [
        ("塔吊那项已经摸了三分之二了，2号刚起草", "已记录〔A-3〕进展：67%", "已记录〔A-2〕进展（"),
        ("A-4七成，隧道清单20号交", "已记录〔A-4〕进展：70%", "已记录〔A-2〕进展（"),
        ("A-4完成七成，预计隧道清单20号报", "已记录〔A-4〕进展：70%", "已记录〔A-2〕进展（"),
        ("A-4七成，照片已上传，塔吊没动", "已记录〔A-4〕进展：70%", "〔A-3〕已记下尚未办结"),
        ("收到。A-4已完成，停车场消防检查干了一半", "〔A-4〕已报办结", "已记录〔A-5〕进展：50%"),
    ],
)
def test_a_task_that_is_called_beside_one_that_is_numbered_has_its_own_clause(
    five: Story, words: str, one: str, other: str
) -> None:
    unit = five.group(ECONOMY)
    unit.says(words)
    assert "预计" not in unit.hears(one).text
    unit.hears(other)
    unit.hears_nothing_more()
    five.forget()


@pytest.mark.parametrize("words", ["A-4清淤完成七成，企业还在整改", "A-4完成七成，现场检查还没做"])
def test_what_calls_no_other_task_is_of_the_one_that_is_numbered(five: Story, words: str) -> None:
    unit = five.group(ECONOMY)
    unit.says(words)
    unit.hears("已记录〔A-4〕进展：70%", words)
    unit.hears_nothing_more()


def test_what_one_message_told_of_several_is_taken_back_by_one_word_and_singly_by_a_button(five: Story) -> None:
    unit = five.group(ECONOMY)
    unit.says("A-4七成，隧道清单20号交")
    five.forget()
    unit.says("撤回")
    unit.hears("已撤回2项：〔A-2〕报进展，〔A-4〕报进展")
    unit.says("A-4七成，隧道清单20号交")
    unit.presses(unit.hears("已记录〔A-4〕"), "撤回")
    unit.hears("已记录〔A-2〕")
    unit.hears("已撤回“报进展”〔A-4〕")
    unit.hears_nothing_more()
