"""Six signers press at the same moment: a paper is signed once, with one number, and the others hear who was first."""

from datetime import date
from pathlib import Path

from sqlmodel import select

from db import register
from db.models import Paper
from db.session import Store
from db.words import Action, NoticeKind
from jobs.papers import drafts
from tests.harness.races import COORDINATORS, NOW, SIGNERS, Race, in_turn
from tests.harness.story import ECONOMY, LEADERS, ROOM

DAY = date(2022, 6, 1)


def drafted(race: Race, kind: NoticeKind) -> str:
    """Draft a paper of the one late task and return the press that signs it as it stands."""
    with race.store.write() as session:
        unit = register.get_unit(session, ECONOMY).id if kind is NoticeKind.SUMMONS else None
        paper = drafts.draft(session, race.campaign, kind, DAY, unit, [race.row().id], NOW)
        drafts.show(session, [paper], NOW, NOW)
        return f"s:{paper.id}:{drafts.version(session, [paper], DAY)}"


def issued(race: Race, kind: NoticeKind) -> int:
    return sum(not notice.body.draft for notice in race.notices(kind))


def test_of_six_signers_one_signs_and_the_others_hear_who_was_first(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path, due="2022-05-10")
    press = drafted(race, NoticeKind.SUMMONS)
    answers = race.at_once(in_turn(SIGNERS, lambda who: race.says(LEADERS, who, press=press)))
    assert sum(answer.lost for answer in answers) == 5
    assert sum("已签发（第1号）" in answer.text for answer in answers) == 1
    assert (len(race.entries(Action.SIGN)), issued(race, NoticeKind.SUMMONS)) == (1, 1)
    race.is_whole()


def test_what_is_dropped_at_the_same_moment_is_either_signed_or_dropped(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path, due="2022-05-10")
    press = drafted(race, NoticeKind.BULLETIN)
    drop = f"z:{press.split(':')[1]}"
    answers = race.at_once([race.says(LEADERS, SIGNERS[0], press=press), race.says(ROOM, COORDINATORS[0], press=drop)])
    assert sum(answer.lost for answer in answers) == 1
    with store.read() as session:
        paper = session.exec(select(Paper)).one()
    assert (paper.signed_at is None) != (paper.dropped_at is None)
    assert bool(issued(race, NoticeKind.BULLETIN)) == (paper.signed_at is not None)
    race.is_whole()
