"""批了没, 李梅接我的活: what a unit asks of what it took back, and who sees to its tasks no more."""

import pytest

from db.history import OPERATOR
from db.ledger import acts
from db.ledger.acts import Act
from db.models import Assignment
from db.words import Action, Rank
from tests.harness.story import ECONOMY, Story, task


def test_of_a_request_that_was_taken_back_it_is_told_so_and_nobody_is_asked(story: Story) -> None:
    story.begins("2022-06-20 14:00", task(10, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("A-10延期到7月10日，因设备未到")
    group.hears("是否提交")
    group.says("提交")
    group.hears("已申请延期")
    story.room.hears("【延期申请】")
    group.says("不延了")
    group.hears("已撤回延期申请")
    story.room.hears("撤回申请延期")
    for words in ("A-10批了没", "A-10延期批了吗"):
        group.says(words)
        group.hears("〔A-10〕已由张工", "撤回申请延期")
    story.room.hears_nothing_more()


@pytest.mark.parametrize(
    "words", ["我休产假了，后面李梅接我的活", "下周起我被借调，小王接替我", "我休长假，老周接我的工作"]
)
def test_who_sees_to_it_no_more_is_told_to_the_room(story: Story, words: str) -> None:
    story.begins("2022-06-20 14:00", task(10, "2022-06-30"), task(4, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says(words)
    group.hears("")
    story.room.hears(words)
    story.cast.unheard.clear()


def test_what_was_returned_is_the_one_that_is_reported_anew(story: Story) -> None:
    story.begins("2022-06-20 14:00", task(10, "2022-06-30"), task(4, "2022-06-30"))
    group = story.group(ECONOMY)
    group.hears("【交办通知】")
    group.says("A-10已办结")
    group.hears("已报办结")
    story.room.hears("【待核查】")
    story.room.says("/return A-10 缺验收单", who="协调员")
    story.cast.unheard.clear()
    group.says("退回的那个我重新报了")
    question = group.hears("A-10", "已经办结")
    group.presses(question, "已办结")
    group.hears("〔A-10〕已报办结")
    story.room.hears("【待核查】", "〔A-10〕")
    story.cast.unheard.clear()


def test_how_a_campaign_stands_is_told_without_taking_what_was_let_off_for_what_was_done(story: Story) -> None:
    story.begins("2022-06-20 14:00", task(1, "2022-12-30"), task(2, "2022-12-30"))
    story.appoints("王协调", Rank.COORDINATOR)
    with story.store.write() as session:
        acts.perform(
            session, session.get_one(Assignment, 1), Act(Action.WAIVE, words="并入"), OPERATOR, story.stage.clock.now()
        )
    story.forget()
    story.room.says("状态", "王协调")
    story.room.hears("共2项", "⚪已销号0（另有1项免办、终止或暂缓）")
    story.group(ECONOMY).hears("【办理结果】", "已免办")
