"""Keeping: a backup is one moment, restores byte for byte on both databases, and is refused rather than half made;
the audit finds what was changed by hand."""

import errno
import hashlib
import shutil
import sqlite3
import threading
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, text
from sqlmodel import Session, SQLModel, col, select

from db import audit, backup, history, ledger, migrate, register, stated
from db.archive import Archive
from db.backup import back_up, restore
from db.bodies import DigestBody
from db.copying import Content, contents, copy_rows, stored_tables
from db.history import Actor
from db.ledger import Which, acts
from db.ledger.acts import Act
from db.models import Assignment, Campaign, Evidence, History, Milestone, Notice, NoticeItem, Step, Task, Unit
from db.register import RegisterError, merging
from db.session import Store, StoreError
from db.words import UNENDED, Action, DeadlineKind, NoticeKind, PastChoice, Role, State
from jobs.campaigns import correction
from jobs.campaigns.activation import activate
from jobs.campaigns.expansion import expand_unit
from jobs.campaigns.import_ import add_assignment, import_document
from jobs.campaigns.lists import ListFile
from jobs.campaigns.recurring import roll_periods
from jobs.campaigns.revision import revise
from jobs.desk import Desk
from jobs.notices.render import environment
from jobs.notices.views import LAMPS
from jobs.ports import Abilities
from jobs.reading.document import Document, TaskRead
from jobs.routine import Routine
from tests.harness.stores import Databases
from tests.harness.story import ECONOMY, EMERGENCY, ENVIRONMENT, Story, at, task

NOW = at("2022-06-20 10:00")

BY = Actor("王协调")

Fresh = Callable[[], Store]


@pytest.fixture
def fresh(request: pytest.FixtureRequest, empty_store: Store, tmp_path: Path) -> Iterator[Fresh]:
    """Make further empty databases of the kind that the test has."""
    made: list[Store] = []

    def make() -> Store:
        number = len(made)
        if empty_store.dialect == "sqlite":
            made.append(Store(f"sqlite:///{tmp_path / f'fresh{number}.db'}"))
        else:
            made.append(Store(request.getfixturevalue("postgresql").new()))
        return made[-1]

    yield make
    for store in made:
        store.close()


class Life:
    """A campaign that has been running: answers, evidence, an extension, a closing; told once, for tests to copy."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        story = Story(folder)
        story.begins(
            "2022-06-01 09:00", task(1, "2022-06-30"), task(2, "2022-06-30", responsible=(EMERGENCY,)), task(3, None)
        )
        group = story.group(ECONOMY)
        group.says("收到 1")
        group.says("办结 1", file="照片.jpg")
        group.says("延期 2 到7月15日，因设备到货推迟")
        story.room.says("核查 1", who="王协调")
        story.until("2022-06-27 12:00")
        self._told: Store = story.store

    def kept_in(self, store: Store) -> None:
        migrate.upgrade(store)
        with self._told.snapshot() as reading, store.write() as writing:
            copy_rows(reading, writing, SQLModel.metadata.sorted_tables)
        store.close()

    @cached_property
    def file(self) -> Path:
        """The life as a file of SQLite."""
        path = self.folder / "life.db"
        self.kept_in(Store(f"sqlite:///{path}"))
        return path

    def database(self, databases: Databases) -> str:
        """The life as a database of PostgreSQL; return its name."""
        if self._database is None:
            store = Store(databases.new())
            self.kept_in(store)
            self._database = store.engine.url.database
        return str(self._database)

    _database: str | None = None


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Life:
    return Life(tmp_path_factory.mktemp("life"))


@pytest.fixture
def lived_in(request: pytest.FixtureRequest, empty_store: Store, life: Life, tmp_path: Path) -> Iterator[Store]:
    """A store of each kind in which a campaign has been running, and the files that it names."""
    shutil.copytree(life.folder, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("life.db*"))
    if empty_store.dialect == "sqlite":
        shutil.copy(life.file, str(empty_store.engine.url.database))
        yield empty_store
        return
    databases: Databases = request.getfixturevalue("postgresql")
    store = Store(databases.new(life.database(databases)))
    yield store
    store.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Where the story's evidence is kept."""
    return Archive(tmp_path)


def held(store: Store) -> dict[str, Content]:
    with store.read() as session:
        return contents(session, stored_tables(session))


def handed_in(store: Store) -> str:
    with store.read() as session:
        return session.exec(select(Evidence.sha256)).first() or ""


def test_a_backup_restores_row_for_row_and_its_backup_equals_the_first(
    lived_in: Store, archive: Archive, fresh: Fresh, tmp_path: Path
) -> None:
    written = back_up(lived_in, archive, tmp_path / "first.zip")
    assert (written.version, written.files > 0) == (migrate.head(), True)
    again, elsewhere = fresh(), Archive(tmp_path / "elsewhere")
    assert restore(tmp_path / "first.zip", again, elsewhere) == written
    assert held(again) == held(lived_in)
    assert held(again)["evidence"].rows == 1
    back_up(again, elsewhere, tmp_path / "second.zip")
    assert unzipped(tmp_path / "first.zip") == unzipped(tmp_path / "second.zip")
    migrate.check(again)


def unzipped(path: Path) -> dict[str, Any]:
    """Return what a backup holds: the rows of each table, and the bytes of each file."""
    with zipfile.ZipFile(path) as zipped:
        found: dict[str, Any] = {name: zipped.read(name) for name in zipped.namelist() if name != "duban.db"}
        (path.parent / "unzipped.db").write_bytes(zipped.read("duban.db"))
    with sqlite3.connect(path.parent / "unzipped.db") as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found[table] = sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
    connection.close()
    return found


def test_what_is_new_after_a_restore_is_numbered_on(
    lived_in: Store, archive: Archive, fresh: Fresh, tmp_path: Path
) -> None:
    back_up(lived_in, archive, tmp_path / "b.zip")
    again = fresh()
    restore(tmp_path / "b.zip", again, archive)
    with again.write() as session:
        highest = max(session.exec(select(Unit.id)))
        assert register.ensure_unit(session, "省文化和旅游厅").id == highest + 1
        history.append(session, 1, NOW, "报进展", Actor("张工"))
    with again.read() as session:
        assert list(history.audit(session, 1)) == []


def test_a_backup_taken_while_people_talk_is_one_moment(
    lived_in: Store, archive: Archive, fresh: Fresh, tmp_path: Path
) -> None:
    with lived_in.read() as session:
        numbers = list(session.exec(select(Assignment.id).order_by(col(Assignment.id))))
    begun, over = threading.Barrier(4), threading.Event()

    def talk(person: int) -> None:
        begun.wait(10)
        for turn in range(300):
            if over.is_set():
                return
            with lived_in.write() as session:
                unit = register.ensure_unit(session, f"第{person}组第{turn}单位")
                one = session.get_one(Assignment, numbers[person])
                one.via_unit_id = unit.id
                acts.perform(session, one, Act(Action.CORRECT, words=f"{turn}"), Actor("王协调"), NOW)

    people = [threading.Thread(target=talk, args=(person,)) for person in range(3)]
    for person in people:
        person.start()
    begun.wait(10)
    try:
        for number in range(2):
            back_up(lived_in, archive, tmp_path / f"{number}.zip")
    finally:
        over.set()
        for person in people:
            person.join(30)
    for number in range(2):
        restore(tmp_path / f"{number}.zip", fresh(), archive)


def test_a_restore_into_a_store_with_anything_in_it_is_refused(
    lived_in: Store, archive: Archive, fresh: Fresh, tmp_path: Path
) -> None:
    back_up(lived_in, archive, tmp_path / "b.zip")
    before = held(lived_in)
    with pytest.raises(StoreError, match="只能恢复到空库"):
        restore(tmp_path / "b.zip", lived_in, archive)
    assert held(lived_in) == before
    foreign = fresh()
    with foreign.write() as session:
        session.execute(text("CREATE TABLE theirs (id INTEGER)"))
    with pytest.raises(StoreError, match="别的程序"):
        restore(tmp_path / "b.zip", foreign, archive)
    migrated = fresh()
    migrate.upgrade(migrated)
    restore(tmp_path / "b.zip", migrated, archive)
    assert held(migrated) == before


@pytest.mark.parametrize("version", ["0001", "0003"])
def test_a_store_is_backed_up_before_it_is_migrated(
    version: str, empty_store: Store, archive: Archive, fresh: Fresh, tmp_path: Path
) -> None:
    migrate.upgrade(empty_store, version)
    with empty_store.write() as session:
        session.execute(text("INSERT INTO person (id, name) VALUES (7, '张工')"))
        session.execute(text("INSERT INTO unit (id, name, collective) VALUES (3, '省经信厅', false)"))
        session.execute(
            text(
                "INSERT INTO campaign (id, title, status, letter, timezone, source_name, source_hash, problems,"
                " history_count, history_head) VALUES (1, '测', 'draft', 'A', 'Asia/Shanghai', 'x', 'x', '[]', 0, '')"
            )
        )
    assert back_up(empty_store, archive, tmp_path / "old.zip").version == version
    again = fresh()
    assert restore(tmp_path / "old.zip", again, archive).version == version
    assert held(again) == held(empty_store)
    assert migrate.upgrade(again)
    with again.read() as session:
        assert session.exec(select(Unit.name)).all() == ["省经信厅"]


def test_a_backup_of_a_newer_version_is_refused(
    lived_in: Store, archive: Archive, fresh: Fresh, tmp_path: Path
) -> None:
    back_up(lived_in, archive, tmp_path / "b.zip")
    edit_backup(tmp_path / "b.zip", "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="更新版本"):
        restore(tmp_path / "b.zip", fresh(), archive)


def edit_backup(path: Path, *statements: str, leave_out: str = "", add: str = "") -> None:
    """Change a backup by hand, as nobody should."""
    with zipfile.ZipFile(path) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist() if not leave_out or leave_out not in name}
    database = path.parent / "edited.db"
    database.write_bytes(files["duban.db"])
    with sqlite3.connect(database) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    files["duban.db"] = database.read_bytes()
    with zipfile.ZipFile(path, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)
        if add:
            zipped.writestr(add, b"x")


def test_a_backup_that_was_tampered_with_leaves_the_store_empty(
    lived_in: Store, archive: Archive, fresh: Fresh, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.zip"
    back_up(lived_in, archive, whole)
    again = fresh()
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"statements": ("UPDATE assignment SET state = 'waived', version = version + 1",)}, "状态与记录不符"),
        ({"statements": ("DELETE FROM history WHERE seq = 3",)}, "第 3 条缺失"),
        ({"leave_out": "evidence/"}, "文件缺失"),
        ({"add": "../etc/passwd"}, "不属于备份"),
        ({"add": f"evidence/ab/ab{'0' * 62}"}, "内容不符"),
    )
    for number, (change, why) in enumerate(cases):
        tampered = tmp_path / "tampered.zip"
        tampered.write_bytes(whole.read_bytes())
        edit_backup(tampered, *change.pop("statements", ()), **change)
        with pytest.raises(StoreError, match=why):
            restore(tampered, again, Archive(tmp_path / f"elsewhere{number}"))
        assert migrate.current(again) is None
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:2000])
    with pytest.raises(StoreError, match="不是完整的备份"):
        restore(cut, again, archive)


def test_a_store_that_is_not_whole_is_told_of_and_backed_up_only_when_that_is_known(
    lived_in: Store, archive: Archive, fresh: Fresh, tmp_path: Path
) -> None:
    path = archive.path(handed_in(lived_in))
    picture = path.read_bytes()
    path.write_bytes(b"another picture")
    with pytest.raises(StoreError, match=r"佐证“照片\.jpg”.*内容被改动"):
        back_up(lived_in, archive, tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()
    kept = back_up(lived_in, archive, tmp_path / "b.zip", faulty=True)
    assert [fault for fault in kept.faults if "照片.jpg" in fault]
    restored = restore(tmp_path / "b.zip", fresh(), Archive(tmp_path / "elsewhere"), faulty=True)
    assert restored.rows == kept.rows
    archive.keep(picture)  # the story's own audit wants it whole


def test_a_backup_that_fails_leaves_nothing_behind(
    lived_in: Store, archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    def full(*_arguments: Any) -> set[str]:
        (folder / next(folder.iterdir()) / "half.zip").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(backup, "_pack", full)
    with pytest.raises(OSError, match="No space"):
        back_up(lived_in, archive, folder / "b.zip")
    assert list(folder.iterdir()) == []


def test_a_copy_differs_by_any_value(lived_in: Store) -> None:
    before = held(lived_in)
    with lived_in.write() as session:
        session.exec(select(History).where(History.seq == 2)).one().words = "别的话"
    after = held(lived_in)
    assert [name for name in before if before[name] != after[name]] == ["history"]


def test_a_damaged_file_is_whole_again_when_it_is_handed_in_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    digest = archive.keep(b"a picture")
    archive.path(digest).write_bytes(b"a pic")
    assert archive.damage(digest) == "内容被改动或不全"
    assert archive.keep(b"a picture") == digest
    assert archive.path(digest).read_bytes() == b"a picture"
    assert list(archive.kept()) == [digest]
    assert [path.name for path in archive.path(digest).parent.iterdir()] == [digest]


def test_a_refused_restore_leaves_the_archive_as_it_was(
    lived_in: Store, archive: Archive, fresh: Fresh, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(lived_in, archive, tmp_path / "b.zip")
    elsewhere = Archive(tmp_path / "elsewhere")
    there = elsewhere.keep(b"somebody else's")
    with pytest.raises(StoreError, match="只能恢复到空库"):
        restore(tmp_path / "b.zip", lived_in, elsewhere)
    assert list(elsewhere.kept()) == [there]

    def fails(*_arguments: Any) -> int:
        assert len(list(elsewhere.kept())) > 1, "the files come before the rows that name them"
        raise StoreError("复制后的内容与原库不一致")

    monkeypatch.setattr(backup, "_moved", fails)
    with pytest.raises(StoreError, match="不一致"):
        restore(tmp_path / "b.zip", fresh(), elsewhere)
    assert list(elsewhere.kept()) == [there]


def with_list(empty_store: Store, content: bytes, archive: Archive) -> tuple[Store, Path]:
    """Import a list into a new store; return where the file as published is kept."""
    migrate.upgrade(empty_store)
    with empty_store.write() as session:
        import_document(
            session, Document("安全行动方案", 2022, "", None, (task(1, "2022-06-30"),)), name="方案.docx",
            sha256=archive.keep(content), timezone="Asia/Shanghai", today=NOW.date(), now=NOW, actor=Actor("王协调"),
        )  # fmt: skip
    return empty_store, archive.path(hashlib.sha256(content).hexdigest())


def test_the_list_as_published_is_audited_and_no_backup_is_made_without_it(
    empty_store: Store, archive: Archive, fresh: Fresh, tmp_path: Path
) -> None:
    store, path = with_list(empty_store, b"as published", archive)
    assert found(store, archive) == []
    back_up(store, archive, tmp_path / "whole.zip")
    for content, damage in ((b"another list", "内容被改动或不全"), (None, "文件缺失")):
        path.write_bytes(content) if content else path.unlink()
        (fault,) = found(store, archive)
        assert fault.startswith("《安全行动方案》的原文件“方案.docx”")
        assert fault.endswith(damage)
        with pytest.raises(StoreError, match=rf"《安全行动方案》的原文件“方案\.docx”.*{damage}"):
            back_up(store, archive, tmp_path / "b.zip")
    elsewhere = Archive(tmp_path / "elsewhere")
    restore(tmp_path / "whole.zip", fresh(), elsewhere)
    assert elsewhere.damage(path.name) is None
    archive.keep(b"as published")
    assert found(store, archive) == []


def test_a_campaign_that_names_another_list_than_the_record_is_found(empty_store: Store, archive: Archive) -> None:
    store, _path = with_list(empty_store, b"as published", archive)
    with store.write() as session:
        session.get_one(Campaign, 1).source_hash = archive.keep(b"another list")
    assert found(store, archive) == ["专项原文件与记录不符（台账：方案.docx；记录：方案.docx）"]


def test_a_list_that_an_earlier_version_never_kept_is_told_and_hinders_no_backup(
    empty_store: Store, archive: Archive, tmp_path: Path
) -> None:
    migrate.upgrade(empty_store)
    digest = hashlib.sha256(b"as published").hexdigest()
    with empty_store.write() as session:
        session.add(
            Campaign(title="旧行动", letter="A", timezone="Asia/Shanghai", source_name="旧.docx", source_hash=digest)
        )
        session.flush()
        history.append(session, 1, NOW, "导入", Actor("王协调"), after={"tasks": 0, "source": "旧.docx"})
    assert found(empty_store, archive) == []
    with empty_store.read() as session:
        (told,) = audit.never_kept(session, archive)
    assert told.startswith("《旧行动》的原文件“旧.docx”没有存")
    assert back_up(empty_store, archive, tmp_path / "b.zip").faults == ()
    archive.keep(b"as published")
    with empty_store.read() as session:
        assert audit.never_kept(session, archive) == []
    archive.path(digest).write_bytes(b"another list")
    assert found(empty_store, archive) == [f"《旧行动》的原文件“旧.docx”（{digest[:12]}）：内容被改动或不全"]


# ---------------------------------------------------------------- the audit


def found(store: Store, archive: Archive) -> list[str]:
    """Return everything that the audit finds."""
    with store.snapshot() as session:
        faults = [fault for number, _count in audit.campaigns(session) for fault in audit.of_campaign(session, number)]
        return faults + list(audit.of_archive(audit.named_files(session, archive), archive))


LAST = "(SELECT max(seq) FROM history)"

FORGERIES = (
    (
        "UPDATE assignment SET state = 'closed', closed_at = '2022-06-25 00:00:00' WHERE id = 2",
        "状态与记录不符（台账：已销号；记录：",
    ),
    ("UPDATE assignment SET due = '2022-12-31' WHERE id = 3", "期限与记录不符（台账：2022-12-31；记录："),
    ("UPDATE assignment SET percent = 100 WHERE id = 2", "进度与记录不符（台账：100；记录：无）"),
    ("UPDATE assignment SET state = 'closed', closed_at = '2022-06-25 00:00:00' WHERE id = 1", "销号时间与记录不符"),
    ("UPDATE assignment SET acknowledged_by = '李工' WHERE id = 1", "签收人与记录不符（台账：李工；记录：张工）"),
    ("UPDATE assignment SET acknowledged_at = NULL WHERE id = 1", "签收时间与记录不符"),
    ("UPDATE assignment SET version = 0 WHERE id = 1", "办理次数少于记录"),
    ("UPDATE assignment SET state = 'levitating' WHERE id = 2", "状态与记录不符（台账：未知（levitating）"),
    ("DELETE FROM evidence", "佐证“照片.jpg”已不在台账中"),
    ("UPDATE history SET erased = true, who = '别人', words = '别的话' WHERE seq = 3", "标为已删除，却又写有"),
    (f"DELETE FROM history WHERE seq = {LAST}", "末尾缺失"),
    ("DELETE FROM history WHERE seq = 3", "第 3 条缺失"),
    ("UPDATE history SET words = '别的话' WHERE seq = 3", "姓名或文字被改动"),
    (
        f"UPDATE history SET erased = true, who = '{history.ERASED}', words = '' WHERE seq = 3",
        "第 3 条的姓名和文字被抹去，记录中没有载明由谁删除",
    ),
    ("UPDATE task SET text = '别的任务' WHERE number = '1'", "〔A-1〕任务、节点的文字、成果或期限与记录不符"),
    ("UPDATE milestone SET due = '2022-12-31' WHERE code = 'A-2'", "〔A-2〕任务、节点的文字、成果或期限与记录不符"),
    ("UPDATE milestone SET deliverable = '初稿' WHERE code = 'A-3'", "〔A-3〕任务、节点的文字、成果或期限与记录不符"),
    ("UPDATE assignment SET role = 'assist' WHERE id = 2", "单位、角色、周期或原定期限与第 2 条记录不符"),
    ("UPDATE assignment SET unit_id = 2 WHERE id = 1", "单位、角色、周期或原定期限与第 2 条记录不符"),
    (
        "UPDATE assignment SET due = '2022-09-30', original_due = '2022-09-30' WHERE id = 3",
        "单位、角色、周期或原定期限与第 2 条记录不符",
    ),
    ("UPDATE assignment SET on_hold = true WHERE id = 2", "待定与记录不符（台账：是；记录：否）"),
    (
        "UPDATE assignment SET ladder_from = '2022-06-01' WHERE id = 2",
        "催办起算日与记录不符（台账：2022-06-01；记录：无）",
    ),
    (
        "INSERT INTO evidence (assignment_id, person_id, at, sha256, name, size)"
        " SELECT assignment_id, person_id, at, sha256, '另一张.jpg', size FROM evidence",
        "佐证“另一张.jpg”不在记录中",
    ),
)


def test_the_audit_finds_what_was_changed_by_hand(lived_in: Store, archive: Archive) -> None:
    assert found(lived_in, archive) == []
    unreadable = (("UPDATE assignment SET due = 'the day after' WHERE id = 2", "有一行无法读取"),)
    for statement, fault in FORGERIES + (unreadable if lived_in.dialect == "sqlite" else ()):
        with lived_in.read() as session:  # whose changes are never written
            session.execute(text(statement))
            faults = list(audit.of_campaign(session, 1))
        assert any(fault in one for one in faults), (statement, faults)


def drafted(empty_store: Store, *tasks: TaskRead) -> Store:
    """Import a list of three tasks of two units, or of ``tasks``, into a new store; it is a draft."""
    migrate.upgrade(empty_store)
    three = task(1, "2022-06-10"), task(2, "2022-07-31", responsible=(EMERGENCY,)), task(3, None)
    with empty_store.write() as session:
        import_document(
            session, Document("清单", 2022, "", None, tasks or three), name="清单", sha256="清单", timezone="Asia/Shanghai",
            today=NOW.date(), now=NOW, actor=BY,
        )  # fmt: skip
    return empty_store


def starts(store: Store, past: PastChoice = PastChoice.SUMMARY) -> None:
    with store.write() as session:
        activate(session, Desk(), session.get_one(Campaign, 1), past, BY, NOW)


def milestone(session: Session, code: str) -> Milestone:
    return session.exec(select(Milestone).where(Milestone.code == code)).one()


@pytest.mark.parametrize("running", [False, True])
def test_what_is_owed_can_neither_be_taken_away_nor_be_added_by_hand(
    running: bool, empty_store: Store, archive: Archive
) -> None:
    store = drafted(empty_store)
    if running:
        starts(store)
    assert found(store, archive) == []
    with store.read() as session:
        for table in (NoticeItem, Step):  # what the database itself would miss
            session.execute(delete(table))
        session.execute(text("DELETE FROM assignment WHERE id = 2"))
        assert list(audit.of_campaign(session, 1)) == [f"交办 2 已不在台账中（第 {1 + running} 条记录载有）"]
    with store.read() as session:
        add_assignment(
            session, 1, milestone(session, "A-1"), register.ensure_unit(session, ENVIRONMENT), Role.LEAD, None
        )
        assert list(audit.of_campaign(session, 1)) == [f"〔A-1〕{ENVIRONMENT}：交办不在记录中"]
    with store.read() as session:
        session.add(Task(campaign_id=1, position=4, key="4", number="4", section="", text="又一项"))
        assert list(audit.of_campaign(session, 1)) == ["〔4〕任务不在记录中"]


def test_a_change_by_hand_is_not_covered_up_by_a_correction_of_the_same_task(
    empty_store: Store, archive: Archive
) -> None:
    store = drafted(empty_store)
    with store.write() as session:
        milestone(session, "A-1").deliverable = "别的成果"
    with store.write() as session:
        one = milestone(session, "A-1")
        correction.text(session, session.get_one(Task, one.task_id), "改好的文字。", BY, NOW)
    assert found(store, archive) == ["〔A-1〕任务、节点在第 2 条记录之前已被改动"]


@pytest.mark.parametrize("begun", ["draft", "running", "running since an earlier version"])
def test_what_people_change_themselves_is_no_fault(
    begun: str, empty_store: Store, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = task(4, "2022-12-31", lead=("各成员单位",))
    monthly = task(5, None, kind=DeadlineKind.RECURRING, rule="FREQ=MONTHLY;BYMONTHDAY=-1")
    five = task(1, "2022-06-10"), task(2, "2022-07-31", responsible=(EMERGENCY,)), task(3, None), group, monthly
    running, old = begun != "draft", "earlier" in begun
    with monkeypatch.context() as earlier:
        for name in ("read_all", "afresh") if old else ():
            earlier.setattr(stated, name, lambda *_arguments: {})
        store = drafted(empty_store, *five)
        if running:
            starts(store)
    day = date(2022, 9, 30)
    with store.write() as session:
        for code in ("A-1", "A-3"):
            one = milestone(session, code)
            lines = ledger.lines(session, Which(UNENDED, milestone=one.id))
            correction.due(session, one, lines, day, "更正", BY, NOW)
            correction.deliverable(session, one, "报告", BY, NOW)
        correction.staff(session, milestone(session, "A-1"), Role.ASSIST, [ECONOMY, ENVIRONMENT], BY, NOW)
    assert found(store, archive) == []
    with store.write() as session:
        collective = register.get_unit(session, "各成员单位")
        collective.collective = True
        register.set_members(session, collective, ["甲局", "乙局"])
        assert expand_unit(session, collective, NOW) == 2
        double = register.ensure_unit(session, "甲局办")
        correction.add_unit(session, milestone(session, "A-2"), "甲局办", Role.ASSIST, BY, NOW)
        merging.merge(session, double, register.get_unit(session, "甲局"), BY, NOW)
    assert found(store, archive) == []
    new = (task(1, "2022-08-31", text="完成第1项工作，并报告。"), task(3, None, kind=DeadlineKind.RECURRING, rule="FREQ=MONTHLY"),
           task(6, "2022-11-30", lead=(EMERGENCY,)), monthly)  # fmt: skip
    with store.write() as session:
        listed = ListFile("修订稿", "修订", Document("清单", 2022, "", None, new))
        revise(session, session.get_one(Campaign, 1), listed, BY, NOW, over=True)
    assert found(store, archive) == []
    if not running:
        starts(store, PastChoice.ESCALATE)
    with store.write() as session:
        assert roll_periods(session, session.get_one(Campaign, 1), at("2023-05-20 09:00")) > 0
    assert found(store, archive) == []
    with store.read() as session:
        assert bool(list(audit.unchecked(session, 1))) == old


@pytest.mark.parametrize("past", [PastChoice.SUMMARY, PastChoice.ESCALATE])
def test_what_waited_for_a_decision_and_was_done_before_is_no_fault(
    past: PastChoice, empty_store: Store, archive: Archive
) -> None:
    store = drafted(empty_store)
    starts(store, past)
    with store.write() as session:
        lines = ledger.lines(session, Which(UNENDED, milestone=milestone(session, "A-1").id))
        correction.already_closed(session, lines, "启动前已办结", BY, NOW)
    assert found(store, archive) == []


def corrected(session: Session, code: str) -> None:
    one = milestone(session, code)
    lines = ledger.lines(session, Which(UNENDED, milestone=one.id))
    correction.due(session, one, lines, date(2022, 9, 30), "更正", BY, NOW)


def test_of_two_names_on_one_milestone_of_a_draft_the_one_stays_of_which_the_record_speaks(
    empty_store: Store, archive: Archive
) -> None:
    store = drafted(empty_store)
    with store.write() as session:
        correction.add_unit(session, milestone(session, "A-1"), "省经信厅办", Role.ASSIST, BY, NOW)
    with store.write() as session:
        doubled = register.get_unit(session, "省经信厅办")
        merging.merge(session, doubled, register.get_unit(session, ECONOMY), BY, NOW)
        (line,) = ledger.lines(session, Which(UNENDED, milestone=milestone(session, "A-1").id))
        assert (line.unit.name, line.assignment.role) == (ECONOMY, Role.ASSIST)
    assert found(store, archive) == []
    with store.write() as session:
        correction.add_unit(session, milestone(session, "A-3"), "省经信厅二办", Role.ASSIST, BY, NOW)
        corrected(session, "A-3")
        doubled = register.get_unit(session, "省经信厅二办")
        with pytest.raises(RegisterError, match="两处都更正过，不能合并"):
            merging.merge(session, doubled, register.get_unit(session, ECONOMY), BY, NOW)
    starts(store)
    assert found(store, archive) == []


def test_a_collective_of_a_draft_that_was_corrected_is_expanded(empty_store: Store, archive: Archive) -> None:
    store = drafted(empty_store, task(4, "2022-12-31", lead=("各成员单位",)))
    with store.write() as session:
        corrected(session, "A-4")
    with store.write() as session:
        collective = register.get_unit(session, "各成员单位")
        register.set_members(session, collective, ["甲局", "乙局"])
        assert expand_unit(session, collective, NOW) == 2
    assert found(store, archive) == []
    starts(store)
    assert found(store, archive) == []
    with store.read() as session:
        lines = ledger.lines(session, Which(UNENDED))
        assert {(line.unit.name, line.assignment.state) for line in lines} == {
            ("各成员单位", State.WAIVED), ("甲局", State.PENDING), ("乙局", State.PENDING),
        }  # fmt: skip


def test_who_erases_words_stands_in_the_record(lived_in: Store, archive: Archive) -> None:
    with lived_in.write() as session:
        person = register.people_named(session, "张工")[0]
        assert history.erase(session, person.id, Actor("王协调"), NOW) > 0
    assert found(lived_in, archive) == []
    with lived_in.read() as session:
        last = session.exec(select(History).order_by(col(History.seq).desc())).first()
        assert last is not None
        assert (last.event, last.who) == ("删除个人信息", "王协调")
        assert last.after["erased"]


def test_of_what_an_earlier_version_imported_the_audit_says_that_it_could_not_check_it(
    empty_store: Store, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        for name in ("read_all", "afresh"):
            earlier.setattr(stated, name, lambda *_arguments: {})
        store = drafted(empty_store)
        with store.write() as session:
            session.execute(text("UPDATE history SET erased = true, who = :who"), {"who": history.ERASED})
    with store.write() as session:
        milestone(session, "A-1").text = "被改动的"
        assert list(audit.unchecked(session, 1)) == [
            "3 项任务由旧版导入，记录中没有载明其文字、成果和期限",
            "4 项交办由旧版建立，记录中没有载明其单位、角色、周期和原定期限",
            "1 条记录的姓名和文字由旧版删除，记录中没有载明由谁删除",
        ]
    assert found(store, archive) == []
    starts(store)
    with store.read() as session:
        assert len(list(audit.unchecked(session, 1))) == 1
        milestone(session, "A-1").text = "又被改动的"
        assert list(audit.of_campaign(session, 1)) == ["〔A-1〕任务、节点的文字、成果或期限与记录不符"]


def test_the_audit_hashes_every_file(lived_in: Store, archive: Archive) -> None:
    path = archive.path(handed_in(lived_in))
    content = path.read_bytes()
    for change, fault in ((content[:-1], "内容被改动或不全"), (content + b"x", "内容被改动或不全"), (None, "文件缺失")):
        if change is None:
            path.unlink()
        else:
            path.write_bytes(change)
        (one,) = found(lived_in, archive)
        assert one.startswith("佐证“照片.jpg”")
        assert one.endswith(fault)
    archive.keep(content)
    assert found(lived_in, archive) == []


def test_a_rebuilt_or_shortened_chain_lacks_the_heads_that_a_digest_showed(lived_in: Store, archive: Archive) -> None:
    digest = publish(lived_in)
    assert found(lived_in, archive) == []
    with lived_in.read() as session:
        assert history.holds(session, 1, digest)
    with lived_in.write() as session:
        rebuild(session)
    assert found(lived_in, archive) == [f"2022-06-28要情所载的台账指纹 {digest} 已不在记录中：记录被重做或截短"]


def test_a_damaged_digest_is_a_fault_of_its_own_and_the_heads_of_the_others_are_compared(
    lived_in: Store, archive: Archive
) -> None:
    first = publish(lived_in)
    digest = publish(lived_in, "2022-06-29 09:00")
    with lived_in.write() as session:
        (damaged,) = session.exec(
            select(Notice).where(Notice.kind == NoticeKind.DIGEST, Notice.day == date(2022, 6, 28))
        )
        damaged.body_json, number = {"title": 7, "fingerprint": first}, damaged.id
        rebuild(session)
    assert found(lived_in, archive) == [
        f"第 {number} 条通知（每日要情）已损坏，所载的台账指纹未能核对",
        f"2022-06-29要情所载的台账指纹 {digest} 已不在记录中：记录被重做或截短",
    ]


def publish(store: Store, morning: str = "2022-06-28 09:00") -> str:
    """Let the morning's digest be told; return the fingerprint that it shows."""
    with store.write() as session:
        session.get_one(Campaign, 1).next_digest_at = at(morning)
    assert Routine(store, Desk()).digest(at(morning))
    with store.read() as session:
        told = session.exec(
            select(Notice).where(Notice.kind == NoticeKind.DIGEST).order_by(col(Notice.id).desc())
        ).first()
        assert told is not None
        lamps = {str(lamp): mark for lamp, mark in LAMPS.items()}
        words = (
            environment()
            .get_template("digest.j2")
            .render(body=told.body, today=NOW.date(), lamps=lamps, spoken=Abilities(limit=4096).spoken)
        )
    shown = told.body_as(DigestBody).fingerprint
    assert words.endswith(f"台账指纹 {shown}")
    return shown


def rebuild(session: Session) -> None:
    """Forge who reported, and make every digest of the chain fit again, as whoever can write to the store can."""
    previous = ""
    for entry in session.exec(select(History).order_by(col(History.seq))).all():
        entry.who = "别人" if entry.who == "张工" else entry.who
        entry.personal_digest = history._personal(entry.salt, entry.who, entry.words)
        entry.previous = previous
        previous = entry.digest = history._digest(entry)
    session.get_one(Campaign, 1).history_head = previous


def test_an_audit_keeps_a_long_record_out_of_memory(empty_store: Store, archive: Archive) -> None:
    empty_store.create_all()
    with empty_store.write() as session:
        session.add(Campaign(title="测", letter="A", timezone="Asia/Shanghai", source_name="x", source_hash="x"))
        session.flush()
        history.append(session, 1, NOW, "报进展", Actor("张工"), words="话" * 500)
        entry = session.exec(select(History)).one().model_dump(exclude={"id", "seq"})
        session.execute(insert(History), [{**entry, "seq": seq} for seq in range(2, 5000)])
    with empty_store.snapshot() as session:
        tracemalloc.start()
        try:
            assert sum(1 for _fault in audit.of_campaign(session, 1)) > 4000
            assert tracemalloc.get_traced_memory()[1] < 6_000_000
        finally:
            tracemalloc.stop()
