"""A round on each service: a sentence in the room, answers in the groups, figures that move, a second signature, a table as a file."""

import io

import pytest
from openpyxl import load_workbook

from jobs.desk import Desk
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.world import InProcess


class Asked:
    """Two units that are asked by a coordinator's sentence, with two signatures."""

    def __init__(self, world: InProcess) -> None:
        self.world, self.room = world, world.room()
        self.economy = world.group("经信厅工作群", bound_to=(ECONOMY,))
        self.emergency = world.group("应急厅工作群", bound_to=(EMERGENCY,))
        world.begins(
            "2022-06-06 10:00", task(1, "2022-06-13"), task(2, "2022-06-12"), task(3, "2022-06-13", lead=(EMERGENCY,))
        )
        world.takes_silently()
        self.room.says(f"/round@{BOT_NAME} 6月10日前报送危化专项进展，发黄灯以上单位，双签字", who="王协调")
        preview = self.room.hears("【调度预览】危化专项进展", "2个单位3项", "须两人签字")
        assert "已发出调度：2个单位3项" in self.room.presses(preview, "确认发出", who="王协调")
        self.tally = self.room.hears("【调度情况】", "已报0　未报3")
        self.asks = [group.hears("【定期调度】", "危化专项进展") for group in (self.economy, self.emergency)]

    def counts(self, *words: str) -> None:
        """Expect figures in the tally: alive, or looked at again with a press."""
        self.world.platform.look_again(self.room, self.tally, "王协调")
        for word in words:
            assert word in self.tally.text, self.tally.text


@pytest.fixture
def asked(world: InProcess) -> Asked:
    return Asked(world)


def test_units_answer_a_second_person_confirms_and_the_table_comes_as_a_file(asked: Asked) -> None:
    world, room = asked.world, asked.room
    asked.emergency.says("已检查12家，问题是缺专家，下一步复查，完成60%", who="钱工", reply=asked.asks[1])
    told = asked.emergency.hears("已记录〔A-3〕", "须另一名人员按“确认报送”")
    world.until("2022-06-06 10:10")
    asked.counts("已报0", f"待双签：{EMERGENCY}", f"未报：{ECONOMY}（2项）")
    asked.emergency.presses(told, "确认报送", who="孙处")
    world.until("2022-06-06 10:20")
    asked.counts("已报1　未报2", f"未报：{ECONOMY}（2项）")
    asked.economy.says("都在推进，没有大的问题", who="张工", reply=asked.asks[0])
    asked.economy.hears("已记录2项进展", "本单位各项已报", "才算报齐")
    world.takes_silently()
    room.says(f"/close_round@{BOT_NAME}", who="王协调")
    room.presses(room.hears("调度没有结束"), "结束并出表", who="王协调")
    room.hears("“危化专项进展”调度表：3项，已报1项")
    world.until("2022-06-06 10:30")
    sheet = load_workbook(io.BytesIO(room.hears("危化专项进展调度表").content)).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[3][7:11] == ["已检查12家", "缺专家", "复查，完成60%", "60%"]
    assert [row[-3:-1] for row in rows[1:4]] == [["待双签", None], ["待双签", None], ["已报", "孙处"]]
    world.silent = True


def test_who_is_missing_is_chased_by_a_press_and_nobody_else_hears_of_it(asked: Asked) -> None:
    world, room = asked.world, asked.room
    asked.emergency.says("已检查12家，完成60%", who="钱工", reply=asked.asks[1])
    asked.emergency.presses(asked.emergency.hears("已记录〔A-3〕"), "确认报送", who="孙处")
    world.until("2022-06-06 10:40")
    asked.counts("已报1　未报2")
    world.takes_silently()
    asked.economy.presses(asked.tally, "催未报", who="张工")
    world.until("2022-06-06 10:45")
    asked.economy.hears_nothing_more()
    assert "已催未报的：1个会话" in room.presses(asked.tally, "催未报", who="王协调")
    world.until("2022-06-06 10:50")
    asked.economy.hears("贵单位的报送还未报齐", "共2项")
    asked.emergency.hears_nothing_more()
    world.silent = True


def test_a_reply_to_the_figures_gives_another_day_of_which_who_owes_is_told_once(asked: Asked) -> None:
    asked.room.says("改到下周一", who="王协调", reply=asked.tally)
    asked.room.presses(asked.room.hears("【调度改期预览】", "将告知未报的2个单位"), "确认改期", who="王协调")
    for group in (asked.economy, asked.emergency):
        group.hears("报送期限由2022年6月10日（周五）改为2022年6月13日（周一）")
    asked.world.until("2022-06-06 10:20")
    asked.counts("2022年6月13日（周一）前报送", "未报3")
    asked.economy.hears_nothing_more()
    asked.world.silent = True


def test_a_second_person_who_agrees_under_the_round_signs_and_who_answered_does_not(asked: Asked) -> None:
    asked.emergency.says("已检查12家", who="钱工", reply=asked.asks[1])
    asked.emergency.hears("已记录〔A-3〕", "本单位各项已报")
    asked.emergency.says("没有问题", who="孙处", reply=asked.asks[1])
    asked.emergency.hears("已确认报送1项〔A-3〕", "孙处")
    asked.economy.says("都在推进", who="张工", reply=asked.asks[0])
    told = asked.economy.hears("须另一名人员按“确认报送”")
    asked.economy.says("已核实，情况属实，同意上报", who="刘处", reply=told)
    asked.economy.hears("已确认报送2项", "刘处")
    asked.world.silent = True


def test_a_reply_to_the_figures_is_about_that_round(asked: Asked) -> None:
    asked.emergency.says("已检查12家，问题是缺专家", who="钱工", reply=asked.asks[1])
    asked.world.until("2022-06-06 10:10")
    asked.world.takes_silently()
    room = asked.room
    room.says("谁没报", who="王协调", reply=asked.tally)
    anew = room.hears("【调度情况】", f"未报：{ECONOMY}（2项）")
    room.says("应急厅报了什么", who="王协调", reply=anew)
    room.hears(f"〔A-3〕{EMERGENCY}", "已检查12家", "缺专家")
    room.says("先别催", who="王协调", reply=anew)
    room.hears("没有改动", "到期前1个工作日、到期当天")
    asked.world.until("2022-06-06 10:40")
    asked.world.takes_silently()
    room.says("催没报的", who="王协调", reply=anew)
    room.hears("已催未报的")
    asked.economy.hears("贵单位的报送还未报齐")
    asked.world.takes_silently()
    room.says("结束", who="王协调", reply=anew)
    room.presses(room.hears("调度没有结束", "还有2个单位没有报齐"), "结束并出表", who="王协调")
    room.hears("调度表：3项")
    asked.world.silent = True


def test_the_calendar_opens_one_at_the_end_of_a_quarter_and_what_is_answered_is_progress(world: InProcess) -> None:
    world.desk = Desk("[round]\nmonths = [3, 6, 9, 12]\n", archive=world.desk.archive)
    world.restarts()
    room, group = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-17 10:00", task(1, "2022-12-30"))
    world.takes_silently()
    world.until("2022-06-20 12:00")
    ask = group.said("【定期调度】")
    assert "在2022年6月27日（周一）前报送“2022年二季度进展”" in ask.text
    assert "未报1" in room.said("【调度情况】2022年二季度进展").text
    world.takes_silently()
    group.says("已检查12家，完成60%", who="张工", reply=ask)
    group.hears("已记录〔A-1〕进展：60%")
    assert world.line(1).assignment.percent == 60
    world.silent = True
