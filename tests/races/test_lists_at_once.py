"""Two programs on one store look at the lists that stay in groups at the same moment: each group gets one list, and nothing fails."""

from pathlib import Path

import pytest
from sqlmodel import delete

from db.models import Setting
from db.session import Store
from db.words import NoticeKind
from jobs.routine import Routine
from tests.harness.races import NOW, Race


@pytest.mark.parametrize("first", [True, False])
def test_two_programs_give_a_group_one_list(store: Store, tmp_path: Path, first: bool) -> None:
    race = Race(store, tmp_path)
    programs = [Routine(store, race.desk, pins=("console",)) for _ in range(2)]
    if not first:
        assert programs[0].lists(NOW)
        race.hears(race.says("省经信厅", "联络员1", "已完成八成"))
    done = race.together([lambda program=one: program.lists(NOW) for one in programs])
    assert sorted(done) == [False, True]
    assert len(race.notices(NoticeKind.STANDING)) == 1


def test_what_the_program_keeps_for_itself_is_first_written_by_one_and_found_by_the_other(
    store: Store, tmp_path: Path
) -> None:
    race = Race(store, tmp_path)
    with store.write() as session:
        session.exec(delete(Setting))  # type: ignore[call-overload]
    programs = [Routine(store, race.desk) for _ in range(2)]
    race.together([lambda program=one: program.forget(NOW) for one in programs])
    race.together([lambda program=one: program.digest(NOW) for one in programs])
