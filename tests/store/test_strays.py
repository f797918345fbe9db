"""Files that no row names: swept after a day, by number; what the program handed over in chats is let go with the words."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from db import outbox
from db.archive import Archive
from db.bodies import KeptFile, ReplyBody
from db.models import Broadcast, Chat, Message, Notice
from db.session import Store
from db.words import ChatRole, DeliveryState
from jobs import strays
from jobs.strays import HANDED_OVER_LASTS, Tidying
from tests.harness.races import NOW, Race

DAY = timedelta(days=1)


def keeps(race: Race, content: str, at: datetime = NOW) -> str:
    """Keep a file as if at that moment; return its hash."""
    sha256 = race.desk.archive.keep(content.encode())
    os.utime(race.desk.archive.path(sha256), (at.timestamp(), at.timestamp()))
    return sha256


def begun(store: Store, folder: Path) -> Race:
    """Begin with a store whose archive this is from its first day on."""
    race = Race(store, folder)
    strays.sweep(store, race.desk.archive, NOW)
    return race


def tidied(race: Race, now: datetime) -> list[str]:
    Tidying(race.store, race.desk.archive).tidy(now)
    return list(race.desk.archive.kept())


def test_what_became_nothing_goes_after_a_day_and_what_any_row_names_stays(store: Store, tmp_path: Path) -> None:
    race = begun(store, tmp_path)
    refused, kept, late = keeps(race, "身份证"), keeps(race, "附件"), keeps(race, "刚到", NOW + DAY)
    with store.write() as session:
        room = session.exec(select(Chat).where(Chat.role == ChatRole.COORDINATORS)).first()
        assert room is not None
        session.add(Broadcast(
            room_id=room.id, who="王协调", audience="全部", created_at=NOW, files=[{"sha256": kept, "name": "附件.docx"}],
        ))  # fmt: skip
    assert tidied(race, NOW + timedelta(hours=23)) == sorted((refused, kept, late)), "its message may be on its way"
    assert tidied(race, NOW + timedelta(hours=25)) == sorted((kept, late))


def test_a_name_in_a_text_that_this_program_does_not_know_to_be_a_files_is_one(store: Store, tmp_path: Path) -> None:
    race = begun(store, tmp_path)
    sha256 = keeps(race, "表")
    with store.write() as session:
        session.exec(select(Chat)).first().dead_why = f"见{sha256}"  # type: ignore[union-attr]
    assert tidied(race, NOW + 9 * DAY) == [sha256]


def test_a_store_beside_another_on_the_same_folder_takes_nothing_of_what_is_the_others(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    race = begun(store, tmp_path)
    sha256 = keeps(race, "佐证")
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    other.create_all()
    assert strays.sweep(other, race.desk.archive, NOW + 9 * DAY) == 0
    assert caplog.messages == ["strays-left files=1 why=another-store"]
    assert strays.sweep(store, race.desk.archive, NOW + 9 * DAY) == 1
    assert not race.desk.archive.has(sha256)


def test_an_archive_that_is_nobodys_yet_is_not_that_of_a_store_which_names_nothing_there(
    store: Store, tmp_path: Path
) -> None:
    race = Race(store, tmp_path)
    sha256 = keeps(race, "佐证")
    assert tidied(race, NOW + 9 * DAY) == [sha256]


def test_it_is_done_once_a_day(store: Store, tmp_path: Path) -> None:
    race = begun(store, tmp_path)
    tidying = Tidying(race.store, race.desk.archive)
    tidying.tidy(NOW)
    sha256 = keeps(race, "后来的", NOW - 9 * DAY)
    tidying.tidy(NOW + timedelta(hours=23))
    assert race.desk.archive.has(sha256)
    tidying.tidy(NOW + DAY)
    assert not race.desk.archive.has(sha256)


def test_a_table_that_was_handed_over_goes_with_the_words_of_conversations(store: Store, tmp_path: Path) -> None:
    race = begun(store, tmp_path)
    table, waits = keeps(race, "调度情况"), keeps(race, "台账")
    with store.write() as session:
        chat = session.exec(select(Chat)).first()
        assert chat is not None
        sent = outbox.answer(session, chat.id, ReplyBody("表：", files=(KeptFile(table, "表.xlsx"),)), NOW)
        sent.state = DeliveryState.SENT
        part = {"text": "表：", "file": {"sha256": table, "name": "表.xlsx"}}
        session.add(Message(notice_id=sent.id, part=0, chat_id=chat.id, sent=part))
        outbox.answer(session, chat.id, ReplyBody("台账：", files=(KeptFile(waits, "台账.xlsx"),)), NOW)
    assert tidied(race, NOW + HANDED_OVER_LASTS - DAY) == sorted((table, waits))
    assert tidied(race, NOW + HANDED_OVER_LASTS + DAY) == [waits], "what nobody has yet is not taken from under them"
    with store.read() as session:
        assert [notice.body for notice in session.exec(select(Notice).order_by(col(Notice.id)))][-2] == ReplyBody(
            "表："
        )
    assert strays.sweep(race.store, race.desk.archive, NOW + 400 * DAY) == 0


def test_what_is_kept_again_is_young_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.keep(b"x")
    os.utime(archive.path(sha256), (0, 0))
    archive.keep(b"x")
    assert not archive.sweep(sha256, datetime(2022, 6, 1, tzinfo=UTC))
    assert archive.damage(sha256) is None
    os.utime(archive.path(sha256), (0, 0))
    assert archive.sweep(sha256, datetime(2022, 6, 1, tzinfo=UTC))
    assert list(tmp_path.rglob(f"*{sha256}*")) == []
    assert not archive.sweep(sha256, datetime(2022, 6, 1, tzinfo=UTC))
