"""The program as it serves: what it is made of is not looked through again and again."""

import gc
from types import SimpleNamespace

import pytest

from bot.service import run
from db.session import Store
from jobs.desk import Desk
from tests.harness.races import NOW


def test_what_the_program_is_made_of_is_left_out_of_collections_while_it_serves(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen: list[int] = []

    class Running:
        refusal = None

        def __init__(self, *_of: object) -> None:
            self.made_of = [object()]

        async def run(self) -> None:
            frozen.append(gc.get_freeze_count())

    house = SimpleNamespace(store=store, desk=Desk(), now=lambda: NOW, virtual=False)
    monkeypatch.setattr(run, "build_service", lambda *_given: house)
    monkeypatch.setattr(run, "planned", lambda _house: None)
    monkeypatch.setattr(run, "Running", Running)
    try:
        run.serve(None, 1.0)
    finally:
        gc.unfreeze()
    assert frozen[0] > 0
