"""Files that no row names: swept after a day, by number; what the program handed over in chats is let go with the words."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from db import history, outbox
from db.archive import Archive
from db.bodies import KeptFile, ReplyBody
from db.history import SYSTEM
from db.models import Broadcast, Chat, History, Message, Notice
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


def made(path: Path) -> Store:
    """Make a store of its own."""
    store = Store(f"sqlite:///{path}")
    store.create_all()
    return store


def begun(store: Store, folder: Path) -> Race:
    """Begin with a store whose archive this is from its first day on."""
    race = Race(store, folder)
    strays.sweep(store, race.desk.archive, NOW)
    return race


def tidied(race: Race, now: datetime) -> list[str]:
    """Let each day be tidied up to that moment; return what is left."""
    tidying = Tidying(race.store, race.desk.archive)
    for day in range((now - NOW) // DAY, -1, -1):
        tidying.tidy(now - day * DAY)
    return list(race.desk.archive.kept())


def names(store: Store, sha256: str) -> None:
    """Let the store name a file."""
    with store.write() as session:
        room = session.exec(select(Chat).where(Chat.role == ChatRole.COORDINATORS)).one()
        session.add(Broadcast(
            room_id=room.id, who="王协调", audience="全部", created_at=NOW, files=[{"sha256": sha256, "name": "附件.docx"}],
        ))  # fmt: skip


def test_what_became_nothing_goes_after_a_day_and_what_any_row_names_stays(store: Store, tmp_path: Path) -> None:
    race = begun(store, tmp_path)
    refused, kept, late = keeps(race, "身份证"), keeps(race, "附件"), keeps(race, "刚到", NOW + DAY)
    names(store, kept)
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
    other = made(tmp_path / "other.db")
    assert strays.sweep(other, race.desk.archive, NOW + 9 * DAY) == 0
    assert caplog.messages[-1] == "strays-left files=1 why=another-store"
    assert strays.sweep(store, race.desk.archive, NOW + 9 * DAY) == 1
    assert not race.desk.archive.has(sha256)


def test_where_two_stores_name_files_in_one_folder_neither_takes_any(store: Store, tmp_path: Path) -> None:
    race = begun(store, tmp_path)
    second = Race(made(tmp_path / "other.db"), tmp_path)
    theirs, stray = keeps(race, "乙的佐证"), keeps(race, "没人要的")
    names(second.store, theirs)
    assert tidied(second, NOW + 2 * DAY) == sorted((theirs, stray))
    assert tidied(race, NOW + 9 * DAY) == sorted((theirs, stray))


def test_a_new_database_at_the_old_address_takes_nothing(tmp_path: Path) -> None:
    race = begun(made(tmp_path / "duban.db"), tmp_path)
    race.store.close()
    sha256 = keeps(race, "佐证")
    for file in tmp_path.glob("duban.db*"):
        file.unlink()
    empty = made(tmp_path / "duban.db")
    for days in range(9):
        assert strays.sweep(empty, race.desk.archive, NOW + days * DAY) == 0
    assert race.desk.archive.has(sha256)


def test_a_database_that_is_older_than_it_was_takes_nothing_also_once_it_has_caught_up(
    store: Store, tmp_path: Path
) -> None:
    race = begun(store, tmp_path)
    kept, since = keeps(race, "早先的"), keeps(race, "此后的")
    names(store, kept)
    own = race.desk.archive.mark()
    assert own is not None
    key, entries = own.split()
    race.desk.archive.marks(f"{key} {int(entries) + 1}")
    assert tidied(race, NOW + 2 * DAY) == sorted((kept, since))
    with store.write() as session:
        newest = session.exec(select(History).order_by(col(History.id).desc())).first()
        assert newest is not None
        history.append(session, newest.campaign_id, NOW, "调整", SYSTEM)
    assert tidied(race, NOW + 9 * DAY) == sorted((kept, since))


def test_nothing_goes_where_more_than_a_tenth_would(store: Store, tmp_path: Path) -> None:
    race = begun(store, tmp_path)
    few = [keeps(race, f"第{number}份") for number in range(strays.FEW)]
    one_more = keeps(race, "再一份")
    assert tidied(race, NOW + 2 * DAY) == sorted((*few, one_more))
    names(store, one_more)
    assert tidied(race, NOW + 4 * DAY) == [one_more]


def test_an_archive_that_is_nobodys_yet_is_not_swept_on_the_day_on_which_it_becomes_somebodys(
    store: Store, tmp_path: Path
) -> None:
    race = Race(store, tmp_path)
    sha256 = keeps(race, "佐证", NOW - 9 * DAY)
    assert tidied(race, NOW) == [sha256]
    assert tidied(race, NOW + DAY) == []


def test_a_clock_that_leapt_ahead_lets_nothing_go(store: Store, tmp_path: Path) -> None:
    race = begun(store, tmp_path)
    sha256 = keeps(race, "表")
    with store.write() as session:
        chat = session.exec(select(Chat)).first()
        assert chat is not None
        told = outbox.answer(session, chat.id, ReplyBody("表：", files=(KeptFile(sha256, "表.xlsx"),)), NOW)
        told.state = DeliveryState.SENT
    tidying = Tidying(store, race.desk.archive)
    tidying.tidy(NOW)
    tidying.tidy(NOW + 400 * DAY)
    assert race.desk.archive.has(sha256)


def test_what_a_crash_left_half_kept_or_half_taken_away_goes(store: Store, tmp_path: Path) -> None:
    race = begun(store, tmp_path)
    beside = race.desk.archive.path(keeps(race, "佐证"))
    left = [beside.with_suffix(".gone"), beside.with_suffix(".part")]
    for path in left:
        path.write_bytes(b"half")
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    Tidying(store, race.desk.archive).tidy(NOW + 2 * DAY)
    assert [path.name for path in left if path.exists()] == []


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
