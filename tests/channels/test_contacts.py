"""Contacts in their group on Telegram, privacy mode on."""

from db.words import State
from tests.harness.story import ECONOMY, EMERGENCY, task
from tests.harness.telegram import InProcess


def test_a_press_is_answered_once_and_shown_under_the_message(telegram: InProcess) -> None:
    room, group = telegram.room(), telegram.group("经信厅工作群", bound_to=(ECONOMY,))
    telegram.begins("2022-06-01 10:00", task(1, "2022-06-30"))
    slip = group.hears("交办通知", "〔A-1〕", "请按按钮，或回复本条")
    assert "已签收〔A-1〕（张工" in group.presses(slip, "收到")
    assert telegram.line(1).assignment.state is State.ACKNOWLEDGED
    assert slip.text.endswith("✓ 张工 6月1日10:00 签收〔A-1〕")
    assert [label for label, _data in slip.buttons] == ["报进展", "报办结", "申请延期"]
    assert "已由张工" in group.presses(slip, "", who="李工", data="a:1:0")
    assert room
    assert EMERGENCY
