"""Whose words are kept: of who has a place here and speaks to the bot, also where handling them makes us fail; nobody else's."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

import bot.inbound.inbox
from bot.channels.incoming import File, Incoming
from bot.dialogue import handle
from bot.dialogue.room import lists
from bot.inbound import looking
from bot.inbound.inbox import UNHEARD, Inbox
from db.models import Inbound, Notice
from db.words import Rank
from jobs.ports import Abilities
from tests.harness.story import ECONOMY, ROOM, Story, task

STRANGER, MEMBER, COORDINATOR = "路人", "张工", "王协调"
ALONE, UNBOUND = "私聊", "别的群"
PLACES = (ECONOMY, ROOM, UNBOUND, ALONE)
SAID = (
    ("我的任务", False),
    ("状态", False),
    ("A-1 已办结", True),
    ("今天王某请假看病", True),
    ("绑定 ABCDEFGHJK", False),
)
"""What is said, and whether a file comes with it; the last is a code that nobody was given."""


class Listener:
    """A campaign runs, and the service brings all that is said in its groups."""

    def __init__(self, folder: Path) -> None:
        self.story = Story(folder)
        self.story.begins("2022-06-06 09:00", task(1, "2022-06-30"))
        self.story.appoints(COORDINATOR, Rank.COORDINATOR)
        self.story.forget()
        stage = self.story.stage
        self.inbox = Inbox(stage.store, stage.desk, {"console": Abilities(overhears=True)})

    def hears(self, who: str, where: str, text: str, *, to_us: bool, file: bool) -> Inbound:
        """Take what somebody says, and return what is kept of it."""
        spoken = Incoming("console", self.story.number(), where, where, who, who, text, private=where == ALONE)
        spoken = replace(spoken, addressed=to_us and where != ALONE)
        files = (File("病历.pdf", spoken.external_id.encode()),) if file else ()
        self.inbox.take(replace(spoken, files=files), self.story.stage.clock.now())
        with self.story.store.read() as session:
            return session.exec(select(Inbound).where(Inbound.external_id == spoken.external_id)).one()

    def answers(self) -> int:
        """Return how many messages the bot has for anybody."""
        with self.story.store.read() as session:
            return session.exec(select(func.count()).select_from(Notice)).one()

    @property
    def archived(self) -> list[Path]:
        """The files that are kept."""
        return [
            path for path in self.story.stage.desk.archive.path("0" * 64).parent.parent.rglob("*") if path.is_file()
        ]


@pytest.fixture(scope="module")
def listener(tmp_path_factory: pytest.TempPathFactory) -> Listener:
    return Listener(tmp_path_factory.mktemp("private"))


def breaks(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Let us fail at one place on the way of an update."""

    def fails(*_any: Any, **_named: Any) -> None:
        raise RuntimeError("a fault of ours")

    recorded, calls = bot.inbound.inbox._recorded, []

    def fails_once(*values: Any) -> Any:
        calls.append(values)
        return fails() if len(calls) == 1 else recorded(*values)

    places: dict[str, tuple[Any, str, Any]] = {
        "looking": (looking, "look", fails), "reading": (lists, "read_ahead", fails),
        "acting": (handle, "handle", fails), "recording": (bot.inbound.inbox, "_recorded", fails_once),
    }  # fmt: skip
    if where in places:
        monkeypatch.setattr(*places[where])


@pytest.mark.parametrize("fault", ["none", "looking", "reading", "acting", "recording"])
@pytest.mark.parametrize("to_us", [True, False])
@pytest.mark.parametrize("where", PLACES)
@pytest.mark.parametrize("who", [STRANGER, MEMBER, COORDINATOR])
def test_words_are_kept_of_who_has_a_place_and_speaks_to_us_alone(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, who: str, where: str, to_us: bool, fault: str
) -> None:
    heard = to_us or where == ALONE
    has_a_place = where in (ECONOMY, ROOM) or who == COORDINATOR
    for text, file in SAID:
        before, files = listener.answers(), listener.archived
        with monkeypatch.context() as patched:
            breaks(patched, fault)
            kept = listener.hears(who, where, text, to_us=to_us, file=file)
        if not heard:
            assert (kept.outcome, kept.chat_id, kept.person_id) == (UNHEARD, None, None)
            assert listener.answers() == before, "private talk is passed on to nobody, and answered by nobody"
        if not (heard and has_a_place):
            assert (kept.words["text"], kept.words["files"]) == ("", [])
            assert kept.words.get("files_kept", []) == []
            assert listener.archived == files
        elif text != SAID[-1][0] and where != UNBOUND:
            assert kept.words["text"] == text
            assert len(listener.archived) == len(files) + file
