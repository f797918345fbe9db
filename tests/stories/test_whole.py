"""What is said stays whole: bundles keep headings and demands, a courtesy is no mistake, each task hears its own words."""

import pytest

from db.outbox import Item, enqueue
from db.words import NoticeKind, Reason, State
from tests.harness.story import ECONOMY, Story, task


def tells(story: Story, kind: NoticeKind, *kinds: NoticeKind) -> None:
    """Let the unit be told of its tasks in one message, each for a reason of its own."""
    lines = [story.line(number) for number in range(1, len(kinds) + 1)]
    with story.store.write() as session:
        items = [Item(one.assignment.id, own, Reason.MORNING, asks_receipt=own is NoticeKind.SLIP)
                 for one, own in zip(lines, kinds, strict=True)]  # fmt: skip
        chat = story.chat_of(session, ECONOMY)
        enqueue(
            session, now=story.stage.clock.now(), kind=kind, reason=Reason.MORNING, chat_id=chat,
            unit_id=lines[0].unit.id, campaign_id=lines[0].campaign.id, items=items,
        )  # fmt: skip
    story.rests()


def test_a_message_of_several_kinds_keeps_what_each_demands(story: Story) -> None:
    story.begins("2022-06-06 09:00", task(1, "2022-06-30"), task(2, None), task(3, "2022-07-31"))
    story.forget()
    tells(story, NoticeKind.SUPERVISION, NoticeKind.SUPERVISION, NoticeKind.CHECKIN, NoticeKind.SLIP)
    story.group(ECONOMY).hears(
        "【督办提示】测试清单", "〔A-1〕督办单", "督办单：请今日说明进展和完成日期",
        "进展报送：请回复进展，一句话说全部即可，例如：都在推进，A-2 本季度检查12家", "交办通知：请按“全部收到”，或回复本条写“收到”。",
    )  # fmt: skip


def test_what_is_caught_up_says_why_and_keeps_what_each_kind_demands(story: Story) -> None:
    story.begins("2022-06-06 09:00", task(1, "2022-06-30"), task(2, "2022-07-31"))
    story.forget()
    tells(story, NoticeKind.CATCH_UP, NoticeKind.SUPERVISION, NoticeKind.SLIP)
    story.group(ECONOMY).hears("【补送】测试清单", "未能送达", "督办单：请今日说明进展和完成日期", "写“收到”")


def test_items_of_two_campaigns_stand_each_under_their_own_heading(story: Story) -> None:
    story.begins("2022-06-06 09:00", task(1, "2022-06-30"))
    story.also_begins("另一清单", task(2, "2022-07-31"))
    story.forget()
    tells(story, NoticeKind.REMINDER, NoticeKind.REMINDER, NoticeKind.REMINDER)
    heard = story.group(ECONOMY).hears("《测试清单》\n", "《另一清单》\n")
    assert heard.text.index("《测试清单》") < heard.text.index("〔A-1〕") < heard.text.index("《另一清单》")
    assert not heard.text.startswith("【提醒】测试清单")


def test_the_example_of_a_check_in_works_as_it_is_given(story: Story) -> None:
    story.begins("2022-06-06 09:00", task(1, None), task(2, None))
    story.forget()
    group = story.group(ECONOMY)
    tells(story, NoticeKind.CHECKIN, NoticeKind.CHECKIN, NoticeKind.CHECKIN)
    asked = group.hears("例如：都在推进，A-1 本季度检查12家")
    group.says("都在推进，A-1 本季度检查12家", reply=asked)
    group.hears("已记录〔A-1〕进展", "“A-1 本季度检查12家”")
    group.hears("已记录〔A-2〕进展", "“都在推进”")


@pytest.mark.parametrize("words", ["本季度按计划推进，未发现新的问题", "设备运行平稳，暂无异常"])
def test_that_all_goes_well_is_progress_of_all_that_is_asked_for(story: Story, words: str) -> None:
    story.begins("2022-06-06 09:00", task(1, None), task(2, None))
    story.forget()
    group = story.group(ECONOMY)
    tells(story, NoticeKind.CHECKIN, NoticeKind.CHECKIN, NoticeKind.CHECKIN)
    group.says(words, reply=group.hears("进展报送"))
    told = group.hears("进展", "〔A-1〕", "〔A-2〕", f"“{words}”")
    assert any(label.startswith("撤回") for label, _data in told.buttons)


def test_each_of_two_tasks_in_one_sentence_hears_its_own_words(story: Story) -> None:
    story.begins("2022-06-06 09:00", *(task(number, "2022-07-31") for number in (1, 2, 3)))
    story.forget()
    group = story.group(ECONOMY)
    group.says("A-1完成五成，A-2、A-3已完成八成")
    group.hears("〔A-1〕进展：50%")
    group.hears("〔A-2〕进展：80%")
    group.hears("〔A-3〕进展：80%")


def test_tasks_that_share_one_word_are_heard_together(story: Story) -> None:
    story.begins("2022-06-06 09:00", task(1, "2022-07-31"), task(2, "2022-07-31"))
    story.forget()
    story.group(ECONOMY).says("A-1、A-2 收到")
    story.group(ECONOMY).hears("已签收〔A-1〕〔A-2〕")


@pytest.mark.parametrize(("first", "state"), [("收到", State.ACKNOWLEDGED), ("完成五成", State.IN_PROGRESS)])
def test_received_said_once_more_is_a_courtesy_and_no_mistake(story: Story, first: str, state: State) -> None:
    story.begins("2022-06-06 09:00", task(1, "2022-07-31"))
    group = story.group(ECONOMY)
    slip = group.hears("交办通知")
    group.says(first, reply=slip)
    group.hears("〔A-1〕")
    group.says("收到", reply=slip)
    heard = group.hears("好的。")
    assert "没有改动" not in heard.text
    assert "记录" not in heard.text


def test_a_question_about_what_was_said_quotes_it(story: Story) -> None:
    story.begins("2022-06-06 09:00", task(1, "2022-07-31"))
    story.forget()
    story.group(ECONOMY).says("A-1 桥面铺装已完成")
    story.group(ECONOMY).hears("“A-1 桥面铺装已完成”是说")
