"""Days that are slips of the hand: a licence that would be valid for decades, another day in the next breath."""

from db.words import Rank
from tests.harness.story import ECONOMY, Story, task
from tests.stories.test_expiries import licence


def begun(story: Story) -> Story:
    story.mornings = False
    story.begins("2023-03-01 09:00", licence(1), task(2, "2023-12-31"))
    story.appoints("李协调", Rank.COORDINATOR)
    story.forget()
    return story


def test_a_new_day_that_lies_decades_ahead_is_asked_about_once(story: Story) -> None:
    room = begun(story).room
    room.says("A-1 有效期改为2052年7月1日", "李协调")
    room.hears("新有效期2052年7月1日在29年以后，没有改动")
    room.says("A-1 有效期改为2052年7月1日，无误", "李协调")
    room.hears("有效期改为2052年7月1日")
    story.forget()


def test_a_units_slip_is_asked_about_too_and_its_correction_takes_the_place_of_what_it_told(story: Story) -> None:
    group = begun(story).group(ECONOMY)
    group.says("A-1 已换证，新有效期至2062年7月1日")
    group.hears("新有效期2062年7月1日在39年以后，没有改动")
    group.says("A-1 已换证，新有效期至2025年7月1日")
    group.hears("新有效期至2025年7月1日")
    group.says("写错了，是2027年7月1日")
    group.hears("已报续期", "新有效期至2027年7月1日")
    group.hears_nothing_more()
    story.forget()


def test_who_puts_right_a_licence_in_the_room_is_told_how(story: Story) -> None:
    room = begun(story).room
    room.says("A-1 有效期改为2026年7月1日", "李协调")
    story.forget()
    room.says("刚才A-1有效期写错了，是2025年7月1日", "李协调")
    room.hears("没有改动。有效期写错的请写：更正 7 期限")


def test_all_that_waits_is_verified_by_whatever_words_say_no_more(story: Story) -> None:
    room = begun(story).room
    story.group(ECONOMY).says("办结 A-2")
    story.forget()
    for said in ("全部核查通过", "全部核查通过吧", "全部核查了"):
        room.says(said, "李协调")
        room.hears("〔A-2〕省经信厅")
