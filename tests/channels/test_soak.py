"""A year with everything that fails: two programs on PostgreSQL, killed in turn, hung, cut off, a service that says no.

`make soak` plays it for as long, and as large, as it is told (``SOAK_ASSIGNMENTS``, ``SOAK_MINUTES``, ``SOAK_SEED``); every run of the
tests plays a few weeks of a small one, and what once failed.
"""

import os
import random
import sys
from pathlib import Path

import pytest

from tests.harness.bot_api import BotApi
from tests.harness.soak import Size, a_year, assignments_of
from tests.harness.stores import Databases
from tests.harness.verdict import judge

ASKED = "SOAK_MINUTES" in os.environ

SIZE = Size(int(os.environ.get("SOAK_ASSIGNMENTS", "60")), float(os.environ.get("SOAK_MINUTES", "0.25")))

FAILED = Path(__file__).with_name("soak_seeds.txt")
"""The seeds that failed, a line each with its size and what was found; whoever mends one leaves its line, and it is played again."""


def seeds() -> list[int]:
    """Return what is played: the seed that was asked for, or one nobody chose, and in the tests always the same and what failed."""
    if ASKED:
        return [int(os.environ.get("SOAK_SEED", random.randrange(1_000_000)))]
    kept = [line.split()[0] for line in FAILED.read_text(encoding="utf-8").splitlines() if line[:1].isdigit()]
    return [7, *(int(seed) for seed in kept if seed != "7")]


@pytest.mark.timeout(2000 + SIZE.minutes * 60)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("seed", seeds())
def test_a_year_in_which_everything_fails_loses_nothing_and_says_nothing_twice_but_what_is_told(
    tmp_path: Path, api: BotApi, postgresql: Databases, seed: int
) -> None:
    if ASKED:
        postgresql.keeps_house()
    soak = a_year(tmp_path, api, postgresql.new(), SIZE, seed)
    until = soak.takes_place()
    found = judge(soak, until)
    with soak.world.store.read() as session:
        count = assignments_of(session)
    soak.world.store.close()
    sys.stdout.write(
        f"\nsoak {seed}: {count} assignments until {until:%Y-%m-%d}, {SIZE.minutes} min; {dict(soak.happened)}; "
        f"{len(soak.said)} things said, {dict(found.actions)}; {found.taken} messages taken, "
        f"{dict(found.states)}, beyond what is recorded {found.doubles}; faults {len(found.faults)}\n"
    )
    if found.faults and ASKED:
        with FAILED.open("a", encoding="utf-8") as kept:
            kept.write(f"{seed} {SIZE.assignments} {SIZE.minutes} {found.faults[0]}\n")
    assert found.faults == []
