"""A licence on each service: its unit says until when it is valid anew, it is verified, and the next day is planned."""

from db import ledger
from db.ledger import Which
from db.words import EVERY, State
from jobs.sheets import book
from tests.harness.bot_api import BOT_NAME
from tests.harness.story import ECONOMY
from tests.harness.world import InProcess
from tests.stories.test_expiries import licence

ACTS = [("2022-09-30", "提出延续申请"), ("2022-12-31", "到期前办结")]


def test_a_licence_is_renewed_in_words_with_a_picture_of_it(world: InProcess) -> None:
    room = world.room()
    unit = world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00", licence(1, acts=ACTS))
    slip = unit.hears("交办通知")
    world.takes_silently()
    unit.says("A-1.2 已换证，新有效期至2026年7月1日", who="张工", reply=slip, file=("新证.jpg", b"licence"))
    world.until("2022-06-01 10:10")
    world.takes_silently()
    room.says(f"/verify@{BOT_NAME} A-1.2", who="王协调")
    room.hears("核查销号")
    world.takes_silently()
    room.says(f"/renew@{BOT_NAME} A-1 2026年6月1日", who="王协调")
    room.hears("新有效期须晚于现有效期2026年7月1日")
    with world.store.read() as session:
        found = [(str(one.assignment.due), one.assignment.state) for one in ledger.lines(session, Which(EVERY))]
    assert found == [
        ("2022-09-30", State.CLOSED), ("2026-04-01", State.PENDING), ("2022-12-31", State.CLOSED), ("2026-07-01", State.PENDING),
    ]  # fmt: skip
    world.silent = True


def register_of(day: str) -> tuple[str, bytes]:
    """Return a register with one licence that is valid until ``day``, as it is sent."""
    columns = ("序号", "企业名称", "证照名称", "有效期至", "监管责任单位")
    rows = [("1", "乙油库", "经营许可证", day, ECONOMY)]
    return f"证照台账{day}.xlsx", book("证照台账", columns, rows, (6, 20, 20, 16, 20))


def test_a_register_goes_from_its_row_to_a_later_day_in_the_register_sent_anew(world: InProcess) -> None:
    room, unit = world.room(), world.group("经信厅工作群", bound_to=(ECONOMY,))
    world.begins("2022-06-01 10:00")
    room.room.admin = True
    room.says(f"/import@{BOT_NAME} 2022", who="王协调", file=register_of("2022-12-31"))
    room.presses(room.hears("【已读入，待启动】", "1项任务"), "启动", who="王协调")
    world.takes_silently()
    world.until("2022-06-02 11:00")
    unit.said("乙油库：经营许可证提出延续申请", "乙油库：经营许可证到期前办结")
    world.takes_silently()
    room.says(f"/revise@{BOT_NAME} 1", who="王协调", file=register_of("2025-12-31"))
    room.presses(room.hears("2025"), "按修订更新", who="王协调")
    world.until("2022-06-02 11:30")
    assert "2025年12月31日" in unit.said("乙油库", "2025").text
    with world.store.read() as session:
        found = [(str(one.assignment.due), one.assignment.state) for one in ledger.lines(session, Which(EVERY))]
    assert found == [
        ("2022-09-30", State.CLOSED), ("2025-09-30", State.PENDING), ("2022-12-31", State.CLOSED), ("2025-12-31", State.PENDING),
    ]  # fmt: skip
    world.silent = True
