"""Two programs, or two people, come to the same thing of the office's disciplines at the same moment: it is done once."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from db.history import Actor
from db.models import Alarm, Campaign, Chat, History, Notice, Round, ScoreSheet
from db.session import Store
from db.words import ChatRole, NoticeKind
from jobs import routine
from jobs.duties import keeping as duties
from jobs.rounds import keeping
from jobs.routine import Routine
from jobs.scoring import sheets
from tests.harness.races import NOW, Race
from tests.harness.story import ECONOMY

PATIENCE = 1.0
"""Seconds that the first waits for the second, who comes no further than the first one's lock."""


def at_the_same_place(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let two who come to a function go on together, or the first alone where the second is held up before it."""
    both, plain = threading.Barrier(2), getattr(module, name)

    def meets(*arguments: Any, **named: Any) -> Any:
        done = plain(*arguments, **named)
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(PATIENCE)
        return done

    monkeypatch.setattr(module, name, meets)


def both(works: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda work: work(), works))


def programs(race: Race) -> list[Routine]:
    return [Routine(race.store, race.desk) for _ in range(2)]


def opened(race: Race) -> tuple[int, datetime]:
    with race.store.write() as session:
        campaign = session.get_one(Campaign, race.campaign)
        made = keeping.draft(
            session, campaign, title="进展", due=date(2022, 6, 10), scope="未办结单位", fields=["进展"], signatures=1, now=NOW
        )  # fmt: skip
        keeping.open_(session, race.desk, made, Actor("王协调", None), NOW)
        assert made.next_at is not None
        return made.id, made.next_at


def entries(race: Race, word: str) -> list[str]:
    with race.store.read() as session:
        return [one.event for one in session.exec(select(History)) if word in one.event]


def test_a_round_is_chased_and_closed_once(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(store, tmp_path)
    _number, at = opened(race)
    at_the_same_place(monkeypatch, keeping, "stands")
    assert sorted(both([lambda one=one: one.rounds(at + timedelta(minutes=1)) for one in programs(race)])) == [
        False,
        True,
    ]  # type: ignore[misc]
    assert len(entries(race, "催报")) == 1
    both([lambda one=one: one.rounds(NOW + timedelta(days=60)) for one in programs(race)])  # type: ignore[misc]
    assert len(entries(race, "结束")) == 1
    with store.read() as session:
        assert session.exec(select(Alarm)).all() == []


def a_sheet(race: Race) -> None:
    with race.store.write() as session:
        session.add(
            ScoreSheet(
                campaign_id=race.campaign, month=date(2022, 5, 1), shown_at=NOW, objections_until=date(2022, 6, 5)
            )
        )


def test_a_months_score_comes_into_force_once(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(store, tmp_path)
    a_sheet(race)
    at_the_same_place(monkeypatch, sheets, "_waiting")
    assert sorted(both([lambda one=one: one.scores(NOW + timedelta(days=20)) for one in programs(race)])) == [
        False,
        True,
    ]  # type: ignore[misc]
    assert len(entries(race, "记分生效")) == 1


def test_what_is_in_force_is_objected_to_no_more(store: Store, tmp_path: Path) -> None:
    race = Race(store, tmp_path)
    a_sheet(race)
    assert programs(race)[0].scores(NOW + timedelta(days=20))
    with store.write() as session, pytest.raises(sheets.ScoreRefused, match="已经生效"):
        sheets.object_to(session, session.exec(select(ScoreSheet)).one(), race.row(), "不服", Actor("张工", 1), NOW)


def test_a_dead_chat_is_told_once(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    race = Race(store, tmp_path)
    with store.write() as session:
        session.exec(select(Chat).where(Chat.title == ECONOMY)).one().dead_why = "机器人已被移出群"
    at_the_same_place(monkeypatch, routine, "units_of")
    assert sorted(both([lambda one=one: one.dead_chats(NOW) for one in programs(race)])) == [False, True]  # type: ignore[misc]
    with store.read() as session:
        told = session.exec(select(Notice).where(Notice.kind == NoticeKind.FAILURE)).all()
    assert len(told) == 1


def test_two_who_change_the_offices_day_at_once_leave_one_of_them_also_where_there_is_no_room(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Race(store, tmp_path)
    with store.write() as session:
        for room in session.exec(select(Chat).where(col(Chat.role) == ChatRole.COORDINATORS)):
            room.role = None
    at_the_same_place(monkeypatch, duties, "_numbers")
    day = date(2022, 6, 3)

    def puts(name: str) -> None:
        with store.write() as session:
            duties.put(session, None, [day], [name], name, date(2022, 6, 1), NOW)

    both([lambda name=name: puts(name) for name in ("王工", "李工")])  # type: ignore[misc]
    with store.read() as session:
        assert len(duties.names(session, None, day)) == 1


def test_a_round_that_cannot_go_on_is_told_once_and_keeps_no_other_from_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = Race(store, tmp_path)
    (bad, at), (other, _at) = opened(race), opened(race)
    plain = keeping.ask

    def fails(session: Any, desk: Any, made: Round, *more: Any, **named: Any) -> Any:
        if made.id == bad:
            raise ValueError
        return plain(session, desk, made, *more, **named)

    monkeypatch.setattr(keeping, "ask", fails)
    program, count = programs(race)[0], 0
    while program.rounds(at + timedelta(minutes=1)):
        count += 1
        assert count < 10, "it is tried for ever"
    with store.read() as session:
        assert session.get_one(Round, other).chased_at is not None
        assert session.get_one(Round, bad).chased_at is None
        assert len(session.exec(select(Alarm)).all()) == 1
