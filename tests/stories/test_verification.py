"""核查: a report brings what its task requires, or says what is missing; whoever verifies sees it too."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlmodel import col, select

from db import audit, ledger
from db.history import SYSTEM
from db.ledger import Which
from db.models import Campaign, History, SpotCheck, SpotCheckItem
from db.words import EVERY, Action, Level, NoticeKind, Rank, State
from jobs.notices import digests
from jobs.printed.ledger_book import ledger_book
from jobs.verification import spot_checks
from jobs.verification.spot_checks import Share
from tests.harness.story import ECONOMY, EMERGENCY, Story, at, task

EVIDENCE = '[[evidence]]\nwords = ["隐患"]\nrequired = ["照片", "报告"]\n'


def opens(story: Story, policy: str, *tasks: object) -> Story:
    """Begin a campaign whose units have signed, with two coordinators."""
    story.mornings = False
    story.begins("2022-06-06 10:00", *tasks, policy=policy)  # type: ignore[arg-type]
    story.appoints("王芳", Rank.COORDINATOR)
    story.appoints("赵敏", Rank.COORDINATOR)
    story.muted.add(NoticeKind.RECEIPT_CHASE)
    story.forget()
    return story


# ---------------------------------------------------------------- required evidence


@pytest.fixture
def hazards(story: Story) -> Story:
    """A unit with two tasks: one of hazards, which wants a photograph and a report, and one that wants nothing."""
    return opens(story, EVIDENCE, task(1, "2022-07-29", text="完成消防通道隐患排查。"), task(2, "2022-07-29"))


def test_a_report_without_what_its_task_requires_says_what_is_missing_until_it_came(hazards: Story) -> None:
    group, room = hazards.group(ECONOMY), hazards.room
    group.says("办结 1")
    told = group.hears("〔A-1〕已报办结", "还缺佐证：照片、报告")
    room.hears("【待核查】", "缺：照片、报告")
    group.presses(told, "补交照片、报告")
    group.hears("〔A-1〕还缺佐证：照片、报告", "收作这一项的")
    group.says("", file="现场.jpg")
    group.hears("已收存佐证〔A-1〕：现场.jpg", "还缺：报告。")
    room.hears("【佐证】〔A-1〕", "现场.jpg", "还缺：报告")
    group.says("", file="情况报告.docx", content=b"report")
    assert "还缺" not in group.hears("已收存佐证〔A-1〕：情况报告.docx").text
    assert "还缺" not in room.hears("【佐证】〔A-1〕").text
    group.says(
        "", file="又一份.docx", content=b"more"
    )  # nothing is asked for any more: of which task it is must be said again
    group.hears("请问是哪一项")


def test_what_is_said_while_a_file_is_waited_for_is_heard_as_ever(hazards: Story) -> None:
    group, room = hazards.group(ECONOMY), hazards.room
    group.says("办结 1")
    group.presses(group.hears("还缺佐证"), "补交照片、报告")
    group.hears("还缺佐证")
    room.hears("【待核查】")
    group.says("2 已完成一半")
    group.hears("已记录〔A-2〕进展")


def test_a_file_that_comes_with_the_report_counts_and_where_nothing_is_required_nothing_is_missing(
    hazards: Story,
) -> None:
    group, room = hazards.group(ECONOMY), hazards.room
    group.says("办结 1", file="照片.jpg")
    group.hears("已收存佐证")
    group.hears("还缺佐证：报告")
    room.hears("缺：报告")
    group.says("办结 2")
    assert "还缺" not in group.hears("〔A-2〕已报办结").text
    assert "缺" not in room.hears("【待核查】").text


def test_a_coordinator_sees_what_is_missing_and_may_verify_all_the_same_which_the_record_says(hazards: Story) -> None:
    group, room = hazards.group(ECONOMY), hazards.room
    group.says("1、2都办结了")
    group.hears("〔A-1〕已报办结", "还缺佐证：照片、报告")
    group.hears("〔A-2〕已报办结")
    room.hears("【待核查】")
    room.hears("【待核查】")
    room.says("详情 1", "王芳")
    room.hears("缺佐证：照片、报告")
    room.says("全部核查", "王芳")
    seen = room.hears("待核查2项", "（缺照片、报告）")
    assert seen.text.count("缺") == 1
    room.says("核查 1", "王芳")
    room.hears("已核查销号（缺照片、报告）")
    group.hears("【办理结果】〔A-1〕")
    room.says("核查 2", "王芳")
    room.hears("〔A-2〕", "已核查销号（")
    group.hears("【办理结果】〔A-2〕")
    assert hazards.line(1).assignment.state is State.CLOSED
    with hazards.store.read() as session:
        events = session.exec(select(History.event).where(History.action == Action.VERIFY)).all()
    assert events == ["核查销号（缺照片、报告）", "核查销号"]


# ---------------------------------------------------------------- levels

LEVELS = '[verification]\nlevels = ["self", "lead", "office"]\n'
LEAD = '[verification]\nlevels = ["lead", "office"]\n'


@pytest.fixture
def levels(story: Story) -> Story:
    """A task of which one unit is responsible and another leads; its own people check, then the lead, then the coordinators."""
    return opens(story, LEVELS, task(1, "2022-07-29", lead=(ECONOMY,), responsible=(EMERGENCY,)))


@pytest.fixture
def lead(story: Story) -> Story:
    """The same, but the lead alone looks before the coordinators."""
    return opens(story, LEAD, task(1, "2022-07-29", lead=(ECONOMY,), responsible=(EMERGENCY,)))


def test_a_report_goes_from_its_unit_to_the_lead_to_the_coordinators_and_each_decision_is_recorded(
    levels: Story,
) -> None:
    unit, first, room = levels.group(EMERGENCY), levels.group(ECONOMY), levels.room
    unit.says("办结 1", "张工", file="照片.jpg")
    unit.hears("已收存佐证")
    unit.hears("〔A-1〕已报办结", "等待另一名人员自查确认")
    asked = unit.hears("【待自查】", EMERGENCY, "照片.jpg", "6月9日前没有答复的，转协调员核查")
    unit.presses(asked, "自查通过", "张工")
    unit.hears("自查确认须由另一名人员办理")
    unit.presses(asked, "自查通过", "刘处")
    unit.hears("自查通过（刘处", "转牵头单位复查")
    review = first.hears("【待复查】", f"{EMERGENCY}（张工）报办结", "佐证：照片.jpg", "自查确认（刘处 6月6日）")
    room.says("详情 1", "王芳")
    room.hears(f"{EMERGENCY}：已报待牵头单位复查")
    first.presses(review, "复查通过", "孙科")
    first.hears("复查通过（孙科", "转协调员核查")
    asked = room.hears("【待核查】", "佐证：照片.jpg", "自查确认（刘处 6月6日）", "复查通过（孙科 6月6日）")
    room.presses(asked, "核查销号", "王芳")
    room.hears("已核查销号")
    unit.hears("【办理结果】〔A-1〕", "已核查销号")
    one = levels.line(1, EMERGENCY).assignment
    assert (one.state, one.level, one.goes_on_at) == (State.CLOSED, None, None)
    with levels.store.read() as session:
        query = select(History).where(History.assignment_id == one.id, col(History.action).is_not(None))
        told = session.exec(query.order_by(col(History.seq))).all()
    assert [(entry.event, entry.who) for entry in told][-4:] == [
        ("报办结", "张工"), ("自查确认", "刘处"), ("复查通过", "孙科"), ("核查销号", "王芳"),
    ]  # fmt: skip


def test_the_lead_sends_back_with_a_reason_and_its_own_report_goes_straight_to_the_coordinators(lead: Story) -> None:
    unit, first, room = lead.group(EMERGENCY), lead.group(ECONOMY), lead.room
    unit.says("办结 1")
    unit.hears("等待牵头单位复查")
    asked = first.hears("【待复查】")
    first.presses(asked, "退回", "孙科")
    first.hears("请", "理由")
    first.says("缺少签到表", "孙科")
    first.hears("已退回（孙科")
    unit.hears("【办理结果】〔A-1〕", "已退回（孙科）：缺少签到表")
    assert lead.line(1, EMERGENCY).assignment.state is State.IN_PROGRESS
    assert lead.line(1, EMERGENCY).assignment.level is None
    first.says("办结 1", "孙科")
    first.hears("已报办结", "等待协调员核查")
    room.hears("【待核查】", ECONOMY)
    room.hears_nothing_more()


@pytest.mark.parametrize(("words", "heard"), [("算了", "没有退回"), ("属实", "复查通过")])
def test_a_lead_that_thinks_again_sends_nothing_back(lead: Story, words: str, heard: str) -> None:
    unit, first = lead.group(EMERGENCY), lead.group(ECONOMY)
    unit.says("办结 1")
    asked = first.hears("【待复查】")
    first.presses(asked, "退回", "孙科")
    first.hears("请", "理由")
    first.says(words, "孙科", reply=asked)
    first.hears(heard)
    lead.forget()
    assert lead.line(1, EMERGENCY).assignment.state is State.REPORTED


def test_the_lead_may_send_it_back_as_one_says_it_to_a_colleague(lead: Story) -> None:
    unit, first = lead.group(EMERGENCY), lead.group(ECONOMY)
    unit.says("办结 1")
    unit.hears("等待牵头单位复查")
    first.says("池壁还在渗水，打回去重做", "孙科", reply=first.hears("【待复查】"))
    first.hears("已退回（孙科")
    unit.hears("已退回（孙科）：池壁还在渗水")
    unit.says("办结 1")
    unit.hears("等待牵头单位复查")
    first.says("这回行了", "孙科", reply=first.hears("【待复查】"))
    first.hears("复查通过（孙科")
    lead.forget()


def test_the_lead_may_say_it_in_words(lead: Story) -> None:
    unit, first, room = lead.group(EMERGENCY), lead.group(ECONOMY), lead.room
    unit.says("办结 1")
    unit.hears("等待牵头单位复查")
    asked = first.hears("【待复查】")
    first.says("退回 台账没盖章", "孙科", reply=asked)
    first.hears("已退回（孙科")
    unit.hears("台账没盖章")
    unit.says("办结 1")
    unit.hears("等待牵头单位复查")
    first.hears("【待复查】")
    first.says("复查通过 A-1，现场看过", "孙科")
    first.hears("复查通过（孙科")
    room.hears("【待核查】", "复查通过（孙科 6月6日）：现场看过")


def test_who_says_nothing_is_passed_over_and_the_coordinators_are_told_so(lead: Story) -> None:
    unit, first, room = lead.group(EMERGENCY), lead.group(ECONOMY), lead.room
    unit.says("办结 1")
    unit.hears("等待牵头单位复查")
    asked = first.hears("【待复查】", "6月9日前没有答复的")
    room.says("清单 待核", "王芳")
    room.hears("待核（0项）")
    room.says("清单 待复查", "王芳")
    room.hears("待复查（1项）")
    lead.until("2022-06-09 17:00")
    room.hears_nothing_more()
    lead.until("2022-06-10 10:00")
    first.hears("【待复查后续】", "没有答复，已转协调员核查")
    room.hears("【待核查】", "转协调员核查（到期没有答复 6月9日）")
    first.presses(asked, "复查通过", "孙科")
    first.hears("已由督办于6月9日18:00转协调员核查")


def test_the_digest_says_how_many_of_its_figure_wait_for_a_level_below_the_room(lead: Story) -> None:
    lead.group(EMERGENCY).says("办结 1")
    with lead.store.read() as session:
        body = digests.digest_body(session, 1, date(2022, 6, 7))
    lead.forget()
    assert (body.figures["blue"], body.figures["below"]) == (1, 1)
    assert "已报待核" not in dict(body.sections)


def test_a_coordinator_need_not_wait_for_a_level_and_the_record_says_so(lead: Story) -> None:
    unit, first, room = lead.group(EMERGENCY), lead.group(ECONOMY), lead.room
    unit.says("办结 1")
    unit.hears("等待牵头单位复查")
    first.hears("【待复查】")
    room.says("全部核查", "王芳")
    room.hears("现在没有待核查的")
    room.says("核查 1", "王芳")
    room.hears("已核查销号")
    unit.hears("【办理结果】")
    first.hears("【待复查后续】〔A-1〕王芳", "已核查销号")
    with lead.store.read() as session:
        assert session.exec(select(History.event).where(History.action == Action.VERIFY)).all() == [
            "核查销号（未经复查）"
        ]


def test_what_is_recorded_by_telephone_is_looked_at_by_the_lead_and_taken_back_asks_no_more(lead: Story) -> None:
    unit, first, room = lead.group(EMERGENCY), lead.group(ECONOMY), lead.room
    room.says(f"代录 1 {EMERGENCY} 已办结", "王芳")
    room.hears("报办结（代录）")
    first.hears("【待复查】", f"{EMERGENCY}（王芳）")
    unit.says("1 还没办完")
    unit.hears("已撤回报办结")
    first.hears("【待复查后续】", "撤回报办结")
    assert lead.line(1, EMERGENCY).assignment.level is None
    first.says("复查通过 A-1", "孙科")
    first.hears("没有等着本单位自查、复查的这一项")


def test_others_may_not_look(lead: Story) -> None:
    unit, first = lead.group(EMERGENCY), lead.group(ECONOMY)
    unit.says("办结 1")
    unit.hears("等待牵头单位复查")
    asked = first.hears("【待复查】")
    unit.presses(asked, "复查通过", "张工")
    unit.hears("该项由牵头单位复查")
    first.presses(asked, "复查通过", "张工")  # who reported speaks for the lead too
    first.hears("本人报的办结不能由本人复查")


def test_a_lead_that_no_chat_reaches_is_not_waited_for(story: Story) -> None:
    story.mornings = False
    begun = task(1, "2022-07-29", lead=(ECONOMY,), responsible=(EMERGENCY,))
    story.begins("2022-06-06 10:00", begun, policy=LEAD, unbound=(ECONOMY,))
    story.forget()
    story.group(EMERGENCY).says("办结 1")
    story.group(EMERGENCY).hears("等待协调员核查")
    story.room.hears("【待核查】")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE assignment SET level = NULL, goes_on_at = NULL WHERE level IS NOT NULL", "核查环节与记录不符"),
        ("UPDATE history SET action = 'review', event = '复查通过' WHERE event = '自查确认'", "内容被改动"),
        (
            "UPDATE assignment SET goes_on_at = '2023-01-01 00:00:00.000000' WHERE level IS NOT NULL",
            "环节期限与记录不符",
        ),
    ],
)
def test_a_level_that_is_tampered_with_is_found(levels: Story, change: str, fault: str) -> None:
    unit = levels.group(EMERGENCY)
    unit.says("办结 1", "张工")
    unit.hears("已报办结")
    unit.presses(unit.hears("【待自查】"), "自查通过", "刘处")
    levels.forget()
    with levels.store.write() as session:
        assert list(audit.of_campaign(session, 1)) == []
        session.execute(text(change))
        assert any(fault in line for line in audit.of_campaign(session, 1))
        session.rollback()


# ---------------------------------------------------------------- spot checks


@pytest.fixture
def closed(story: Story) -> Story:
    """Two units, each with four of their tasks closed, and one that is not."""
    numbers = range(1, 9)
    tasks = [task(number, "2022-07-29", lead=(ECONOMY if number < 5 else EMERGENCY,)) for number in numbers]
    opens(story, "", *tasks, task(9, "2022-07-29"))
    for unit, some in ((ECONOMY, "1、2、3、4"), (EMERGENCY, "5、6、7、8")):
        story.group(unit).says(f"{some}都办结了")
    story.room.says("核查 1、2、3、4、5、6、7、8", "王芳")
    story.forget()
    return story


def drawn(story: Story) -> list[str]:
    """Return the codes that the last spot check drew."""
    with story.store.read() as session:
        found = session.exec(select(SpotCheck).order_by(col(SpotCheck.id).desc())).first()
        assert found is not None
        return [line.code for _item, line in spot_checks.items(session, found)]


def test_some_of_what_is_closed_is_drawn_the_units_are_told_and_each_is_found_so_or_opened_again(closed: Story) -> None:
    room = closed.room
    room.says("抽查 A 50%", "王芳")
    listed = room.hears("【抽查】测试清单：已销号8项中抽50%，抽中4项（种子", "待核对4项")
    codes = drawn(closed)
    assert [label for label, _data in listed.buttons] == [f"〔{code}〕" for code in codes]
    owners = {ECONOMY if int(code[2:]) < 5 else EMERGENCY for code in codes}
    told = [closed.group(unit).hears("【抽查】", "被抽中") for unit in owners]
    assert all(any(code in one.text for one in told) for code in codes)

    room.presses(listed, codes[0], "王芳")
    one = room.hears(f"〔{codes[0]}〕", "报办结", "没有佐证")
    room.presses(one, "属实", "王芳")
    room.hears("抽查属实（王芳")
    owner = ECONOMY if int(codes[0][2:]) < 5 else EMERGENCY
    closed.group(owner).hears("抽查属实（王芳）", codes[0])

    room.presses(listed, codes[1], "王芳")
    room.presses(room.hears(f"〔{codes[1]}〕"), "不属实（重开）", "王芳")
    room.hears("理由")
    room.says("现场仍有堆物", "王芳")
    room.hears("已重开（抽查不属实，列入问题清单）")
    owner = ECONOMY if int(codes[1][2:]) < 5 else EMERGENCY
    closed.group(owner).hears("【办理结果】", "已重开", "现场仍有堆物")
    assert closed.line(int(codes[1][2:]), owner).assignment.state is State.IN_PROGRESS

    room.says(f"抽查属实 {codes[2]} 现场看过", "王芳")
    room.hears("抽查属实")
    room.says("抽查", "王芳")
    room.hears("属实2项，不属实1项，待核对1项", codes[3])
    closed.forget()


def test_what_is_opened_again_for_another_reason_is_not_found_untrue(closed: Story) -> None:
    closed.room.says("抽查 A 50%", "王芳")
    (code, *_others) = drawn(closed)
    closed.forget()
    closed.room.says(f"重开 {code} 领导要求补充二期内容", "王芳")
    assert "问题清单" not in closed.room.hears("已重开（抽查未作结论", f"抽查不属实 {code} 理由").text
    owner = ECONOMY if int(code[2:]) < 5 else EMERGENCY
    closed.group(owner).hears("【办理结果】", "已重开", "领导要求补充二期内容")
    with closed.store.read() as session:
        assert not session.exec(select(History).where(History.event == "抽查不属实")).all()
    closed.forget()


def test_what_was_opened_again_is_found_untrue_afterwards_as_its_answer_says(closed: Story) -> None:
    closed.room.says("抽查 A 50%", "王芳")
    first, second, third, *_others = drawn(closed)
    closed.forget()
    closed.room.says(f"重开 {first}", "王芳")
    closed.room.hears("理由")
    closed.room.says("抽查不属实", "王芳")
    closed.room.hears(f"〔{first}〕", "已重开（抽查不属实，列入问题清单）")
    closed.room.says(f"重开 {second} 现场仍有堆物", "王芳")
    closed.room.hears("已重开（抽查未作结论")
    closed.room.says("抽查不属实", "王芳")
    closed.room.hears(f"〔{second}〕", "抽查不属实，列入问题清单（此前已重开）")
    closed.room.says(f"重开 {third} 现场仍有堆物", "王芳")
    closed.room.hears("已重开（抽查未作结论")
    closed.room.says(f"抽查不属实 {third} 照片是旧的", "王芳")
    closed.room.hears(f"〔{third}〕", "抽查不属实，列入问题清单（此前已重开）")
    with closed.store.read() as session:
        found = session.exec(select(History).where(History.event == "抽查不属实")).all()
        assert [entry.words for entry in found] == ["抽查不属实", "现场仍有堆物", "照片是旧的"]
    closed.forget()
    closed.room.says(f"抽查不属实 {third} 照片是旧的", "王芳")
    closed.room.hears("请写明抽中的是哪一项")
    closed.forget()


def test_a_second_press_of_one_wish_draws_nothing_more(closed: Story) -> None:
    closed.room.says("从已销号的里面随机抽2项核一下", "王芳")
    offered = closed.room.hears("您是要")
    label = next(label for label, _data in offered.buttons if "抽" in label)
    closed.room.presses(offered, label, "王芳")
    closed.room.hears("【抽查】", "抽中2项")
    closed.room.presses(offered, label, "王芳")
    closed.room.hears("已经抽取过了")
    with closed.store.read() as session:
        assert len(session.exec(select(SpotCheck)).all()) == 1
    closed.forget()


def test_what_was_drawn_once_is_not_drawn_again_and_what_is_open_never(closed: Story) -> None:
    closed.room.says("抽查 6项", "王芳")
    first = drawn(closed)
    closed.room.says("抽查 100%", "王芳")
    second = drawn(closed)
    assert sorted(first + second) == [f"A-{number}" for number in range(1, 9)]
    closed.forget()
    closed.room.says("抽查 1项", "王芳")
    closed.room.hears("没有可抽查的")
    closed.room.says("抽查 一些", "王芳")
    closed.room.hears("请写明抽多少")


def test_only_coordinators_draw_and_only_what_waits_is_judged(closed: Story) -> None:
    closed.group(ECONOMY).says("抽查 A 10%")
    closed.forget()
    with closed.store.read() as session:
        assert session.exec(select(SpotCheck)).all() == []
    closed.room.says("抽查属实 A-1", "王芳")
    closed.room.hears("请写明抽中的是哪一项")
    closed.room.says("抽查 100%", "王芳")
    listed = closed.room.hears("抽中8项")
    for unit in (ECONOMY, EMERGENCY):
        closed.group(unit).hears("【抽查】")
    closed.group(ECONOMY).presses(listed, "A-1")
    closed.group(ECONOMY).hears("该操作由协调员在协调室办理")
    closed.room.presses(listed, "A-1", "王芳")
    one = closed.room.hears("〔A-1〕")
    closed.group(ECONOMY).presses(one, "属实")
    closed.group(ECONOMY).hears("没有办理该事项的权限")
    closed.room.presses(one, "属实", "王芳")
    closed.room.hears("抽查属实")
    closed.group(ECONOMY).hears("抽查属实")
    closed.room.presses(one, "属实", "赵敏")
    closed.room.hears("没有等着的抽查")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE spot_check SET seed = '0000'", "抽取比例、种子或抽中的任务与记录不符"),
        ("UPDATE spot_check_item SET assignment_id = 9 WHERE assignment_id = (SELECT min(assignment_id) FROM spot_check_item)", "抽中的任务与记录不符"),
        ("UPDATE spot_check_item SET holds = NOT holds", "结果与记录不符"),
        ("DELETE FROM spot_check_item", "与记录不符"),
        ("UPDATE spot_check SET pool = 80", "不是按记录的种子"),
    ],
)  # fmt: skip
def test_who_changes_a_spot_check_behind_the_record_is_found(closed: Story, change: str, fault: str) -> None:
    closed.room.says("抽查 3项", "王芳")
    closed.room.says(f"抽查属实 {drawn(closed)[0]}", "王芳")
    closed.forget()
    with closed.store.write() as session:
        assert list(audit.of_campaign(session, 1)) == []
        session.execute(text(change))
        assert any(fault in line for line in audit.of_campaign(session, 1))
        session.rollback()


def test_a_draw_that_does_not_follow_from_its_seed_is_found_though_all_else_agrees(closed: Story) -> None:
    """Whoever could write the record too would still have to find a seed that draws what they want."""
    with closed.store.write() as session:
        campaign = session.get_one(Campaign, 1)
        spot_checks.begin(session, campaign, Share(count=2), SYSTEM, closed.stage.clock.now(), seed="a")
        found = session.exec(select(History).where(History.event == "抽查")).one()
        found.after = {**found.after, "drawn": [1, 2]}
        first, second = session.exec(select(SpotCheckItem).order_by(col(SpotCheckItem.assignment_id))).all()
        first.assignment_id, second.assignment_id = 1, 2
        session.flush()
        assert any("不是按记录的种子" in line for line in audit.of_campaign(session, 1))
        session.rollback()


# ---------------------------------------------------------------- public notice

NOTICE = "[verification]\nnotice_days = 3\n"


@pytest.fixture
def noticed(story: Story) -> Story:
    """Two reports that are verified, under a policy with three workdays of public notice."""
    opens(story, NOTICE, task(1, "2022-07-29"), task(2, "2022-07-29"))
    story.group(ECONOMY).says("1、2都办结了")
    story.forget()
    return story


def test_what_is_verified_stands_in_public_notice_and_closes_by_itself(noticed: Story) -> None:
    group, room = noticed.group(ECONOMY), noticed.room
    room.says("核查 1", "王芳")
    room.hears("〔A-1〕", "核查属实，公示至2022年6月9日，期满自动销号（王芳")
    group.hears("【办理结果】〔A-1〕", "核查属实，公示至2022年6月9日，期满自动销号（王芳）")
    one = noticed.line(1).assignment
    assert (one.state, one.level) == (State.REPORTED, Level.NOTICE)
    room.says("清单 公示", "王芳")
    room.hears("公示（1项）", "A-1")
    room.says("详情 1", "王芳")
    room.hears("公示中")
    room.says("核查 1", "赵敏")
    room.hears("正在公示，期满自动销号")
    with noticed.store.read() as session:
        lines = ledger.lines(session, Which(EVERY))
        (sheet,) = load_workbook(io.BytesIO(ledger_book(session, lines, at("2022-06-06 12:00")))).worksheets[:1]
    assert {"公示中", "已报待核"} <= {str(cell.value) for row in sheet.iter_rows() for cell in row}
    room.says("全部核查", "王芳")
    room.hears("待核查1项", "A-2")
    noticed.until("2022-06-09 17:59")
    assert noticed.line(1).assignment.state is State.REPORTED
    noticed.until("2022-06-10 10:00")
    group.hears("【办理结果】〔A-1〕", "已核查销号（王芳（公示期满））")
    one = noticed.line(1).assignment
    assert (one.state, one.level, one.goes_on_at) == (State.CLOSED, None, None)
    noticed.forget()
    with noticed.store.read() as session:
        told = session.exec(select(History).where(History.assignment_id == one.id).order_by(col(History.seq))).all()
    assert [(entry.event, entry.who) for entry in told][-2:] == [
        ("核查公示", "王芳"),
        ("核查销号（公示期满）", "王芳（公示期满）"),
    ]


def test_what_is_objected_to_in_its_days_goes_back_and_never_closes(noticed: Story) -> None:
    group, room = noticed.group(ECONOMY), noticed.room
    room.says("核查 1、2", "王芳")
    room.hears("2项核查属实，公示至2022年6月9日")
    group.hears("以下2项核查属实，公示至")
    room.says("退回 1 群众反映仍有堆物", "王芳")
    room.hears("已退回")
    group.hears("【办理结果】〔A-1〕", "群众反映仍有堆物")
    noticed.until("2022-06-10 10:00")
    noticed.forget()
    assert noticed.line(1).assignment.state is State.IN_PROGRESS
    assert noticed.line(2).assignment.state is State.CLOSED


# ---------------------------------------------------------------- pausing


@pytest.mark.parametrize(
    ("stops", "goes_on", "until"),
    [
        ("暂缓 1", "恢复 1", "2022-06-24"),
        ("暂停专项 A", "继续专项 A", "2022-06-24"),
    ],
)
def test_days_of_public_notice_do_not_run_while_a_task_or_its_campaign_rests(
    noticed: Story, stops: str, goes_on: str, until: str
) -> None:
    """Of three workdays two were left when it stopped on Tuesday 7 June; it goes on on Wednesday 22 June."""
    room = noticed.room
    room.says("核查 1", "王芳")
    noticed.until("2022-06-07 10:00")
    noticed.forget()
    room.says(stops, "王芳")
    noticed.until("2022-06-22 10:00")
    assert noticed.line(1).assignment.state is not State.CLOSED
    room.says(goes_on, "王芳")
    noticed.until(f"{until} 17:00")
    assert noticed.line(1).assignment.level is Level.NOTICE
    noticed.until(f"{until} 18:30")
    assert noticed.line(1).assignment.state is State.CLOSED
    noticed.forget()


def test_a_task_that_is_put_off_within_a_pause_has_the_days_back_of_the_pause_too(noticed: Story) -> None:
    """Two of three workdays were left when the campaign paused on 7 June; it was put off on the 9th, past its day of the notice."""
    room = noticed.room
    room.says("核查 1", "王芳")
    noticed.until("2022-06-07 10:00")
    room.says("暂停专项 A", "王芳")
    noticed.until("2022-06-09 10:00")
    room.says("暂缓 1 等批示", "王芳")
    noticed.until("2022-06-10 10:00")
    room.says("继续专项 A", "王芳")
    noticed.until("2022-06-22 10:00")
    room.says("恢复 1", "王芳")
    noticed.until("2022-06-24 17:00")
    assert noticed.line(1).assignment.level is Level.NOTICE
    noticed.until("2022-06-24 18:30")
    assert noticed.line(1).assignment.state is State.CLOSED
    noticed.forget()


def test_a_lead_has_its_days_back_and_what_began_to_wait_meanwhile_has_all_of_them(lead: Story) -> None:
    unit, room = lead.group(EMERGENCY), lead.room
    room.says("暂停专项 A", "王芳")
    lead.until("2022-06-14 10:00")
    unit.says("办结 1")
    lead.until("2022-06-22 10:00")
    room.says("继续专项 A", "王芳")
    one = lead.line(1, EMERGENCY).assignment
    assert one.goes_on_at is not None
    assert one.goes_on_at.astimezone(at("2022-06-22 10:00").tzinfo) == at("2022-06-27 18:00")
    with lead.store.read() as session:
        put_off = session.exec(select(History).where(History.event == "环节期限顺延")).one()
        assert (put_off.who, put_off.words) == ("王芳", "暂停期间不计，至2022年6月27日")
    lead.until("2022-06-27 17:59")
    assert lead.line(1, EMERGENCY).assignment.level is Level.LEAD
    lead.until("2022-06-28 09:00")
    assert lead.line(1, EMERGENCY).assignment.level is None
    lead.forget()


def test_who_resumes_what_stands_in_public_notice_says_until_when_it_does(noticed: Story) -> None:
    noticed.room.says("核查 1", "王芳")
    noticed.forget()
    noticed.room.says("暂缓 1", "王芳")
    noticed.until("2022-06-22 10:00")
    noticed.forget()
    noticed.room.says("恢复 1", "王芳")
    noticed.room.hears("已恢复，公示至2022年6月27日")
    noticed.group(ECONOMY).hears("已恢复，公示至2022年6月27日")


def test_who_is_asked_to_look_reads_until_when_they_now_may(lead: Story) -> None:
    lead.group(EMERGENCY).says("办结 1")
    lead.group(EMERGENCY).hears("等待牵头单位复查")
    lead.group(ECONOMY).hears("【待复查】", "6月9日前没有答复的，转协调员核查")
    lead.until("2022-06-07 10:00")
    lead.room.says("暂停专项 A", "王芳")
    lead.until("2022-06-22 10:00")
    lead.forget()
    lead.room.says("继续专项 A", "王芳")
    lead.room.hears()
    lead.group(ECONOMY).hears("【待复查后续】〔A-1〕", "暂停期间不计，至2022年6月24日")
    lead.forget()
