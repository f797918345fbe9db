"""What slips and reports say of others is what was really sent, once a morning."""

from datetime import date

from sqlmodel import select

from bot.channels.incoming import Incoming
from db.models import Paper
from db.words import NoticeKind, Rank
from jobs.pending import text_of
from jobs.ports import Abilities
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, task


def test_a_slip_says_when_its_unit_was_pressed_and_the_room_who_was_never_reached(story: Story) -> None:
    story.begins(
        "2022-06-29 09:00", task(1, "2022-06-30"), task(2, "2022-06-30", lead=(EMERGENCY,)), unbound=(EMERGENCY,)
    )
    story.until("2022-07-05 09:00")
    story.forget()
    story.until("2022-07-05 18:00")
    slip = story.group(ECONOMY).hears("【督办单】", "此前：7月1日催办")
    assert "牵头单位同知" not in slip.text
    report = story.room.hears("【督办知悉】", "督办情况如下").text
    lines = {line[2:6]: line for line in report.splitlines() if "〔A-" in line}
    assert "（7月1日催办、7月5日督办）" in next(line for line in lines.values() if ECONOMY in line)
    assert "（未绑定会话，从未送达）" in next(line for line in lines.values() if EMERGENCY in line)


def test_the_silent_are_reported_once_a_morning_and_only_who_is_still_silent(story: Story) -> None:
    units = (ECONOMY, EMERGENCY, ENVIRONMENT)
    story.begins("2022-06-01 09:00", *(task(place, "2022-12-30", lead=(unit,)) for place, unit in enumerate(units, 1)))
    story.until("2022-06-08 08:35")
    story.forget()
    story.group(ENVIRONMENT).says("收到", who="周工")
    story.forget()
    story.until("2022-06-08 18:00")
    report = story.room.hears("【未签收报告】", ECONOMY, EMERGENCY)
    assert ENVIRONMENT not in report.text
    story.room.hears_nothing_more()


def test_a_draft_of_which_all_was_reported_meanwhile_is_answered_with_that_and_can_be_dropped(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"))
    story.appoints("领导", Rank.LEADER)
    story.until("2022-06-21 12:00")
    row, number = story.line(1).assignment, story.number()
    press = f"d:{row.id}:{row.version}"
    story.takes(Incoming("console", number, ECONOMY, ECONOMY, "张工", "张工", "", press, None, number))
    story.forget()
    story.leaders.says("签发", who="领导")
    told = story.leaders.hears("所列事项都已报办结、延期或办结，不必签发；可以作废。")
    story.leaders.presses(told, "作废", who="领导")
    story.leaders.presses(story.leaders.hears("确认作废？"), "确认作废", who="领导")
    story.leaders.hears("已作废")
    story.forget()


def test_a_new_opening_of_a_summons_leaves_whom_it_is_for(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"))
    story.until("2022-07-04 12:00")
    story.forget()

    def previewed(opening: str) -> str:
        with story.store.read() as session:
            paper = session.exec(select(Paper).where(Paper.kind == NoticeKind.SUMMONS)).one()
            return text_of(session, story.stage.desk, paper, Abilities(), date(2022, 7, 4), opening)

    assert f"\n{ECONOMY}：经研究，现约谈如下：\n" in previewed("经研究，现约谈如下：")
    assert f"\n请{ECONOMY}负责同志面谈：\n" in previewed(f"请{ECONOMY}负责同志面谈：")


def test_a_new_opening_is_what_is_to_be_written_and_not_the_words_that_ask_for_it(story: Story) -> None:
    story.begins("2022-06-01 09:00", task(1, "2022-06-10"))
    story.appoints("王主任", Rank.COORDINATOR)
    story.until("2022-06-22 12:00")
    shown = next(one for one, _id in story.cast.unheard if one.chat == "协调室" and "通报（待签发）" in one.text)
    story.forget()
    opening = "经市安委会同意，现予通报："
    for asks in (
        "开头：",
        "开头改成：",
        "把开头改成",
        "开头换成",
        "请修改一下开头，改为：",
        "将开头这句改为 ",
        "开头 ",
    ):
        story.room.says(f"{asks}{opening}", "王主任", reply=shown)
        preview = story.room.hears("改后的文稿是这样").text
        assert f"\n{opening}\n" in preview, asks
    story.room.says("开头写得不好", "王主任", reply=shown)
    story.room.hears("您的话没有写进去")
    story.forget()
