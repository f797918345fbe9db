"""A problem is found, told in a sentence with its picture, set right by its unit, closed by a second person, and stands in two lists."""

import io

import openpyxl
import pytest
from sqlmodel import select

from db import audit, ledger
from db.ledger import Which
from db.models import Evidence, Notice, Problem
from db.words import EVERY, Finding, NoticeKind, Phase, Rank, State
from jobs.printed import contents
from jobs.printed.two_lists import two_lists
from jobs.printed.written import Paragraph, Table
from jobs.rehearsal import Message
from tests.harness.story import ECONOMY, EMERGENCY, Group, Story, task

SENTENCE = f"问题：化工园区A罐区围堰开裂，{EMERGENCY}，7月15日前整改"
CODE = "B-1"


@pytest.fixture
def found(story: Story) -> Story:
    """A coordinator has told a problem with a photograph, and another is there."""
    story.begins("2022-07-01 09:00", task(1, "2022-12-31", responsible=(EMERGENCY,)))
    story.appoints("李协调", Rank.COORDINATOR)
    story.forget()
    story.room.says(SENTENCE, who="协调员", file="A罐区.jpg")
    shown = story.room.hears("【待登记问题，请核对】列入《问题隐患整改（2022年）》", "整改前照片1张", "2022年7月15日")
    assert "1. 化工园区A罐区围堰开裂\n" in shown.text
    story.room.presses(shown, "交办", who="协调员")
    return story


def given(story: Story) -> tuple[Group, Message]:
    """Return the unit's group with the slip, after the room has heard that it went out."""
    story.room.hears("问题已登记并交办（附整改前照片1张）", f"〔{CODE}〕{EMERGENCY}：化工园区A罐区围堰开裂")
    group = story.group(EMERGENCY)
    return group, group.hears(f"〔{CODE}〕化工园区A罐区围堰开裂", "2022年7月15日")


def closed(story: Story) -> None:
    """The unit tells its measure, hands in a picture and reports; the other coordinator verifies."""
    group, slip = given(story)
    group.says(f"措施 {CODE} 停用A罐，7月10日前修复围堰")
    group.hears(f"已记下〔{CODE}〕的整改措施：停用A罐，7月10日前修复围堰")
    group.says("已整改完成", reply=slip, file="修复后.jpg", content=b"after")
    group.hears("佐证", "修复后.jpg")
    group.hears(f"〔{CODE}〕")
    story.room.hears(f"〔{CODE}〕", "修复后.jpg")


def test_the_picture_goes_out_with_the_slip(found: Story) -> None:
    given(found)
    with found.store.read() as session:
        slips = [one for one in session.exec(select(Notice)) if one.kind is NoticeKind.SLIP and one.legible.files]
        assert [[file.name for file in one.legible.files] for one in slips] == [["A罐区.jpg"]]


def test_the_slip_says_that_it_is_a_problem_and_what_is_asked(found: Story) -> None:
    _group, slip = given(found)
    assert "以下1项问题由贵单位整改" in slip.text
    assert (
        f"〔{CODE}〕已列入问题清单，请填报整改措施：措施 {CODE} 怎样改、何时改完。整改后附上照片，再报办结。"
        in slip.text
    )


def test_the_slip_of_a_task_speaks_of_no_problem(story: Story) -> None:
    story.begins("2022-07-01 09:00", task(1, "2022-12-31"))
    assert "问题" not in story.group(ECONOMY).hears("【交办通知】").text


def test_whoever_recorded_it_does_not_close_it_another_does(found: Story) -> None:
    closed(found)
    found.room.says(f"核查 {CODE}", who="协调员")
    found.room.hears("本人登记的问题不能由本人核查销号，请另一位协调员或领导核查")
    found.room.says(f"核查 {CODE}", who="李协调")
    found.room.hears("核查销号", CODE)
    found.forget()
    found.room.says("问题清单 销号", who="协调员")
    found.room.hears("问题清单（1项）", "化工园区A罐区围堰开裂", "整改前1张，整改后1张", "李协调核查销号")
    with found.store.read() as session:
        (line,) = ledger.lines(session, Which(EVERY, problems=True))
        paper = contents.closure(session, line)
    said = [block.text for block in paper.blocks if isinstance(block, Paragraph)]
    assert "问题：化工园区A罐区围堰开裂（2022年7月1日，协调员登记）" in said
    assert "整改措施：停用A罐，7月10日前修复围堰" in said
    (files,) = [block.rows for block in paper.blocks if isinstance(block, Table) and block.name == "佐证"]
    assert [row[1:3] for row in files] == [("整改前", "A罐区.jpg"), ("整改后", "修复后.jpg")]


def test_a_leader_may_be_the_second_person(found: Story) -> None:
    closed(found)
    found.leaders.says(f"核查 {CODE}", who="领导")
    found.leaders.hears("核查销号", CODE)
    found.room.hears("领导", "已核查销号")
    found.group(EMERGENCY).hears("已核查销号（领导）")


def test_a_measure_stands_until_another_or_until_it_is_taken_back(found: Story) -> None:
    group, _slip = given(found)
    group.says(f"措施 {CODE} 停用A罐")
    group.hears("停用A罐")
    group.says("措施：停用A罐，并修复围堰", reply=None)
    told = group.hears("停用A罐，并修复围堰")
    found.room.says("整改清单", who="协调员")
    found.room.hears("整改措施清单（1项）", "措施：停用A罐，并修复围堰")
    group.presses(told, "撤回")
    group.hears("撤回")
    group.says("整改清单")
    group.hears("整改措施清单（1项）", "措施：停用A罐")
    found.room.says(f"代录 {CODE} {EMERGENCY} 措施：换新围堰", who="协调员")
    found.room.hears("填报措施（代录）")
    found.forget()


@pytest.mark.parametrize("words", ["问题清单发我一份", "两张清单导出来", "整改清单给我一份", "问题清单 导出"])
def test_who_wants_a_list_to_take_along_is_meant_to_have_the_file(found: Story, words: str) -> None:
    found.forget()
    found.room.says(words, "协调员")
    found.room.hears("本会话不能传文件")  # this one cannot
    found.room.says("问题清单看一下", "协调员")
    found.room.hears("问题清单（1项）")
    found.forget()


def test_the_two_lists_are_one_file_of_two_sheets(found: Story) -> None:
    closed(found)
    found.forget()
    with found.store.read() as session:
        content = two_lists(session, ledger.lines(session, Which(EVERY)), found.stage.clock.now())
    made = openpyxl.load_workbook(io.BytesIO(content))
    assert made.sheetnames == ["问题清单", "整改措施清单"]
    problem, measure = ([str(cell.value) for cell in made[name][3]] for name in made.sheetnames)
    assert {"B-1", "化工园区A罐区围堰开裂", "登记", "协调员", "A罐区.jpg", "修复后.jpg", "已报待核"} <= set(problem)
    assert {"B-1", "停用A罐，7月10日前修复围堰", "张工", EMERGENCY} <= set(measure)


def test_the_record_knows_the_problem_and_its_pictures(found: Story) -> None:
    closed(found)
    found.forget()
    with found.store.write() as session:
        assert list(audit.of_campaign(session, 2)) == []
        one = session.get_one(Problem, 2)
        assert (one.how, one.finding, str(one.found_on)) == (Finding.SAID, "", "2022-07-01")
        one.recorded_by_id = None
        session.flush()
        assert any("与记录不符" in fault for fault in audit.of_campaign(session, 2))
        session.rollback()


def test_a_finding_told_as_to_a_colleague_is_shown_as_a_problem_with_its_picture(found: Story) -> None:
    given(found)
    found.room.says(f"检查发现食堂后厨燃气软管老化，请{ECONOMY}7月20日前整改到位", who="协调员", file="软管.jpg")
    shown = found.room.hears(
        "【待登记问题，请核对】", "食堂后厨燃气软管老化", ECONOMY, "整改前照片1张", "2022年7月20日"
    )
    found.room.presses(shown, "不交办", who="协调员")
    found.forget()


@pytest.mark.parametrize("said", ["发现问题：加油站灭火器过期", "发现一处隐患：加油站灭火器过期"])
def test_a_coordinator_who_has_found_a_problem_is_shown_it(found: Story, said: str) -> None:
    given(found)
    found.room.says(f"{said}，{ECONOMY}立行立改", who="协调员")
    found.room.hears("【待登记问题，请核对】", "加油站灭火器过期", ECONOMY, "还没有写明期限")
    found.forget()


def test_pictures_follow_in_reply_or_by_code(found: Story) -> None:
    group, _slip = given(found)
    found.room.says(f"整改前 {CODE}", who="协调员", file="近景.jpg", content=b"near")
    found.room.hears(f"已收存〔{CODE}〕整改前照片：近景.jpg")
    found.room.says("整改后 A-1", who="协调员", file="别的.jpg")
    found.room.hears("未收存：请写明是哪一个问题")
    group.hears_nothing_more()


def test_what_a_spot_check_found_says_so(story: Story) -> None:
    story.begins("2022-07-01 09:00", task(1, "2022-12-31", responsible=(EMERGENCY,)))
    story.forget()
    story.room.says(f"问题：抽查发现B泵房渗漏，{EMERGENCY}，7月15日前整改", who="协调员")
    story.room.presses(story.room.hears("待登记问题", "抽查发现B泵房渗漏"), "交办", who="协调员")
    with story.store.read() as session:
        assert session.get_one(Problem, 2).how is Finding.CHECK
    story.forget()


def test_what_is_no_problem_takes_no_measure_and_only_the_room_records_one(found: Story) -> None:
    group, _slip = given(found)
    group.says("措施 A-1 抓紧办")
    group.hears("这一项不是要整改的问题")
    group.says(SENTENCE)
    found.forget()
    assert found.line(1, EMERGENCY).assignment.state is State.PENDING
    found.room.says("问题不大", who="协调员")
    found.forget()
    found.group(ECONOMY).says("问题清单")
    found.group(ECONOMY).hears("问题清单（0项）", "没有符合的问题")


def test_who_still_owes_a_problem_that_was_handed_over_is_told_with_what_ends_it(found: Story) -> None:
    given(found)
    found.room.says(f"{CODE}转给{ECONOMY}", who="协调员")
    asked = found.room.hears("您是要：")
    found.room.presses(asked, f"〔{CODE}〕牵头改为{ECONOMY}".strip("〔〕"), "协调员")
    found.room.hears(f"牵头单位 {ECONOMY}；{EMERGENCY}仍为责任单位，不再办理的请写：更正 {CODE} 去掉 {EMERGENCY}")
    found.room.says(f"更正 {CODE} 去掉 {EMERGENCY}", who="协调员")
    found.room.hears(f"去掉 {EMERGENCY}")
    found.forget()


def test_a_text_is_no_picture_of_what_was_found(story: Story) -> None:
    story.begins("2022-07-01 09:00", task(1, "2022-12-31", responsible=(EMERGENCY,)))
    story.forget()
    story.room.says(SENTENCE, who="协调员", file="说明.txt")
    shown = story.room.hears("【待登记问题，请核对】")
    assert "照片" not in shown.text
    story.room.presses(shown, "交办", who="协调员")
    assert "照片" not in story.room.hears("问题已登记并交办").text
    story.room.says(f"整改前 {CODE}", who="协调员", file="补充.txt", content=b"more")
    story.room.hears(f"已收存〔{CODE}〕文件（不是照片，不作整改前后的照片）：补充.txt")
    story.room.says(f"整改前 {CODE}", who="协调员", file="近景.jpg", content=b"near")
    story.room.hears(f"已收存〔{CODE}〕整改前照片：近景.jpg")
    with story.store.read() as session:
        rows = session.exec(select(Evidence)).all()
        assert {one.name: one.phase for one in rows} == {"说明.txt": None, "补充.txt": None, "近景.jpg": Phase.BEFORE}
        assert list(audit.of_campaign(session, 2)) == []
    story.forget()
