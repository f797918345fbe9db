"""Leaders and signers are not told that a unit was silent when it wrote: what stands with no task is shown as what it is."""

from db.words import NoticeKind, Rank
from tests.harness.story import ECONOMY, EMERGENCY, Story, task


def late(story: Story) -> None:
    """Two tasks of one unit that are late since Friday 17 June; its slip was signed."""
    story.begins("2022-06-01 14:00", task(1, "2022-06-17"), task(2, "2022-06-17"))
    story.muted.discard(NoticeKind.WEEKLY)
    story.appoints("李厅长", Rank.LEADER)


def weekly(story: Story) -> str:
    return [one.text for one, _id in story.cast.unheard if one.kind is NoticeKind.WEEKLY][-1]


def test_a_unit_that_never_wrote_is_said_to_be_silent(story: Story) -> None:
    late(story)
    story.until("2022-06-20 12:00")
    assert weekly(story).count("一直没有回应") == 2
    story.forget()


def test_words_that_were_asked_back_are_told_with_their_day(story: Story) -> None:
    late(story)
    story.until("2022-06-16 10:00")
    story.group(ECONOMY).says("已完成")
    story.until("2022-06-20 12:00")
    assert "没有答复（6月16日有留言，未归到任务）" in weekly(story)
    assert "：已完成" not in weekly(story), "under a task it would read as said of that"
    assert "一直没有回应" not in weekly(story)
    story.forget()


def test_a_unit_that_no_message_reached_is_not_said_to_be_silent(story: Story) -> None:
    story.begins(
        "2022-06-01 14:00", task(1, "2022-06-17"), task(2, "2022-06-17", lead=(EMERGENCY,)), unbound=(EMERGENCY,)
    )
    story.muted.discard(NoticeKind.WEEKLY)
    story.until("2022-06-20 12:00")
    first, second = weekly(story).split(EMERGENCY)
    assert "一直没有回应" in first
    assert "从未送达" in second
    assert "一直没有回应" not in second
    story.forget()


def test_once_the_task_is_chosen_nothing_is_left_over(story: Story) -> None:
    late(story)
    story.until("2022-06-16 10:00")
    story.forget()
    story.group(ECONOMY).says("推进到一半了")
    story.group(ECONOMY).presses(story.group(ECONOMY).hears("请问是哪一项"), "A-1〕完成第1项工作。")
    story.until("2022-06-20 12:00")
    assert "6月16日张工报进展：推进到一半了" in weekly(story)
    assert "留言未归到任务" not in weekly(story)
    story.forget()


def test_who_signs_sees_a_question_that_nobody_has_answered(story: Story) -> None:
    late(story)
    story.until("2022-06-22 10:00")
    story.group(ECONOMY).says("报送的口径是按企业数还是按项目数？")
    story.until("2022-06-29 12:00")
    draft = next(one.text for one, _id in story.cast.unheard if one.chat == "领导群" and "通报" in one.text)
    assert "⚠6月22日张工的留言未归到任务：报送的口径" in draft
    story.forget()
