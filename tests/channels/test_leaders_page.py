"""The leaders' page: once a week what is late, whose it is, since when, and the last word."""

from db.words import ChatRole
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess


def late(world: InProcess) -> tuple[Group, Group]:
    """Two units are late since the last days of June; one has said something."""
    room, leaders = world.room(), world.room(ChatRole.LEADERS, who="李厅长")
    economy = world.group(f"{ECONOMY}群", bound_to=(ECONOMY,))
    world.group(f"{EMERGENCY}群", bound_to=(EMERGENCY,))
    world.silent = True
    world.begins(
        "2022-06-20 10:00",
        task(1, "2022-06-28", text="报送危化品企业名单。"),
        task(2, "2022-06-30", lead=(EMERGENCY,), text="修订应急预案。"),
        task(3, "2022-12-30"),
    )
    economy.says("A-1 还差两家，已催报", who="张工", reply=economy.hears("交办通知"))
    world.until("2022-07-01 18:00")
    world.takes_silently()
    assert room
    return leaders, economy


def test_on_mondays_the_leaders_read_on_one_page_what_is_late_whose_since_when_and_the_last_word(
    world: InProcess,
) -> None:
    leaders, _economy = late(world)
    world.until("2022-07-04 08:40")
    page = leaders.hears("【每周要情】2022年7月4日", "逾期2")
    first, second = page.text.split("\n省应急管理厅：")
    assert "省经信厅：\n　〔A-1〕报送危化品企业名单。　6月28日到期，逾期6天；6月20日张工" in first
    assert "还差两家，已催报" in first
    assert "　〔A-2〕修订应急预案。　6月30日到期，逾期4天；一直没有回应" in second
    assert world.platform.labels(page) == ["看逾期"]
    leaders.presses(page, "看逾期", who="李厅长")
    leaders.hears("逾期（2项）", "〔A-1〕", "〔A-2〕")
    world.until("2022-07-06 18:00")
    leaders.hears_nothing_more()


def test_a_week_whose_monday_is_a_holiday_or_was_missed_has_its_page_on_the_next_workday(telegram: InProcess) -> None:
    leaders, _economy = late(telegram)
    telegram.clock.turn_to(telegram.at("2022-07-05 16:00"))
    telegram.until("2022-07-06 18:00")
    leaders.hears("【每周要情】2022年7月5日")
    leaders.hears_nothing_more()


def test_what_began_this_week_has_no_page_before_the_next(telegram: InProcess) -> None:
    leaders = telegram.room(ChatRole.LEADERS, who="李厅长")
    telegram.group(f"{ECONOMY}群", bound_to=(ECONOMY,))
    telegram.silent = True
    telegram.begins("2022-06-21 10:00", task(1, "2022-12-30"))
    telegram.until("2022-06-24 18:00")
    leaders.hears_nothing_more()
    telegram.until("2022-06-27 09:00")
    assert "没有逾期的。" in leaders.hears("【每周要情】").text
