"""Mornings and urging in the coordinators' room: the digest's lists, 催一下 of all that is late, 催办 of one task."""

from db.words import Rank
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import Group, InProcess

LATE, NEAR = "2022-05-30", "2022-06-30"


def morning(world: InProcess) -> tuple[Group, Group, Group, object]:
    """A Thursday morning on which one unit is late and another has not signed; the slips and what is due are heard."""
    room = world.room()
    economy, emergency = (world.group(f"{unit}群", bound_to=(unit,)) for unit in (ECONOMY, EMERGENCY))
    world.begins("2022-05-27 10:00", task(1, LATE), task(2, "2022-12-30", lead=(EMERGENCY,)))
    slip = economy.hears("交办通知")
    emergency.hears("交办通知")
    economy.presses(slip, "收到")
    world.until("2022-06-02 08:30")
    world.takes_silently()
    world.until("2022-06-02 08:36")
    return room, economy, emergency, room.hears("每日要情", "未签收1个单位")


def test_a_digest_shows_its_lists_at_a_press(world: InProcess) -> None:
    room, _economy, _emergency, digest = morning(world)
    assert world.platform.labels(digest) == ["看逾期", "看未签收", "催一下"]
    room.presses(digest, "看逾期", who="王协调")
    assert "〔A-2〕" not in room.hears("逾期 A（1项）", "〔A-1〕省经信厅").text
    room.presses(digest, "看未签收", who="王协调")
    room.hears("尚未签收的单位（1）", "省应急管理厅：1项")


def test_a_digest_without_a_change_is_one_line_and_on_mondays_whole(world: InProcess) -> None:
    room = world.room()
    world.group("经信厅群", bound_to=(ECONOMY,))
    world.begins("2022-07-15 10:00", task(1, "2022-07-10"), task(2, "2022-12-30"))
    world.silent = True
    told = {}
    for day in ("2022-07-27", "2022-07-28", "2022-08-01"):
        world.until(f"{day} 08:30")
        world.takes_silently()
        world.until(f"{day} 08:40")
        told[day] = room.hears("每日要情")
    assert "没有变化（🔴逾期1" in told["2022-07-28"].text
    assert "〔A-1〕" not in told["2022-07-28"].text
    assert world.platform.labels(told["2022-07-28"]) == world.platform.labels(told["2022-08-01"])
    assert "〔A-1〕" in told["2022-08-01"].text


def test_one_press_and_a_second_urge_everybody_who_is_late_or_has_not_signed_and_once_a_day(world: InProcess) -> None:
    room, economy, emergency, digest = morning(world)
    world.until("2022-06-02 11:00")
    world.takes_silently()
    room.presses(digest, "催一下", who="王协调")
    preview = room.hears(
        "将催办2个单位", "催办1项（1个单位）", "催签收1项（1个单位）", "省经信厅1项", "省应急管理厅1项"
    )
    economy.hears_nothing_more()
    told = room.presses(preview, "确认催办", who="王协调")
    assert "省经信厅、省应急管理厅" in told
    economy.hears("【催办】", "〔A-1〕", "已逾期3天")
    emergency.hears("【催签收】", "〔A-2〕", "尚未签收")
    world.appoints("李协调", Rank.COORDINATOR)
    again = room.presses(preview, "", who="李协调", data="I:1:3")
    assert f"已由王协调于6月2日{world.clock_at('11:00')}催办，今天不再催" in again
    assert "现在没有要催的（今天已催过）" in room.presses(digest, "催一下", who="李协调")
    economy.hears_nothing_more()
    emergency.hears_nothing_more()


def test_one_task_is_urged_with_one_press_and_the_second_hears_who_was_first(world: InProcess) -> None:
    room, economy, _emergency, _digest = morning(world)
    world.until("2022-06-02 11:00")
    world.takes_silently()
    room.says(f"/show@{BOT_NAME} 2", who="王协调")
    shown = room.hears("〔A-2〕")
    told = room.presses(shown, "催办", who="王协调")
    assert "已催办〔A-2〕：省应急管理厅（催签收1项）" in told
    world.groups["省应急管理厅群"].hears("【催签收】", "〔A-2〕")
    again = room.presses(shown, "", who="王协调", data=f"j:{world.line(2, EMERGENCY).assignment.id}")
    assert f"已由王协调于6月2日{world.clock_at('11:00')}催办，今天不再催" in again
    economy.hears_nothing_more()


def test_a_unit_that_was_urged_by_hand_is_not_chased_by_the_clock_on_the_same_day(world: InProcess) -> None:
    room, _economy, emergency, _digest = morning(world)
    room.says(f"/nudge@{BOT_NAME} 2", who="王协调")
    room.hears("已催办〔A-2〕")
    emergency.hears("【催签收】")
    world.until("2022-06-02 17:50")
    emergency.hears_nothing_more()
    world.silent = True


def test_only_a_coordinator_urges_and_nobody_who_has_answered(world: InProcess) -> None:
    room, economy, emergency, digest = morning(world)
    number = world.line(2, EMERGENCY).assignment.id
    assert "由协调员在协调室办理" in economy.presses(digest, "", data=f"j:{number}")
    emergency.says("A-2 已办结", reply=world.groups["省应急管理厅群"].said("交办通知"))
    world.takes_silently()
    room.says(f"/nudge@{BOT_NAME} 2", who="王协调")
    room.hears("现在没有要催的（已报待核）")
    world.silent = True


def test_shortly_before_the_office_opens_one_is_told_when_it_goes_out(world: InProcess) -> None:
    room = world.room()
    world.group("经信厅群", bound_to=(ECONOMY,))
    world.begins("2022-05-27 10:00", task(1, LATE))
    world.until("2022-06-02 08:10")
    world.takes_silently()
    room.says(f"/nudge@{BOT_NAME} 1", who="王协调")
    opens = world.clock_at("08:30").removeprefix("0")
    room.hears("已催办〔A-1〕", f"现在是休息时间，将于6月2日（周四）{opens}起发出。")
    world.silent = True


def test_a_unit_that_is_named_is_urged_and_no_other(world: InProcess) -> None:
    room, economy, emergency, _digest = morning(world)
    world.until("2022-06-02 11:00")
    world.takes_silently()
    room.says(f"/nudge@{BOT_NAME} 省经信厅", who="王协调")
    assert "省应急管理厅" not in room.hears("已催办", "省经信厅").text
    economy.hears("【催办】", "〔A-1〕")
    emergency.hears_nothing_more()
    room.says(f"/nudge@{BOT_NAME} 省经信厅", who="王协调")
    room.hears("今天不再催")
    room.says(f"/nudge@{BOT_NAME} 李局长", who="王协调")
    room.hears("没有找到“李局长”", "催一下省经信厅")
    emergency.hears_nothing_more()


def test_one_report_tells_who_kept_silent_by_unit_and_shows_who_answers_since(world: InProcess) -> None:
    room = world.room()
    groups = {unit: world.group(f"{unit}群", bound_to=(unit,)) for unit in (ECONOMY, EMERGENCY)}
    world.begins(
        "2022-06-01 09:00", task(1, "2022-12-30"), task(2, "2022-12-30"), task(3, "2022-12-30", lead=(EMERGENCY,))
    )
    slip = groups[ECONOMY].hears("交办通知")
    world.until("2022-06-08 12:00")
    report = room.said("【未签收报告】")
    assert "以下2个单位多次催签收仍无回应" in report.text
    assert report.text.index(ECONOMY) < report.text.index("〔A-1〕") < report.text.index("〔A-2〕")
    assert world.platform.labels(report)[:2] == ["催一下", "看未签收"]
    world.takes_silently()
    groups[EMERGENCY].says("A-3 收到", who="钱工", reply=groups[EMERGENCY].said("交办通知"))
    world.until("2022-06-08 12:02")
    room.shows(report, "以下1个单位多次催签收仍无回应", "此后已回应：省应急管理厅〔A-3〕已签收")
    groups[ECONOMY].presses(slip, "全部收到")
    world.until("2022-06-08 12:04")
    room.shows(report, "都已回应。", "省经信厅〔A-1〕已签收")
    room.shows_no_buttons(report)
    world.silent = True


def test_of_many_that_nobody_signed_one_message_says_for_each_unit_how_many_and_which_is_first(
    world: InProcess,
) -> None:
    room = world.room()
    groups = {unit: world.group(f"{unit}群", bound_to=(unit,)) for unit in (ECONOMY, EMERGENCY)}
    numbers = range(1, 121)
    world.begins(
        "2022-06-01 09:00", *(task(number, "2022-12-30", responsible=(EMERGENCY,)) for number in numbers),
        task(121, "2022-12-20"),
    )  # fmt: skip
    world.until("2022-06-08 12:00")
    report = room.said("【未签收报告】")
    assert f"{ECONOMY}　121项，最早的〔A-121〕2022年12月20日（周二），还有195天" in report.text
    assert f"{EMERGENCY}　120项，最早的〔A-1〕2022年12月30日（周五），还有205天" in report.text
    assert "（1/" not in report.text
    world.takes_silently()
    groups[EMERGENCY].presses(groups[EMERGENCY].said("交办通知"), "全部收到", who="钱工")
    world.until("2022-06-08 12:04")
    room.shows(report, "以下1个单位多次催签收仍无回应", "此后已回应：120项")
    world.silent = True


def test_who_takes_note_of_many_that_are_late_reads_how_many_of_each_unit_in_one_message(world: InProcess) -> None:
    room = world.room()
    lead, _other = (world.group(f"{unit}群", bound_to=(unit,)) for unit in (ECONOMY, EMERGENCY))
    tasks = (task(number, "2022-06-10", responsible=(EMERGENCY,)) for number in range(1, 121))
    world.begins("2022-06-01 09:00", *tasks)
    world.until("2022-06-15 18:00")
    told = room.said("【督办知悉】").text
    assert "以下240项逾期已满3个工作日" in told
    assert f"{ECONOMY}　120项，最早的〔A-1〕2022年6月10日（周五），已逾期5天" in told
    for text in (told, lead.said("【督办知悉】").text):
        assert f"{EMERGENCY}　120项，最早的〔A-1〕2022年6月10日（周五），已逾期5天" in text
        assert "（1/" not in text
    world.silent = True


def test_the_report_of_who_kept_silent_urges_them_at_a_press(world: InProcess) -> None:
    room = world.room()
    economy = world.group("经信厅群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 09:00", task(1, "2022-12-30"))
    world.until("2022-06-09 12:00")
    report = room.said("【未签收报告】")
    world.takes_silently()
    room.presses(report, "催一下", who="王协调")
    preview = room.hears("将催办1个单位")
    room.presses(preview, "确认催办", who="王协调")
    economy.hears("【催签收】", "〔A-1〕")
    world.silent = True
