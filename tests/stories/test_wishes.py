"""In the local room nobody need call the bot: what is said there is said to it."""

from sqlmodel import select

from db import register
from db.ledger import Which, lines
from db.models import History
from db.words import LIVING, Rank
from tests.harness.story import ECONOMY, Story, task


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
