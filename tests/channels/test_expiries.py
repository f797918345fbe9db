"""A licence on each service: its unit says until when it is valid anew, it is verified, and the next day is planned."""

from db import ledger
from db.ledger import Which
from db.words import EVERY, State
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
