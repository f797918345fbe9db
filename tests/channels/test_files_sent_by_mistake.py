"""上面那张发错了: who sent a file by mistake takes it back, on both services; the record says so, and it is shown and counted no more."""

from typing import Any

import pytest
from sqlmodel import col, select, update

from db import audit
from db.ledger import evidence as rows
from db.models import Evidence
from db.words import State
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess


def begun(world: InProcess, *numbers: int) -> tuple[Group, Group, Any]:
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", *(task(number, "2022-06-30") for number in numbers or (1,)))
    return room, group, group.hears("交办通知")


def sends(group: Group, name: str, text: str = "", who: str = "张工", **how: Any) -> None:
    group.says(text, who=who, file=(name, name.encode()), **how)


def standing(world: InProcess) -> list[str]:
    with world.store.read() as session:
        query = select(Evidence).where(col(Evidence.withdrawn_at).is_(None)).order_by(col(Evidence.id))
        return [one.name for one in session.exec(query)]


def handed_in(world: InProcess, group: Group, slip: Any, *names: str) -> Any:
    """Hand files in, each by itself, and return the answer to the last."""
    for name in names:
        sends(group, name, reply=slip)
        kept = group.hears("已收存佐证〔A-1〕", name)
    return kept


@pytest.mark.parametrize(
    "words", ["上面那张发错了", "照片传错了", "不好意思发错了", "刚才那份附件撤回", "撤回佐证 A-1"]
)
def test_the_last_file_is_taken_back_in_words(world: InProcess, words: str) -> None:
    room, group, slip = begun(world)
    handed_in(world, group, slip, "错的.pdf")
    group.says(words, reply=slip)
    group.hears("已撤回佐证〔A-1〕：错的.pdf")
    assert standing(world) == []
    room.hears_nothing_more()  # nobody had been asked to look at it
    sends(group, "对的.pdf", reply=slip)
    group.hears("已收存佐证〔A-1〕：对的.pdf")
    assert standing(world) == ["对的.pdf"]


def test_the_button_under_the_receipt_takes_it_back_once(world: InProcess) -> None:
    _room, group, slip = begun(world)
    kept = handed_in(world, group, slip, "错的.pdf")
    assert "已撤回佐证〔A-1〕" in (group.presses(kept, "撤回") or group.said("已撤回佐证").text)
    world.takes_silently()
    data = next(data for label, data in kept.buttons or [("撤回", "uf:2:0")] if label == "撤回")
    group.presses(kept, "撤回", data=data)
    world.takes_silently()
    assert standing(world) == []


def test_the_right_file_comes_with_the_words_that_take_the_wrong_one_back(world: InProcess) -> None:
    _room, group, slip = begun(world)
    handed_in(world, group, slip, "错的.pdf")
    sends(group, "对的.pdf", "刚才的附件发错了，用这份", reply=slip)
    group.hears("已撤回佐证〔A-1〕：错的.pdf")
    group.hears("已收存佐证〔A-1〕：对的.pdf")
    assert standing(world) == ["对的.pdf"]


def test_what_else_the_message_says_is_heard(world: InProcess) -> None:
    room, group, slip = begun(world)
    handed_in(world, group, slip, "错的.pdf")
    group.says("照片发错了，任务已办结", reply=slip)
    group.hears("已撤回佐证〔A-1〕")
    group.hears("已报办结")
    room.hears("待核查")
    assert world.line(1).assignment.state is State.REPORTED


def test_of_several_it_is_asked_which_and_a_name_needs_no_asking(world: InProcess) -> None:
    _room, group, slip = begun(world)
    handed_in(world, group, slip, "甲区.jpg", "乙区.jpg", "丙区.jpg")
    group.says("乙区那张发错了", reply=slip)
    group.hears("已撤回佐证〔A-1〕：乙区.jpg")
    group.says("有一张照片发重了", reply=slip)
    asked = group.hears("要撤回的是哪一份", "甲区.jpg", "丙区.jpg")
    group.presses(asked, "丙区.jpg")
    world.takes_silently()
    assert standing(world) == ["甲区.jpg"]


def test_a_picture_is_no_sheet(world: InProcess) -> None:
    _room, group, slip = begun(world)
    handed_in(world, group, slip, "现场.jpg", "检查表.xlsx")
    group.says("那张照片发错了", reply=slip)
    group.hears("已撤回佐证〔A-1〕：现场.jpg")
    assert standing(world) == ["检查表.xlsx"]


@pytest.mark.parametrize("words", ["刚才的照片不要了", "那个附件作废"])
def test_what_may_be_meant_of_the_work_is_asked(world: InProcess, words: str) -> None:
    _room, group, slip = begun(world)
    handed_in(world, group, slip, "现场.jpg")
    group.says(words, reply=slip)
    asked = group.hears("要撤回的是哪一份：现场.jpg")
    assert standing(world) == ["现场.jpg"]
    group.presses(asked, "现场.jpg")
    world.takes_silently()
    assert standing(world) == []


def test_a_reply_to_an_older_receipt_means_its_file(world: InProcess) -> None:
    _room, group, slip = begun(world)
    first = handed_in(world, group, slip, "甲区.jpg")
    handed_in(world, group, slip, "乙区.jpg")
    group.says("发错了", reply=first)
    group.hears("已撤回佐证〔A-1〕：甲区.jpg")
    assert standing(world) == ["乙区.jpg"]


def test_who_verifies_is_told_and_the_report_stands(world: InProcess) -> None:
    room, group, slip = begun(world)
    sends(group, "错的.pdf", "已办结", reply=slip)
    group.hears("已收存佐证")
    group.hears("已报办结")
    room.hears("待核查", "佐证：错的.pdf")
    room.hears("错的.pdf")
    group.says("附件发错了", reply=slip)
    group.hears("已撤回佐证〔A-1〕：错的.pdf（报办结不变）")
    room.hears("【佐证】〔A-1〕", "张工", "撤回了发错的佐证：错的.pdf")
    sends(group, "对的.pdf", reply=slip)
    group.hears("已收存佐证〔A-1〕：对的.pdf")
    room.hears("补交：对的.pdf")
    room.hears("对的.pdf")
    assert world.line(1).assignment.state is State.REPORTED


def test_undo_behind_a_file_is_of_the_file_and_not_of_the_report_before_it(world: InProcess) -> None:
    room, group, slip = begun(world)
    group.says("已办结", reply=slip)
    echo = group.hears("已报办结")
    room.hears("待核查")
    sends(group, "错的.pdf", reply=slip)
    group.hears("已收存佐证")
    room.hears("补交：错的.pdf")
    room.hears("错的.pdf")
    group.says("撤回", reply=echo)
    group.hears("已撤回佐证〔A-1〕：错的.pdf")
    room.hears("撤回了发错的佐证")
    assert world.line(1).assignment.state is State.REPORTED


@pytest.mark.parametrize("words", ["上面那张发错了", "撤回"])
def test_a_file_of_which_nobody_has_said_what_it_is_for_is_kept_nowhere_and_no_act_is_taken_back_for_it(
    world: InProcess, words: str
) -> None:
    room, group, slip = begun(world, 1, 2)
    group.says("A-1 已办结", reply=slip)
    echo = group.hears("已报办结")
    room.hears("待核查")
    sends(group, "错的.pdf", reply=slip)
    asked = group.hears("请问是哪一项")
    group.says(words, reply=echo)
    group.hears("错的.pdf还没有收存", "不选是哪一项，就不会收存")
    assert world.line(1).assignment.state is State.REPORTED
    group.presses(asked, "〔A-2〕完成第2项工作。")
    group.hears("已收存佐证〔A-2〕")


def test_a_file_is_called_by_its_name_alone(world: InProcess) -> None:
    _room, group, slip = begun(world)
    handed_in(world, group, slip, "盖章页.pdf")
    group.says("A-1 已完成八成", reply=slip)
    group.hears("80%")
    group.says("盖章页传错了", reply=slip)
    group.hears("已撤回佐证〔A-1〕：盖章页.pdf")
    assert world.line(1).assignment.percent == 80


def test_who_brings_a_withdrawn_file_back_behind_the_record_is_found(world: InProcess) -> None:
    _room, group, slip = begun(world)
    handed_in(world, group, slip, "错的.pdf")
    group.says("附件发错了", reply=slip)
    group.hears("已撤回佐证")
    with world.store.write() as session:
        kept = session.exec(select(Evidence)).one()
        assert list(audit.of_campaign(session, 1)) == []
        withdrawn, kept.withdrawn_at = kept.withdrawn_at, None
        session.flush()
        faults = list(audit.of_campaign(session, 1))
        kept.withdrawn_at = withdrawn
    assert any("不在记录中" in fault for fault in faults)
    assert any("撤回与记录不符" in fault for fault in faults)


def test_a_colleague_cannot_take_it_back(world: InProcess) -> None:
    _room, group, slip = begun(world)
    kept = handed_in(world, group, slip, "错的.pdf")
    group.says("发错了", who="李工", reply=kept)
    group.hears("该文件由张工提交，请由其本人撤回")
    assert standing(world) == ["错的.pdf"]


def test_what_was_verified_by_it_is_the_coordinators_to_decide(world: InProcess) -> None:
    room, group, slip = begun(world)
    sends(group, "错的.pdf", "已办结", reply=slip)
    group.hears("已收存佐证")
    group.hears("已报办结")
    request = room.hears("待核查")
    room.hears("错的.pdf")
    room.presses(request, "核查销号", who="王协调")
    world.takes_silently()
    group.says("附件发错了", reply=slip)
    group.hears("该项已核查，佐证不能自行撤回；已转达协调员")
    room.hears("提问", "附件发错了")
    assert standing(world) == ["错的.pdf"]


@pytest.mark.parametrize("words", ["没发错", "附件是不是发错了", "撤回报办结", "材料还没交"])
def test_other_words_take_no_file_back(world: InProcess, words: str) -> None:
    _room, group, slip = begun(world)
    handed_in(world, group, slip, "复核意见.pdf")
    group.says(words, reply=slip)
    world.silent = True
    assert standing(world) == ["复核意见.pdf"]


def test_all_are_those_of_the_question_and_no_others(world: InProcess) -> None:
    _room, group, slip = begun(world)
    handed_in(world, group, slip, "甲区.jpg", "乙区.jpg", "总结.docx")
    group.says("照片发错了", reply=slip)
    asked = group.hears("要撤回的是哪一份", "甲区.jpg", "乙区.jpg")
    handed_in(world, group, slip, "丙区.jpg")
    group.presses(asked, "全部")
    world.takes_silently()
    assert standing(world) == ["总结.docx", "丙区.jpg"]


def test_the_button_under_a_receipt_leaves_the_same_file_with_another_task(world: InProcess) -> None:
    _room, group, slip = begun(world, 1, 2)
    group.says("A-1", file=("同一份.pdf", b"1"), reply=slip)
    group.hears("已收存佐证〔A-1〕")
    group.says("A-2", file=("同一份.pdf", b"1"), reply=slip)
    kept = group.hears("已收存佐证〔A-2〕")
    group.presses(kept, "撤回")
    world.takes_silently()
    with world.store.read() as session:
        query = select(Evidence.withdrawn_at).order_by(col(Evidence.id))
        assert [at is None for at in session.exec(query)] == [True, False]


def test_a_file_in_another_units_group_is_not_what_is_taken_back_here(world: InProcess) -> None:
    world.room()
    group, other = (
        world.group(name, bound_to=(unit,)) for name, unit in (("经信厅工作群", ECONOMY), ("应急厅工作群", EMERGENCY))
    )
    world.begins("2022-06-01 10:00", task(1, "2022-06-30", responsible=(ECONOMY, EMERGENCY)))
    slip, theirs = group.hears("交办通知"), other.hears("交办通知")
    world.takes_silently()
    sends(other, "别处的.pdf", reply=theirs)
    other.hears("已收存佐证")
    group.says("撤回", reply=slip)
    group.hears("没有可撤回的操作")
    assert standing(world) == ["别处的.pdf"]


@pytest.mark.parametrize("words", ["占道经营物品已收回", "误发的证书已全部收回"])
def test_words_of_the_work_under_the_receipt_are_progress(world: InProcess, words: str) -> None:
    _room, group, slip = begun(world)
    kept = handed_in(world, group, slip, "现场.jpg")
    group.says(words, reply=kept)
    group.hears("已记录〔A-1〕进展", words)
    assert standing(world) == ["现场.jpg"]


def test_what_was_taken_back_meanwhile_is_not_taken_back_again(world: InProcess) -> None:
    _room, group, slip = begun(world)
    handed_in(world, group, slip, "甲区.jpg", "乙区.jpg")
    with world.store.write() as session:
        first, second = session.exec(select(Evidence).order_by(col(Evidence.id)))
        session.execute(update(Evidence).where(col(Evidence.id) == first.id).values(withdrawn_at=second.at))
        session.expire(first)
        assert [one.id for one in rows.still(session, [first, second])] == [second.id]
        session.rollback()
