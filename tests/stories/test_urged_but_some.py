"""催办 of all but some: who is left out is never who is urged, and all others are shown first."""

from db.words import Rank
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, task


def test_who_is_left_out_is_not_urged_and_all_others_are_shown_first(story: Story) -> None:
    story.mornings = False
    story.begins(
        "2022-06-01 14:00",
        task(1, "2022-06-10"),
        task(2, "2022-06-10", lead=(EMERGENCY,)),
        task(3, "2022-06-10", lead=(ENVIRONMENT,)),
    )
    story.appoints("王协调", Rank.COORDINATOR)
    story.until("2022-06-20 10:00")
    story.forget()
    for said in (
        f"催一下过期的，{ENVIRONMENT}除外",
        f"除{ENVIRONMENT}外都再催一遍",
        f"先别催{ENVIRONMENT}，其他过期的都催催",
        f"把过期的都催一遍，{ENVIRONMENT}的放到下午",
        f"过期的都催催，{ENVIRONMENT}一早来过电话就算了",
        f"先不管{ENVIRONMENT}，其他过期的都催一下",
        f"给过期的都提醒一遍，{ENVIRONMENT}正在走程序就不用了",
    ):
        story.room.says(said, "王协调")
        shown = story.room.hears("将催办2个单位", ECONOMY, EMERGENCY, f"不催：{ENVIRONMENT}")
        assert [label for label, _data in shown.buttons] == ["确认催办"]
    story.room.says("过期的都催一遍，园林中心除外", "王协调")
    story.room.hears("没有看清“园林中心”是哪个单位，没有催")
    story.room.says(f"过期的都催一遍，{ENVIRONMENT}昨天打过招呼", "王协调")
    story.room.hears(f"没有看清{ENVIRONMENT}是催还是不催，没有催")
    story.room.presses(shown, "确认催办", "王协调", there=True)
    story.room.hears("已催办", ECONOMY, EMERGENCY)
    story.group(ECONOMY).hears("【催办】")
    story.group(EMERGENCY).hears("【催办】")
    story.group(ENVIRONMENT).hears_nothing_more()
    story.room.presses(shown, "确认催办", "王协调")
    story.room.hears("该按钮已失效")


def test_who_reported_today_is_left_out_and_nobody_is_told_that_nothing_came_who_had_reported(story: Story) -> None:
    story.mornings = False
    story.begins("2022-06-01 14:00", task(1, "2022-08-10"), task(2, "2022-08-10", lead=(EMERGENCY,)))
    story.appoints("王协调", Rank.COORDINATOR)
    for unit, code in ((ECONOMY, "A-1"), (EMERGENCY, "A-2")):
        story.group(unit).says(f"{code} 已完成三成")
    story.until("2022-06-02 10:00")
    story.group(ECONOMY).says("A-1 已完成五成")
    story.forget()
    story.room.says("A-1、A-2都催一下", "王协调")
    story.room.hears("已催办〔A-2〕", f"〔A-1〕{ECONOMY}：今天已报进展，没有催")
    asked = story.group(EMERGENCY).hears("【询问进展】", "请报最新进展")
    assert "尚未收到进展" not in asked.text
    story.group(ECONOMY).hears_nothing_more()
