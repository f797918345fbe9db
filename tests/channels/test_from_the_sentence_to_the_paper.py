"""One plan that asks for the office's habits, from its sentences to the papers that close them, on each service."""

import io

from docx import Document as Docx
from openpyxl import load_workbook

from db.words import Rank, State
from jobs.desk import Desk
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY, EMERGENCY
from tests.harness.world import Group, InProcess

PLAN = """粉尘涉爆企业安全提升方案
一、主要任务
1.完成粉尘涉爆企业隐患整治，建立问题清单，逐项闭环销号；责任单位报结后由牵头部门复查，再由办公室抽查。2022年7月29日前完成。（省应急管理厅牵头，省经信厅负责）
2.编制有限空间作业目录。2022年12月30日前完成。（省应急管理厅负责）
"""
"""In our own words, as such plans put it: 复查 and 抽查 before anything counts as closed, 问题清单 for what is found."""

POLICY = '[verification]\nlevels = ["lead", "office"]\n'


def begun(world: InProcess) -> tuple[Group, Group, Group]:
    """Let the plan come to the room as a file, and begin as it was read."""
    world.desk = Desk(POLICY, archive=world.desk.archive)
    world.restarts()
    room = world.room()
    unit, lead = (world.group(f"{name}工作群", bound_to=(name,)) for name in (ECONOMY, EMERGENCY))
    world.begins("2022-06-01 10:00")
    room.room.admin = True
    world.appoints("李协调", Rank.COORDINATOR)
    room.says(who="王协调", file=("2022年方案.txt", PLAN.encode()))
    room.presses(room.hears("【已读入，待启动】专项行动1"), "启动", who="王协调")
    world.takes_silently()
    world.until("2022-06-06 10:00")
    world.takes_silently()
    return room, unit, lead


def passes(world: InProcess, room: Group, lead: Group, who: str, at: str) -> None:
    """Let the lead look at what waits, and a coordinator verify it."""
    world.until(f"{at}:10")
    lead.presses(lead.said("待复查"), "复查通过", who="孙科")
    world.until(f"{at}:20")
    world.takes_silently()
    room.says(f"/verify@{BOT_NAME} A-1 {ECONOMY}", who=who)
    room.hears("已核查销号")
    world.takes_silently()


def test_what_the_plan_asks_for_goes_from_its_sentence_to_the_paper(world: InProcess) -> None:
    room, unit, lead = begun(world)

    # 定期调度, with two signatures, to the table
    room.says(f"/round@{BOT_NAME} 6月10日前报送整治进展，发未办结单位，双签字", who="王协调")
    room.presses(room.hears("【调度预览】整治进展", "2个单位3项"), "确认发出", who="王协调")
    unit.says("A-1 已检查30家，问题是缺检测设备，完成60%", who="张工", reply=unit.said("【定期调度】"))
    unit.presses(unit.said("已记录〔A-1〕"), "确认报送", who="刘处")
    room.says(f"/close_round@{BOT_NAME}", who="王协调")
    room.presses(room.said("调度没有结束"), "结束并出表", who="王协调")
    world.until("2022-06-06 10:30")
    sheet = load_workbook(io.BytesIO(room.said("整治进展调度表").content)).active
    assert sheet is not None
    table = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
    assert "缺检测设备" in table
    assert "刘处" in table

    # 复查 by the lead, 核查, 抽查不属实: on the list of problems
    world.takes_silently()
    unit.says("A-1 已办结", who="张工", reply=unit.said("交办通知"))
    passes(world, room, lead, "王协调", "2022-06-06 11")
    room.says(f"/spot_check@{BOT_NAME} A 100%", who="王协调")
    world.takes_silently()
    world.until("2022-06-07 10:00")
    room.says(f"/fails@{BOT_NAME} A-1 两家企业除尘器仍未接地", who="王协调")
    room.hears("抽查不属实，列入问题清单")
    world.until("2022-06-07 10:10")
    world.takes_silently()
    unit.says(f"/measure@{BOT_NAME} A-1 停用除尘器，逐台接地后复测", who="张工")
    unit.says("A-1 已整改完成", who="张工", reply=unit.said("仍未接地"), file=("接地测试.jpg", b"after"))
    passes(world, room, lead, "李协调", "2022-06-07 11")
    assert world.line(1, ECONOMY).assignment.state is State.CLOSED

    # the papers: both lists, and the form by which it is closed
    room.says(f"/two_lists@{BOT_NAME}", who="王协调")
    room.says(f"/paper@{BOT_NAME} 销号单 A-1 {ECONOMY}", who="王协调")
    world.until("2022-06-07 11:30")
    lists = load_workbook(io.BytesIO(room.said("两张清单").content))
    problem, measure = ([str(cell.value) for cell in lists[name][3]] for name in lists.sheetnames)
    assert {"抽查", "王协调", "接地测试.jpg", "李协调"} <= set(problem)
    assert "停用除尘器，逐台接地后复测" in measure
    paper = Docx(io.BytesIO(room.said("销号单", ".docx").content))
    told = "\n".join(one.text for one in paper.paragraphs)
    assert "两家企业除尘器仍未接地" in told
    assert "整改措施：停用除尘器，逐台接地后复测" in told

    # 记分: what was found cost its unit points
    world.until("2022-07-01 11:00")
    world.takes_silently()
    room.says(f"/score@{BOT_NAME} 6月 {ECONOMY}", who="王协调")
    room.hears("抽查不属实 −2")
    world.silent = True
