"""A changed policy applies to what starts later; an escalation that runs keeps the one it started with."""

from jobs.campaigns.policy_change import adopt_policy
from jobs.desk import Desk
from tests.harness.story import ECONOMY, EMERGENCY, Story, task

SLOWER = "[ladder]\noverdue = 2\nsupervision = 9\nbulletin = 20\nsummons = 30\n"


def test_who_is_on_the_ladder_stays_on_it_and_the_others_take_the_new_one(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-30"), task(2, "2022-07-15", lead=(EMERGENCY,)))
    story.until("2022-07-01 18:00")
    story.forget()
    with story.store.write() as session:
        assert adopt_policy(session, Desk(SLOWER), story.stage.clock.now()) == 1
        assert adopt_policy(session, Desk(SLOWER), story.stage.clock.now()) == 0
    story.until("2022-07-05 18:00")
    story.group(ECONOMY).hears("【督办单】")
    story.forget()
    story.until("2022-07-18 18:00")
    assert not any("催办" in one.text for one, _id in story.cast.unheard if one.chat == EMERGENCY)
    story.forget()
    story.until("2022-07-19 18:00")
    story.group(EMERGENCY).hears("【催办】")
    story.forget()
