"""What came of an update: the word for the log says what happened, and what the service must do next is said apart from it."""

from pathlib import Path

import pytest

from bot.channels.incoming import Incoming
from bot.dialogue import manners
from bot.dialogue.turn import Effect
from bot.inbound.inbox import Inbox
from bot.inbound.taken import Taken
from db import register
from db.session import Store
from db.words import ChatRole, Rank
from jobs.desk import Desk
from jobs.notices.press import Verb, button
from tests.unit.test_delivery import NOW

HOUSE = Path(__file__).resolve().parents[2]


class Room:
    """A coordinator in the room, and groups beside it."""

    def __init__(self, store: Store) -> None:
        self.store, self.inbox, self.count = store, Inbox(store, Desk()), 0
        with store.write() as session:
            for name in ("省经信厅", "市抗旱办", "市防汛办"):
                register.ensure_unit(session, name)
            register.bind_room(
                session, ChatRole.COORDINATORS, register.ensure_chat(session, "console", "room", "协调室")
            )
            self.group = register.ensure_chat(session, "console", "group", "某群").id
            person = register.person_of(session, "console", "王协调", "王协调")
            register.appoint(session, person, Rank.COORDINATOR, None, NOW)

    def says(self, words: str, chat: str = "room", who: str = "王协调", press: str | None = None) -> Taken:
        self.count += 1
        return self.inbox.take(
            Incoming("console", str(self.count), chat, chat, who, who, words, press, None, str(self.count)), NOW
        )


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store)


def test_what_was_done_is_not_logged_as_refused(room: Room) -> None:
    assert room.says(f"绑定 省经信厅 群号{room.group}").outcome == "bound_there"
    assert room.says("解绑 省经信厅").outcome == "unbound_there"
    assert room.says("解绑 省经信厅").outcome == "refused", "there was nothing left to unbind"
    assert room.says("不同单位 省经信厅 市抗旱办").outcome == "kept_apart"
    assert room.says("同一单位 市抗旱办 市防汛办").outcome == "merge_preview"
    with room.store.read() as session:
        numbers = [register.get_unit(session, name).id for name in ("市抗旱办", "市防汛办")]
    assert room.says("", press=button(Verb.MERGE, *numbers).data).outcome == "merged"
    assert room.says("", press=button(Verb.MERGE, *numbers).data).outcome == "refused"
    assert room.says("单位").outcome == "rows"
    assert room.says("", press=button(Verb.KEEP_PAPER, 1).data).outcome == "cancelled"
    assert room.says("", press=button(Verb.LET_BE, 1).data).outcome == "cancelled"


def test_menus_are_shown_anew_whenever_somebody_may_command_elsewhere(room: Room) -> None:
    with room.store.write() as session:
        code, _until = register.invite(session, Rank.LEADER, None, NOW, None, "李厅长")
    assert room.says(f"绑定 协调室 群号{room.group}").effects == {Effect.MENUS}
    private = Incoming("console", "p", "李厅长", "", "李厅长", "李厅长", f"绑定 {code}", private=True)
    assert room.inbox.take(private, NOW).effects == {Effect.MENUS}
    with room.store.read() as session:
        leader = register.find_person(session, "console", "李厅长")
    assert leader is not None
    asked = room.says("移除 李厅长")
    assert (asked.outcome, asked.effects) == ("ask_dismiss", {Effect.ASKS})
    assert Effect.MENUS in room.says("", press=button(Verb.DISMISS, leader.id).data).effects
    assert room.says("单位").effects == set()


def test_every_answer_that_asks_is_known_as_one() -> None:
    asked = {path.stem for path in (HOUSE / "templates/zh/reply").glob("ask_*.j2")} - {"ask_name"}
    assert asked | {"ask_drop"} == manners.ASKS, "ask_name wants nothing of what was pressed; ask_drop has no template"
