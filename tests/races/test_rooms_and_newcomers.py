"""Broadcasts, drafts and codes at the same moment; new people in several chats; ids that no store can keep."""

import contextlib
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from bot.channels.incoming import Incoming
from bot.dialogue import access
from db import register
from db.models import Account, Broadcast, Inbound, Person
from db.session import Store
from db.words import NoticeKind
from tests.harness.races import COORDINATORS, NOW, PATIENCE, Race
from tests.harness.story import ROOM


@pytest.mark.parametrize(("first", "press"), [("确认发出", "B"), ("取消", "Q")])
def test_a_broadcast_is_confirmed_or_cancelled_by_one(store: Store, tmp_path: Path, first: str, press: str) -> None:
    race = Race(store, tmp_path)
    race.hears(race.says(ROOM, COORDINATORS[0], "群发 全部 今晚有暴雨"))
    with store.read() as session:
        number = session.exec(select(Broadcast.id)).one()
    answers = race.at_once([race.says(ROOM, who, press=f"{press}:{number}") for who in COORDINATORS])
    with store.read() as session:
        made = session.get_one(Broadcast, number)
    winner = made.sent_by or made.closed_by
    assert len(race.notices(NoticeKind.BROADCAST)) == (first == "确认发出")
    assert all(f"已由{winner}于6月1日10:00" in one.text for one in answers if one.who != winner)


def test_a_draft_is_started_or_dropped_by_one(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path, activated=False)
    answers = race.at_once([
        race.says(ROOM, who, press=f"{'GD'[place % 2]}:{race.campaign}:0") for place, who in enumerate(COORDINATORS)
    ])  # fmt: skip
    (entry,) = race.entries("启动", "放弃导入")
    for one in answers:
        assert one.who == entry.who or entry.who in one.text, one
    race.is_whole()


def test_of_coordinators_who_remove_each_other_at_once_one_stays(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = Race(store, tmp_path)
    with store.write() as session:
        first, second, *others = register.coordinators(session)
        for other in others:
            register.dismiss(session, other, None, NOW)
        numbers = (first.id, second.id)
    both, plain = threading.Barrier(2), access.to_dismiss

    def judged(*asked: Any) -> Person:
        person = plain(*asked)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(PATIENCE)
        return person

    monkeypatch.setattr(access, "to_dismiss", judged)
    race.at_once([
        race.says(ROOM, who, press=f"W:{number}") for who, number in zip(COORDINATORS, numbers[::-1], strict=False)
    ])  # fmt: skip
    with store.read() as session:
        assert len(register.coordinators(session)) == 1


def test_a_new_person_in_six_chats_at_once_is_one_person(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    answers = race.at_once([race.says(f"群{number}", "新来的", "@督办 你好") for number in range(6)])
    assert not [one for one in answers if one.outcome == "fault"]
    with store.read() as session:
        assert session.exec(select(func.count()).select_from(Account).where(Account.external_id == "新来的")).one() <= 1


def test_six_strangers_in_a_new_group_at_once_are_heard(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    answers = race.at_once([race.says("新群", f"路人{number}", "@督办 你好") for number in range(6)])
    assert not [one for one in answers if one.outcome == "fault"]


@pytest.mark.parametrize(
    "field", ["external_id", "chat", "person", "message_id", "reply_to", "album", "chat_title", "person_name"]
)
@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b", "长" * 100_000])
def test_what_no_store_can_keep_is_bounded_and_cleaned_and_heard_once(
    store: Store, tmp_path: Path, field: str, bad: str
) -> None:
    race = Race(store, tmp_path)
    plain = {"channel": "console", "external_id": "x1", "chat": ROOM, "chat_title": ROOM, "person": COORDINATORS[0],
             "person_name": COORDINATORS[0], "text": "状态", "addressed": True}  # fmt: skip
    said = Incoming(**{**plain, field: bad})  # type: ignore[arg-type]
    first, second = race.inbox.take(said, NOW), race.inbox.take(said, NOW)
    assert first.outcome != "fault"
    assert second.outcome == "repeated"
    with store.read() as session:
        assert session.exec(select(func.count()).select_from(Inbound)).one() == 1


def test_two_ids_that_are_too_long_stay_two() -> None:
    one, other = (Incoming("console", "长" * 300 + end, "c", "c", "p", "p") for end in "ab")
    assert one.external_id != other.external_id
    assert len(one.external_id) < 200
