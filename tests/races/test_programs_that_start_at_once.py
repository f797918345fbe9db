"""Programs that start on one store at the same moment, each with the policy that is new to it."""

from pathlib import Path

import pytest
from sqlmodel import func, select

from db.models import PolicyVersion
from db.session import Store
from jobs.campaigns.activation import policy_version
from jobs.campaigns.policy_change import adopt_policy
from jobs.desk import Desk
from tests.harness.races import NOW, Race
from tests.stories.test_a_changed_policy import SLOWER


@pytest.mark.parametrize("known", [False, True])
def test_one_of_them_gives_a_changed_policy_to_what_runs_and_neither_fails(
    store: Store, tmp_path: Path, known: bool
) -> None:
    race = Race(store, tmp_path)
    if known:  # of a campaign of before
        with store.write() as session:
            policy_version(session, Desk(SLOWER), NOW)
    taken = race.together([lambda: store.settle(lambda session: adopt_policy(session, Desk(SLOWER), NOW))] * 2)
    assert sorted(taken) == [0, 1]
    assert len(race.entries("更换督办策略")) == 1
    with store.read() as session:
        assert session.exec(select(func.count()).select_from(PolicyVersion)).one() == 2
    race.is_whole()
