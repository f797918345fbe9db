"""Six people do the same at the same moment: one succeeds, the record has it once, the others hear who was first."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from db.session import Store
from db.words import Action, NoticeKind, State
from tests.harness.races import CONTACTS, COORDINATORS, Answer, Race
from tests.harness.story import ECONOMY, ROOM

A, B = CONTACTS[0], COORDINATORS[5]

ASKED = "延期 1 到7月15日，因设备到货推迟"


@dataclass(frozen=True)
class Act:
    """What comes before, what six people then do at once, and what the record may have of it once."""

    once: Action
    unit: str = ""
    room: str = ""
    before: tuple[tuple[str, str], ...] = ()
    state: State | None = None
    requests: int = 0
    press: str = ""
    everyone_before: str = ""
    extra: dict[str, int] = field(default_factory=dict)


REPORTED = (("unit", "办结 1"),)
ASKED_MORE = (("unit", ASKED), ("unit", "提交"))
CLOSED = (*REPORTED, ("room", "核查 1"))

ACTS = {
    "收到 by a press": Act(Action.ACKNOWLEDGE, unit="press", press="a", state=State.ACKNOWLEDGED),
    "收到 in words": Act(Action.ACKNOWLEDGE, unit="收到", state=State.ACKNOWLEDGED),
    "报办结 by a press": Act(Action.REPORT, unit="press", press="d", state=State.REPORTED, requests=1),
    "报办结 in words": Act(Action.REPORT, unit="办结 1", state=State.REPORTED, requests=1),
    "延期申请 by a press": Act(
        Action.REQUEST_EXTENSION, unit="press", press="y", everyone_before=ASKED, state=State.ACKNOWLEDGED, requests=1
    ),
    "延期申请 in words": Act(
        Action.REQUEST_EXTENSION, unit="提交", everyone_before=ASKED, state=State.ACKNOWLEDGED, requests=1
    ),
    "核查 by a press": Act(Action.VERIFY, room="press", press="v", before=REPORTED, state=State.CLOSED, requests=1),
    "核查 in words": Act(Action.VERIFY, room="核查 1", before=REPORTED, state=State.CLOSED, requests=1),
    "退回": Act(Action.RETURN, room="退回 1 材料不全", before=REPORTED, state=State.IN_PROGRESS, requests=1),
    "同意延期 by a press": Act(
        Action.GRANT, room="press", press="g", before=ASKED_MORE, state=State.ACKNOWLEDGED, requests=1
    ),
    "同意延期 in words": Act(Action.GRANT, room="同意 1", before=ASKED_MORE, state=State.ACKNOWLEDGED, requests=1),
    "不同意延期": Act(Action.REFUSE, room="不同意 1 理由不足", before=ASKED_MORE, state=State.ACKNOWLEDGED, requests=1),
    "重开": Act(Action.REOPEN, room="重开 1 复查未过", before=CLOSED, state=State.IN_PROGRESS, requests=1),
    "暂缓": Act(Action.SUSPEND, room="暂缓 1", state=State.SUSPENDED),
    "恢复": Act(Action.RESUME, room="恢复 1", before=(("room", "暂缓 1"),), state=State.PENDING),
    "撤销": Act(Action.CANCEL, room="撤销 1", state=State.CANCELLED),
    "免办": Act(Action.WAIVE, room="免办 1", state=State.WAIVED),
    "代录": Act(Action.REPORT, room="代录 1 已办结", state=State.REPORTED, requests=1),
}


@pytest.mark.parametrize("name", ACTS)
def test_of_six_who_do_the_same_one_succeeds_and_the_others_hear_who_was_first(
    store: Store, tmp_path: Path, name: str
) -> None:
    act = ACTS[name]
    race = Race(store, tmp_path)
    for where, text in act.before:
        race.hears(race.says(ECONOMY, A, text) if where == "unit" else race.says(ROOM, B, text))
    chat, people = (ECONOMY, CONTACTS) if act.unit else (ROOM, COORDINATORS)
    if act.everyone_before:
        race.hears(*(race.says(chat, who, act.everyone_before) for who in people))
    row = race.row()
    words = act.unit or act.room
    press = f"{act.press}:{row.id}:{row.version}" if words == "press" else None
    earlier = len(race.entries(act.once))

    answers = race.at_once([race.says(chat, who, "" if press else words, press) for who in people])

    entries = race.entries(act.once)
    assert len(entries) == earlier + 1, [(one.event, one.who) for one in entries]
    assert race.row().state is act.state
    assert len(race.notices(NoticeKind.VERIFY_REQUEST)) == act.requests
    told_who_was_first(answers, entries[-1].who)
    race.is_whole()


def told_who_was_first(answers: list[Answer], winner: str) -> None:
    lost = [one for one in answers if one.who != winner]
    assert len(lost) == len(answers) - 1
    for one in lost:
        assert f"已由{winner}于6月1日10:00" in one.text, one


MIXED: dict[str, tuple[tuple[tuple[str, str], ...], tuple[Action, Action], tuple[str, str]]] = {
    "核查 and 退回": (REPORTED, (Action.VERIFY, Action.RETURN), ("核查 1", "退回 1 材料不全")),
    "同意 and 不同意": (ASKED_MORE, (Action.GRANT, Action.REFUSE), ("同意 1", "不同意 1 理由不足")),
    "撤销 and 免办": ((), (Action.CANCEL, Action.WAIVE), ("撤销 1", "免办 1")),
}


@pytest.mark.parametrize("name", MIXED)
def test_of_two_opposite_decisions_at_once_only_the_first_holds(store: Store, tmp_path: Path, name: str) -> None:
    before, actions, words = MIXED[name]
    race = Race(store, tmp_path)
    race.hears(*(race.says(ECONOMY, A, text) for _where, text in before))

    answers = race.at_once([race.says(ROOM, who, words[place % 2]) for place, who in enumerate(COORDINATORS)])

    (entry,) = race.entries(*actions)
    row = race.row()
    assert (row.closed_at is not None) == (row.state is State.CLOSED)
    assert race.pending_extensions() == []
    told_who_was_first(answers, entry.who)
    race.is_whole()


def test_what_is_taken_back_is_not_verified_too(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    race.hears(race.says(ECONOMY, A, "办结 1"))
    report = race.entries(Action.REPORT)[0]
    row = race.row()

    answers = race.at_once([
        race.says(ECONOMY, A, press=f"u:{report.id}"), race.says(ECONOMY, A, press=f"u:{report.id}"),
        *(race.says(ROOM, who, press=f"v:{row.id}:{row.version}") for who in COORDINATORS[:3]),
    ])  # fmt: skip

    (entry,) = race.entries(Action.UNDO, Action.VERIFY)
    assert race.row().state is (State.PENDING if entry.action is Action.UNDO else State.CLOSED)
    assert sum(f"已由{entry.who}于" in one.text for one in answers) == 4
    race.is_whole()
