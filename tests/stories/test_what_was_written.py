"""Leaders and signers are not told that a unit was silent when it wrote: what stands with no task is shown as what it is."""

from io import BytesIO

from openpyxl import load_workbook

from db import ledger
from db.history import last_words
from db.ledger import Which
from db.words import EVERY, Action, NoticeKind, Rank
from jobs.printed.contents import page
from jobs.printed.ledger_book import ledger_book
from tests.harness.story import ECONOMY, EMERGENCY, Story, task


def late(story: Story) -> None:
    """Two tasks of one unit that are late since Friday 17 June; its slip was signed."""
    story.begins("2022-06-01 14:00", task(1, "2022-06-17"), task(2, "2022-06-17"))
    story.muted.discard(NoticeKind.WEEKLY)
    story.appoints("李厅长", Rank.LEADER)
    story.appoints("王主任", Rank.COORDINATOR)


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
    items, notes = draft.split("——\n", 1)
    assert f"⚠{ECONOMY}6月22日张工的留言未归到任务：报送的口径" in notes
    assert "报送的口径" not in items, "under a task it would read as said of that"
    story.forget()


def test_what_is_asked_about_one_task_stands_under_that_and_nothing_else_hides_behind_it(story: Story) -> None:
    late(story)
    story.until("2022-06-22 10:00")
    story.group(ECONOMY).says("报送的口径是按企业数还是按项目数？")
    story.group(ECONOMY).says("A-2 能不能换个单位来办？", who="周工")
    story.until("2022-06-29 12:00")
    draft = next(one.text for one, _id in story.cast.unheard if one.chat == "领导群" and "通报" in one.text)
    items, notes = draft.split("——\n", 1)
    first, second = items.split("〔A-2〕")
    assert "⚠6月22日周工提问，尚未答复：" in second
    assert "换个单位" not in first + notes
    assert "报送的口径" in notes
    story.forget()


# ---------------------------------------------------------------- the last word is how things stand


def test_a_report_that_was_returned_is_not_told_to_the_leaders_as_how_things_stand(story: Story) -> None:
    late(story)
    story.until("2022-06-16 10:00")
    story.group(ECONOMY).says("A-1 办结：整改完了")
    story.room.says("退回 A-1 现场照片是去年的", who="王主任")
    story.group(ECONOMY).says("延期 A-2 7月15日 设备未到货")
    story.group(ECONOMY).presses(next(m for m, _ in story.cast.unheard if "是否提交" in m.text), "提交申请")
    story.room.says("不同意 A-2 再催一催厂家", who="王主任")
    story.until("2022-06-20 12:00")
    told = weekly(story)
    assert "6月16日王主任退回：现场照片是去年的" in told
    assert "6月16日王主任不同意延期：再催一催厂家" in told
    assert "整改完了" not in told
    assert "设备未到货" not in told
    story.forget()


def test_all_papers_tell_the_same_last_word(story: Story) -> None:
    late(story)
    story.until("2022-06-16 10:00")
    story.group(ECONOMY).says("A-1 办结：整改完了")
    story.room.says("退回 A-1 现场照片是去年的", who="王主任")
    story.until("2022-06-20 12:00")
    now = story.stage.clock.now()
    with story.store.read() as session:
        lines = ledger.lines(session, Which(EVERY))
        last = last_words(session, [line.assignment.id for line in lines])
        paper = str(page(session, lines[0].campaign, now))
        book = ledger_book(session, lines, now, by_unit=True)
    (entry,) = last.values()
    assert (entry.action, entry.words) == (Action.RETURN, "现场照片是去年的")
    assert "6月16日退回：现场照片是去年的" in paper
    cells = [str(cell.value) for row in load_workbook(BytesIO(book)).active.rows for cell in row]  # type: ignore[union-attr]
    assert "6月16日退回：现场照片是去年的" in cells
    story.forget()
