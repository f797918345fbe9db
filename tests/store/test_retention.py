"""What is kept of people once a campaign is over: gone by rule or on request, stated in a record that stays valid; and exported before."""

import asyncio
import json
import os
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from db import audit, history, outbox
from db.archive import Archive
from db.bodies import KeptFile, ReplyBody
from db.history import OPERATOR, SYSTEM, Actor
from db.ledger import ending
from db.models import Account, Assignment, Campaign, Evidence, Extension, GoneFile, Inbound, Message, Notice, Person
from db.session import Store
from db.words import CampaignStatus, DeliveryState, NoticeKind, PastChoice, Refusal
from jobs import retention, strays
from jobs.campaigns.activation import activate
from jobs.campaigns.import_ import import_document
from jobs.delivery.deliverer import Deliverer, at_once
from jobs.desk import Desk
from jobs.printed import bundle
from jobs.reading.document import Document
from jobs.routine import Routine
from tests.harness.races import CONTACTS, COORDINATORS, NOW, Race
from tests.harness.story import ECONOMY, task
from tests.unit.test_delivery import Service

WHO = CONTACTS[0]
DAYS = 100
END = NOW + timedelta(days=30)
AFTER = END + timedelta(days=DAYS + 1)


@pytest.fixture
def race(store: Store, tmp_path: Path) -> Race:
    """A campaign in which somebody wrote, asked for time and handed in a file, and that has ended."""
    told = Race(store, tmp_path)
    told.hears(told.says(ECONOMY, WHO, "A-1 完成七成，家里有事"))
    told.hears(told.says(ECONOMY, WHO, "问一下，家里人代交可以吗？"))
    told.hears(told.says(ECONOMY, "路过的人", "你好"))
    deliverer = Deliverer(store, {"console": Service()}, told.desk, "worker", at_once)
    while asyncio.run(deliverer.step(lambda: NOW + timedelta(hours=1))):
        pass
    with store.read() as session:
        person = session.exec(select(Person).where(Person.name == WHO)).one()
    hands_in(told, person, "病历.pdf")
    with store.write() as session:
        session.add(Extension(
            assignment_id=told.row().id, requested_by_id=person.id, requested_at=NOW, new_due=date(2022, 12, 30),
            words="家中老人住院",
        ))  # fmt: skip
        ending.end(session, session.get_one(Campaign, told.campaign), OPERATOR, END)
    return told


def hands_in(race: Race, person: Person, name: str, at: object = NOW, campaign: int | None = None) -> str:
    sha256 = race.desk.archive.keep(name.encode())
    number = campaign or race.campaign
    with race.store.write() as session:
        one = session.exec(select(Assignment).where(Assignment.campaign_id == number)).first()
        assert one is not None
        session.add(Evidence(assignment_id=one.id, person_id=person.id, at=at, sha256=sha256, name=name, size=1))
        history.append(
            session, number, NOW, "交佐证", Actor(WHO, person.id), assignment_id=one.id,
            after={"files": [name], "sha256": [sha256]},
        )  # fmt: skip
    return sha256


def everything(store: Store) -> str:
    """Return all that the store says, as one text."""
    with store.read() as session:
        rows = [
            row.model_dump(mode="json")
            for table in (Extension, Message, Notice, history.History)
            for row in session.exec(select(table))
        ]
    return json.dumps(rows, ensure_ascii=False)


def retained(race: Race, now: object = AFTER, days: int | None = DAYS) -> Routine:
    """Let the routine do what it does, with the clock going on by what it goes on by."""
    race.desk.keep_days = days
    routine = Routine(race.store, race.desk)
    moment = END
    while moment < now:  # type: ignore[operator]
        routine.retain(moment)
        moment += timedelta(days=6)
    while routine.retain(now):  # type: ignore[arg-type]
        pass
    return routine


def faults(race: Race) -> list[str]:
    with race.store.read() as session:
        found = list(audit.of_campaign(session, race.campaign))
        named = audit.named_files(session, race.desk.archive)
        return found + [line for line in audit.of_archive(named, race.desk.archive) if "佐证" in line]


def test_so_many_days_after_the_end_words_names_and_files_are_gone_and_the_chain_holds(race: Race) -> None:
    assert "老人住院" in everything(race.store)
    assert "家里人代交" in everything(race.store)
    assert "家里有事" in everything(race.store)
    assert faults(race) == []
    retained(race, END + timedelta(days=DAYS - 1))
    assert "老人住院" in everything(race.store), "not a day sooner"
    retained(race)
    left = everything(race.store)
    assert "老人住院" not in left
    assert "家里人代交" not in left
    assert "家里有事" not in left
    assert faults(race) == []
    assert list(race.desk.archive.kept()) == []
    with race.store.read() as session:
        entry = history.latest(session, race.campaign, "到期删除")
        assert entry is not None
        assert len(entry.after["gone"]) == 1
        told = [one.body.what for one in session.exec(select(Notice).where(Notice.kind == NoticeKind.FAILURE))]  # type: ignore[attr-defined]
    assert len(told) == 2, told
    assert [line for line in told if line.startswith("测试清单：") and "1个佐证文件" in line]
    assert [line for line in told if "1个已无身份的账号" in line]


def test_the_stranger_is_forgotten_and_who_has_a_rank_is_not(race: Race) -> None:
    retained(race)
    with race.store.read() as session:
        accounts = {one.external_id for one in session.exec(select(Account))}
    assert "路过的人" not in accounts
    assert {WHO, COORDINATORS[0]} <= accounts


def test_without_a_rule_nothing_goes(race: Race) -> None:
    before = everything(race.store)
    retained(race, days=None)
    assert everything(race.store) == before


def test_a_clock_that_leaps_takes_nothing(race: Race) -> None:
    race.desk.keep_days = DAYS
    routine = Routine(race.store, race.desk)
    routine.retain(END)
    routine.retain(END + timedelta(days=4000))
    assert "老人住院" in everything(race.store)


def test_a_file_that_another_campaign_has_as_well_stays_and_one_that_comes_again_is_missed_again(race: Race) -> None:
    with race.store.write() as session:
        done = retention.take(session, session.get_one(Campaign, race.campaign), OPERATOR, AFTER)
        retention.sweep(session, race.desk.archive)
        person = session.exec(select(Person).where(Person.name == COORDINATORS[0])).one()
    assert list(race.desk.archive.kept()) == []
    again = hands_in(race, person, "病历.pdf", AFTER + timedelta(days=1))
    assert done.files == (again,)
    race.desk.archive.drop(again)
    assert [line for line in faults(race) if "文件缺失" in line]


def another(race: Race, title: str, letter: str) -> int:
    """Begin another campaign with a task of the same unit; return its number."""
    listed = Document(title, 2022, "", None, (task(1, "2022-12-30", text=f"完成{title}"),))
    with race.store.write() as session:
        done = import_document(
            session, listed, name=title, sha256=letter * 64, timezone="Asia/Shanghai", today=date(2022, 6, 1), now=NOW,
            actor=SYSTEM,
        )  # fmt: skip
        activate(session, race.desk, done.campaign, PastChoice.SUMMARY, SYSTEM, NOW)
        return done.campaign.id


def ended_and_taken(race: Race, number: int, now: datetime) -> retention.Taken:
    with race.store.write() as session:
        campaign = session.get_one(Campaign, number)
        if campaign.status is not CampaignStatus.ENDED:
            ending.end(session, campaign, OPERATOR, now)
        done = retention.take(session, campaign, OPERATOR, now)
    with race.store.write() as session:
        retention.sweep(session, race.desk.archive)
    return done


def test_a_file_that_was_gone_once_and_is_evidence_again_stays_as_long_as_a_campaign_that_runs_has_it(
    race: Race,
) -> None:
    running, third = another(race, "第二清单", "b"), another(race, "第三清单", "c")
    with race.store.read() as session:
        person = session.exec(select(Person).where(Person.name == WHO)).one()
    (first,) = ended_and_taken(race, race.campaign, AFTER).files
    later = AFTER + timedelta(days=1)
    assert {hands_in(race, person, "病历.pdf", later, number) for number in (running, third)} == {first}
    assert ended_and_taken(race, third, later + timedelta(days=9)).files == ()
    assert race.desk.archive.has(first)
    race.desk.archive.drop(first)
    assert [line for line in faults(race) if "病历" in line and "文件缺失" in line], "whoever took it, it is missed"
    race.desk.archive.keep("病历.pdf".encode())
    assert ended_and_taken(race, running, later + timedelta(days=20)).files == (first,)
    assert not race.desk.archive.has(first)
    assert faults(race) == []


def test_a_file_that_is_handed_in_again_between_the_record_and_the_sweep_stays(race: Race) -> None:
    running = another(race, "第二清单", "b")
    with race.store.read() as session:
        person = session.exec(select(Person).where(Person.name == WHO)).one()
    with race.store.write() as session:
        (sha256,) = retention.take(session, session.get_one(Campaign, race.campaign), OPERATOR, AFTER).files
    assert hands_in(race, person, "病历.pdf", AFTER + timedelta(seconds=1), running) == sha256
    with race.store.write() as session:
        retention.sweep(session, race.desk.archive)
    assert race.desk.archive.has(sha256)


def test_a_file_that_came_again_after_the_end_is_left_to_what_it_came_for(race: Race) -> None:
    (sha256,) = race.desk.archive.kept()
    with race.store.write() as session:
        session.add(Inbound(
            channel="console", external_id="again", at=END + timedelta(days=1),
            words={"text": "", "files_kept": [{"sha256": sha256, "name": "病历.pdf"}]},
        ))  # fmt: skip
    assert ended_and_taken(race, race.campaign, AFTER).files == ()
    assert race.desk.archive.has(sha256)


def test_a_ledger_that_was_handed_over_goes_with_the_words_that_stand_in_it(race: Race) -> None:
    sha256 = race.desk.archive.keep("台账".encode())
    assert strays.sweep(race.store, race.desk.archive, AFTER) == 0
    os.utime(race.desk.archive.path(sha256), (0, 0))
    with race.store.write() as session:
        chat = session.exec(select(Message.chat_id)).first()
        told = outbox.answer(session, chat, ReplyBody("台账：", files=(KeptFile(sha256, "台账.xlsx"),)), END)
        told.state = DeliveryState.SENT
    ended_and_taken(race, race.campaign, AFTER)
    assert strays.sweep(race.store, race.desk.archive, AFTER) == 1
    assert not race.desk.archive.has(sha256)


def test_a_file_that_only_somebody_at_the_database_called_gone_is_missed(race: Race) -> None:
    (sha256,) = race.desk.archive.kept()
    race.desk.archive.drop(sha256)
    with race.store.write() as session:
        session.add(GoneFile(sha256=sha256, campaign_id=race.campaign, at=AFTER))
    assert [line for line in faults(race) if "文件缺失" in line]


def test_a_campaign_that_runs_keeps_everything_and_none_is_taken_twice(store: Store, tmp_path: Path) -> None:
    running = Race(store, tmp_path)
    with store.write() as session:
        campaign = session.get_one(Campaign, running.campaign)
        with pytest.raises(Refusal, match="还没有结束"):
            retention.take(session, campaign, OPERATOR, AFTER)
        ending.end(session, campaign, OPERATOR, END)
        retention.take(session, campaign, OPERATOR, AFTER)
        with pytest.raises(Refusal, match="已经删除过"):
            retention.take(session, campaign, OPERATOR, AFTER)


def test_a_campaign_is_exported_whole_with_its_ledger_and_its_files(race: Race, tmp_path: Path) -> None:
    out = tmp_path / "专项.zip"
    with race.store.read() as session:
        campaign = session.get_one(Campaign, race.campaign)
        missing = bundle.write(session, race.desk.archive, campaign, END, out)
    assert missing == ["原文件/清单（文件缺失）"], "this one was never kept"
    with zipfile.ZipFile(out) as packed:
        names = packed.namelist()
        assert "台账.xlsx" in names
        (evidence,) = [name for name in names if name.startswith("佐证/A-1/")]
        assert packed.read(evidence) == "病历.pdf".encode()
        record = [json.loads(line) for line in packed.read("data/history.jsonl").splitlines()]
        extension = json.loads(packed.read("data/extension.jsonl"))
    assert [entry["seq"] for entry in record] == list(range(1, len(record) + 1))
    assert extension["words"] == "家中老人住院"


def test_every_table_that_belongs_to_a_campaign_is_in_its_export() -> None:
    """A table that this test does not know is one that nobody thought of."""
    from sqlmodel import SQLModel

    exported = {table.__tablename__ for table, _query in bundle._rows_of(1)}
    belongs = {"campaign", "task", "milestone", "assignment", "notice", "paper", "score_sheet"}
    referring = {
        table.name
        for table in SQLModel.metadata.tables.values()
        if any(key.column.table.name in belongs for key in table.foreign_keys)
    }
    passing = {"prompt", "errand", "gone_file"}
    """What only waits for an answer, a rehearsal that was asked for, and what is gone."""
    of_the_office = {"broadcast", "broadcast_unit", "alarm"}
    assert referring - exported - passing - of_the_office == set()


def test_a_name_from_a_chat_leads_to_no_other_folder(tmp_path: Path) -> None:
    assert bundle._name("../../etc/passwd") == "_.._etc_passwd"
    assert bundle._name("") == "无名"


def test_the_archive_drops_what_is_there_and_minds_nothing_that_is_not(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.keep(b"x")
    archive.drop(sha256)
    archive.drop(sha256)
    assert not archive.has(sha256)


def test_desks_keep_everything_unless_told() -> None:
    assert Desk().keep_days is None
    assert col(GoneFile.swept) is not None
