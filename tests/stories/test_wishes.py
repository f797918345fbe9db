"""In the local room nobody need call the bot: what is said there is said to it."""

from sqlmodel import select

from db import register
from db.ledger import Which, lines
from db.models import History
from db.words import LIVING, Rank, Role
from tests.harness.story import ECONOMY, EMERGENCY, Story, task


def test_a_coordinator_s_words_are_understood_or_get_a_short_line(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"))
    story.group(ECONOMY).hears("【交办通知】")
    story.appoints("王协调", Rank.COORDINATOR)
    story.room.says("谁还没回", who="王协调")
    story.room.hears("尚未签收的单位", ECONOMY)
    story.room.says("把A-1的期限改成9月15号", who="王协调")
    story.room.presses(story.room.hears("您是要："), "A-1〕期限改为9月15日", who="王协调")
    story.room.hears("〔A-1〕已更正")
    story.group(ECONOMY).hears("【更正通知】")
    story.room.says("A-1先别催了", who="王协调")
    assert [label for label, _data in story.room.hears("您是要：").buttons] == ["暂缓〔A-1〕"]
    story.room.says("今天食堂不错", who="王协调")
    story.room.hears("没听懂")


def test_a_unit_is_known_by_a_usual_short_name_that_only_one_can_have(story: Story) -> None:
    offices = ("市住房和城乡建设局", "市公安局", "江北区公安局")
    story.begins(
        "2022-06-01 14:00", *(task(number, "2022-09-30", lead=(name,)) for number, name in enumerate(offices, 1))
    )
    story.forget()
    with story.store.read() as session:
        for said, meant in (
            ("给住建局再发一遍", [offices[0]]),
            ("约谈市公安局", [offices[1]]),
            ("公安局呢", []),
            ("局长来了", []),
        ):
            assert [unit.name for unit in register.mentioned(session, said)] == meant, said
        assert len(lines(session, Which(LIVING))) == len(offices)


def test_a_reason_that_is_asked_for_is_a_reason_and_no_other_words(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(1, "2022-09-30"), task(2, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    for code in ("1", "2"):
        story.group(ECONOMY).says(f"办结 {code}")
    story.forget()
    story.room.says("A-1退回", who="王协调")
    story.room.hears("请回复退回的理由")
    story.room.says("A-1退回", who="王协调")
    story.room.hears("请回复退回的理由")
    story.room.says("等一下 先不退", who="王协调")
    story.room.hears("没有退回，〔A-1〕不变")
    story.room.says("A-1退回", who="王协调")
    story.room.hears("请回复退回的理由")
    story.room.says("A-2没有照片，退回", who="王协调")
    story.room.hears("〔A-2〕", "退回")
    story.room.says("缺验收单", who="王协调")
    story.room.hears("〔A-1〕", "退回")
    story.forget()
    with story.store.read() as session:
        told = [entry.words for entry in session.exec(select(History).where(History.event == "退回"))]
    assert told == ["没有照片", "缺验收单"]


def test_each_unit_gets_the_role_that_was_said_of_a_number_without_its_letter(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(3, "2022-09-30", responsible=(EMERGENCY,)), task(4, "2022-09-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    for said, label in (
        ("3号那项改成省应急管理厅牵头，省经信厅配合", "〔A-3〕牵头改为省应急管理厅，配合改为省经信厅"),
        ("4号的责任单位加上省应急管理厅", "〔A-4〕责任改为省应急管理厅"),
        ("第4项转给省应急管理厅", "〔A-4〕牵头改为省应急管理厅"),
    ):
        story.room.says(said, who="王协调")
        assert story.room.hears("您是要：").buttons[0][0] == label
    story.room.says("3号那项改成省应急管理厅牵头，省经信厅配合", who="王协调")
    story.room.presses(story.room.hears("您是要："), "A-3〕牵头改为省应急管理厅，配合改为省经信厅", who="王协调")
    assert (story.line(3).assignment.role, story.line(3, EMERGENCY).assignment.role) == (Role.ASSIST, Role.LEAD)
    assert "仍为牵头" not in story.room.hears("配合单位 省经信厅").text + story.room.hears("牵头单位 省应急管理厅").text
    story.room.says("更正 A-4 牵头 省应急管理厅", who="王协调")
    story.room.hears("牵头单位 省应急管理厅；省经信厅仍为牵头，不再牵头的请写：更正 A-4 配合 省经信厅")
    story.forget()


def test_what_was_urged_by_telephone_is_offered_to_be_written_down_and_urges_nobody(story: Story) -> None:
    story.begins("2022-06-01 14:00", task(3, "2022-09-30", responsible=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    story.forget()
    story.room.says("A-3 市县的已经电话催了，说下周报", who="王协调")
    offered = story.room.hears("您是要：")
    assert [label for label, _data in offered.buttons] == ["代录〔A-3〕省经信厅", "代录〔A-3〕省应急管理厅"]
    story.room.presses(offered, "代录〔A-3〕省应急管理厅".strip("〔〕"), who="王协调")
    story.room.hears("〔A-3〕省应急管理厅：报进展（代录）")
    for said in ("A-3催了没有", "A-3昨天催过了", "A-3催了没"):
        story.room.says(said, who="王协调")
        story.room.hears("完成第3项工作")
    story.group(ECONOMY).hears_nothing_more()
