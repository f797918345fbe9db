"""抽查不属实: what was found is a problem of the task that was opened again: shown in the lists, set right, closed by another, scored."""

import io
from datetime import date

import openpyxl
import pytest
from sqlmodel import col, select

from db import ledger, outbox
from db.history import last_words
from db.ledger import Which, evidence
from db.ledger.past import last_word
from db.models import Evidence, Notice, ScorePoint
from db.words import EVERY, Finding, NoticeKind, Phase, Rank, ScoreKind, State
from jobs.printed.two_lists import two_lists
from jobs.problems.standing import of_lines
from tests.harness.story import ECONOMY, EMERGENCY, Story, at, task

POLICY = '[score]\nuntrue = -3\n[[evidence]]\nwords = ["通道"]\nrequired = ["照片"]\n'


@pytest.fixture
def found(story: Story) -> Story:
    """Two units' parts of one task are closed and drawn; of one a coordinator found in June that it was not so, with a picture."""
    story.mornings = False
    both = task(1, "2022-07-29", responsible=(EMERGENCY,), text="完成消防通道清理。")
    story.begins("2022-06-06 10:00", both, task(2, "2022-12-30"), policy=POLICY)
    story.appoints("王芳", Rank.COORDINATOR)
    story.appoints("赵敏", Rank.COORDINATOR)
    story.muted |= {NoticeKind.RECEIPT_CHASE, NoticeKind.REMINDER}
    story.group(ECONOMY).says("办结 1", file="第一次的照片.jpg", content=b"first")
    story.group(EMERGENCY).says("办结 1")
    story.room.says(f"核查 1 {ECONOMY}", "王芳")
    story.room.says(f"核查 1 {EMERGENCY}", "王芳")
    story.until("2022-06-06 11:00")
    story.room.says("抽查 A 100%", "王芳")
    story.forget()
    story.room.says(f"抽查不属实 A-1 {ECONOMY} 现场仍有堆物", "王芳", file="堆物.jpg", content=b"heap")
    story.room.hears("已重开（抽查不属实，列入问题清单）")
    told = story.group(ECONOMY).hears(
        "【办理结果】〔A-1〕", "抽查不属实，已重开（王芳）：现场仍有堆物", "已列入问题清单", "措施 A-1 "
    )
    assert "报办结" in [label for label, _data in told.buttons]
    story.forget()
    return story


def test_it_is_said_whole_once_more_where_nobody_knows_whether_it_arrived(found: Story) -> None:
    with found.store.write() as session:
        decisions = select(Notice).where(Notice.kind == NoticeKind.DECISION).order_by(col(Notice.id))
        told = session.exec(decisions).all()[-1]
        outbox.again(session, told, at("2022-06-06 11:30"), resend_of=told.id)
    found.until("2022-06-06 12:00")
    again = found.group(ECONOMY).hears(
        "〔补发〕【办理结果】〔A-1〕", "抽查不属实，已重开（王芳）：现场仍有堆物", "已列入问题清单", "措施 A-1 "
    )
    assert "报办结" in [label for label, _data in again.buttons]
    found.forget()


def test_it_stands_in_both_lists_for_the_unit_that_reported_it_and_for_no_other(found: Story) -> None:
    found.room.says("问题清单", "王芳")
    told = found.room.hears(
        "问题清单（1项）", f"〔A-1〕{ECONOMY}：抽查不属实：现场仍有堆物——完成消防通道清理", "整改前1张，整改后0张"
    )
    assert EMERGENCY not in told.text
    group = found.group(ECONOMY)
    group.says("措施 A-1 7月1日前清完，专人每日巡查")
    group.hears("已记下〔A-1〕的整改措施：7月1日前清完，专人每日巡查")
    group.says("整改清单")
    group.hears("整改措施清单（1项）", "措施：7月1日前清完，专人每日巡查")
    found.group(EMERGENCY).says("问题清单")
    found.group(EMERGENCY).hears("问题清单（0项）")
    with found.store.read() as session:
        (one,) = of_lines(session, ledger.lines(session, Which(EVERY)))
        assert (one.problem.how, str(one.problem.found_on), one.recorded_by) == (Finding.CHECK, "2022-06-06", "王芳")
        assert [(file.name, file.phase) for file in evidence.of(session, one.line.assignment.id)] == [
            ("第一次的照片.jpg", None), ("堆物.jpg", Phase.BEFORE),
        ]  # fmt: skip


def test_who_found_it_does_not_close_it_and_what_was_shown_before_is_no_picture_from_after(found: Story) -> None:
    group, room = found.group(ECONOMY), found.room
    group.says("1 已清理完毕，已办结", file="清理后.jpg", content=b"clean")
    group.hears("已收存佐证")
    group.hears("已报办结")
    room.hears("【待核查】")
    room.says("核查 1", "王芳")
    room.hears("本人登记的问题不能由本人核查销号，请另一位协调员或领导核查")
    room.says("核查 1", "赵敏")
    room.hears("已核查销号")
    group.hears("已核查销号（赵敏）")
    found.forget()
    with found.store.read() as session:
        (one,) = of_lines(session, ledger.lines(session, Which(EVERY, problems=True)))
        assert (one.before, one.after) == (("堆物.jpg",), ("清理后.jpg",))
        assert one.verified is not None
        assert one.verified.who == "赵敏"
        sheet = openpyxl.load_workbook(io.BytesIO(two_lists(session, [one.line], found.stage.clock.now())))["问题清单"]
        row = [str(cell.value) for cell in sheet[3]]
    assert {"A-1", "抽查", "王芳", "堆物.jpg", "清理后.jpg", "赵敏"} <= set(row)


def test_a_leader_may_be_the_second_person_of_what_a_spot_check_found(found: Story) -> None:
    found.group(ECONOMY).says("办结 1")
    found.forget()
    found.leaders.says(f"核查 1 {ECONOMY}", who="领导")
    found.leaders.hears("已核查销号")
    assert found.line(1).assignment.state is State.CLOSED
    found.forget()


def test_it_costs_its_unit_points_by_the_weight_in_the_policy_and_they_lead_to_their_entry(found: Story) -> None:
    found.until("2022-07-01 10:00")
    found.forget()
    found.room.says("公示记分 6月", "王芳")
    found.room.presses(found.room.hears("6月"), "确认公示", "王芳")
    found.group(ECONOMY).hears("【记分公示】", "抽查不属实", "−3")
    found.forget()
    with found.store.read() as session:
        points = session.exec(select(ScorePoint).where(ScorePoint.kind == ScoreKind.UNTRUE)).all()
        assert [(point.tenths, str(point.day)) for point in points] == [(-30, "2022-06-06")]
        assert points[0].entry_id is not None
    found.room.says(f"记分 6月 {ECONOMY}", "王芳")
    told = found.room.hears("抽查不属实")
    assert "按期办结" not in told.text, "what was opened again was not done in time"


def test_a_picture_after_the_unit_is_told_may_still_follow_from_the_room(found: Story) -> None:
    found.room.says(f"整改前 A-1 {ECONOMY}", "王芳", file="近景.jpg", content=b"near")
    found.room.hears("已收存〔A-1〕整改前照片：近景.jpg")
    with found.store.read() as session:
        query = select(Evidence.name).where(Evidence.phase == Phase.BEFORE).order_by(Evidence.id)
        assert list(session.exec(query)) == ["堆物.jpg", "近景.jpg"]


def test_what_was_shown_with_the_first_report_does_not_do_for_the_second(found: Story) -> None:
    group, room = found.group(ECONOMY), found.room
    group.says("办结 1")
    group.hears("〔A-1〕已报办结", "还缺佐证：照片")
    room.hears("【待核查】", "缺：照片")
    group.says("A-1", file="清理后.jpg", content=b"clean")
    assert "还缺" not in group.hears("已收存佐证").text
    room.hears("清理后.jpg")


def test_what_was_found_is_the_last_word_on_it_and_not_the_report_that_was_not_so(found: Story) -> None:
    line = found.line(1)
    with found.store.read() as session:
        entry = last_words(session, [line.assignment.id])[line.assignment.id]
    told = last_word(entry, line.campaign.timezone, date(2022, 6, 8), named=True)
    assert told == "6月6日王芳抽查不属实：现场仍有堆物"
    found.group(ECONOMY).says("A-1 进展：正在清运")
    with found.store.read() as session:
        entry = last_words(session, [line.assignment.id])[line.assignment.id]
    assert last_word(entry, line.campaign.timezone, date(2022, 6, 8)).startswith("6月6日报进展")
    found.forget()


def test_what_was_drawn_and_found_untrue_in_one_night_is_told_as_what_was_found_alone(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-06 10:00", task(1, "2022-07-29"))
    story.appoints("王芳", Rank.COORDINATOR)
    story.group(ECONOMY).says("办结 1")
    story.room.says("核查 1", "王芳")
    story.until("2022-06-06 22:40")
    story.forget()
    story.room.says("抽查 A 100%", "王芳")
    story.room.says("抽查不属实 A-1 现场仍有堆物", "王芳")
    story.forget()
    story.until("2022-06-07 12:00")
    story.muted |= {NoticeKind.RECEIPT_CHASE, NoticeKind.REMINDER}
    story.group(ECONOMY).hears("【办理结果】〔A-1〕", "抽查不属实，已重开（王芳）：现场仍有堆物")
    story.group(ECONOMY).hears_nothing_more()
    story.forget()
