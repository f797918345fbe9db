"""Broadcasts with options, tabulated as the answers come, and broadcasts that go out at a time that was set."""

import io

import pytest
from openpyxl import load_workbook

from tests.channels.test_broadcasts import Three
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import InProcess

ASKS = f"/broadcast@{BOT_NAME} 全部 请报危房群众转移情况。选项：已转移/未转移/需支援"


@pytest.fixture
def three(world: InProcess) -> Three:
    return Three(world)


def _asked(three: Three) -> list:
    return [
        group.hears("请选一项：已转移／未转移／需支援") for group in (three.economy, three.emergency, three.environment)
    ]


def test_units_choose_and_the_room_sees_the_table_grow(three: Three) -> None:
    preview = three.previews(ASKS)
    assert "选项" not in preview.text
    assert "请选一项：已转移／未转移／需支援" in preview.text
    three.room.presses(preview, "确认发出", who="王协调")
    tally = three.room.hears("回执】")
    said = _asked(three)
    assert three.world.platform.labels(said[0]) == ["已转移", "未转移", "需支援"]
    told = three.economy.presses(said[0], "未转移")
    assert f"省经信厅——未转移（张工 6月1日{three.world.clock_at('10:00')}）" in told
    assert f"✓ 张工 6月1日{three.world.clock_at('10:00')} 未转移" in said[0].text
    three.emergency.presses(said[1], "需支援", who="钱工")
    three.world.until("2022-06-01 10:01")
    three.counts(
        tally, "已答复2　未答复1", "已转移0", "未转移1：省经信厅", "需支援1：省应急管理厅", "未答复：省生态环境厅"
    )


def test_an_answer_can_be_changed_and_what_was_said_before_stands_in_the_table(three: Three) -> None:
    tally = three.broadcasts(ASKS)
    said = _asked(three)
    three.economy.presses(said[0], "未转移")
    three.world.until("2022-06-01 10:20")
    three.economy.presses(said[0], "已转移", who="李工")
    assert "已由李工于" in three.economy.presses(said[0], "已转移")
    three.world.until("2022-06-01 10:21")
    three.counts(tally, "已转移1：省经信厅", "未转移0")
    three.room.presses(tally, "导出", who="王协调")
    three.room.hears("群发1的回执")
    three.world.until("2022-06-01 10:22")
    sheet = load_workbook(io.BytesIO(three.room.hears("群发回执1.xlsx").content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][4:] == ["答复", "答复人", "答复时间", "此前的答复"]
    assert (rows[1][0], *rows[1][4:6]) == (ECONOMY, "已转移", "李工")
    assert str(rows[1][7]).startswith("未转移（张工 2022-06-01")
    assert (rows[2][0], rows[2][1]) == (EMERGENCY, "未确认")
    assert rows[-2][:2] == ["合计", "已转移1　未转移0　需支援0"]


def test_an_option_that_is_written_is_an_answer_and_more_words_are_passed_on(three: Three) -> None:
    tally = three.broadcasts(ASKS)
    said = _asked(three)
    three.economy.says("已转移", reply=said[0])
    three.economy.hears("省经信厅——已转移（张工")
    three.emergency.says("需支援，缺两条船", who="钱工", reply=said[1])
    three.emergency.hears("已记录“需支援”，您的话已转达协调员")
    three.room.hears("【群发答复】省应急管理厅 钱工", "缺两条船")
    three.environment.says("村里还在清点", who="周工", reply=said[2])
    asked = three.environment.hears("您的话已转达协调员", "还请选一项：已转移／未转移／需支援")
    three.room.hears("村里还在清点")
    three.world.until("2022-06-01 10:02")
    three.counts(tally, "已答复2", "已转移1：省经信厅", "需支援1：省应急管理厅", "已收到未选：省生态环境厅")
    three.environment.presses(asked, "未转移", who="周工")
    three.world.until("2022-06-01 10:03")
    three.ends(tally, "已答复3", "未转移1：省生态环境厅")


def test_received_is_no_answer_and_who_only_says_it_is_chased(three: Three) -> None:
    tally = three.broadcasts(ASKS)
    said = _asked(three)
    three.economy.presses(said[0], "已转移")
    three.emergency.says("收到", who="钱工", reply=said[1])
    three.emergency.hears("省应急管理厅收到", "还请选一项：已转移／未转移／需支援")
    three.world.until("2022-06-01 10:40")
    assert "已排入发送：2个会话" in three.room.presses(tally, "催未答复", who="王协调")
    three.emergency.hears("再次提醒：贵单位尚未答复")
    three.environment.hears("再次提醒：贵单位尚未答复")
    three.economy.hears_nothing_more()


def test_an_urgent_call_with_options_is_repeated_until_one_is_chosen(three: Three) -> None:
    three.broadcasts(f"/call@{BOT_NAME} 省经信厅、省应急管理厅 立即核实！选项：已转移/需支援")
    said = three.economy.hears("【紧急叫应】立即核实！", "请立即选一项：已转移／需支援")
    three.emergency.hears("【紧急叫应】")
    three.economy.presses(said, "需支援")
    three.world.until("2022-06-01 10:11")
    second = three.emergency.hears("（第2次）")
    three.economy.hears_nothing_more()
    three.emergency.presses(second, "已转移", who="钱工")
    three.world.until("2022-06-01 10:40")
    three.emergency.hears_nothing_more()
    three.world.silent = True


def test_an_option_said_to_the_bot_without_pointing_is_the_answer_of_what_still_runs(three: Three) -> None:
    three.broadcasts(f"/broadcast@{BOT_NAME} 省经信厅 请报情况 选项：已转移/未转移")
    three.economy.hears("请选一项")
    three.economy.room.admin = True  # where the bot hears everything that is said to it
    three.economy.says("未转移")
    three.economy.hears("省经信厅——未转移")
    three.world.silent = True


def test_what_is_said_of_a_broadcasts_matter_is_its_answer_and_only_what_is_plain_is_counted(three: Three) -> None:
    tally = three.broadcasts(ASKS)
    _asked(three)
    three.economy.room.admin = three.emergency.room.admin = three.environment.room.admin = True
    three.economy.says("已经转移了32户，还有2户不肯走")
    three.economy.hears("您的话已转达协调员", "还请选一项：已转移／未转移／需支援")
    three.room.hears("【群发答复】省经信厅 张工", "已经转移了32户，还有2户不肯走")
    three.emergency.says("转移完毕", who="钱工")
    three.emergency.hears("省应急管理厅——已转移（钱工")
    three.environment.says("还没转移完，差5人", who="周工")
    three.environment.hears("还请选一项")
    three.room.hears("【群发答复】省生态环境厅 周工", "差5人")
    three.world.until("2022-06-01 10:02")
    three.counts(tally, "已答复1", "已转移1：省应急管理厅", "已收到未选：省经信厅、省生态环境厅")
    three.world.silent = True


def test_a_second_answer_in_words_stands_in_place_of_the_first_and_says_so(three: Three) -> None:
    tally = three.broadcasts(ASKS)
    said = _asked(three)
    three.economy.presses(said[0], "未转移")
    three.economy.says("都转移了，共120人", reply=said[0])
    three.economy.hears("已记录“已转移”（替换此前的“未转移”）")
    three.room.hears("都转移了，共120人")
    three.emergency.presses(said[1], "已转移", who="钱工")
    three.emergency.says("又回来了几户", who="钱工", reply=said[1])
    three.emergency.hears("现在的答复仍是“已转移”，有变化的，请选一项")
    three.room.hears("又回来了几户")
    three.world.until("2022-06-01 10:02")
    three.counts(tally, "已转移2：省经信厅、省应急管理厅", "未转移0")
    three.world.silent = True


def test_what_may_be_of_a_task_or_of_a_broadcast_is_asked_about_and_a_press_passes_the_words_on(
    world: InProcess,
) -> None:
    room, economy = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    economy.room.admin = True
    world.begins("2022-06-01 10:00", task(1, "2022-07-30"))
    economy.hears("交办")
    room.says(ASKS, who="王协调")
    room.presses(room.hears("预览】"), "确认发出", who="王协调")
    tally = room.hears("回执】")
    economy.hears("请选一项")
    economy.says("已经弄了一大半了")
    asked = economy.hears("说的是群发“请报危房群众转移情况”的情况，还是")
    assert [*world.platform.labels(asked)][:3] == ["已转移", "未转移", "需支援"]
    economy.presses(asked, "未转移")
    economy.hears("已记录“未转移”，您的话已转达协调员")
    room.hears("【群发答复】省经信厅", "已经弄了一大半了")
    world.until("2022-06-01 10:02")
    room.learns(tally, "未转移1：省经信厅")
    world.silent = True


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("我局没有隐患", "您的话已转达协调员"),
        ("已报", "您的话已转达协调员"),
        ("电话打不通", "您的话已转达协调员"),
        ("窗口排着长队", "说的是群发“请报隐患排查情况”的情况吗？"),
    ],
)
def test_after_a_call_no_sentence_meets_silence_until_it_is_answered(three: Three, said: str, told: str) -> None:
    three.broadcasts(f"/broadcast@{BOT_NAME} 全部 请报隐患排查情况")
    three.economy.hears("【群发】")
    three.economy.room.admin = True
    three.economy.says(said)
    three.economy.hears(told)
    three.world.silent = True


def test_a_broadcast_goes_out_at_the_time_that_was_set_and_not_before(three: Three) -> None:
    world = three.world
    eight = "8:01" if world.platform.later else "8:00"
    preview = three.previews(f"/broadcast@{BOT_NAME} 全部 请报值班表。定于明天8点发送")
    assert f"定于6月2日（周四）{eight}发出（休息时间）" in preview.text
    assert "发送" not in preview.text.partition("——以下为发出的内容——")[2]
    assert f"定于6月2日（周四）{eight}发出" in three.room.presses(preview, "确认发出", who="王协调")
    tally = three.room.hears("待发3", f"（6月2日（周四）{eight}起发出）")
    assert world.platform.labels(tally)[:2] == ["现在就发", "撤回"]
    world.until("2022-06-02 07:58")
    three.economy.hears_nothing_more()
    world.until("2022-06-02 08:01")
    said = [group.hears("【群发】请报值班表") for group in (three.economy, three.emergency, three.environment)]
    three.economy.presses(said[0], "收到")
    world.until("2022-06-02 08:03")
    three.counts(tally, "已发出3　已确认1")
    world.silent = True


def test_what_was_set_can_be_withdrawn_before_it_goes_out(three: Three) -> None:
    preview = three.previews(f"/broadcast@{BOT_NAME} 全部 请报值班表。定于明天8点发送")
    three.room.presses(preview, "确认发出", who="王协调")
    tally = three.room.hears("待发3")
    assert "已撤回，没有发出" in three.room.presses(tally, "撤回", who="王协调")
    three.counts(tally, "（已撤回，没有发出）") if three.world.platform.edits else None
    three.world.until("2022-06-02 10:00")
    for group in (three.economy, three.emergency, three.environment):
        group.hears_nothing_more()
    assert "已由王协调于" in three.room.presses(tally, "", who="王协调", data="q:1")


def test_what_was_set_can_be_sent_at_once(three: Three) -> None:
    preview = three.previews(f"/call@{BOT_NAME} 省经信厅 立即核实。定于今晚8点发送")
    assert "6月1日（周三）20:0" in preview.text
    three.room.presses(preview, "确认发出", who="王协调")
    tally = three.room.hears("待发1")
    assert "已排入发送：1个会话。" in three.room.presses(tally, "现在就发", who="王协调")
    three.economy.hears("【紧急叫应】立即核实。")
    three.world.until("2022-06-01 10:11")
    three.economy.hears("（第2次）")
    three.world.silent = True


def test_a_preview_whose_time_has_passed_sends_nothing_by_itself(three: Three) -> None:
    preview = three.previews(f"/broadcast@{BOT_NAME} 省经信厅 请报值班表。定于下午4点发送")
    three.world.until("2022-06-01 16:30")
    assert "定的时间" in three.room.presses(preview, "确认发出", who="王协调")
    three.economy.hears_nothing_more()
    three.room.presses(preview, "现在就发", who="王协调")
    three.economy.hears("请报值班表")
    three.world.silent = True


def test_a_time_or_options_that_cannot_be_are_told_with_an_example(three: Three) -> None:
    for words, told in (
        ("请报数据。定于今天8点发送", "已经过了"),
        ("请报数据。选项：只有一个", "选项要有2至5个"),
        ("请报数据。定时：明早", "没有看懂几时发送"),
    ):
        three.room.says(f"/broadcast@{BOT_NAME} 全部 {words}", who="王协调")
        three.room.hears(told)
    three.economy.hears_nothing_more()


def test_whom_it_is_not_for_may_stand_at_the_end_and_is_neither_an_option_nor_told(three: Three) -> None:
    preview = three.previews(f"{ASKS}，省应急管理厅除外")
    assert "除省应急管理厅外的全部单位——2个单位" in preview.text
    assert "请选一项：已转移／未转移／需支援（" in preview.text
    assert "除外" not in preview.text
    three.world.silent = True


def test_what_is_set_for_later_is_listed_and_can_be_withdrawn_there(three: Three) -> None:
    for words in ("定于后天9点发送 甲事", "定于明天8点发送 乙事"):
        preview = three.previews(f"/broadcast@{BOT_NAME} 全部 {words}")
        three.room.presses(preview, "确认发出", who="王协调")
        three.room.hears("待发3")
    three.room.says(f"/tally@{BOT_NAME}", who="王协调")
    listed = three.room.hears("定时待发的群发（2）")
    assert listed.text.index("乙事") < listed.text.index("甲事")
    three.room.hears("【群发回执】", "乙事")
    assert "已撤回，没有发出" in three.room.presses(listed, "撤回群发1", who="王协调")
    three.world.silent = True
