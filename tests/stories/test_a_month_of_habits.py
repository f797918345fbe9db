"""A month in which every habit of the office runs by itself: nobody is woken, and no chat hears more than its cap."""

from collections import Counter
from dataclasses import replace
from datetime import time

from db.kinds import KINDS, Family
from db.words import NoticeKind, Rank
from tests.harness.story import ECONOMY, EMERGENCY, ROOM, Story, task
from tests.stories.test_expiries import licence

POLICY = """[duty]
office = 2
units = 1
[round]
months = [6]
opens_day = 10
[verification]
levels = ["self", "lead", "office"]
workdays = 1
notice_days = 2
"""


def test_rounds_rosters_problems_expiries_and_levels_wake_nobody_and_keep_the_cap(story: Story) -> None:
    acts = [("2022-06-20", "提出延续申请"), ("2022-06-30", "到期前办结")]
    listed = [
        *(licence(number, acts=acts) for number in range(1, 7)),
        *(replace(task(number, "2022-06-17"), finding=f"第{number}处围堰开裂") for number in range(7, 13)),
        task(13, "2022-06-14", lead=(EMERGENCY,), responsible=(ECONOMY,)),
    ]
    story.begins("2022-06-01 10:00", *listed, policy=POLICY)
    story.appoints("李厅长", Rank.LEADER)
    for unit in (ECONOMY, EMERGENCY):
        story.group(unit).says("今天王工值班")
    story.group(ECONOMY).says("A-13 已完成")
    story.room.says(f"问题：食堂地滑，{ECONOMY}，6月24日前整改", "协调员")
    story.until("2022-06-24 12:00")
    story.room.says("公示记分 5月", "协调员")
    story.until("2022-07-04 12:00")
    told = story.stage.recorder.report().messages
    kinds = {one.kind for one in told}
    assert {NoticeKind.ROUND, NoticeKind.REVIEW, NoticeKind.OVERDUE, NoticeKind.REMINDER} <= kinds
    assert any("【值班空缺】" in one.text and one.chat == ECONOMY for one in told)
    assert any("【值班空缺】" in one.text and one.chat == ROOM for one in told)
    workdays = story.stage.desk.workdays
    open_at = [workdays.is_workday(one.at.date()) and time(8, 30) <= one.at.time() <= time(18) for one in told]
    assert [(one.at, one.chat, one.kind) for one, is_open in zip(told, open_at, strict=True) if not is_open] == []
    unasked = [one for one in told if KINDS[one.kind].family is Family.WORK and one.chat in (ECONOMY, EMERGENCY)]
    heard = Counter((one.chat, one.at.date()) for one in unasked)
    assert max(heard.values()) <= story.stage.desk.policy.daily_cap, heard.most_common(3)
    story.forget()
