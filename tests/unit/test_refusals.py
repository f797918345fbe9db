"""Refusals: one line for the person, wherever it was refused, and nothing that was half done stays."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from bot.channels.incoming import Refused
from bot.cli.shell import _explain
from bot.dialogue import presses
from bot.dialogue.access import Denied
from bot.dialogue.turn import Turn
from bot.settings import SettingsError
from bot.terminal import Failure
from db import register
from db.bodies import ReplyBody
from db.ledger.acts import NotAllowed
from db.ledger.ending import EndingRefused
from db.models import Inbound, Notice, Unit
from db.register import RegisterError
from db.session import Store, StoreError
from db.words import Refusal, Unusable
from jobs.broadcasts import BroadcastRefused
from jobs.campaigns.activation import ActivationRefused
from jobs.campaigns.import_ import ImportRefused
from jobs.notices.press import Verb, button
from jobs.papers.signing import PaperRefused
from jobs.planning.policy import PolicyError
from jobs.reading.files import UnreadableFile
from tests.unit.test_effects import Room

FOR_THE_PERSON = (
    Denied, NotAllowed, RegisterError, BroadcastRefused, ActivationRefused, ImportRefused, UnreadableFile, PaperRefused, EndingRefused,
)  # fmt: skip
OURS = (StoreError, PolicyError, SettingsError, Refused)


@pytest.mark.parametrize("kind", [*FOR_THE_PERSON, *OURS, Failure])
def test_whatever_refuses_is_one_line_in_a_terminal(kind: type[Refusal]) -> None:
    assert _explain(kind("不行")) == ("不行", 1)


class Deed:
    """What a button does in a test: it leaves traces of every sort, and then something comes in between."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, turn: Turn, _what: int, _version: int) -> None:
        register.ensure_unit(turn.session, "半途单位")
        turn.reply("closed")
        turn.acted("办了一半")
        raise self.error


@pytest.fixture
def pressed(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], Room]:
    def press(error: Exception) -> Room:
        room = Room(store)
        monkeypatch.setitem(presses.VERBS, Verb.LET_BE, Deed(error))
        room.says("", press=button(Verb.LET_BE, 1).data)
        return room

    return press


@pytest.mark.parametrize("kind", FOR_THE_PERSON)
def test_what_was_half_done_when_it_was_refused_is_undone(
    kind: type[Refusal], pressed: Callable[[Exception], Room], store: Store
) -> None:
    pressed(kind("这样不行。"))
    with store.read() as session:
        assert session.exec(select(Unit).where(Unit.name == "半途单位")).first() is None
        assert [notice.body_as(ReplyBody).text for notice in session.exec(select(Notice))] == ["这样不行。"]
        assert [inbound.outcome for inbound in session.exec(select(Inbound))] == ["refused"]


def test_what_the_program_cannot_use_is_no_refusal_of_a_person(
    pressed: Callable[[Exception], Room], store: Store
) -> None:
    assert all(issubclass(kind, Unusable) for kind in OURS)
    pressed(PolicyError("策略不对"))
    with store.read() as session:
        assert [inbound.outcome for inbound in session.exec(select(Inbound))] == ["fault: PolicyError"]


def test_an_update_waits_for_a_store_that_cannot_be_used(pressed: Callable[[Exception], Room], store: Store) -> None:
    with pytest.raises(StoreError):
        pressed(StoreError("数据库用不了"))
    with store.read() as session:
        assert session.exec(select(Inbound)).all() == []


def test_of_several_things_the_one_that_is_refused_undoes_itself_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def several(turn: Turn, what: int, version: int) -> None:
        turn.reply("kept_apart", one="甲", other="乙")
        assert not turn.attempt(lambda: Deed(Denied("这样不行。"))(turn, what, version))
        turn.acted("办了")

    room = Room(store)
    monkeypatch.setitem(presses.VERBS, Verb.LET_BE, several)
    assert room.says("", press=button(Verb.LET_BE, 1).data).outcome == "kept_apart,refused"
    with store.read() as session:
        assert session.exec(select(Unit).where(Unit.name == "半途单位")).first() is None
